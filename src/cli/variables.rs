//! Variables of the environment that are probably misspelt. Orchestrators set some that begin with
//! the name of a service, so unknown ones are reported and not refused.

use crate::words::closest;

/// The variables that are read beside the options that a command declares.
const OTHERS: [&str; 1] = ["COURTESY_ADDRESS"];
/// The variables of Kubernetes for a service whose name is or begins with `courtesy`.
const ORCHESTRATED: [&str; 4] = ["_SERVICE_HOST", "_SERVICE_PORT", "_PORT", "_TCP"];

/// A sentence for each variable that looks like ours and is not.
pub(super) fn misspelt() -> Vec<String> {
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    told(names.filter(|name| name.starts_with("COURTESY_")))
}

fn told(names: impl Iterator<Item = String>) -> Vec<String> {
    let known = known();
    let known: Vec<&str> = known.iter().map(String::as_str).chain(OTHERS).collect();
    let is_orchestrated = |name: &str| ORCHESTRATED.iter().any(|part| name.contains(part));
    let unknown = names.filter(|name| !known.contains(&name.as_str()) && !is_orchestrated(name));
    let mut told: Vec<String> = unknown
        .map(|name| match closest(&name, &known) {
            Some(close) => format!("nothing reads the variable `{name}`; did you mean `{close}`?"),
            None => format!(
                "nothing reads the variable `{name}`; `courtesy serve --help` names those there are"
            ),
        })
        .collect();
    told.sort();
    told
}

/// The variables of all commands.
fn known() -> Vec<String> {
    fn collect(command: &clap::Command, found: &mut Vec<String>) {
        let named = command.get_arguments().filter_map(clap::Arg::get_env);
        found.extend(named.map(|name| name.to_string_lossy().into_owned()));
        command.get_subcommands().for_each(|below| collect(below, found));
    }
    let mut found = Vec::new();
    collect(&super::command(), &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn a_variable_that_is_misspelt_is_told() {
        let names = [
            "COURTESY_LISTEN",
            "COURTESY_LISTN",
            "COURTESY_PORT_50051_TCP",
            "COURTESY_QQQQQQQQQQQ",
        ];
        let told = told(names.into_iter().map(str::to_owned));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("`COURTESY_LISTN`; did you mean `COURTESY_LISTEN`?"), "{told:?}");
    }
}

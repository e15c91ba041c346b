//! The additions to `--help` beside the declarations: defaults and groups of the settings, and an
//! example of every command. A test parses every example with the command line.

use clap::Command;

use crate::config::Config;
use crate::config::Settings;

/// The commands that take the settings of `serve`.
const WITH_SETTINGS: [&str; 6] = ["serve", "config", "doctor", "copy", "compact", "merge-ids"];

/// The commands that only need a store.
const STORE_ONLY: [&str; 3] = ["copy", "compact", "merge-ids"];

/// Every command that does something, and how it is used.
const EXAMPLES: &[(&str, &str)] = &[
    ("serve", "courtesy serve --store ./courtesy-data --policy ./policies"),
    ("run", "courtesy run --policy ./policies -- pytest -q"),
    ("demo", "courtesy demo ./courtesy-demo"),
    ("clock set", "courtesy clock set 2027-05-09T09:00:00Z"),
    ("clock advance", "courtesy clock advance 36h"),
    ("check", "courtesy check --customer ada --channel email --purpose marketing --explain"),
    (
        "reserve",
        "courtesy reserve --customer ada --channel email --purpose marketing --request-id \
         spring-ada --hold 10m",
    ),
    ("clear", "courtesy clear list.csv -o cleared.csv --channel email --purpose marketing"),
    (
        "recheck",
        "courtesy recheck --customer ada --channel email --purpose marketing --request-id \
         spring-ada",
    ),
    ("confirm", "courtesy confirm --customer ada --request-id spring-ada"),
    ("release", "courtesy release --customer ada --request-id spring-ada"),
    ("engage", "courtesy engage --customer ada --kind clicked --channel email"),
    (
        "record",
        "courtesy record --customer ada --channel voice --purpose service --request-id call-4711",
    ),
    ("plan", "courtesy plan --customer ada --purpose marketing --days 14d"),
    ("history", "courtesy history --customer ada"),
    ("customer show", "courtesy customer show --customer ada"),
    (
        "customer update",
        "courtesy customer update --customer ada --time-zone Europe/Paris --jurisdiction FR \
         --cadence 2/7d --quiet 21:00-08:00",
    ),
    ("customer opt-out", "courtesy customer opt-out --customer ada --channel email --snooze 30d"),
    (
        "customer opt-in",
        "courtesy customer opt-in --customer ada --channel sms --evidence \"form 7 of 2026-11-02\"",
    ),
    (
        "customer suppress",
        "courtesy customer suppress --customer ada --reason open_case --purpose marketing",
    ),
    ("customer unsuppress", "courtesy customer unsuppress --customer ada --reason open_case"),
    ("customer consent-events", "courtesy customer consent-events --customer ada"),
    ("customer occasions", "courtesy customer occasions --customer ada"),
    ("customer export", "courtesy customer export --customer ada"),
    ("customer erase", "courtesy customer erase --customer ada --yes"),
    ("unclear list", "courtesy unclear list"),
    ("unclear resolve", "courtesy unclear resolve --customer ada --all"),
    (
        "import",
        "courtesy import customers.csv --map \"Mail-ID=customer_id,TZ=time_zone\" --dry-run",
    ),
    ("import-contacts", "courtesy import-contacts history.csv --dry-run"),
    ("export", "courtesy export -o customers.jsonl"),
    ("compact", "courtesy compact --store ./courtesy-data"),
    ("copy", "courtesy copy --from ./courtesy-data --to ./backup"),
    ("merge-ids", "courtesy merge-ids --store ./courtesy-data --customer-ids lower_case --dry-run"),
    ("policy validate", "courtesy policy validate ./policies"),
    ("policy test", "courtesy policy test ./policies"),
    (
        "policy explain",
        "courtesy policy explain ./policies --customer ada.yaml --channel sms --purpose marketing",
    ),
    ("policy schema", "courtesy policy schema > policy.schema.json"),
    (
        "policy apply",
        "courtesy policy apply ./policies --prune --note \"fewer before the holidays\"",
    ),
    ("policy cancel", "courtesy policy cancel 5"),
    ("policy show", "courtesy policy show --revision 3"),
    ("policy history", "courtesy policy history --limit 5"),
    ("policy diff", "courtesy policy diff ./policies --prune"),
    ("policy rollback", "courtesy policy rollback 3"),
    ("policy simulate", "courtesy policy simulate ./policies --days 28d"),
    ("policy presets", "courtesy policy presets --stale 400d"),
    ("pause", "courtesy pause outage --channel sms --reason \"the carrier is down\" --for 2h"),
    ("resume", "courtesy resume outage"),
    ("pauses", "courtesy pauses --json"),
    ("tenant create", "courtesy tenant create acme"),
    ("store accept", "courtesy store accept --reason \"restored from last night's copy\""),
    ("store upgrade", "courtesy store upgrade"),
    ("audit list", "courtesy audit list --action ApplyPolicy --from 2026-11-01"),
    ("audit show", "courtesy audit show 17"),
    ("audit verify", "courtesy audit verify"),
    ("health", "courtesy health --server localhost:50051"),
    (
        "credentials create",
        "courtesy credentials create crm --role crm --credentials-file credentials.toml",
    ),
    (
        "credentials revoke",
        "courtesy credentials revoke ck_12345678 --credentials-file credentials.toml",
    ),
    ("credentials list", "courtesy credentials list --credentials-file credentials.toml"),
    ("changes", "courtesy changes --follow --token-file changes.token"),
    ("pressure", "courtesy pressure --days 8w"),
    ("replies overdue", "courtesy replies overdue"),
    ("replies answered", "courtesy replies answered ada --channel email"),
    ("webhooks list", "courtesy webhooks list"),
    ("webhooks test", "courtesy webhooks test crm"),
    ("webhooks replay", "courtesy webhooks replay crm --since 2026-11-29T08:00:00Z"),
    ("calendar", "courtesy calendar --year 2027 --country GB"),
    ("inbound", "courtesy inbound \"please stop\" --customer ada --channel sms"),
    ("inbound explain", "courtesy inbound explain \"only once a month please\""),
    ("link", "courtesy link --customer ada --preferences"),
    ("config", "courtesy config --store ./courtesy-data > courtesy.toml"),
    ("doctor", "courtesy doctor --config courtesy.toml"),
    ("completions", "courtesy completions bash > courtesy.bash"),
    ("man", "courtesy man --out ./man"),
];

/// The command line with its defaults, groups and examples.
pub(super) fn completed(mut command: Command) -> Command {
    for name in WITH_SETTINGS {
        command = command.mut_subcommand(name, |it| with_settings(it, STORE_ONLY.contains(&name)));
    }
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |it| with_examples(it, &name));
    }
    command
}

fn with_examples(mut command: Command, path: &str) -> Command {
    let below: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for name in below {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(name, |it| with_examples(it, &path));
    }
    let Some((_, example)) = EXAMPLES.iter().find(|(of, _)| *of == path) else { return command };
    let more = command.get_after_help().map(ToString::to_string);
    match more {
        Some(more) if more.contains("Example") => command,
        Some(more) => command.after_help(format!("{more}\n\nExample:\n  {example}")),
        None => command.after_help(format!("Example:\n  {example}")),
    }
}

/// The settings with their defaults, in groups; of `only_store`, those that matter there.
fn with_settings(mut command: Command, only_store: bool) -> Command {
    let (_, settings) = Config::resolve(Settings::default(), Settings::default());
    for setting in settings {
        if !command.get_arguments().any(|arg| arg.get_id() == setting.key) {
            continue;
        }
        let group = group(setting.key);
        command = command.mut_arg(setting.key, |arg| {
            let hidden = arg.is_hide_set() || (only_store && group != STORE);
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            arg.help(format!("{help} [default: {}]", setting.value.replace('"', "")))
                .help_heading(group)
                .hide(hidden)
        });
    }
    command
}

const STORE: &str = "Store";

/// Under which heading a setting is shown.
fn group(key: &str) -> &'static str {
    match key {
        "listen" | "operations" | "pages" | "pages_logos" | "public_url" | "console"
        | "console_url" | "cors_origins" | "webhooks_file" => "Ports",
        "reflection" | "admin" | "allow_unauthenticated" => "Callers",
        "tenants" | "policy" | "tzdb" => "Policies",
        "store" | "journal" | "marks" | "replicas" | "strict" | "customer_ids" | "secret_file" => {
            STORE
        }
        _ if ["redis_", "key_"].iter().any(|it| key.starts_with(it)) => STORE,
        _ if ["store_timeout", "wish_durability", "reservation_durability"].contains(&key) => STORE,
        _ if ["credentials_", "tls_"].iter().any(|it| key.starts_with(it)) => "Callers",
        _ if ["log", "otlp_", "decision_log"].iter().any(|it| key.starts_with(it)) => "Telemetry",
        _ => "Load",
    }
}

#[cfg(test)]
mod tests {
    use super::EXAMPLES;
    use crate::cli::command;

    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        if !command.has_subcommands() || path == "inbound" {
            found.push(path.to_owned());
        }
        for below in command.get_subcommands().filter(|it| it.get_name() != "help") {
            leaves(below, format!("{path} {}", below.get_name()).trim(), found);
        }
    }

    #[test]
    fn every_command_has_an_example_that_can_be_typed() {
        let mut found = Vec::new();
        leaves(&command(), "", &mut found);
        let mut shown: Vec<String> = EXAMPLES.iter().map(|(path, _)| (*path).to_owned()).collect();
        found.sort();
        shown.sort();
        assert_eq!(found, shown);
        for (path, example) in EXAMPLES {
            assert!(example.starts_with(&format!("courtesy {path}")), "{example}");
            let typed = example.split(" > ").next().unwrap_or_default();
            // Text in quotes is one word.
            let words = typed.split('"').enumerate().flat_map(|(place, part)| match place % 2 {
                0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
                _ => vec![part.to_owned()],
            });
            let parsed = command().try_get_matches_from(words);
            assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
        }
    }

    #[test]
    fn no_help_is_wider_than_a_terminal_of_80_columns_needs() {
        for (path, _) in EXAMPLES {
            let words = std::iter::once("courtesy").chain(path.split(' ')).chain(["--help"]);
            let help = command().term_width(80).try_get_matches_from(words).unwrap_err();
            let help = help.render().to_string();
            assert!(help.contains("Example"), "{path}");
            let own: Vec<&str> =
                help.lines().take_while(|line| !line.starts_with("Example")).collect();
            for line in own {
                // A value that is one word stays whole.
                let longest = line.split_whitespace().map(str::len).max().unwrap_or_default();
                let wide = line.chars().count();
                assert!(wide <= 80 || longest > 40 || line.starts_with("Usage"), "{path}: {line}");
            }
        }
    }
}

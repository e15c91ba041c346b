//! Recognises the export of a list, by its columns and its name.

use std::path::Path;

use super::Export;
use super::Profile;
use crate::cli::Error;
use crate::cli::rows::list::List;
use crate::cli::rows::plan::Plan;
use crate::cli::rows::table::Table;

/// The number of objects of a JSON file that are looked at: one whose field is null does not show
/// it.
const OBJECTS_LOOKED_AT: usize = 100;

/// The export that a list was taken for.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// The provider and the export: `sendgrid/bounces`.
    pub(crate) name: String,
    /// The meaning of its rows.
    pub(crate) about: String,
    /// The plan for reading it.
    pub(crate) plan: Plan,
}

/// Among which exports one is sought.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// The unmistakable exports of all providers.
    Any,
    /// All exports of a provider.
    OfProvider,
    /// The one of this name.
    Export(&'a str),
}

/// The export that fits best: the one with the most of its columns there.
pub(super) fn take(
    profiles: &[Profile],
    wanted: Wanted<'_>,
    list: &List,
    path: &Path,
) -> Result<Taken, Error> {
    let names = columns(list)?;
    let file = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    let is_named = |export: &Export| {
        file.as_ref().is_some_and(|file| export.file.iter().any(|word| file.contains(word)))
    };
    let every = profiles.iter().flat_map(|it| it.exports.iter().map(move |export| (it, export)));
    let every: Vec<_> = every.collect();
    let wants = |export: &Export| match wanted {
        Wanted::Any => export.is_unmistakable() || is_named(export),
        Wanted::OfProvider => true,
        Wanted::Export(name) => name == export.name,
    };
    let all: Vec<_> = every.iter().copied().filter(|(_, export)| wants(export)).collect();
    if let (Wanted::Export(wanted), true) = (wanted, all.is_empty()) {
        let exports = profiles.iter().flat_map(|it| &it.exports);
        let exports: Vec<&str> = exports.map(|export| export.name.as_str()).collect();
        let exports = exports.join(", ");
        return Err(Error::Input(format!("there is no export `{wanted}`; there are: {exports}")));
    }
    let mut best = fitting_best(&all, &names);
    if best.is_empty() {
        // An export that could be mistaken is named, and not chosen.
        best = fitting_best(&every, &names);
        if !best.is_empty() && matches!(wanted, Wanted::Any) {
            return Err(told_apart(list, &best));
        }
        return Err(unfit(list, &all, &names));
    }
    if best.len() > 1 && best.iter().any(|(_, export)| is_named(export)) {
        best.retain(|(_, export)| is_named(export));
    }
    match best.as_slice() {
        [(profile, export)] => Ok(Taken {
            name: format!("{}/{}", profile.name, export.name),
            about: export.about.clone(),
            plan: export.plan(&profile.title).map_err(Error::Input)?,
        }),
        several => Err(told_apart(list, several)),
    }
}

/// The exports whose columns are there; of those, the ones with the most columns.
fn fitting_best<'a>(
    all: &[(&'a Profile, &'a Export)],
    names: &[String],
) -> Vec<(&'a Profile, &'a Export)> {
    let fitting = all.iter().copied().filter(|(_, export)| missing(export, names).is_empty());
    let most = fitting.clone().map(|(_, export)| export.recognise.len()).max();
    fitting.filter(|(_, export)| Some(export.recognise.len()) == most).collect()
}

/// The error if several exports have such columns, or if other files have them too.
fn told_apart(list: &List, fit: &[(&Profile, &Export)]) -> Error {
    let fit = fit.iter().map(|(profile, export)| format!("{}/{}", profile.name, export.name));
    let fit: Vec<String> = fit.collect();
    let (name, first) = (list.source.name(), fit.first().cloned().unwrap_or_default());
    Error::Input(format!(
        "`{name}` has the columns of {}, and other files have them too; --as says what it is: --as \
         {first}",
        fit.join(" and of ")
    ))
}

/// The columns of a list; of JSON, those of its first objects.
fn columns(list: &List) -> Result<Vec<String>, Error> {
    let mut table = Table::open(list, None)?;
    if let Some(header) = table.header() {
        return Ok(header.iter().map(|name| name.to_lowercase()).collect());
    }
    let mut names = Vec::new();
    for _object in 0..OBJECTS_LOOKED_AT {
        let Some(entry) = table.next()? else { break };
        let cells = entry.cells.unwrap_or_default().0;
        names.extend(cells.iter().map(|(name, _)| name.to_lowercase()));
    }
    Ok(names)
}

/// The columns of an export that a list does not have.
fn missing<'a>(export: &'a Export, names: &[String]) -> Vec<&'a str> {
    let wanted = export.recognise.iter().map(String::as_str);
    wanted.filter(|name| !names.contains(&name.to_lowercase())).collect()
}

fn unfit(list: &List, all: &[(&Profile, &Export)], names: &[String]) -> Error {
    let near = all.iter().map(|(profile, export)| (missing(export, names), profile, export));
    let mut near: Vec<_> = near.collect();
    near.sort_by_key(|(missing, ..)| missing.len());
    let name = list.source.name();
    let told: String = near
        .iter()
        .take(5)
        .map(|(missing, profile, export)| {
            let missing = missing.join("`, `");
            format!("\n  {}/{} lacks `{missing}`", profile.name, export.name)
        })
        .collect();
    Error::Input(format!(
        "`{name}` is not a known export; --map and --wish say what its columns are, or --as \
         ./mine.yaml does; nearest are:{told}"
    ))
}

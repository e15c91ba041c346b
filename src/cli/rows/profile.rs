//! Profiles: what the columns of a provider's exports are called, and what they stand for. Each is
//! a data file in `profiles`; a caller may write one of his own.

mod document;
mod recognise;
#[cfg(test)]
mod tests;

use std::path::Path;

pub(crate) use self::document::Export;
pub(crate) use self::document::Profile;
pub(crate) use self::recognise::Taken;
use self::recognise::Wanted;
use crate::cli::Error;
use crate::cli::files;
use crate::cli::rows::list::List;
use crate::words;

/// The word that means every profile.
const AUTO: &str = "auto";

macro_rules! profiles {
    ($($name:literal),* $(,)?) => {
        /// The profiles that ship, by the names of their files.
        const SHIPPED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("profiles/", $name, ".yaml")))),*];
    };
}

profiles![
    "attentive",
    "braze",
    "brevo",
    "customerio",
    "hubspot",
    "iterable",
    "klaviyo",
    "mailchimp",
    "mailgun",
    "onesignal",
    "postmark",
    "salesforce",
    "segment",
    "sendgrid",
    "ses",
    "twilio",
];

/// The profiles that ship.
pub(crate) fn shipped() -> Result<Vec<Profile>, Error> {
    SHIPPED.iter().map(|(name, text)| Profile::read(name, text)).collect()
}

/// The plan for a list that was exported as `told` names it: by a provider (`mailchimp`), one of
/// its exports (`sendgrid/bounces`), whichever fits (`auto`), or a file of the caller's own.
pub(crate) fn of(told: &str, list: &List, path: &Path) -> Result<Taken, Error> {
    let (profiles, wanted) = if is_file(told) {
        (vec![from_file(Path::new(told))?], Wanted::OfProvider)
    } else if told == AUTO {
        (shipped()?, Wanted::Any)
    } else {
        let (name, export) = told.split_once('/').unzip();
        let name = name.unwrap_or(told);
        let profiles = shipped()?;
        let names: Vec<String> = profiles.iter().map(|it| it.name.clone()).collect();
        let named: Vec<Profile> = profiles.into_iter().filter(|it| it.name == name).collect();
        if named.is_empty() {
            return Err(unknown(name, &names));
        }
        (named, export.map_or(Wanted::OfProvider, Wanted::Export))
    };
    recognise::take(&profiles, wanted, list, path)
}

/// Whether a word is the name of a file rather than of a provider.
fn is_file(told: &str) -> bool {
    let extension = Path::new(told).extension().and_then(|it| it.to_str());
    matches!(extension, Some("yaml" | "yml" | "json"))
}

fn from_file(path: &Path) -> Result<Profile, Error> {
    let source = files::read(path)?.map_err(|problems| Error::Input(problems.to_string()))?;
    Profile::read(&path.display().to_string(), source.text())
}

fn unknown(name: &str, names: &[String]) -> Error {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let meant = words::closest(name, &names);
    let meant = meant.map(|word| format!(" (did you mean `{word}`?)")).unwrap_or_default();
    Error::Input(format!(
        "there is no profile `{name}`{meant}: write auto, a file such as ./mine.yaml, or one of \
         {}; `courtesy import --profiles` tells what each reads",
        names.join(", ")
    ))
}

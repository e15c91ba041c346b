//! The message about a key that is not a setting. There are too many settings to list them.

use super::Config;
use super::Settings;
use crate::words::closest;

/// A parser's message, with the setting that is probably meant in place of a list of all settings.
pub(super) fn told(why: &str) -> String {
    let told = why.lines().map(|line| unknown(line).unwrap_or_else(|| line.to_owned()));
    told.collect::<Vec<_>>().join("\n")
}

fn unknown(line: &str) -> Option<String> {
    let (key, _) = line.strip_prefix("unknown field `")?.split_once("`, expected ")?;
    let (_, settings) = Config::resolve(Settings::default(), Settings::default());
    let known: Vec<&str> = settings.iter().map(|it| it.key).collect();
    let written = key.replace('-', "_");
    let exact = known.iter().find(|known| **known == written).copied();
    let meant = exact.or_else(|| closest(&written, &known));
    Some(match meant {
        Some(meant) => format!("there is no setting `{key}`; did you mean `{meant}`?"),
        None => format!("there is no setting `{key}`; `courtesy config` prints those there are"),
    })
}

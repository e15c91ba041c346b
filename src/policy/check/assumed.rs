//! Warnings about defaults that a policy leaves to the names of its purposes and channels.

use crate::model::Name;
use crate::policy::assumed;
use crate::policy::decode::At;
use crate::policy::document::Document;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::rules::ChannelKind;
use crate::policy::yaml::quoted;

pub(super) fn check(documents: &Documents, problems: &mut Problems) {
    for document in &documents.own {
        purposes(document, problems);
        channels(document, problems);
    }
}

fn purposes(document: &Document, problems: &mut Problems) {
    let silent = || document.purposes.iter().filter(|(_, it)| it.marketing.is_none());
    let Some((first, _)) = silent().next() else { return };
    let assumed = [true, false].into_iter().filter_map(|marketing| {
        let named = silent().filter(|(name, _)| assumed::names_marketing(name) == marketing);
        let names = list(&named.map(|(name, _)| name).collect::<Vec<_>>())?;
        Some(format!("`marketing: {marketing}` is assumed for {names}"))
    });
    let assumed: Vec<String> = assumed.collect();
    let message = format!("the names alone tell what is marketing: {}", assumed.join(", "));
    let help = "write `marketing: true` or `marketing: false` for each of them";
    problems.warn(first.position, message, help);
}

fn channels(document: &Document, problems: &mut Problems) {
    let silent = || document.channels.iter().filter(|(_, it)| it.kind.is_none());
    let Some((first, _)) = silent().next() else { return };
    let mut kinds: Vec<Option<ChannelKind>> =
        silent().map(|(name, _)| assumed::names_kind(name)).collect();
    kinds.sort_by_key(|kind| (kind.is_none(), *kind));
    kinds.dedup();
    let assumed = kinds.iter().filter_map(|kind| {
        let named = silent().filter(|(name, _)| assumed::names_kind(name) == *kind);
        let names = list(&named.map(|(name, _)| name).collect::<Vec<_>>())?;
        Some(match kind {
            Some(kind) => format!("`kind: {}` is assumed for {names}", kind.as_str()),
            None => format!("nothing is assumed for {names}"),
        })
    });
    let assumed: Vec<String> = assumed.collect();
    let message = format!("the names alone tell the kinds of channels: {}", assumed.join(", "));
    let help = "write `kind: email`, `text`, `call`, `push`, `messenger`, `post` or `other` for \
                each of them";
    problems.warn(first.position, message, help);
}

/// The names as `a`, `b` and `c`; `None` if there are none.
fn list(names: &[&At<Name>]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let (last, first) = quoted.split_last()?;
    Some(if first.is_empty() { last.clone() } else { format!("{} and {last}", first.join(", ")) })
}

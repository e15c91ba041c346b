//! Several values in one cell of a CSV file: parts between separators, and wishes.
//!
//! `channel=email;topic=news|everything;until=2027-01-01T00:00:00Z` holds two opt-outs. A backslash
//! takes the meaning from the separator behind it.

use std::collections::BTreeMap;

use crate::cli::rows::words;
use crate::model::Instant;
use crate::model::scope::parts;
use crate::proto::v1;
use crate::rpc::convert::time::instant;
use crate::rpc::convert::time::timestamp;

/// The separator of the parts of one value.
const PARTS: char = ';';
/// The separator of wishes.
const WISHES: char = '|';

/// A fact as it stands in a cell.
pub(super) trait Cell {
    /// Takes it from a cell.
    fn put(&mut self, cell: &str);

    /// The text of the cell; `None` if only JSON can hold the value.
    fn text(&self) -> Option<String>;
}

impl Cell for Option<String> {
    fn put(&mut self, cell: &str) {
        *self = Some(cell.trim().to_owned());
    }

    fn text(&self) -> Option<String> {
        Some(self.clone().unwrap_or_default())
    }
}

impl Cell for Vec<String> {
    fn put(&mut self, cell: &str) {
        *self = list(cell);
    }

    fn text(&self) -> Option<String> {
        Some(of_list(self))
    }
}

impl Cell for BTreeMap<String, String> {
    fn put(&mut self, _: &str) {}

    fn text(&self) -> Option<String> {
        None
    }
}

/// The parts of a list: `vip;family`.
fn list(cell: &str) -> Vec<String> {
    split(cell, PARTS)
        .iter()
        .map(|part| unescape(part.trim()))
        .filter(|it| !it.is_empty())
        .collect()
}

/// A list as a cell.
fn of_list(parts: &[String]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
    parts.join(&PARTS.to_string())
}

/// The opt-outs of a cell. What CRM systems write for yes is everything, and for no nothing.
pub(super) fn opt_outs(cell: &str) -> Result<Vec<v1::RowOptOut>, String> {
    match words::truth(cell) {
        Some(true) => Ok(vec![v1::RowOptOut::default()]),
        Some(false) => Ok(Vec::new()),
        None => wishes(cell).map(|wish| opt_out(&wish)).collect(),
    }
}

/// The consents of a cell: one for each channel.
pub(super) fn consents(cell: &str) -> Result<Vec<v1::RowConsent>, String> {
    if words::truth(cell) == Some(false) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for wish in wishes(cell) {
        all.extend(consents_of(&wish)?);
    }
    Ok(all)
}

/// A time.
pub(super) fn time(cell: &str) -> Result<prost_types::Timestamp, String> {
    let at = Instant::parse(cell.trim());
    at.map(timestamp).map_err(|error| format!("is {error}"))
}

fn opt_out(wish: &str) -> Result<v1::RowOptOut, String> {
    let mut out = v1::RowOptOut { scope: Some(v1::Scope::default()), ..Default::default() };
    let scope = out.scope.get_or_insert_default();
    for part in parts(wish) {
        match part {
            (None, "everything") => {}
            (key, value) if put_scope(scope, key, value) => {}
            (Some("time"), value) => out.event_time = Some(time(value)?),
            (Some("until"), value) => out.until_time = Some(time(value)?),
            (Some("source"), value) => out.source = Some(name(value)),
            (Some("evidence"), value) => out.evidence = Some(unescape(value)),
            (Some("written"), value) => out.stop.get_or_insert_default().channel = name(value),
            (Some("reach"), value) if value.trim() == "words" => {
                out.stop.get_or_insert_default().reach_in_words = Some(true);
            }
            (Some("except"), value) => {
                out.stop.get_or_insert_default().except_scopes.push(excepted(value)?);
            }
            (Some(_), _) | (None, _) => {
                return Err(format!(
                    "is not an opt-out: write `everything`, or parts such as \
                     `channel=email;topic=newsletter` (channel, purpose, topic, brand, occasion, \
                     marketing=true, time, until, source, evidence, written, reach=words, except), \
                     or a word {}",
                    words::listed()
                ));
            }
        }
    }
    Ok(out)
}

/// Notes a part of a scope, if it is one.
fn put_scope(scope: &mut v1::Scope, key: Option<&str>, value: &str) -> bool {
    let mut parts = parts!(&mut scope).into_iter();
    if let Some((_, part)) = parts.find(|(known, _)| Some(*known) == key) {
        *part = Some(name(value));
        return true;
    }
    let is_marketing =
        matches!((key, value.trim()), (None, "marketing") | (Some("marketing"), "true"));
    if is_marketing {
        scope.marketing = Some(true);
    }
    is_marketing
}

/// The scopes that have been taken back of an opt-out: the parts of an opt-out, escaped.
fn excepted(value: &str) -> Result<v1::Scope, String> {
    let mut scope = v1::Scope::default();
    let inner = unescape(value);
    let is_scope = |(key, value): (Option<&str>, &str)| {
        (key, value) == (None, "everything") || put_scope(&mut scope, key, value)
    };
    let is_read = parts(&inner).all(is_scope);
    is_read
        .then_some(scope)
        .ok_or_else(|| "has an `except` that is not a scope: write `except=channel=sms`".to_owned())
}

/// The parts of a scope, and what it is where it has none.
fn of_scope(scope: &v1::Scope) -> (Option<&'static str>, Vec<(&'static str, Option<String>)>) {
    let mut parts = Vec::from(parts!(&scope).map(|(key, value)| (key, value.clone())));
    parts.push(("marketing", scope.marketing.filter(|it| *it).map(|it| it.to_string())));
    let is_all = parts.iter().all(|(_, value)| value.is_none());
    (is_all.then_some("everything"), parts)
}

fn consents_of(wish: &str) -> Result<Vec<v1::RowConsent>, String> {
    let mut channels = Vec::new();
    let mut common = v1::RowConsent::default();
    for part in parts(wish) {
        match part {
            (None | Some("channel"), channel) => channels.push(name(channel)),
            (Some("purpose"), value) => common.purpose = Some(name(value)),
            (Some("topic"), value) => common.topic = Some(name(value)),
            (Some("brand"), value) => common.brand = Some(name(value)),
            (Some("time"), value) => common.event_time = Some(time(value)?),
            (Some("source"), value) => common.source = Some(name(value)),
            (Some("evidence"), value) => common.evidence = Some(unescape(value)),
            (Some("ground"), value) => common.ground = Some(name(value)),
            (Some("pending"), value) if value.trim() == "true" => common.confirmed = Some(false),
            (Some(_), _) => {
                return Err(
                    "is not a consent: write channels such as `email;sms`, and with them parts \
                            such as `purpose=marketing` (purpose, topic, brand, time, source, \
                            evidence, ground, pending=true)"
                        .to_owned(),
                );
            }
        }
    }
    let of = |channel| v1::RowConsent { channel, ..common.clone() };
    Ok(channels.into_iter().map(of).collect())
}

/// Opt-outs as a cell.
pub(super) fn of_opt_outs(opt_outs: &[v1::RowOptOut]) -> String {
    let cells = opt_outs.iter().map(|it| {
        let (everything, mut parts) = of_scope(&it.scope.clone().unwrap_or_default());
        parts.extend([
            ("time", text(it.event_time.as_ref())),
            ("until", text(it.until_time.as_ref())),
            ("source", it.source.clone()),
            ("evidence", it.evidence.clone()),
        ]);
        if let Some(stop) = &it.stop {
            parts.push(("written", Some(stop.channel.clone())));
            let in_words = stop.reach_in_words.filter(|it| *it);
            parts.push(("reach", in_words.map(|_| "words".to_owned())));
            parts.extend(stop.except_scopes.iter().map(|scope| {
                let (everything, parts) = of_scope(scope);
                ("except", Some(of_parts(everything, parts)))
            }));
        }
        of_parts(everything, parts)
    });
    of_wishes(cells)
}

/// Consents as a cell.
pub(super) fn of_consents(consents: &[v1::RowConsent]) -> String {
    let cells = consents.iter().map(|it| {
        let parts = vec![
            ("channel", Some(it.channel.clone())),
            ("purpose", it.purpose.clone()),
            ("topic", it.topic.clone()),
            ("brand", it.brand.clone()),
            ("time", text(it.event_time.as_ref())),
            ("source", it.source.clone()),
            ("evidence", it.evidence.clone()),
            ("ground", it.ground.clone()),
            ("pending", (it.confirmed == Some(false)).then(|| "true".to_owned())),
        ];
        of_parts(None, parts)
    });
    of_wishes(cells)
}

fn text(time: Option<&prost_types::Timestamp>) -> Option<String> {
    time.and_then(instant).map(|at| at.to_string())
}

fn of_wishes(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(&WISHES.to_string())
}

fn of_parts(first: Option<&str>, parts: Vec<(&str, Option<String>)>) -> String {
    let parts = parts.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let parts = parts.map(|(key, value)| format!("{key}={}", escape(&value)));
    first.map(ToOwned::to_owned).into_iter().chain(parts).collect::<Vec<_>>().join(";")
}

fn wishes(cell: &str) -> impl Iterator<Item = String> {
    let wishes = split(cell, WISHES).into_iter();
    wishes.filter(|wish| !wish.trim().is_empty()).map(ToOwned::to_owned)
}

/// The parts of a wish: what stands before the `=`, and what behind it, white space included.
fn parts(wish: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let parts = split(wish, PARTS).into_iter().filter(|part| !part.trim().is_empty());
    parts.map(|part| match part.split_once('=') {
        Some((key, value)) => (Some(key.trim()), value),
        None => (None, part.trim()),
    })
}

/// A name, which never has white space around it.
fn name(text: &str) -> String {
    unescape(text.trim())
}

/// Splits at a separator that no backslash stands before.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut escaped = false;
    text.split(|c| {
        let splits = c == separator && !escaped;
        escaped = c == '\\' && !escaped;
        splits
    })
    .collect()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | PARTS | WISHES) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut escaped = false;
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        escaped = false;
        plain.push(c);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_says_is_what_was_written_into_it() {
        let all = vec![r"a;b|c\d=e".to_owned(), "x".to_owned()];
        assert_eq!(list(&of_list(&all)), all);
        let time = time("2026-01-02T03:04:05Z").unwrap();
        let outs = vec![
            v1::RowOptOut { scope: Some(v1::Scope::default()), ..Default::default() },
            v1::RowOptOut {
                scope: Some(v1::Scope {
                    topic: Some("a=b;c".to_owned()),
                    occasion: Some("mothers_day".to_owned()),
                    ..Default::default()
                }),
                event_time: Some(time),
                until_time: Some(time),
                source: Some(r"back\slash".to_owned()),
                evidence: Some(" STOP | please;\nnow ".to_owned()),
                stop: Some(v1::RowStop {
                    channel: "sms".to_owned(),
                    reach_in_words: Some(true),
                    except_scopes: vec![
                        v1::Scope::default(),
                        v1::Scope {
                            channel: Some("sms".to_owned()),
                            topic: Some("a=b;c|d".to_owned()),
                            ..Default::default()
                        },
                    ],
                }),
            },
        ];
        assert_eq!(opt_outs(&of_opt_outs(&outs)), Ok(outs));
        let yes = vec![v1::RowConsent {
            channel: "e;mail".to_owned(),
            purpose: Some("marketing".to_owned()),
            event_time: Some(time),
            confirmed: Some(false),
            source: None,
            evidence: Some("a=b".to_owned()),
            ground: Some("soft_opt_in".to_owned()),
            topic: Some("news".to_owned()),
            brand: Some("b|rand".to_owned()),
        }];
        assert_eq!(consents(&of_consents(&yes)), Ok(yes));
    }

    #[test]
    fn a_channel_list_is_a_consent_for_each() {
        let yes = consents("email; sms;purpose=marketing").unwrap();
        let said: Vec<_> = yes.iter().map(|it| (it.channel.as_str(), &it.purpose)).collect();
        let marketing = Some("marketing".to_owned());
        assert_eq!(said, [("email", &marketing), ("sms", &marketing)]);
        assert_eq!(opt_outs("TRUE").unwrap().len(), 1);
        let no = opt_outs("channel=email;marketing=true|marketing").unwrap();
        let marketing = no.iter().map(|it| it.scope.as_ref().and_then(|scope| scope.marketing));
        assert_eq!(marketing.collect::<Vec<_>>(), [Some(true), Some(true)]);
        assert_eq!(opt_outs(&of_opt_outs(&no)), Ok(no));
        assert!(opt_outs("no").unwrap().is_empty() && consents("0").unwrap().is_empty());
        assert!(opt_outs("email").is_err() && consents("sms;since=1").is_err());
    }
}

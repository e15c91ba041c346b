//! The history of the shop's policy.

use super::caller::Caller;
use super::caller::heard;
use super::story::Event;
use crate::cli::Error;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;
use crate::rpc::convert::time::timestamp;

const SHOP: &str = include_str!("policy/shop.yaml");
const SEASONS: &str = include_str!("policy/seasons.yaml");
/// The limit of a week, as the document writes it.
const WEEKLY: &str = "limit: 4\n    per: 7d\n    limits: [{segments: [vip], limit: 6}";
/// The days that are moved to soon after the demonstration is made, and how soon.
const MOVED: [(&str, i32); 3] = [("2026-12-09", 10), ("2026-12-10", 11), ("2026-12-19", 20)];

/// A change of the policy.
#[derive(Clone, Debug)]
pub(super) struct Change {
    documents: Vec<String>,
    author: &'static str,
    note: &'static str,
    effective: Option<Instant>,
}

/// The policy that the shop began with.
pub(super) async fn first(caller: &Caller, now: Instant) -> Result<u64, Error> {
    caller.at(now.minus(Span::from_days(56)));
    let note = "the first one: what we did by hand until now";
    let change = Change { documents: vec![weekly(6, 8)], author: "grace", note, effective: None };
    apply(caller, change, 0).await
}

/// The later changes, in no order.
pub(super) fn changes(now: Instant) -> Vec<(Instant, Event)> {
    let ago = |days, hours| now.minus(Span::from_days(days)).plus(Span::from_hours(hours));
    let change = |documents, author, note| Change { documents, author, note, effective: None };
    let scheduled = Change {
        effective: Some(now.plus(Span::from_days(3))),
        ..change(vec![weekly(3, 5)], "grace", "fewer: three a week, five for vips")
    };
    vec![
        (ago(42, 0), Event::Apply(change(vec![weekly(5, 7)], "grace", "fewer complaints"))),
        (ago(30, 0), Event::Apply(change(vec![seasons(now)], "barbara", "quiet days"))),
        (ago(29, 2), Event::Apply(change(vec![weekly(2, 2)], "linus", "a trial: two a week"))),
        (ago(28, 5), Event::RollBack { author: "grace", note: "the trial is over", by: 1 }),
        (
            ago(10, 0),
            Event::Apply(change(vec![weekly(4, 6)], "grace", "four a week, six for vips")),
        ),
        (ago(1, 0), Event::Apply(scheduled)),
    ]
}

/// Puts a change in force, or schedules it, and returns which revision is the last in force.
pub(super) async fn apply(caller: &Caller, change: Change, revision: u64) -> Result<u64, Error> {
    let is_scheduled = change.effective.is_some();
    let document = |text| v1::PolicyDocument { text, ..Default::default() };
    let request = v1::ApplyPolicyRequest {
        documents: change.documents.into_iter().map(document).collect(),
        expected_revision: Some(revision),
        author: Some(change.author.to_owned()),
        note: Some(change.note.to_owned()),
        effective_time: change.effective.map(timestamp),
        ..Default::default()
    };
    heard(caller.policies().apply_policy(request).await)?;
    Ok(if is_scheduled { revision } else { revision.saturating_add(1) })
}

/// The shop's document with other limits of a week.
fn weekly(limit: u32, vips: u32) -> String {
    let other =
        format!("limit: {limit}\n    per: 7d\n    limits: [{{segments: [vip], limit: {vips}}}");
    SHOP.replace(WEEKLY, &other)
}

/// The quiet days, where they are to come.
fn seasons(now: Instant) -> String {
    let today = i32::try_from(now.millis().div_euclid(86_400_000)).unwrap_or(0);
    MOVED.iter().fold(SEASONS.to_owned(), |text, (day, ahead)| {
        text.replace(day, &Day::from_number(today).plus(*ahead).to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_hold_what_is_changed_in_them() {
        assert_eq!(SHOP.matches(WEEKLY).count(), 1);
        assert_eq!(weekly(4, 6), SHOP);
        assert!(weekly(3, 5).contains("limit: 3\n") && weekly(3, 5).contains("[vip], limit: 5}"));
        let now = Instant::parse("2026-02-20T23:30:00Z").unwrap();
        for (day, _) in MOVED {
            assert_eq!(SEASONS.matches(day).count(), 1, "{day}");
            assert!(!seasons(now).contains(day));
        }
        assert!(seasons(now).contains("dates: {from: 2026-03-02, to: 2026-03-03}"));
    }
}

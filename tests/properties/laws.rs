//! What holds for every policy and every customer, whatever the reference says.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::dice::Dice;
use crate::generate::Theme;
use crate::generate::ask_at_edges;
use crate::generate::document;
use crate::harness::answers;
use crate::product;
use crate::reference::Asked;
use crate::reference::day;
use crate::reference::first_day;
use crate::spec;
use crate::spec::Budget;
use crate::spec::Kind;
use crate::spec::Past;
use crate::spec::Spec;
use crate::spec::Window;
use crate::stepping;
use crate::stepping::Answer;
use crate::yaml::Value;

/// The lists whose order means nothing.
const SETS: [&str; 18] = [
    "budgets",
    "spacing",
    "backoff",
    "contact_hours",
    "quiet_hours",
    "quiet_periods",
    "content_rules",
    "reactions",
    "holiday_sets",
    "occasions",
    "opt_outs",
    "suppressions",
    "consents",
    "cadence",
    "quiet",
    "contacts",
    "time_zones",
    "pauses",
];

/// Over what time stretches are looked at.
const STRETCH: SignedDuration = SignedDuration::from_hours(9 * 24 + 5);
const MILLI: SignedDuration = SignedDuration::from_millis(1);

/// The order of rules, wishes and contacts does not matter.
pub(crate) fn order_is_irrelevant(theme: Theme, seed: u64) {
    let one = document(theme, seed);
    let mut other = one.clone();
    walk(&mut other, &mut |key, value| {
        if let (true, Value::List(items)) = (SETS.contains(&key), value) {
            items.reverse();
        }
    });
    let same = |(one, other): (&Answer, &Answer)| one == other;
    assert!(given(&one).iter().zip(&given(&other)).all(same), "{one}\n{other}");
}

/// Forgetting a contact never turns an Allow into a Deny.
pub(crate) fn forgetting_allows(theme: Theme, seed: u64) {
    let full = document(theme, seed);
    let before = given(&full);
    let mut forgetful = full.clone();
    while let Some(forgotten) = ada(&mut forgetful).at_mut("contacts").items_mut().pop() {
        for (before, after) in before.iter().zip(given(&forgetful)) {
            let allowed = before.denials.is_empty();
            assert!(!allowed || after.denials.is_empty(), "without {forgotten}:\n{full}");
        }
    }
}

/// An opt-out, a lower limit and a longer window never turn a Deny into an Allow.
pub(crate) fn strictness_denies(theme: Theme, seed: u64) {
    let one = document(theme, seed);
    let before = given(&one);
    let mut stricter = [one.clone(), one.clone(), one.clone()];
    let narrow = Value::Map(vec![("purpose".to_owned(), Value::text("marketing"))]);
    ada(&mut stricter[0]).at_mut("opt_outs").items_mut().push(narrow);
    walk(&mut stricter[1], &mut |key, value| match value {
        Value::Text { text, .. } if key == "limit" => {
            *text = text.parse::<u32>().unwrap().saturating_sub(1).to_string();
        }
        Value::Null | Value::Text { .. } | Value::List(_) | Value::Map(_) => {}
    });
    walk(&mut stricter[2], &mut |key, value| match value {
        Value::Text { text, .. } if ["per", "least", "base", "most"].contains(&key) => {
            text.insert(0, '1');
        }
        Value::Null | Value::Text { .. } | Value::List(_) | Value::Map(_) => {}
    });
    // Some make no policy: a budget must not keep more slots than it has.
    for (other, answers) in stricter.iter().filter_map(|other| Some((other, answers(other).ok()?)))
    {
        for (before, (_, after)) in before.iter().zip(answers) {
            let denied = !before.denials.is_empty();
            assert!(!denied || !after.denials.is_empty(), "{one}\n{other}");
        }
    }
}

/// However contacts are reserved, no window of a budget holds more than its limit.
pub(crate) fn reserving_overfills_nothing(seed: u64) {
    let mut document = document(Theme::Budgets, seed);
    // What a budget counts and does not limit may overfill it: there shall be nothing of the kind.
    walk(&mut document, &mut |_, value| {
        if let Value::Map(entries) = value {
            let lets_pass = ["answered", "counts", "effective", "mode", "exempt", "replies"];
            entries.retain(|(key, _)| !lets_pass.contains(&key.as_str()));
        }
    });
    ada(&mut document).at_mut("contacts").items_mut().clear();
    let mut dice = Dice::new(seed);
    for _ in 0..12 {
        ask_at_edges(&mut document, &mut dice);
        let mut answers = answers(&document).unwrap_or_else(|error| panic!("{error}\n{document}"));
        answers.retain(|(_, answer)| answer.denials.is_empty());
        if let Some((question, _)) = answers.first() {
            let mut contact = question.expected.at("contact").unwrap().clone();
            let Value::Map(entries) = &mut contact else { panic!("no contact") };
            entries.retain(|(key, _)| !["customer", "attributes", "at"].contains(&key.as_str()));
            contact.set("at", Value::text(question.at.to_string()));
            ada(&mut document).at_mut("contacts").items_mut().push(contact);
        }
    }
    let spec = &spec::questions(&document).unwrap()[0].spec;
    for rule in &spec.rules {
        if let Kind::Budget(budget) = &rule.kind {
            let clocks = spec.clocks.iter();
            let fullest = clocks.flat_map(|clock| uses(spec, budget, clock)).max();
            assert!(fullest <= Some(limit(spec, budget)), "{:?}\n{document}", rule.name);
        }
    }
}

/// Stretches touch, follow each other to the end, and say at every instant what the reference says.
pub(crate) fn stretches_say_what_is_decided(theme: Theme, seed: u64) {
    let document = document(theme, seed);
    let questions = spec::questions(&document).unwrap();
    let found = product::stretches(&document.to_string(), STRETCH).unwrap();
    assert_eq!(questions.len(), found.len(), "{document}");
    for (spec::Question { spec, contact, at, .. }, found) in questions.iter().zip(found) {
        let asked = Asked { spec, contact, at: *at };
        let end = *at + STRETCH;
        let touching = found.windows(2).all(|two| two[0].1 == two[1].0);
        let ends = (found[0].0, found[found.len() - 1].1);
        assert!(touching && ends == (*at, end), "{at}: {found:?}\n{document}");
        let edges = stepping::instants(asked, *at, end, 1);
        let changes = found.iter().map(|(from, _, _)| *from);
        let edges: BTreeSet<Timestamp> = edges.into_iter().chain(changes).collect();
        let around = edges.iter().flat_map(|edge| [*edge - MILLI, *edge, *edge + MILLI]);
        for at in around.filter(|instant| *at <= *instant && *instant < end) {
            let of = found.iter().find(|(from, until, _)| *from <= at && at < *until).unwrap();
            let said = Asked { at, ..asked }.denials();
            assert_eq!(of.2, said, "at {at}, in {found:?}\n{document}");
        }
    }
}

fn limit(spec: &Spec, budget: &Budget) -> u64 {
    let mine = |(segments, _): &&(_, _)| !spec.customer.segments.is_disjoint(segments);
    budget.limits.iter().find(mine).map_or(budget.limit, |(_, limit)| *limit)
}

/// The use of the windows that end with each contact.
fn uses(spec: &Spec, budget: &Budget, clock: &TimeZone) -> Vec<u64> {
    let mut all = Vec::new();
    for end in &spec.customer.contacts {
        let asked = Asked { spec, contact: &end.contact, at: end.at };
        let inside = |past: &&Past| match &budget.per {
            Window::Sliding(length) => end.at - *length < past.at && past.at <= end.at,
            Window::Calendar { unit, zone, week_starts } => {
                let clock = zone.as_ref().unwrap_or(clock);
                let period = |at| first_day(unit, *week_starts, day(at, clock));
                period(past.at) == period(end.at)
            }
        };
        let spends = |past: &&Past| {
            asked.matches(&budget.counts, &past.contact) && asked.same_bucket(budget, &past.contact)
        };
        let spent = spec.customer.contacts.iter().filter(spends).filter(inside);
        let channels: Vec<_> = spent.map(|past| &past.contact.channel).collect();
        all.push(if budget.distinct {
            channels.into_iter().collect::<BTreeSet<_>>().len() as u64
        } else {
            channels.into_iter().map(|channel| budget.cost.get(channel).unwrap_or(&1)).sum()
        });
    }
    all
}

fn given(document: &Value) -> Vec<Answer> {
    let answers = answers(document).unwrap_or_else(|error| panic!("{error}\n{document}"));
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// The one customer of a generated document.
fn ada(document: &mut Value) -> &mut Value {
    document.at_mut("tests").items_mut()[0].at_mut("customers").at_mut("ada")
}

/// Shows every node below, with the key that it or its list is the value of.
fn walk(value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    match value {
        Value::Null | Value::Text { .. } => {}
        Value::List(items) => items.iter_mut().for_each(|item| walk(item, visit)),
        Value::Map(entries) => {
            for (key, value) in entries {
                visit(key, value);
                if let Value::List(items) = value {
                    items.iter_mut().for_each(|item| visit("", item));
                }
                walk(value, visit);
            }
        }
    }
}

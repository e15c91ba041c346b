//! Accepts customers of `courtesy export`, a line of JSON each, in place of customers in test
//! documents: the facts are equal and have the names of the API. A line is changed into the form of
//! test documents before it is read. Each part keeps its position, for messages about mistakes.
//!
//! Parts that no rule reads are left out: the source and the proof of a wish, ids of requests.

use std::rc::Rc;
use std::sync::Arc;

use super::yaml::Entry;
use super::yaml::Node;
use super::yaml::Value;
use crate::model::Label;

/// A key that only an exported customer has.
const MARK: &str = "customerId";

/// A test document, with the customers of its tests in one form.
pub(super) fn tests(node: &Rc<Node>) -> Rc<Node> {
    let test = |test: &Rc<Node>| map(test, |entry| vec![under(entry, "customers", customers)]);
    map(node, |entry| vec![under(entry, "tests", |tests| list(tests, test))])
}

fn customers(node: &Rc<Node>) -> Rc<Node> {
    map(node, |entry| vec![renamed(entry, &entry.key, customer(&entry.node))])
}

/// Converts an exported customer to the form of test documents; any other stays as it is.
pub(super) fn customer(node: &Rc<Node>) -> Rc<Node> {
    let Value::Map(entries) = &node.value else { return Rc::clone(node) };
    if !entries.iter().any(|entry| &*entry.key == MARK) {
        return Rc::clone(node);
    }
    map(node, |entry| {
        let each = |name, form: fn(&Rc<Node>) -> Rc<Node>| {
            vec![renamed(entry, name, list(&entry.node, form))]
        };
        match &*entry.key {
            MARK => Vec::new(),
            "timeZone" => vec![same(entry, "time_zone")],
            "timeZones" => vec![same(entry, "time_zones")],
            "optOuts" => each("opt_outs", refusal),
            "suppressions" => each("suppressions", refusal),
            "consents" => each("consents", consent),
            "cadence" => each("cadence", cadence),
            "quietTimes" => each("quiet", quiet),
            "contacts" => each("contacts", contact),
            "events" => each("events", event),
            name => vec![same(entry, name)],
        }
    })
}

fn refusal(node: &Rc<Node>) -> Rc<Node> {
    map(node, |entry| match &*entry.key {
        "scope" => within(&entry.node),
        "untilTime" => vec![same(entry, "until")],
        "reasonCode" => vec![same(entry, "reason")],
        "eventTime" | "setTime" | "source" | "evidence" | "stop" => Vec::new(),
        name => vec![same(entry, name)],
    })
}

fn consent(node: &Rc<Node>) -> Rc<Node> {
    map(node, |entry| match &*entry.key {
        "eventTime" => vec![same(entry, "at")],
        "confirmed" => {
            let state = |text: &str| match text {
                "true" => "confirmed".to_owned(),
                "false" => "pending".to_owned(),
                other => other.to_owned(),
            };
            vec![renamed(entry, "state", text(&entry.node, state))]
        }
        "source" | "evidence" => Vec::new(),
        name => vec![same(entry, name)],
    })
}

fn cadence(node: &Rc<Node>) -> Rc<Node> {
    map(node, |entry| match &*entry.key {
        "sliding" => vec![same(entry, "per")],
        "calendar" => {
            let unit = text(&entry.node, |text| bare(text, "CALENDAR_UNIT_"));
            let unit = renamed(entry, "calendar", unit);
            let long = Node::new(entry.node.position, Value::Map(vec![unit]));
            vec![renamed(entry, "per", Rc::new(long))]
        }
        name => vec![same(entry, name)],
    })
}

fn quiet(node: &Rc<Node>) -> Rc<Node> {
    map(node, |entry| match &*entry.key {
        "days" | "yearly" => within(&entry.node)
            .iter()
            .map(|part| match &*part.key {
                "firstDate" => same(part, "from"),
                "lastDate" => same(part, "to"),
                "date" => same(part, "yearly"),
                "daysAround" => {
                    renamed(part, "around", text(&part.node, |days| format!("{days}d")))
                }
                name => same(part, name),
            })
            .collect(),
        name => vec![same(entry, name)],
    })
}

fn contact(node: &Rc<Node>) -> Rc<Node> {
    map(node, |entry| match &*entry.key {
        "contactTime" => vec![same(entry, "at")],
        "state" => {
            let state = text(&entry.node, |text| bare(text, "CONTACT_STATE_"));
            vec![renamed(entry, "state", state)]
        }
        name @ ("channel" | "purpose" | "occasions" | "priority" | "unanswered") => {
            vec![same(entry, name)]
        }
        name => Label::named(name).map(|_label| same(entry, name)).into_iter().collect(),
    })
}

fn event(node: &Rc<Node>) -> Rc<Node> {
    map(node, |entry| match &*entry.key {
        "eventTime" => vec![same(entry, "at")],
        "kind" => {
            let kind = text(&entry.node, |text| bare(text, "ENGAGEMENT_KIND_"));
            vec![renamed(entry, "type", kind)]
        }
        name => vec![same(entry, name)],
    })
}

/// A value of an enum of the API, as test documents write it.
fn bare(text: &str, prefix: &str) -> String {
    text.strip_prefix(prefix).unwrap_or(text).to_lowercase()
}

/// The entries of a map.
fn within(node: &Rc<Node>) -> Vec<Entry> {
    match &node.value {
        Value::Map(entries) => entries.iter().map(|entry| same(entry, &entry.key)).collect(),
        Value::Scalar(_) | Value::List(_) => Vec::new(),
    }
}

/// A map whose every entry becomes other entries.
fn map(node: &Rc<Node>, form: impl Fn(&Entry) -> Vec<Entry>) -> Rc<Node> {
    let Value::Map(entries) = &node.value else { return Rc::clone(node) };
    let entries = entries.iter().flat_map(form).collect();
    Rc::new(Node::new(node.position, Value::Map(entries)))
}

/// A list whose every item becomes another.
fn list(node: &Rc<Node>, form: impl Fn(&Rc<Node>) -> Rc<Node>) -> Rc<Node> {
    let Value::List(items) = &node.value else { return Rc::clone(node) };
    Rc::new(Node::new(node.position, Value::List(items.iter().map(form).collect())))
}

/// A text that becomes another.
fn text(node: &Rc<Node>, form: impl Fn(&str) -> String) -> Rc<Node> {
    let Value::Scalar(scalar) = &node.value else { return Rc::clone(node) };
    let scalar = scalar.saying(form(&scalar.text));
    Rc::new(Node::new(node.position, Value::Scalar(scalar)))
}

/// An entry whose value becomes another, if it has this name.
fn under(entry: &Entry, name: &str, form: impl Fn(&Rc<Node>) -> Rc<Node>) -> Entry {
    let node = if &*entry.key == name { form(&entry.node) } else { Rc::clone(&entry.node) };
    renamed(entry, &entry.key, node)
}

fn same(entry: &Entry, name: &str) -> Entry {
    renamed(entry, name, Rc::clone(&entry.node))
}

fn renamed(entry: &Entry, name: &str, node: Rc<Node>) -> Entry {
    Entry { key: Arc::from(name), position: entry.position, node }
}

//! One decision as a CloudEvent, in JSON.

use serde::Serialize;
use serde::Serializer;

use super::Decided;
use super::Pseudonyms;
use super::Subject;
use super::Told;
use super::Unclear;
use crate::model::Instant;
use crate::model::Label;
use crate::model::Labels;
use crate::model::Name;
use crate::model::answer::Stated;
use crate::secret::Secret;

/// A decision that waits to be written.
pub(super) struct Event {
    /// Identifies the event within this process.
    pub(super) number: u64,
    pub(super) told: Told,
}

/// Writes events. It runs on the log's own thread, hashes included.
pub(super) struct Writer {
    process: u64,
    subject: Subject,
    pseudonyms: Pseudonyms,
}

/// The attributes of <https://github.com/cloudevents/spec> 1.0.
#[derive(Serialize)]
struct Envelope<T> {
    specversion: &'static str,
    id: String,
    source: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    datacontenttype: &'static str,
    data: T,
}

/// A message that a human has to look at.
#[derive(Serialize)]
struct Doubted<'a> {
    tenant: &'a str,
    channel: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    doubt: &'static str,
    event_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_until_time: Option<String>,
}

#[derive(Serialize)]
struct Data<'a> {
    tenant: &'a str,
    call: &'static str,
    channel: &'a str,
    purpose: &'a str,
    #[serde(flatten)]
    labels: &'a Labels<Option<Name>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    occasions: Vec<&'a str>,
    priority: u8,
    contact_time: String,
    effect: &'static str,
    reasons: Vec<Reason<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shadow_reasons: Vec<Reason<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_allowed_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until_time: Option<String>,
    policy_revision: u64,
    tzdb_version: &'a str,
    degraded: bool,
}

/// The labels that are set, by their names.
impl Serialize for Labels<Option<Name>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let named = Label::ALL.zip(self.each()).into_iter();
        serializer.collect_map(named.filter_map(|(it, name)| Some((it.as_str(), name.as_deref()?))))
    }
}

#[derive(Serialize)]
struct Reason<'a> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until_time: Option<String>,
}

impl Writer {
    /// Writes the events of the process with this number.
    pub(super) fn new(process: u64, subject: Subject, secret: &Secret) -> Self {
        Self { process, subject, pseudonyms: Pseudonyms::new(secret) }
    }

    /// An event, in one line without its end.
    pub(super) fn write(&self, event: &Event) -> Vec<u8> {
        let id = format!("{:016x}-{}", self.process, event.number);
        // Nothing in it can fail to be JSON.
        match &event.told {
            Told::Decided(it) => {
                let subject = self.subject(&it.tenant, &it.customer_id);
                let kind = "courtesy.decision.v1";
                serde_json::to_vec(&Envelope::new(id, kind, it.now, subject, data(it)))
            }
            Told::Unclear(it) => {
                let subject = self.subject(&it.tenant, &it.customer_id);
                let kind = "courtesy.unclear_message.v1";
                serde_json::to_vec(&Envelope::new(id, kind, it.now, subject, doubted(it)))
            }
        }
        .unwrap_or_default()
    }

    fn subject(&self, tenant: &Name, customer_id: &str) -> Option<String> {
        match self.subject {
            Subject::Absent => None,
            Subject::Plain => Some(customer_id.to_owned()),
            Subject::Hashed => Some(self.pseudonyms.of(tenant, customer_id).to_string()),
        }
    }
}

impl<T> Envelope<T> {
    fn new(id: String, kind: &'static str, at: Instant, subject: Option<String>, data: T) -> Self {
        Self {
            specversion: "1.0",
            id,
            source: "/courtesy",
            kind,
            time: at.to_string(),
            subject,
            datacontenttype: "application/json",
            data,
        }
    }
}

fn doubted(unclear: &Unclear) -> Doubted<'_> {
    Doubted {
        tenant: &unclear.tenant,
        channel: &unclear.channel,
        brand: unclear.brand.as_deref(),
        topic: unclear.topic.as_deref(),
        doubt: unclear.doubt,
        event_time: unclear.at.to_string(),
        held_until_time: unclear.held_until.map(|it| it.to_string()),
    }
}

fn data(decided: &Decided) -> Data<'_> {
    let (contact, answer) = (&decided.contact, &decided.answer);
    Data {
        tenant: &decided.tenant,
        call: decided.call,
        channel: &contact.channel,
        purpose: &contact.purpose,
        labels: &contact.labels,
        occasions: contact.occasions.iter().map(Name::as_str).collect(),
        priority: contact.priority,
        contact_time: decided.at.to_string(),
        effect: answer.effect.as_str(),
        reasons: answer.reasons.iter().map(reason).collect(),
        shadow_reasons: answer.shadow.iter().map(reason).collect(),
        next_allowed_time: answer.next_allowed_time.map(|it| it.to_string()),
        valid_until_time: answer.valid_until.map(|it| it.to_string()),
        policy_revision: answer.policy_revision,
        tzdb_version: &answer.tzdb_version,
        degraded: decided.degraded,
    }
}

fn reason(stated: &Stated) -> Reason<'_> {
    Reason {
        code: stated.code.as_str(),
        rule: stated.rule.as_deref(),
        until_time: stated.until.map(|it| it.to_string()),
    }
}

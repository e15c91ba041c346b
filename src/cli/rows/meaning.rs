//! The meaning of a row, or of a word in a column: a refusal, a yes, or an event.
//!
//! `opt_out:channel=email;marketing`, `consent:channel=sms`, `event:bounced_hard;channel=email`,
//! `nothing`. What stands behind the colon is what stands in a cell of that name.

use crate::cli::rows::cells;
use crate::model::EventKind;
use crate::proto::v1;

/// One statement about a customer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    OptOut(v1::RowOptOut),
    Consent(v1::RowConsent),
    Event(v1::RowEvent),
}

/// The value of `--wish`: all meanings of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wish(pub(crate) Vec<Meaning>);

impl std::str::FromStr for Wish {
    type Err = String;

    /// Without a word before a colon it is an opt-out.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let names_itself = ["opt_out:", "consent:", "event:"].iter().any(|it| text.starts_with(it));
        let whole = if names_itself { text.to_owned() } else { format!("opt_out:{text}") };
        let meanings = meanings(&whole)?;
        if meanings.is_empty() { Err("says nothing".to_owned()) } else { Ok(Self(meanings)) }
    }
}

/// The meanings of a text.
pub(super) fn meanings(text: &str) -> Result<Vec<Meaning>, String> {
    match text.trim().split_once(':') {
        None if text.trim() == "nothing" => Ok(Vec::new()),
        Some(("opt_out", scope)) => {
            Ok(cells::opt_outs(scope)?.into_iter().map(Meaning::OptOut).collect())
        }
        Some(("consent", scope)) => {
            Ok(cells::consents(scope)?.into_iter().map(Meaning::Consent).collect())
        }
        Some(("event", event)) => Ok(vec![Meaning::Event(self::event(event)?)]),
        Some(_) | None => Err("write `opt_out:channel=email`, `consent:channel=sms`, \
                               `event:complained;channel=email` or `nothing`"
            .to_owned()),
    }
}

fn event(text: &str) -> Result<v1::RowEvent, String> {
    let (kind, channel) = match text.split_once(';') {
        None => (text, None),
        Some((kind, channel)) => {
            let channel = channel.trim().strip_prefix("channel=");
            (kind, Some(channel.ok_or("write `event:KIND;channel=NAME`")?.trim().to_owned()))
        }
    };
    let name = format!("ENGAGEMENT_KIND_{}", kind.trim().to_uppercase());
    let known = v1::EngagementKind::from_str_name(&name);
    let known =
        known.filter(|known| *known != v1::EngagementKind::Unspecified).ok_or_else(|| {
            let names: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("`{}` is none of: {}", kind.trim(), names.join(", "))
        })?;
    Ok(v1::RowEvent { kind: known.into(), channel, event_time: None })
}

impl Meaning {
    /// Adds it to a row, at a time and with a proof unless it has its own.
    pub(super) fn put(
        &self,
        at: Option<prost_types::Timestamp>,
        proof: Option<&str>,
        row: &mut v1::CustomerRow,
    ) {
        match self.clone() {
            Self::OptOut(mut it) => {
                it.event_time = it.event_time.or(at);
                if !row.opt_outs.contains(&it) {
                    row.opt_outs.push(it);
                }
            }
            Self::Consent(mut it) => {
                it.event_time = it.event_time.or(at);
                it.evidence = it.evidence.or_else(|| proof.map(ToOwned::to_owned));
                row.consents.push(it);
            }
            Self::Event(mut it) => {
                it.event_time = it.event_time.or(at);
                if !row.events.contains(&it) {
                    row.events.push(it);
                }
            }
        }
    }

    /// The same meaning with a channel or a topic in place of a mark: `{channel}`, `{column}`.
    pub(super) fn filled(&self, mark: &str, name: &str) -> Self {
        let mut filled = self.clone();
        let fill = |part: &mut Option<String>| {
            if part.as_deref() == Some(mark) {
                *part = Some(name.to_owned());
            }
        };
        match &mut filled {
            Self::OptOut(it) => {
                if let Some(scope) = &mut it.scope {
                    fill(&mut scope.channel);
                    fill(&mut scope.topic);
                }
            }
            Self::Consent(it) => {
                if it.channel == mark {
                    name.clone_into(&mut it.channel);
                }
                fill(&mut it.topic);
            }
            Self::Event(it) => fill(&mut it.channel),
        }
        filled
    }
}

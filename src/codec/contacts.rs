//! Contacts as columns: what most contacts of a customer share is written once, and what differs
//! takes few bytes, as steps from one contact to the next.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::Unreadable;
use super::read::at_position;
use super::read::small;
use super::write::position;
use crate::model::Instant;
use crate::model::Labels;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::history::Entry;
use crate::model::history::State;
use crate::proto::store::v1;

/// The parts that contacts of one kind share.
type Sort<'a> = (u16, u16, Labels<Option<u16>>, &'a [u16], u8, State);

/// Writes contacts, which are in order of time.
pub(super) fn write(entries: &[Entry]) -> v1::Contacts {
    let mut columns = v1::Contacts::default();
    let mut sorts: BTreeMap<Sort<'_>, u32> = BTreeMap::new();
    let (mut at, mut number) = (0, -1);
    for entry in entries {
        let next = u32::try_from(sorts.len()).unwrap_or(u32::MAX);
        let sort = *sorts.entry(sort_of(entry)).or_insert_with(|| {
            columns.sorts.push(written(entry));
            next
        });
        columns.sort.push(sort);
        columns.step_ms.push(entry.at.millis().saturating_sub(at));
        columns.number_step.push(i64::from(entry.number) - number - 1);
        columns.campaign.push(entry.labels.campaign.map_or(0, |label| u32::from(label) + 1));
        if let Some(until) = entry.hold_until {
            columns.holds.push(v1::Hold { number: entry.number, until_ms: until.millis() });
        }
        if entry.unanswered {
            columns.unanswered.push(v1::Unanswered { number: entry.number });
        }
        (at, number) = (entry.at.millis(), i64::from(entry.number));
    }
    // A column in which there is nothing to tell is left out.
    if columns.sorts.len() == 1 {
        columns.sort.clear();
    }
    if columns.number_step.iter().all(|step| *step == 0) {
        columns.number_step.clear();
    }
    if columns.campaign.iter().all(|campaign| *campaign == 0) {
        columns.campaign.clear();
    }
    columns
}

/// Reads contacts.
pub(super) fn read(columns: &v1::Contacts) -> Result<Vec<Entry>, Unreadable> {
    let count = columns.step_ms.len();
    let lengths = [columns.sort.len(), columns.number_step.len(), columns.campaign.len()];
    if lengths.iter().any(|length| *length != 0 && *length != count) {
        return Err(Unreadable::Field("contacts"));
    }
    let sorts: Vec<Entry> = columns.sorts.iter().map(sort).collect::<Result<_, _>>()?;
    let holds: BTreeMap<u32, i64> =
        columns.holds.iter().map(|hold| (hold.number, hold.until_ms)).collect();
    let unanswered: BTreeSet<u32> = columns.unanswered.iter().map(|it| it.number).collect();
    let mut entries = Vec::with_capacity(count);
    let (mut at, mut number) = (0_i64, -1_i64);
    for (position, step) in columns.step_ms.iter().enumerate() {
        let sort = at_or_zero(&columns.sort, position);
        let sort = usize::try_from(sort).ok().and_then(|it| sorts.get(it));
        let mut entry = sort.ok_or(Unreadable::Field("sort"))?.clone();
        at = at.saturating_add(*step);
        number =
            number.saturating_add(1).saturating_add(at_or_zero(&columns.number_step, position));
        let own = u32::try_from(number).map_err(|_bound| Unreadable::Field("number"))?;
        let campaign = at_or_zero(&columns.campaign, position).checked_sub(1);
        entry.number = own;
        entry.at = Instant::from_millis(at);
        entry.labels.campaign = campaign.map(|label| small(label, "campaign")).transpose()?;
        entry.hold_until = holds.get(&own).copied().map(Instant::from_millis);
        entry.unanswered = unanswered.contains(&own);
        entries.push(entry);
    }
    Ok(entries)
}

fn at_or_zero<T: Copy + Default>(column: &[T], position: usize) -> T {
    column.get(position).copied().unwrap_or_default()
}

fn sort_of(entry: &Entry) -> Sort<'_> {
    let Entry { channel, purpose, labels, occasions, priority, state, .. } = entry;
    let labels = Labels { campaign: None, ..*labels };
    (*channel, *purpose, labels, occasions, *priority, *state)
}

fn written(entry: &Entry) -> v1::Sort {
    let priority = (entry.priority != PRIORITY_DEFAULT).then(|| u32::from(entry.priority));
    v1::Sort {
        channel: u32::from(entry.channel),
        purpose: u32::from(entry.purpose),
        topic: entry.labels.topic.map(u32::from),
        brand: entry.labels.brand.map(u32::from),
        occasions: entry.occasions.iter().map(|&label| u32::from(label)).collect(),
        priority,
        state: position(&State::ALL, &entry.state),
    }
}

/// A contact without its time, which the caller fills in.
fn sort(message: &v1::Sort) -> Result<Entry, Unreadable> {
    let label = |number: Option<u32>| number.map(|it| small(it, "label")).transpose();
    let occasions = message.occasions.iter().map(|it| small(*it, "occasions"));
    let priority = message.priority.map(|it| small(it, "priority")).transpose()?;
    Ok(Entry {
        number: 0,
        at: Instant::from_millis(0),
        channel: small(message.channel, "channel")?,
        purpose: small(message.purpose, "purpose")?,
        labels: Labels {
            topic: label(message.topic)?,
            campaign: None,
            brand: label(message.brand)?,
        },
        occasions: occasions.collect::<Result<_, _>>()?,
        priority: priority.unwrap_or(PRIORITY_DEFAULT),
        state: at_position(&State::ALL, message.state, "state")?,
        hold_until: None,
        unanswered: false,
    })
}

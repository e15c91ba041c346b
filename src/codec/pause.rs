//! Pauses as stores keep them: all of a tenant in one value.

use bytes::Bytes;
use prost::Message;

use super::FORMAT;
use super::Unreadable;
use super::check_format;
use crate::model::Instant;
use crate::model::Jurisdiction;
use crate::model::Name;
use crate::model::label::label_lists_of;
use crate::model::pause::Pause;
use crate::model::pause::Selection;
use crate::model::pause::selection_as;
use crate::proto::store::v1;

/// Reads a tenant's pauses.
///
/// # Errors
/// If they are damaged, or newer than this version. None is left out: that would let contacts pass.
pub fn read(bytes: &Bytes) -> Result<Vec<Pause>, Unreadable> {
    let message = v1::Pauses::decode(bytes.clone()).map_err(|_details| Unreadable::Damaged)?;
    check_format(message.format, FORMAT)?;
    message.pauses.into_iter().map(pause).collect()
}

/// Writes a tenant's pauses.
#[must_use]
pub fn write(pauses: &[Pause]) -> Bytes {
    let written = pauses.iter().map(|pause| v1::Pause {
        name: pause.name.to_string(),
        selection: Some(selection_as!(v1::Selection, &pause.selection)),
        reason: pause.reason.to_string(),
        from_ms: pause.from.map(Instant::millis),
        until_ms: pause.until.map(Instant::millis),
        author: pause.author.as_deref().map(str::to_owned),
        set_ms: pause.set.millis(),
    });
    v1::Pauses { format: FORMAT, pauses: written.collect() }.encode_to_vec().into()
}

fn pause(pause: v1::Pause) -> Result<Pause, Unreadable> {
    let selection = pause.selection.unwrap_or_default();
    Ok(Pause {
        name: Name::new(&pause.name).map_err(|_bound| Unreadable::Field("name"))?,
        selection: Selection {
            channels: names(&selection.channels)?,
            purposes: names(&selection.purposes)?,
            labels: label_lists_of!(&selection).try_map(|it| names(it))?,
            occasions: names(&selection.occasions)?,
            jurisdictions: jurisdictions(&selection.jurisdictions)?,
            segments: names(&selection.segments)?,
            priority_at_least: priority(selection.priority_at_least)?,
            priority_below: priority(selection.priority_below)?,
        },
        reason: Box::from(pause.reason),
        from: pause.from_ms.map(Instant::from_millis),
        until: pause.until_ms.map(Instant::from_millis),
        author: pause.author.map(Box::from),
        set: Instant::from_millis(pause.set_ms),
    })
}

fn names(texts: &[String]) -> Result<Vec<Name>, Unreadable> {
    let names = texts.iter().map(|text| Name::new(text));
    names.collect::<Result<_, _>>().map_err(|_bound| Unreadable::Field("selection"))
}

fn jurisdictions(codes: &[String]) -> Result<Vec<Jurisdiction>, Unreadable> {
    let read = codes.iter().map(|code| Jurisdiction::new(code).ok().flatten());
    read.collect::<Option<_>>().ok_or(Unreadable::Field("jurisdictions"))
}

fn priority(priority: Option<u32>) -> Result<Option<u8>, Unreadable> {
    let read = priority.map(u8::try_from).transpose();
    read.map_err(|_bound| Unreadable::Field("priority"))
}

//! A yes that takes back one refusal, and nothing that is refused by itself.

use super::Wish;
use super::note;
use super::rehear::rehear;
use super::standing;
use crate::model::Instant;
use crate::model::Record;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;
use crate::operation::Context;

/// Takes back a refusal, and returns what is refused within it by itself and has fallen with it,
/// heard again from the history of consent where the refusal had made it needless.
pub fn lift(record: &mut Record, no: &OptOut, at: Instant) -> Vec<OptOut> {
    record.opt_outs.retain(|it| it != no);
    let mut events = record.consent_events.clone();
    events.retain(|it| it.scope != no.scope);
    rehear(record, &events, &no.scope, at);
    let before = record.opt_outs.clone();
    standing::allow(record, OptIn { scope: no.scope.clone(), at });
    before.into_iter().filter(|it| !record.opt_outs.contains(it)).collect()
}

/// Refuses again what has fallen, as of the time of the yes: a tie goes to the no.
pub fn refuse_again(record: &mut Record, fallen: &OptOut, at: Instant) {
    let said = fallen.at.map_or(at, |said| said.max(at));
    standing::refuse(record, OptOut { at: Some(said), ..fallen.clone() });
}

/// Keeps a wish in the history of consent, and does nothing else.
pub fn keep(context: Context<'_>, record: &mut Record, wish: &Wish, at: Instant) {
    note(context, record, wish, at);
}

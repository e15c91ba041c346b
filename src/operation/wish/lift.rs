//! A yes that takes back one refusal, and nothing that is refused by itself.

use super::Wish;
use super::note;
use super::standing;
use crate::model::Instant;
use crate::model::Record;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;
use crate::operation::Context;

/// Takes back a refusal, and returns what has fallen with it because it lies within.
pub fn lift(record: &mut Record, no: &OptOut, at: Instant) -> Vec<OptOut> {
    let before = record.opt_outs.clone();
    standing::allow(record, OptIn { scope: no.scope.clone(), at });
    let has_fallen = |it: &OptOut| it != no && !record.opt_outs.contains(it);
    before.into_iter().filter(has_fallen).collect()
}

/// Refuses again what has fallen, as of the time of the yes: a tie goes to the no.
pub fn refuse_again(record: &mut Record, fallen: Vec<OptOut>, at: Instant) {
    for no in fallen {
        let said = no.at.map_or(at, |said| said.max(at));
        standing::refuse(record, OptOut { at: Some(said), ..no });
    }
}

/// Keeps a wish in the history of consent, and does nothing else.
pub fn keep(context: Context<'_>, record: &mut Record, wish: &Wish, at: Instant) {
    note(context, record, wish, at);
}

//! Wishes about marketing, stored so that an instance that does not know them never takes a no for
//! less than it is, or a yes for more.
//!
//! A no about marketing stands twice: in a list of its own, and as a no to all of its scope in the
//! list that every version reads. What an older instance does to the second holds for the first: if
//! it is not there any more, a yes has ended it or a wider no has taken its place. A yes stands in
//! a list of its own only; an instance that does not know it lets an older no win.

use std::cmp::Reverse;

use crate::model::Scope;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;

/// The opt-outs that every version reads, and those of the list of its own.
pub(super) fn split_opt_outs(all: &[OptOut]) -> (Vec<OptOut>, Vec<OptOut>) {
    let marketing: Vec<OptOut> = all.iter().filter(|it| it.scope.marketing).cloned().collect();
    let read_by_all = |it: &OptOut| if it.scope.marketing { wide(it) } else { it.clone() };
    (all.iter().map(read_by_all).collect(), marketing)
}

/// The opt-outs of both lists.
pub(super) fn joined_opt_outs(mut all: Vec<OptOut>, marketing: Vec<OptOut>) -> Vec<OptOut> {
    if marketing.is_empty() {
        return all;
    }
    for known in marketing {
        let wide = wide(&known);
        if let Some(position) = all.iter().position(|it| *it == wide) {
            all.remove(position);
            all.push(known);
        }
    }
    all.sort_by_cached_key(|it| (it.scope.clone(), it.at, it.until));
    all
}

/// The opt-ins that every version reads, and those of the list of its own.
pub(super) fn split_opt_ins(all: &[OptIn]) -> (Vec<OptIn>, Vec<OptIn>) {
    all.iter().cloned().partition(|it| !it.scope.marketing)
}

/// The opt-ins of both lists.
pub(super) fn joined_opt_ins(mut all: Vec<OptIn>, marketing: Vec<OptIn>) -> Vec<OptIn> {
    if !marketing.is_empty() {
        all.extend(marketing);
        all.sort_by_cached_key(|it| (Reverse(it.at), it.scope.clone()));
    }
    all
}

/// What an older instance reads. Without a source it cannot be what a customer has said in so many
/// words.
fn wide(opt_out: &OptOut) -> OptOut {
    let scope = Scope { marketing: false, ..opt_out.scope.clone() };
    OptOut { scope, source: None, ..opt_out.clone() }
}

#[cfg(test)]
mod tests;

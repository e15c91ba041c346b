//! The whole product, killed: `courtesy serve` under load, its files torn, its disk full, its
//! directory lost.
//!
//! Callers keep a ledger of what was acknowledged and of what they never got an answer to. After
//! each end of the process the same directory is served again and everything in it is compared with
//! the ledger. More than the usual rounds:
//! `COURTESY_KILLS=300 cargo test --test it crash -- --nocapture`. The seed of a run is printed;
//! `COURTESY_SEED` repeats its choices, not its timing.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_in_result,
    reason = "the environment says how often, and the moment of a kill is left to chance"
)]

mod audit;
mod disk;
mod erased;
pub(crate) mod full;
mod kill;
mod ledger;
mod load;
mod lost;
mod page;
pub(crate) mod process;
mod second;
mod torn;

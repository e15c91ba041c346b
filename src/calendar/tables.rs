//! Days that no short rule gives, as their sources have them.

pub(in crate::calendar) mod eid_al_adha;
pub(in crate::calendar) mod eid_al_fitr;
pub(in crate::calendar) mod hebrew;
pub(in crate::calendar) mod hindu;
pub(in crate::calendar) mod lunar;
pub(in crate::calendar) mod ramadan;

use crate::calendar::days::Days;

/// All occurrences up to and including a year, in order.
#[derive(Debug)]
pub(in crate::calendar) struct Table {
    /// The last year that the source covers.
    pub(in crate::calendar) until: i16,
    /// The occurrences. Two can begin in one year, and a year can have none.
    pub(in crate::calendar) days: &'static [Days],
}

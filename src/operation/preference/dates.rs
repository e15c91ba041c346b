//! Dates of the customer's own, which are kept quiet every year.

use crate::model::Record;
use crate::model::wish::MonthDay;
use crate::model::wish::Quiet;
use crate::operation::Fault;

/// The most quiet times of a record.
const QUIET_MAX: usize = 64;

/// A date of every year, with `around` days on each side of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnDate {
    /// The date.
    pub date: MonthDay,
    /// The number of quiet days before and after it.
    pub around: u16,
}

/// The customer's own dates.
pub(super) fn of(record: &Record) -> Vec<OwnDate> {
    let dates = record.quiet.iter().filter_map(|quiet| match quiet {
        Quiet::Yearly { date, around } => Some(OwnDate { date: *date, around: *around }),
        Quiet::Days { .. } | Quiet::Hours(_) => None,
    });
    dates.collect()
}

/// Keeps more dates quiet.
pub(super) fn add(record: &mut Record, dates: &[OwnDate]) -> Result<(), Fault> {
    for OwnDate { date, around } in dates {
        let quiet = Quiet::Yearly { date: *date, around: *around };
        if !record.quiet.contains(&quiet) {
            record.quiet.push(quiet);
        }
    }
    if record.quiet.len() > QUIET_MAX { Err(Fault::RecordFull) } else { Ok(()) }
}

/// Keeps dates quiet no more.
pub(super) fn remove(record: &mut Record, dates: &[OwnDate]) {
    record.quiet.retain(|quiet| match quiet {
        Quiet::Yearly { date, around } => {
            !dates.contains(&OwnDate { date: *date, around: *around })
        }
        Quiet::Days { .. } | Quiet::Hours(_) => true,
    });
}

//! Literals that `at.weekday` and `at.date` are compared with: one that no day equals would make a
//! rule that silently never matches.

use cel::IdedExpr;
use jiff::civil::Date;

use crate::expression::Fault;
use crate::expression::fault::did_you_mean;
use crate::expression::lower::Lowering;
use crate::expression::tree::Text;
use crate::model::weekdays::NAMES;

impl Lowering<'_> {
    /// Checks the literal `other` against what it is compared with.
    pub(super) fn calendar_literal(
        &mut self,
        text: &Text,
        other: (&IdedExpr, &Text),
    ) -> Option<()> {
        let Text::Constant(literal) = other.1 else { return Some(()) };
        let fault = |message| Fault::new(self.start(other.0), message);
        let fault = match text {
            Text::Weekday if !NAMES.contains(&&**literal) => {
                let help = did_you_mean(literal, &NAMES);
                fault(format!("`{literal}` is not a day of the week"))
                    .help(format!("the days are {}", weekdays()))
                    .maybe_help(help)
            }
            Text::Date if !is_date(literal) => fault(format!("`{literal}` is not a date")).help(
                "write a day as in `\"2026-11-22\"`; a month is `at.date.startsWith(\"2026-11-\")`",
            ),
            Text::Constant(_)
            | Text::Field(_)
            | Text::ContactAttribute(_)
            | Text::CustomerAttribute(_)
            | Text::Date
            | Text::Weekday
            | Text::Joined(_)
            | Text::Choice(_)
            | Text::Written(_) => return Some(()),
        };
        self.fault(fault)
    }
}

/// The days of the week, quoted.
pub(super) fn weekdays() -> String {
    NAMES.map(|day| format!("`\"{day}\"`")).join(", ")
}

/// Whether a text is a date exactly as `at.date` writes it.
fn is_date(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|date| date.to_string() == text)
}

//! The form that was posted, compared with the one that the page had shown.

use crate::model::Name;
use crate::model::Span;
use crate::model::wish::MonthDay;
use crate::operation::preference::Choice;
use crate::operation::preference::Choose;
use crate::operation::preference::Form;
use crate::operation::preference::Names;
use crate::operation::preference::OwnDate;
use crate::operation::preference::Saving;
use crate::unsubscribe::Shown;

use super::said::limit_value;

/// The fields of a form, in the order in which they were sent.
pub(super) struct Posted<'a>(pub(super) &'a [(String, String)]);

impl<'a> Posted<'a> {
    /// The value of a field that is there once.
    pub(super) fn one(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let fields = self.0.iter().filter(move |(field, _)| field == name);
        fields.map(|(_, value)| value.as_str())
    }

    /// The choices that follow. `form` is the present form: only choices that it offers can be
    /// wanted. `stopped` are the purposes that were stopped last.
    pub(super) fn chosen(&self, shown: &Shown, (form, stopped): (&Form, Vec<Name>)) -> Saving {
        match self.one("do") {
            Some("stop") => return Saving { stop_all: true, ..Saving::default() },
            Some("start") => {
                let wanted = Names { purposes: stopped, ..Names::default() };
                return Saving { wanted, ..Saving::default() };
            }
            Some(_) | None => {}
        }
        let occasions: Vec<Choice> = form.occasions.iter().map(|it| it.choice.clone()).collect();
        let refused = Names {
            topics: self.unticked("topic", &shown.topics),
            purposes: self.unticked("purpose", &shown.purposes),
            channels: self.unticked("channel", &shown.channels),
            occasions: self.ticked("occasion", &shown.occasions, &occasions),
        };
        let wanted = Names {
            topics: self.ticked("topic", &shown.topics, &form.topics),
            purposes: self.ticked("purpose", &shown.purposes, &form.purposes),
            channels: self.ticked("channel", &shown.channels, &form.channels),
            occasions: self.unticked("occasion", &shown.occasions),
        };
        let kept: Vec<&str> = self.all("date").collect();
        let removed = shown.dates.iter().filter(|it| !kept.contains(&it.as_str()));
        let removed = removed.filter_map(|value| own_date_named(value));
        Saving {
            refused,
            wanted,
            limit: self.limit(shown, form),
            break_for: self.length(form),
            end_break: self.one("end_break").is_some(),
            added: self.own_date().and_then(Result::ok).into_iter().collect(),
            removed: removed.collect(),
            ..Saving::default()
        }
    }

    /// The choices that were ticked and are no longer.
    fn unticked(&self, field: &str, shown: &[String]) -> Vec<Name> {
        let ticked: Vec<&str> = self.all(field).collect();
        let gone = shown.iter().filter(|it| !ticked.contains(&it.as_str()));
        gone.filter_map(|it| Name::new(it).ok()).collect()
    }

    /// The choices that are newly ticked and are offered.
    fn ticked(&self, field: &str, shown: &[String], offered: &[Choice]) -> Vec<Name> {
        let new = self.all(field).filter(|it| !shown.iter().any(|known| known == it));
        let offered = new.filter_map(|new| offered.iter().find(|it| it.name.as_str() == new));
        let mut names: Vec<Name> = offered.map(|it| it.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    fn limit(&self, shown: &Shown, form: &Form) -> Option<Choose> {
        let posted = self.one("limit").filter(|posted| *posted != shown.limit)?;
        if posted.is_empty() {
            return Some(Choose(None));
        }
        let limit = form.limits.iter().find(|it| limit_value(**it) == posted);
        limit.map(|limit| Choose(Some(*limit)))
    }

    fn length(&self, form: &Form) -> Option<Span> {
        let posted = self.one("break")?;
        form.breaks.iter().find(|it| (it.millis() / 1_000).to_string() == posted).copied()
    }

    /// The own date that was added; an error if there is no such date.
    pub(super) fn own_date(&self) -> Option<Result<OwnDate, NoSuchDate>> {
        let (day, month) = (self.one("day")?, self.one("month")?);
        if day.is_empty() && month.is_empty() {
            return None;
        }
        let (Ok(day), Ok(month)) = (day.parse(), month.parse()) else {
            return Some(Err(NoSuchDate));
        };
        let date = MonthDay { month, day };
        let around = self.one("around").and_then(|it| it.parse().ok()).unwrap_or(0);
        // A leap year has every date.
        let exists = date.in_year(2028).is_some() && around <= 14;
        Some(if exists { Ok(OwnDate { date, around }) } else { Err(NoSuchDate) })
    }
}

/// The own date that the form names `03-31/2`.
fn own_date_named(value: &str) -> Option<OwnDate> {
    let (date, around) = value.split_once('/')?;
    let (month, day) = date.split_once('-')?;
    let date = MonthDay { month: month.parse().ok()?, day: day.parse().ok()? };
    Some(OwnDate { date, around: around.parse().ok()? })
}

/// A date that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoSuchDate;

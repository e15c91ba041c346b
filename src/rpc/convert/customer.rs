//! Customers: who they are and what they want.

use jiff::civil::Date;
use jiff::civil::Time;

use super::profile;
use super::time::duration;
use super::violations::Path;
use super::violations::Violations;
use super::wish;
use crate::codec::number;
use crate::engine::Undeclared;
use crate::model::Day;
use crate::model::Name;
use crate::model::Profile;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::Weekdays;
use crate::model::profile::facts;
use crate::model::weekdays;
use crate::model::wish::Cadence;
use crate::model::wish::Cycle;
use crate::model::wish::MonthDay;
use crate::model::wish::Quiet;
use crate::model::wish::QuietHours;
use crate::operation::profile::Replacement;
use crate::policy::Policy;
use crate::proto::v1;
use crate::store::Version;

pub(super) const PATH: Path = Path::of("customer");
const CADENCE_MAX: usize = 16;
const CADENCE_LIMIT_MAX: u32 = 10_000;
pub(super) const QUIET_TIMES_MAX: usize = 64;
const NAMES_MAX: usize = 16;
const DAYS_AROUND_MAX: u16 = 180;
const SLIDING_MAX: Span = Span::from_days(400);

/// The fields that can be replaced, by their names in an update mask.
pub fn fields() -> impl Iterator<Item = &'static str> {
    Profile::FIELDS.into_iter().chain(["cadence", "quiet_times"])
}

/// The names of the fields that are set.
#[must_use]
pub fn set_fields(customer: &v1::Customer) -> Vec<&'static str> {
    let wishes = [is_set(&customer.cadence), is_set(&customer.quiet_times)];
    let set = facts!([is_set(&customer)]).into_iter().chain(wishes);
    fields().zip(set).filter_map(|(field, is_set)| is_set.then_some(field)).collect()
}

fn is_set<T: Default + PartialEq>(field: &T) -> bool {
    *field != T::default()
}

impl Violations {
    /// The fields to replace: those of the mask, or without one every field that is set.
    pub fn replacements(
        &mut self,
        customer: &v1::Customer,
        mask: Option<&[String]>,
        policy: &Policy,
    ) -> Vec<Replacement> {
        let Some(mask) = mask else {
            let set = set_fields(customer).into_iter();
            return set.filter_map(|field| self.replacement(customer, field, policy)).collect();
        };
        let mut replacements = Vec::new();
        for field in mask {
            let replacement = self.replacement(customer, field, policy);
            if !fields().any(|known| known == field.as_str()) {
                let known = Vec::from_iter(fields()).join(", ");
                let problem = format!("names a field that cannot be replaced; these can: {known}");
                self.add(Path::ROOT, "update_mask", problem);
            }
            replacements.extend(replacement);
        }
        replacements
    }

    fn replacement(
        &mut self,
        customer: &v1::Customer,
        field: &str,
        policy: &Policy,
    ) -> Option<Replacement> {
        Some(match field {
            "cadence" => {
                self.at_most(PATH, field, customer.cadence.len(), CADENCE_MAX);
                let listed = customer.cadence.iter().take(CADENCE_MAX).enumerate();
                let listed = listed.filter_map(|(position, it)| self.cadence(position, it, policy));
                Replacement::Cadence(listed.collect())
            }
            "quiet_times" => {
                self.at_most(PATH, field, customer.quiet_times.len(), QUIET_TIMES_MAX);
                let listed = customer.quiet_times.iter().take(QUIET_TIMES_MAX).enumerate();
                let listed = listed.filter_map(|(position, it)| self.quiet(position, it, policy));
                Replacement::Quiet(listed.collect())
            }
            _ => Replacement::Fact(self.fact(customer, field, &policy.zones)?),
        })
    }

    fn cadence(
        &mut self,
        position: usize,
        cadence: &v1::Cadence,
        policy: &Policy,
    ) -> Option<Cadence> {
        let path = Path::item("customer.cadence", position);
        let channel = self.optional(path, "channel", cadence.channel.as_deref());
        let scope = Scope { channel, ..Scope::default() };
        self.declared(path, &scope, policy);
        let purposes = self.declared_names(path, ("purposes", &cadence.purposes), |name| {
            Undeclared::check_purpose(policy, name).err()
        });
        let topics = self.declared_names(path, ("topics", &cadence.topics), |name| {
            Undeclared::labels(policy, Some(name), &[]).next()
        });
        let limit = self.required(path, "limit", cadence.limit);
        if limit.is_some_and(|limit| limit > CADENCE_LIMIT_MAX) {
            self.add(path, "limit", format!("must be from 0 to {CADENCE_LIMIT_MAX}"));
        }
        let per = match &cadence.window {
            Some(v1::cadence::Window::Sliding(length)) => {
                self.duration(path, "sliding", Some(length), SLIDING_MAX).map(Cycle::Sliding)
            }
            Some(v1::cadence::Window::Calendar(unit)) => {
                self.unit(path, *unit).map(Cycle::Calendar)
            }
            None => {
                self.add(path, "window", "must be set: `sliding` or `calendar`");
                None
            }
        };
        Some(Cadence { channel: scope.channel, purposes, topics, limit: limit?, per: per? })
    }

    /// Names of one kind. The policy may have to declare each. A repeated name counts once.
    fn declared_names(
        &mut self,
        path: Path,
        (field, texts): (&str, &[String]),
        undeclared: impl Fn(&Name) -> Option<Undeclared>,
    ) -> Vec<Name> {
        let mut names = self.names(path, field, texts, NAMES_MAX);
        names.sort();
        names.dedup();
        for undeclared in names.iter().filter_map(undeclared) {
            self.add_undeclared_as(path, field, &undeclared);
        }
        names
    }

    fn unit(&mut self, path: Path, unit: i32) -> Option<crate::model::wish::CalendarUnit> {
        let known = number::calendar_unit(unit);
        if known.is_none() {
            self.add(path, "calendar", format!("there is no unit {unit}"));
        }
        known
    }

    fn quiet(&mut self, position: usize, quiet: &v1::QuietTime, policy: &Policy) -> Option<Quiet> {
        let path = Path::item("customer.quiet_times", position);
        match quiet.time.as_ref() {
            Some(v1::quiet_time::Time::Days(days)) => {
                let path = path.with("days");
                let first = self.date(path, "first_date", &days.first_date);
                let last = self.date(path, "last_date", &days.last_date);
                let (first, last) = (first?, last?);
                if first > last {
                    self.add(path, "last_date", "must not be before `first_date`");
                }
                Some(Quiet::Days { first, last })
            }
            Some(v1::quiet_time::Time::Yearly(yearly)) => {
                let (date, around) = self.yearly(path.with("yearly"), yearly)?;
                Some(Quiet::Yearly { date, around })
            }
            Some(v1::quiet_time::Time::Hours(hours)) => {
                self.quiet_hours(path.with("hours"), hours, policy).map(Quiet::Hours)
            }
            None => {
                self.add(path, "time", "must be set: `days`, `yearly` or `hours`");
                None
            }
        }
    }

    /// A date of every year, and the days around it.
    pub(super) fn yearly(&mut self, path: Path, yearly: &v1::QuietDate) -> Option<(MonthDay, u16)> {
        let around = yearly.days_around.unwrap_or_default();
        let around = u16::try_from(around).ok().filter(|it| *it <= DAYS_AROUND_MAX);
        if around.is_none() {
            self.add(path, "days_around", format!("must be from 0 to {DAYS_AROUND_MAX}"));
        }
        let date = month_day(&yearly.date);
        if date.is_none() {
            self.add(path, "date", "is not a date such as `03-31`");
        }
        Some((date?, around?))
    }

    fn quiet_hours(
        &mut self,
        path: Path,
        hours: &v1::QuietHours,
        policy: &Policy,
    ) -> Option<QuietHours> {
        let from = self.clock_time(path, "from", &hours.from, false);
        let to = self.clock_time(path, "to", &hours.to, true);
        let days = hours.days.iter().filter_map(|name| {
            let day = weekdays::day_named(name);
            if day.is_none() {
                let known = weekdays::NAMES.join(", ");
                self.add(path, "days", format!("holds something that is none of {known}"));
            }
            day
        });
        let days = Weekdays::of(days.collect::<Vec<_>>());
        let channels = self.declared_names(path, ("channels", &hours.channels), |name| {
            Undeclared::check_channel(policy, name).err()
        });
        Some(QuietHours { from_secs: from?, to_secs: to?, days, channels })
    }

    fn date(&mut self, path: Path, field: &str, text: &str) -> Option<Day> {
        let date: Option<Date> = is_digits(text, "dddd-dd-dd").then(|| text.parse().ok()).flatten();
        let date = date.filter(|date| (1970..=2199).contains(&date.year()));
        if date.is_none() {
            self.add(path, field, "is not a date such as `2026-12-20`, from 1970 to 2199");
        }
        date.map(Day::from)
    }

    /// Seconds after midnight.
    fn clock_time(&mut self, path: Path, field: &str, text: &str, end: bool) -> Option<u32> {
        if end && text == "24:00" {
            return Some(86_400);
        }
        let time: Option<Time> = is_digits(text, "dd:dd").then(|| text.parse().ok()).flatten();
        if time.is_none() {
            self.add(path, field, "is not a time of day such as `21:00`");
        }
        let time = time?;
        let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
        u32::try_from(minutes * 60).ok()
    }
}

/// The month and the day of a date that exists, in leap years at least.
fn month_day(text: &str) -> Option<MonthDay> {
    if !is_digits(text, "dd-dd") {
        return None;
    }
    let (month, day) = text.split_once('-')?;
    let date = Date::new(2024, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(MonthDay { month: date.month(), day: date.day() })
}

/// Whether a text has a digit wherever the shape has a `d`, and the shape's own characters
/// elsewhere.
fn is_digits(text: &str, shape: &str) -> bool {
    let matches = |(own, shape): (u8, u8)| own == shape || shape == b'd' && own.is_ascii_digit();
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(matches)
}

/// A customer as a message.
#[must_use]
pub fn customer(id: &str, record: &Record, version: Option<Version>) -> v1::Customer {
    v1::Customer {
        customer_id: id.to_owned(),
        cadence: record.cadence.iter().map(cadence).collect(),
        quiet_times: record.quiet.iter().map(quiet_time).collect(),
        opt_outs: record.opt_outs.iter().map(wish::opted_out).collect(),
        consents: record.consents.iter().map(wish::consent).collect(),
        suppressions: record.suppressions.iter().map(wish::suppression).collect(),
        version: version.map(|version| version.to_string()).unwrap_or_default(),
        ..profile::message(&record.profile)
    }
}

/// A limit, as a message.
#[must_use]
pub fn cadence(cadence: &Cadence) -> v1::Cadence {
    let window = match cadence.per {
        Cycle::Sliding(span) => v1::cadence::Window::Sliding(duration(span)),
        Cycle::Calendar(unit) => v1::cadence::Window::Calendar(number::of_calendar_unit(unit)),
    };
    v1::Cadence {
        channel: cadence.channel.as_ref().map(Name::to_string),
        limit: Some(cadence.limit),
        window: Some(window),
        purposes: cadence.purposes.iter().map(Name::to_string).collect(),
        topics: cadence.topics.iter().map(Name::to_string).collect(),
    }
}

/// A quiet time, as a message.
#[must_use]
pub fn quiet_time(quiet: &Quiet) -> v1::QuietTime {
    let clock = |secs: u32| format!("{:02}:{:02}", secs / 3_600, secs / 60 % 60);
    let time = match quiet {
        Quiet::Days { first, last } => v1::quiet_time::Time::Days(v1::QuietDays {
            first_date: first.date().to_string(),
            last_date: last.date().to_string(),
        }),
        Quiet::Yearly { date, around } => v1::quiet_time::Time::Yearly(v1::QuietDate {
            date: format!("{:02}-{:02}", date.month, date.day),
            days_around: Some(u32::from(*around)),
        }),
        Quiet::Hours(hours) => v1::quiet_time::Time::Hours(v1::QuietHours {
            from: clock(hours.from_secs),
            to: clock(hours.to_secs),
            days: hours.days.names().map(ToOwned::to_owned).collect(),
            channels: hours.channels.iter().map(Name::to_string).collect(),
        }),
    };
    v1::QuietTime { time: Some(time) }
}

//! A customer as people read one.

use std::io;
use std::io::Write;

use super::words;
use super::write_opt_outs;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::model::Ground;
use crate::model::Profile;
use crate::model::Span;
use crate::model::profile::facts;
use crate::model::profile::listed;
use crate::proto::v1;
use crate::proto::v1::cadence::Window;
use crate::proto::v1::quiet_time::Time;

/// The fields that are shown even if they are unknown.
const FIRST: [&str; 2] = ["time zone", "jurisdictions"];

/// Writes all that is known of a customer, contacts aside.
pub(super) fn write(customer: &v1::Customer, out: &mut dyn Write) -> io::Result<()> {
    let facts = Profile::TITLES.into_iter().zip(facts!([listed(&customer)]));
    let facts = facts.map(|(what, texts)| (what, texts.join(", ")));
    let (first, others): (Vec<_>, Vec<_>) = facts.partition(|(what, _)| FIRST.contains(what));
    let cadence: Vec<String> = customer.cadence.iter().map(cadence).collect();
    let quiet: Vec<String> = customer.quiet_times.iter().map(quiet).collect();
    let line = |what: &str, says: &str, out: &mut dyn Write| {
        let says = if says.is_empty() { "not known" } else { says };
        output::write_hanging(&format!("{what:<17}"), &one_line(says), out)
    };
    line("customer", &customer.customer_id, out)?;
    for (what, says) in first {
        line(what, &says, out)?;
    }
    let wishes = [("cadence", cadence.join("; ")), ("quiet", quiet.join("; "))];
    for (what, says) in others.into_iter().chain(wishes).filter(|(_, says)| !says.is_empty()) {
        line(what, &says, out)?;
    }
    let clocks = Clocks::named(customer.time_zone.iter().chain(&customer.time_zones));
    writeln!(out)?;
    write_opt_outs(&customer.opt_outs, &clocks, out)?;
    if !customer.consents.is_empty() {
        writeln!(out)?;
        write_consents(&customer.consents, &clocks, out)?;
    }
    if !customer.suppressions.is_empty() {
        writeln!(out)?;
        super::suppression::write(&customer.suppressions, &clocks, out)?;
    }
    Ok(())
}

fn write_consents(
    consents: &[v1::Consent],
    clocks: &Clocks,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut table = output::table(["CONSENT TO", "SINCE", "STATE", "GROUND"]);
    for it in consents {
        let scope = v1::Scope {
            channel: Some(it.channel.clone()).filter(|it| !it.is_empty()),
            purpose: it.purpose.clone(),
            topic: it.topic.clone(),
            brand: it.brand.clone(),
            ..v1::Scope::default()
        };
        let state = if it.confirmed { "confirmed" } else { "pending" };
        let ground = if it.ground.is_empty() { Ground::EXPRESS.as_str() } else { &it.ground };
        table.add_row([
            words(Some(&scope)),
            clocks.past(it.event_time),
            state.to_owned(),
            ground.to_owned(),
        ]);
    }
    output::write_table(&table, out)
}

/// `2 in 7d`, `1 a month by email`.
fn cadence(cadence: &v1::Cadence) -> String {
    let limit = cadence.limit.unwrap_or_default();
    let mut says = match &cadence.window {
        Some(Window::Sliding(length)) => {
            let millis = length.seconds.saturating_mul(1_000);
            format!("{limit} in {}", Span::from_millis(millis))
        }
        Some(Window::Calendar(unit)) => {
            let unit = v1::CalendarUnit::try_from(*unit).unwrap_or_default();
            format!("{limit} a {}", unit.word().to_lowercase())
        }
        None => limit.to_string(),
    };
    says.extend(cadence.channel.iter().map(|channel| format!(" by {channel}")));
    for names in [&cadence.purposes, &cadence.topics] {
        if !names.is_empty() {
            says = format!("{says} for {}", names.join(", "));
        }
    }
    says
}

/// `21:00 to 08:00`, `2026-12-20 to 2027-01-05`, `03-03 of every year`.
fn quiet(quiet: &v1::QuietTime) -> String {
    match &quiet.time {
        Some(Time::Days(days)) if days.first_date == days.last_date => days.first_date.clone(),
        Some(Time::Days(days)) => format!("{} to {}", days.first_date, days.last_date),
        Some(Time::Yearly(date)) => {
            let around = date.days_around.filter(|days| *days > 0);
            let around = around.map(|days| format!(", and {days} days around it"));
            format!("{} of every year{}", date.date, around.unwrap_or_default())
        }
        Some(Time::Hours(hours)) => {
            let mut says = format!("{} to {}", hours.from, hours.to);
            if !hours.days.is_empty() {
                says = format!("{says} on {}", hours.days.join(", "));
            }
            if hours.channels.is_empty() {
                says
            } else {
                format!("{says} by {}", hours.channels.join(", "))
            }
        }
        None => String::new(),
    }
}

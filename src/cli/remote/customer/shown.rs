//! A customer as people read one.

use std::io;
use std::io::Write;

use super::words;
use super::write_opt_outs;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::model::Ground;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::cadence::Window;
use crate::proto::v1::quiet_time::Time;

/// Writes all that is known of a customer, contacts aside.
pub(super) fn write(customer: &v1::Customer, out: &mut dyn Write) -> io::Result<()> {
    let attributes = customer.attributes.iter().map(|(name, value)| format!("{name}={value}"));
    let mut attributes: Vec<String> = attributes.collect();
    attributes.sort();
    let cadence: Vec<String> = customer.cadence.iter().map(cadence).collect();
    let quiet: Vec<String> = customer.quiet_times.iter().map(quiet).collect();
    let line = |what: &str, says: &str, out: &mut dyn Write| {
        let says = if says.is_empty() { "not known" } else { says };
        output::write_hanging(&format!("{what:<17}"), &one_line(says), out)
    };
    line("customer", &customer.customer_id, out)?;
    line("time zone", customer.time_zone.as_deref().unwrap_or_default(), out)?;
    line("jurisdictions", &customer.jurisdictions.join(", "), out)?;
    for (what, says) in [
        ("may be in", customer.time_zones.join(", ")),
        ("language", customer.locale.clone().unwrap_or_default()),
        ("segments", customer.segments.join(", ")),
        ("attributes", attributes.join(", ")),
        ("cadence", cadence.join("; ")),
        ("quiet", quiet.join("; ")),
    ] {
        if !says.is_empty() {
            line(what, &says, out)?;
        }
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

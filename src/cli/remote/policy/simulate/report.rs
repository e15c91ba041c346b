//! The report in words, tables and a chart.

use std::io;
use std::io::Write;

use super::chart;
use crate::cli::output::table;
use crate::cli::output::write_table;
use crate::proto::v1;

/// Writes a report.
pub(in crate::cli::remote::policy) fn write_report(
    report: &v1::SimulationReport,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (simulated, seen) = (report.customers_simulated, report.customers_seen);
    let days = report.days.len();
    let first = report.days.first().map(|day| day.date.as_str()).unwrap_or_default();
    writeln!(
        out,
        "{} contacts with {simulated} of {seen} customers in {days} days, since {first}",
        report.contacts
    )?;
    if report.customers_unreadable > 0 {
        writeln!(out, "the records of {} customers cannot be read", report.customers_unreadable)?;
    }
    if report.contacts == 0 {
        return Ok(());
    }
    let effect = report.effect.unwrap_or_default();
    let v1::SimulatedEffect { refused_now, refused_then, newly_refused, newly_allowed } = effect;
    writeln!(out, "refused by the policy in force: {}", share(refused_now, report.contacts))?;
    if !report.changes.is_empty() {
        writeln!(
            out,
            "refused by the candidate: {}; {newly_refused} newly refused, {newly_allowed} newly \
             allowed; {} customers affected",
            share(refused_then, report.contacts),
            report.customers_affected
        )?;
    }
    writeln!(out)?;
    write_causes(report, out)?;
    write_channels(report, out)?;
    write_shadow(report, out)?;
    chart::write(&report.days, out)?;
    if !report.most_affected.is_empty() {
        let mut worst = table(["affected most", "newly refused"]);
        for it in &report.most_affected {
            worst.add_row([it.customer_id.clone(), it.newly_refused.to_string()]);
        }
        writeln!(out)?;
        write_table(&worst, out)?;
    }
    Ok(())
}

fn write_causes(report: &v1::SimulationReport, out: &mut dyn Write) -> io::Result<()> {
    if report.causes.is_empty() {
        return Ok(());
    }
    let mut causes = table(["refused by", "reason", "now", "then", "new", "no longer"]);
    for it in &report.causes {
        let code = it.code.map_or("UNDECLARED_NAME", |_number| it.code().word());
        let rule = it.rule.clone().unwrap_or_else(|| "-".to_owned());
        causes.add_row([&[rule, code.to_owned()][..], &counts(it.effect)].concat());
    }
    write_table(&causes, out)?;
    writeln!(out)
}

fn write_channels(report: &v1::SimulationReport, out: &mut dyn Write) -> io::Result<()> {
    let mut channels = table(["channel", "contacts", "now", "then", "new", "no longer"]);
    for it in &report.channels {
        let own = [it.channel.clone(), it.contacts.to_string()];
        channels.add_row([&own[..], &counts(it.effect)].concat());
    }
    write_table(&channels, out)?;
    writeln!(out)
}

fn write_shadow(report: &v1::SimulationReport, out: &mut dyn Write) -> io::Result<()> {
    if report.shadow_rules.is_empty() {
        return Ok(());
    }
    let mut rules = table(["in shadow", "reason", "would refuse"]);
    for it in &report.shadow_rules {
        let rule = it.rule.clone().unwrap_or_else(|| "a reaction".to_owned());
        let code = it.code().word().to_owned();
        rules.add_row([rule, code, it.contacts.to_string()]);
    }
    rules.add_row(["together".to_owned(), String::new(), report.shadow_contacts.to_string()]);
    write_table(&rules, out)?;
    writeln!(out)
}

fn counts(effect: Option<v1::SimulatedEffect>) -> [String; 4] {
    let it = effect.unwrap_or_default();
    [it.refused_now, it.refused_then, it.newly_refused, it.newly_allowed].map(|it| it.to_string())
}

/// A number, and how many in a hundred that is.
fn share(part: u64, all: u64) -> String {
    let tenths = part.saturating_mul(1_000).checked_div(all).unwrap_or_default();
    format!("{part} ({}.{} %)", tenths / 10, tenths % 10)
}

//! `courtesy pressure`: how much customers hear.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::io::stderr;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::output::grouped;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::proto::v1;
use crate::proto::v1::describe_pressure_response::Part;
use crate::proto::v1::policy_service_client::PolicyServiceClient;
use crate::rpc::convert::time::instant;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The number of past days, at most 400
    #[arg(long, value_name = "DAYS", default_value = "56d", value_parser = values::days)]
    days: u16,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let report = ask(args, err)?;
    if args.remote.json {
        output::write_json(&output::message("PressureReport", &report)?, out)?;
    } else {
        write_report(&report, args.days, out)?;
    }
    Ok(Outcome::Yes)
}

/// Asks a server, and shows on a terminal how far it has come.
fn ask(args: &Args, err: &mut dyn Write) -> Result<v1::PressureReport, Error> {
    let days = Some(u32::from(args.days));
    let request = v1::DescribePressureRequest { days, tenant: args.remote.tenant() };
    let shows = stderr().is_terminal();
    remote::run(async {
        let mut client = PolicyServiceClient::new(args.remote.connect_for_long().await?);
        let refused = |status: tonic::Status| Error::Api(Box::new(status));
        let mut answers = client.describe_pressure(request).await.map_err(refused)?.into_inner();
        let mut report = None;
        while let Some(answer) = answers.message().await.map_err(refused)? {
            match answer.part {
                Some(Part::Progress(progress)) if shows => {
                    write!(err, "\r{} customers", progress.customers_seen)?;
                    err.flush()?;
                }
                Some(Part::Report(it)) => report = Some(it),
                Some(Part::Progress(_)) | None => {}
            }
        }
        if shows {
            // Nothing is left of the line.
            write!(err, "\r{:40}\r", "")?;
        }
        report.ok_or_else(|| Error::Input("the server ended before the report".to_owned()))
    })
}

fn write_report(report: &v1::PressureReport, days: u16, out: &mut dyn Write) -> io::Result<()> {
    let customers = report.customers_seen.saturating_sub(report.customers_unreadable);
    let since = report.start_time.as_ref().and_then(instant);
    let since = since.map(|it| format!(", since {it}")).unwrap_or_default();
    let contacts = grouped(report.contacts);
    let sum =
        format!("{contacts} contacts with {} customers in {days} days{since}", grouped(customers));
    output::write_prose(&sum, out)?;
    if report.customers_unreadable > 0 {
        writeln!(out, "the records of {} customers cannot be read", report.customers_unreadable)?;
    }
    write_weeks(report, out)?;
    write_budgets(report, out)?;
    write_opt_outs(report, out)
}

/// A row for each channel, and one for all: the share of customer-weeks by number of contacts.
fn write_weeks(report: &v1::PressureReport, out: &mut dyn Write) -> io::Result<()> {
    let all: u64 = report.customer_weeks.iter().map(|bucket| bucket.count).sum();
    if all == 0 {
        return Ok(());
    }
    let said = format!("share of {} customer-weeks in %, by number of contacts:", grouped(all));
    writeln!(out)?;
    output::write_prose(&said, out)?;
    let mut table = output::table::<0>([]);
    let ranges = report.customer_weeks.iter().map(range);
    table.set_header(std::iter::once("channel".to_owned()).chain(ranges));
    let mut add = |channel: &str, buckets: &[v1::PressureBucket]| {
        let shares = buckets.iter().map(|bucket| tenths(bucket.count, all));
        table.add_row(std::iter::once(channel.to_owned()).chain(shares));
    };
    report.channels.iter().for_each(|it| add(&it.channel, &it.customer_weeks));
    add("together", &report.customer_weeks);
    output::write_table(&table, out)
}

fn write_budgets(report: &v1::PressureReport, out: &mut dyn Write) -> io::Result<()> {
    if report.budgets.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table =
        output::table(["budget", "customers", "at its limit", "would refuse of what was sent"]);
    for it in &report.budgets {
        let share = tenths(it.customers_at_limit, it.customers);
        table.add_row([
            it.rule.clone(),
            grouped(it.customers),
            format!("{} ({share} %)", grouped(it.customers_at_limit)),
            grouped(it.would_refuse),
        ]);
    }
    output::write_table(&table, out)
}

fn write_opt_outs(report: &v1::PressureReport, out: &mut dyn Write) -> io::Result<()> {
    let all: u64 = report.opt_outs.iter().map(|bucket| bucket.count).sum();
    writeln!(out)?;
    if all == 0 {
        return writeln!(out, "no customer opted out");
    }
    let mut table = output::table(["contacts in the week before", "opt-outs"]);
    for it in report.opt_outs.iter().filter(|bucket| bucket.count > 0) {
        table.add_row([range(it), format!("{} ({} %)", grouped(it.count), tenths(it.count, all))]);
    }
    output::write_table(&table, out)
}

/// The numbers of contacts of a bucket: `3`, `6-10`, `21+`.
fn range(bucket: &v1::PressureBucket) -> String {
    let least = bucket.contacts_min;
    match bucket.contacts_max {
        Some(most) if most == least => least.to_string(),
        Some(most) => format!("{least}-{most}"),
        None => format!("{least}+"),
    }
}

/// A percentage, with one decimal.
fn tenths(part: u64, all: u64) -> String {
    let tenths = part.saturating_mul(1_000).checked_div(all).unwrap_or_default();
    format!("{}.{}", tenths / 10, tenths % 10)
}

//! Changes the facts about a customer, and the customer's own limits.

use std::io::Write;

use clap::builder::PossibleValuesParser;

use super::shown;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::proto::v1;
use crate::proto::v1::CalendarUnit;
use crate::proto::v1::cadence::Window;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::proto::v1::quiet_time::Time;
use crate::rpc::convert::customer::fields;
use crate::rpc::convert::customer::set_fields;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Update {
    /// The organisation's id for the customer
    #[arg(long, value_name = "ID")]
    customer: String,
    /// The customer's own time zone, such as Europe/Paris
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// A zone in which the customer may be, where the own one is not known; may be repeated
    #[arg(long = "possible-time-zone", value_name = "ZONE")]
    time_zones: Vec<String>,
    /// A law under which the customer falls, such as FR or US-FL; may be repeated
    #[arg(long = "jurisdiction", value_name = "CODE")]
    jurisdictions: Vec<String>,
    /// The customer's language, such as fr
    #[arg(long, value_name = "TAG")]
    locale: Option<String>,
    /// A group to which the customer belongs; may be repeated
    #[arg(long = "segment", value_name = "NAME")]
    segments: Vec<String>,
    /// An attribute of the customer, for content rules; may be repeated
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = pair)]
    attributes: Vec<(String, String)>,
    /// How often at most: `2/7d`, `1/month`, or on one channel `email:1/week`; may be repeated
    #[arg(long = "cadence", value_name = "[CHANNEL:]LIMIT/TIME", value_parser = cadence)]
    cadence: Vec<v1::Cadence>,
    /// When to be quiet: `21:00-08:00`, `2026-12-20..2027-01-05`, or every year `03-03`; may be
    /// repeated
    #[arg(long = "quiet", value_name = "TIME", value_parser = quiet)]
    quiet_times: Vec<v1::QuietTime>,
    /// What is forgotten: time_zone, time_zones, jurisdictions, locale, segments, attributes,
    /// cadence or quiet_times; may be repeated
    #[arg(long = "clear", value_name = "FIELD", value_parser = PossibleValuesParser::new(fields()))]
    clear: Vec<String>,
    #[command(flatten)]
    remote: Remote,
}

pub(super) fn run(args: &Update, out: &mut dyn Write) -> Result<Outcome, Error> {
    let customer = args.customer();
    let mut paths: Vec<String> = set_fields(&customer).into_iter().map(str::to_owned).collect();
    if let Some(both) = args.clear.iter().find(|field| paths.contains(field)) {
        return Err(Error::Input(format!("`{both}` is both set and cleared; leave one out")));
    }
    paths.extend(args.clear.iter().cloned());
    if paths.is_empty() {
        return Err(Error::Input(
            "name what is to change, such as --time-zone Europe/Paris".into(),
        ));
    }
    let request = v1::UpdateCustomerRequest {
        customer: Some(customer),
        update_mask: Some(prost_types::FieldMask { paths }),
        tenant: args.remote.tenant(),
        ..v1::UpdateCustomerRequest::default()
    };
    let updated = args.remote.call(async move |channel| {
        CustomerServiceClient::new(channel).update_customer(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("UpdateCustomerResponse", &updated)?, out)?;
    } else {
        let customer = updated.customer.clone().unwrap_or_default();
        let changed = if updated.changed() { "changed" } else { "nothing is different" };
        writeln!(out, "{changed}; what is known now:\n")?;
        shown::write(&customer, out)?;
    }
    Ok(Outcome::Yes)
}

impl Update {
    fn customer(&self) -> v1::Customer {
        v1::Customer {
            customer_id: self.customer.clone(),
            time_zone: self.time_zone.clone(),
            time_zones: self.time_zones.clone(),
            jurisdictions: self.jurisdictions.clone(),
            locale: self.locale.clone(),
            segments: self.segments.clone(),
            attributes: self.attributes.iter().cloned().collect(),
            cadence: self.cadence.clone(),
            quiet_times: self.quiet_times.clone(),
            ..v1::Customer::default()
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| !key.is_empty());
    let (key, value) = pair.ok_or("is written KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

fn cadence(text: &str) -> Result<v1::Cadence, String> {
    let wrong = || "is written `2/7d`, `1/month` or `email:1/week`".to_owned();
    let (channel, rest) = match text.split_once(':') {
        Some((channel, rest)) => (Some(channel.to_owned()), rest),
        None => (None, text),
    };
    let (limit, window) = rest.split_once('/').ok_or_else(wrong)?;
    let limit = Some(limit.trim().parse().map_err(|_no_number| wrong())?);
    let unit = |unit: CalendarUnit| Window::Calendar(unit.into());
    let window = match window.trim() {
        "day" => unit(CalendarUnit::Day),
        "week" => unit(CalendarUnit::Week),
        "month" => unit(CalendarUnit::Month),
        "quarter" => unit(CalendarUnit::Quarter),
        "year" => unit(CalendarUnit::Year),
        span => Window::Sliding(values::message(values::span(span)?)),
    };
    Ok(v1::Cadence { channel, limit, window: Some(window), ..v1::Cadence::default() })
}

fn quiet(text: &str) -> Result<v1::QuietTime, String> {
    let time = if let Some((first, last)) = text.split_once("..") {
        let (first_date, last_date) = (first.trim().to_owned(), last.trim().to_owned());
        Time::Days(v1::QuietDays { first_date, last_date })
    } else if text.contains(':') {
        let hours = text.split_once('-').ok_or("hours are written `21:00-08:00`")?;
        let (from, to) = (hours.0.trim().to_owned(), hours.1.trim().to_owned());
        Time::Hours(v1::QuietHours { from, to, ..v1::QuietHours::default() })
    } else if text.len() == "2026-12-20".len() {
        let (first_date, last_date) = (text.to_owned(), text.to_owned());
        Time::Days(v1::QuietDays { first_date, last_date })
    } else {
        Time::Yearly(v1::QuietDate { date: text.to_owned(), ..v1::QuietDate::default() })
    };
    Ok(v1::QuietTime { time: Some(time) })
}

//! What is known of a customer: zones, codes, cadences, quiet times.

use std::collections::BTreeMap;

use courtesy::proto::v1;
use courtesy::proto::v1::cadence::Window;
use courtesy::proto::v1::quiet_time::Time;
use prost_types::FieldMask;

use super::super::ask::accepted;
use super::super::ask::customer;
use super::super::ask::product;
use super::super::ask::refused;
use super::super::ask::update;
use crate::api::product::seconds;

#[test]
fn a_time_zone_is_one_of_the_database() {
    let product = product();
    let long = "Europe/".repeat(150);
    for zone in [
        "../../etc/passwd",
        "/etc/localtime",
        "Europe/../Europe/Paris",
        "UTC\0",
        "Mars/Olympus_Mons",
        "",
        " UTC",
        "Europe/Paris\n",
        "UTC+25",
        "EST",
        "MST",
        "HST",
        "London",
        "\u{1f600}",
        "posixrules",
        "tzdata.zi",
        &long,
    ] {
        let one = v1::Customer { time_zone: Some(zone.to_owned()), ..customer() };
        refused(&product, &update(one), &["customer.time_zone"]);
        let zones = vec!["UTC".to_owned(), zone.to_owned()];
        let many = v1::Customer { time_zones: zones, ..customer() };
        refused(&product, &update(many), &["customer.time_zones"]);
    }
    let zones = |count| v1::Customer { time_zones: vec!["UTC".to_owned(); count], ..customer() };
    refused(&product, &update(zones(17)), &["customer.time_zones"]);
    accepted(&product, &update(zones(16)));
}

#[test]
fn codes_and_groups_are_bounded() {
    let product = product();
    for code in ["", "us", "USA", "XX", "US-ZZ", "US-", "../..", "U\0", &"US-FL".repeat(100)] {
        let customer = v1::Customer { jurisdictions: vec![code.to_owned()], ..customer() };
        refused(&product, &update(customer), &["customer.jurisdictions"]);
    }
    let codes = |count| vec!["US-FL".to_owned(); count];
    let with = |count| v1::Customer { jurisdictions: codes(count), ..customer() };
    refused(&product, &update(with(17)), &["customer.jurisdictions"]);
    accepted(&product, &update(with(16)));
    for locale in ["", "fr_CA", "-", "fr--CA", "toolongpart", "fr\0", "\u{e9}"] {
        let customer = v1::Customer { locale: Some(locale.to_owned()), ..customer() };
        refused(&product, &update(customer), &["customer.locale"]);
    }
    let segments = |count: usize| (0..count).map(|i| i.to_string()).collect();
    let with = |count| v1::Customer { segments: segments(count), ..customer() };
    refused(&product, &update(with(65)), &["customer.segments"]);
    accepted(&product, &update(with(64)));
    let pairs = |count: usize| -> BTreeMap<String, String> {
        (0..count).map(|i| (i.to_string(), String::new())).collect()
    };
    let with = |count| v1::Customer { attributes: pairs(count), ..customer() };
    refused(&product, &update(with(65)), &["customer.attributes"]);
    accepted(&product, &update(with(64)));
}

#[test]
fn a_cadence_has_a_limit_and_a_window() {
    let product = product();
    let cadence = |limit, window| v1::Cadence { limit, window, ..Default::default() };
    let with = |cadence: Vec<v1::Cadence>| update(v1::Customer { cadence, ..customer() });
    let week = || Some(Window::Sliding(seconds(604_800)));
    for limit in [0, 10_000] {
        accepted(&product, &with(vec![cadence(Some(limit), week())]));
    }
    for limit in [10_001, u32::MAX] {
        let wrong = with(vec![cadence(Some(limit), week())]);
        refused(&product, &wrong, &["customer.cadence[0].limit"]);
    }
    for unit in [0, 6, 9_999, -1] {
        let wrong = with(vec![cadence(Some(1), Some(Window::Calendar(unit)))]);
        refused(&product, &wrong, &["customer.cadence[0].calendar"]);
    }
    let wrong = with(vec![cadence(Some(1), week()), cadence(None, None)]);
    refused(&product, &wrong, &["customer.cadence[1].limit", "customer.cadence[1].window"]);
    refused(&product, &with(vec![cadence(Some(1), week()); 17]), &["customer.cadence"]);
    accepted(&product, &with(vec![cadence(Some(1), week()); 16]));
}

#[test]
fn quiet_times_are_days_dates_or_hours_that_exist() {
    let product = product();
    let with = |time: Option<Time>| {
        update(v1::Customer { quiet_times: vec![v1::QuietTime { time }], ..customer() })
    };
    let days = |first: &str, last: &str| {
        let (first_date, last_date) = (first.to_owned(), last.to_owned());
        with(Some(Time::Days(v1::QuietDays { first_date, last_date })))
    };
    let yearly = |date: &str, days_around| {
        with(Some(Time::Yearly(v1::QuietDate { date: date.to_owned(), days_around })))
    };
    let hours = |from: &str, to: &str| {
        let (from, to) = (from.to_owned(), to.to_owned());
        with(Some(Time::Hours(v1::QuietHours { from, to, ..Default::default() })))
    };
    let at = |field: &str| format!("customer.quiet_times[0].{field}");
    refused(&product, &with(None), &[&at("time")]);
    for date in [
        "",
        "2026-02-29",
        "2026-13-01",
        "1969-12-31",
        "2200-01-01",
        "20261220",
        "+002026-12-20",
        "2026-12-2O",
        "0000-00-00",
    ] {
        refused(&product, &days(date, "2199-12-31"), &[&at("days.first_date")]);
        refused(&product, &days("1970-01-01", date), &[&at("days.last_date")]);
    }
    refused(&product, &days("2026-12-21", "2026-12-20"), &[&at("days.last_date")]);
    accepted(&product, &days("1970-01-01", "2199-12-31"));
    for date in ["", "02-30", "13-01", "00-10", "1-1", "03/03", "03-03-", "\u{663}\u{663}"] {
        refused(&product, &yearly(date, None), &[&at("yearly.date")]);
    }
    for around in [181, 65_536, u32::MAX] {
        refused(&product, &yearly("02-29", Some(around)), &[&at("yearly.days_around")]);
    }
    accepted(&product, &yearly("02-29", Some(180)));
    for time in ["", "24:01", "7:00", "07:60", "25:00", "07:00:00", "-7:00"] {
        refused(&product, &hours(time, "24:00"), &[&at("hours.from")]);
        refused(&product, &hours("00:00", time), &[&at("hours.to")]);
    }
    refused(&product, &hours("24:00", "08:00"), &[&at("hours.from")]);
    accepted(&product, &hours("00:00", "24:00"));
    let many = |count| {
        let nights = hours("21:00", "08:00").customer.unwrap().quiet_times[0].clone();
        update(v1::Customer { quiet_times: vec![nights; count], ..customer() })
    };
    refused(&product, &many(65), &["customer.quiet_times"]);
    accepted(&product, &many(64));
}

#[test]
fn a_mask_names_fields_that_can_be_replaced() {
    let product = product();
    for path in ["", "*", "customer_id", "version", "opt_outs", "Locale", "locale.x", "cadence[0]"]
    {
        let paths = vec!["locale".to_owned(), path.to_owned()];
        let update_mask = Some(FieldMask { paths });
        let request = v1::UpdateCustomerRequest { update_mask, ..update(customer()) };
        refused(&product, &request, &["update_mask"]);
    }
    let empty = v1::UpdateCustomerRequest::default();
    refused(&product, &empty, &["customer"]);
    let expected_version = Some("x".to_owned());
    let request = v1::UpdateCustomerRequest { expected_version, ..update(customer()) };
    refused(&product, &request, &["expected_version"]);
}

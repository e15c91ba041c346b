//! The instants of a year in which clocks changed often, and every zone against jiff.

use jiff::tz::TimeZoneDatabase;

use super::*;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn zone(name: &str) -> std::sync::Arc<Zone> {
    Zones::bundled().find(name).unwrap()
}

#[track_caller]
fn check_wall_clock(name: &str, instant: &str, expected: &str) {
    let wall_clock = zone(name).wall_clock(at(instant));
    let minutes = wall_clock.millis / 60_000;
    let shown = format!("{}T{:02}:{:02}", wall_clock.day, minutes / 60, minutes % 60);
    assert_eq!(shown, expected, "{name} at {instant}");
}

#[track_caller]
fn check_start_of_day(name: &str, date: &str, expected: &str) {
    let day = Day::from(date.parse::<jiff::civil::Date>().unwrap());
    assert_eq!(zone(name).start_of(day), at(expected), "{date} in {name}");
}

#[test]
fn clocks_are_those_that_2026_decided_on() {
    check_wall_clock("America/Vancouver", "2026-12-02T04:45:00Z", "2026-12-01T21:45");
    check_wall_clock("America/Winnipeg", "2026-12-02T02:45:00Z", "2026-12-01T21:45");
    check_wall_clock("America/Edmonton", "2026-12-01T15:15:00Z", "2026-12-01T09:15");
    check_wall_clock("Africa/Casablanca", "2026-12-01T07:30:00Z", "2026-12-01T07:30");
    check_wall_clock("America/Vancouver", "2026-11-01T08:30:00Z", "2026-11-01T01:30");
    check_wall_clock("America/Vancouver", "2026-11-01T09:30:00Z", "2026-11-01T02:30");
}

#[test]
fn an_hour_can_be_missing_or_come_twice() {
    check_wall_clock("America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59");
    check_wall_clock("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00");
    check_wall_clock("America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T01:30");
    check_wall_clock("America/New_York", "2026-11-01T06:30:00Z", "2026-11-01T01:30");
    check_wall_clock("Europe/London", "2026-03-29T01:00:00Z", "2026-03-29T02:00");
    check_wall_clock("Europe/London", "2026-10-25T01:30:00Z", "2026-10-25T01:30");
    check_wall_clock("Australia/Lord_Howe", "2026-10-03T15:29:59Z", "2026-10-04T01:59");
    check_wall_clock("Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T02:30");
}

#[test]
fn a_day_without_midnight_begins_where_the_gap_ends() {
    check_start_of_day("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z");
    check_start_of_day("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z");
    check_start_of_day("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z");
    check_start_of_day("America/New_York", "2026-03-08", "2026-03-08T05:00:00Z");
    check_start_of_day("America/New_York", "2026-03-09", "2026-03-09T04:00:00Z");
    check_start_of_day("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z");
}

#[test]
fn a_fixed_offset_knows_no_summer_time() {
    let zones = Zones::bundled();
    let clock = zones.find("-06:00").unwrap();
    assert_eq!(clock.wall_clock(at("2026-07-01T13:30:00Z")).millis, 27_000_000);
    assert_eq!(zones.find("-6:00"), None);
    assert_eq!(zones.find("+19:00"), None);
}

/// Every zone, every quarter of an hour around each change of a decade, against jiff itself.
#[test]
fn every_zone_agrees_with_jiff() {
    let database = TimeZoneDatabase::bundled();
    let zones = Zones::bundled();
    let mut changes = 0;
    for name in zones.names() {
        let zone = zones.find(name).unwrap();
        let reference = database.get(name).unwrap();
        let from = "2020-01-01T00:00:00Z".parse().unwrap();
        let until: jiff::Timestamp = "2038-01-01T00:00:00Z".parse().unwrap();
        for transition in reference.following(from).take_while(|t| t.timestamp() < until) {
            changes += 1;
            for quarter in -8_i64..8 {
                for millis in [-1, 0, 1] {
                    let instant = Instant::from_millis(
                        transition.timestamp().as_millisecond() + quarter * 900_000 + millis,
                    );
                    let expected = jiff::Timestamp::from_millisecond(instant.millis())
                        .unwrap()
                        .to_zoned(reference.clone());
                    let shown = zone.wall_clock(instant);
                    assert_eq!(shown.day.date(), expected.date(), "{name} {instant}");
                    let time = expected.time();
                    let seconds = i64::from(time.hour()) * 3_600
                        + i64::from(time.minute()) * 60
                        + i64::from(time.second());
                    assert_eq!(shown.millis / 1_000, seconds, "{name} {instant}");
                    let start = expected.date().to_zoned(reference.clone()).unwrap();
                    let start = start.timestamp().as_millisecond();
                    assert_eq!(zone.start_of(shown.day).millis(), start, "{name} {instant}");
                }
            }
        }
    }
    assert!(changes > 2_000, "only {changes} changes were compared");
}

#[test]
fn the_bundled_database_says_its_version() {
    let zones = Zones::bundled();
    assert!(zones.version() >= "2026e", "{}", zones.version());
}

#[test]
fn a_directory_without_zones_is_refused() {
    let directory = std::env::temp_dir().join(format!("courtesy-no-zones-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    assert!(Zones::from_dir(&directory).is_err());
    std::fs::remove_dir_all(&directory).unwrap();
}

use jiff::tz::db;

use super::*;

#[test]
fn codes_exist_or_do_not() {
    for code in ["US", "US-FL", "US-PR", "FR", "FR-IDF", "GB-ENG", "CA-QC", "AU-NSW", "AQ", "TW"] {
        assert!(is_jurisdiction(code), "{code}");
    }
    for code in ["", "us", "UK", "XX", "US-", "US-XX", "US-fl", "US-FL-1", "FR-", "-", "US FL", "#"]
    {
        assert!(!is_jurisdiction(code), "{code}");
    }
}

#[test]
fn the_table_is_the_whole_of_iso_3166() {
    assert_eq!(SUBDIVISIONS.len(), 249);
    assert!(SUBDIVISIONS.values().flatten().count() > 4_900);
    let well_formed = |part: &&str| (1..=3).contains(&part.len());
    assert!(SUBDIVISIONS.values().flatten().all(well_formed));
}

#[test]
fn every_zone_is_in_the_bundled_database() {
    for (code, zones) in ZONES.iter() {
        assert!(is_jurisdiction(code) && !zones.is_empty(), "{code}");
        for zone in zones {
            assert_eq!(db().get(zone).unwrap().iana_name(), Some(*zone), "{code}");
        }
    }
}

#[test]
fn every_country_lies_somewhere() {
    let nowhere: Vec<_> = SUBDIVISIONS.keys().filter(|code| zones_of(code).is_empty()).collect();
    assert_eq!(nowhere, [&"BV", &"HM"], "uninhabited");
}

#[test]
fn states_that_are_split_have_both_zones() {
    for (code, expected) in [
        ("US-FL", vec!["America/New_York", "America/Chicago"]),
        ("US-AZ", vec!["America/Phoenix", "America/Denver"]),
        ("US-OR", vec!["America/Los_Angeles", "America/Boise"]),
        ("US-ID", vec!["America/Boise", "America/Los_Angeles"]),
        ("US-AK", vec!["America/Anchorage", "America/Adak"]),
        ("US-IN", vec!["America/Indiana/Indianapolis", "America/Chicago"]),
        ("US-NY", vec!["America/New_York"]),
        ("CA-BC", vec!["America/Vancouver", "America/Creston", "America/Edmonton"]),
        ("AU-QLD", vec!["Australia/Brisbane"]),
        ("FR-IDF", vec!["Europe/Paris"]),
        ("XX", vec![]),
    ] {
        assert_eq!(zones_of(code), expected, "{code}");
    }
    for state in "KY TN ND SD NE MI KS TX NV".split(' ') {
        assert_eq!(zones_of(&format!("US-{state}")).len(), 2, "{state}");
    }
}

#[test]
fn every_state_and_province_has_a_row() {
    for (country, count) in [("US", 57), ("CA", 13), ("AU", 8)] {
        let parts = &SUBDIVISIONS[country];
        assert_eq!(parts.len(), count, "{country}: {parts:?}");
        for part in parts {
            assert!(ZONES.contains_key(format!("{country}-{part}").as_str()), "{country}-{part}");
        }
    }
}

#[test]
fn a_country_has_the_zones_of_its_parts() {
    assert_eq!(zones_of("US").len(), 8);
    assert_eq!(zones_of("GB"), ["Europe/London"]);
    assert!(zones_of("AU").contains(&"Australia/Lord_Howe"));
}

#[test]
fn a_zone_is_used_in_countries() {
    for (zone, expected) in [
        ("Europe/Paris", vec!["FR", "MC"]),
        ("Europe/Oslo", vec!["NO"]),
        ("Europe/Berlin", vec!["DE", "DK", "NO", "SE", "SJ"]),
        ("Europe/London", vec!["GB", "GG", "IM", "JE"]),
        ("America/New_York", vec!["US"]),
        ("US/Eastern", vec!["US"]),
        ("Asia/Calcutta", vec!["IN"]),
        ("Europe/Kiev", vec!["UA"]),
        ("GB", vec!["GB", "GG", "IM", "JE"]),
        ("CET", vec![]),
        ("EST", vec![]),
        ("UTC", vec![]),
        ("Etc/GMT+5", vec![]),
        ("+02:00", vec![]),
        ("Nowhere/Else", vec![]),
    ] {
        assert_eq!(countries_of_zone(zone), expected, "{zone}");
    }
    assert!(ZONE_COUNTRIES.values().flatten().all(|code| is_jurisdiction(code)));
    assert!(ZONE_COUNTRIES.keys().all(|zone| db().get(zone).is_ok()));
}

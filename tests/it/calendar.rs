//! `courtesy calendar`.

use crate::support::courtesy;

#[test]
fn a_year_of_a_country_is_printed() {
    let said = courtesy(&["calendar", "--year", "2027", "--country", "GB"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let mothers_day = said.out.lines().find(|line| line.contains("mothers_day")).unwrap();
    assert!(mothers_day.contains("2027-03-07"), "{mothers_day}");
    assert!(said.out.contains("Good Friday"), "{}", said.out);
}

#[test]
fn a_part_of_a_country_has_its_own_holidays() {
    let said = courtesy(&["calendar", "--year", "2026", "--country", "US-PA", "--json"]);
    let days: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let flag_day = days.as_array().unwrap().iter().find(|day| day["title"] == "Flag Day").unwrap();
    assert_eq!(flag_day["first"], "2026-06-14");
    assert_eq!(flag_day["kind"], "holiday");
}

#[test]
fn without_a_country_the_names_are_listed() {
    let said = courtesy(&["calendar"]);
    assert_eq!(said.code, 0);
    for name in ["mothers_day", "diwali", "US-RI"] {
        assert!(said.out.contains(name), "{name} is missing: {}", said.out);
    }
}

#[test]
fn a_code_that_does_not_exist_is_refused() {
    let said = courtesy(&["calendar", "--year", "2027", "--country", "usa"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains("`usa` is not an ISO 3166 code"), "{}", said.err);
}

#[test]
fn a_directory_without_time_zones_is_refused() {
    let said = courtesy(&["policy", "validate", "--tzdb", "src", "src/policy/starter.yaml"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("cannot use the time zones in `src`"), "{}", said.err);
}

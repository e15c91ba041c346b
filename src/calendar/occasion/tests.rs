use jiff::civil::Date;

use super::*;
use crate::calendar::Days;
use crate::calendar::days::day;
use crate::calendar::is_jurisdiction;
use crate::calendar::tables;

fn first(occasion: &str, country: &str, year: i16) -> Date {
    let days = Occasion::find(occasion).unwrap().occurrences(Some(country), year);
    assert_eq!(days.len(), 1, "{occasion} {country} {year}: {days:?}");
    days[0].first
}

#[track_caller]
fn check(occasion: &str, country: &str, date: &str) {
    let date: Date = date.parse().unwrap();
    assert_eq!(first(occasion, country, date.year()), date, "{occasion} in {country}");
}

/// The countries that a region of the vectors stands for.
fn countries(region: &str) -> Vec<String> {
    let region = region.split(" (").next().unwrap();
    match region {
        "*" => ["US", "BR", "JP"].map(str::to_owned).to_vec(),
        "western" | "orthodox" => vec!["GR".to_owned()],
        _ => region.split('/').map(str::to_owned).collect(),
    }
}

#[test]
fn every_row_of_the_vectors_holds() {
    let text = include_str!("../../../tests/vectors/occasion_vectors.csv");
    let mut rows = 0;
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let occasion = match (row[1].trim_end_matches("_1"), &row[2]) {
            ("easter", "orthodox") => "orthodox_easter",
            (occasion, _) => occasion,
        };
        for country in countries(&row[2]) {
            check(occasion, &country, &row[4]);
            rows += 1;
        }
    }
    assert!(rows > 100, "{rows} rows");
}

#[test]
fn mothers_day_in_france_avoids_pentecost() {
    let shifted: Vec<i16> =
        (2000..=2060).filter(|year| first("mothers_day", "FR", *year).month() == 6).collect();
    let known = [2004, 2007, 2009, 2012, 2020, 2023, 2034, 2039, 2042, 2045, 2050, 2053];
    assert_eq!(shifted, known);
    check("mothers_day", "FR", "2023-06-04");
    check("mothers_day", "SE", "2023-05-28");
}

#[test]
fn mothering_sunday_stays_between_1_march_and_4_april() {
    let dates = (1600..=2999).map(|year| first("mothers_day", "GB", year));
    let dates: Vec<(i8, i8)> = dates.map(|date| (date.month(), date.day())).collect();
    assert_eq!(dates.iter().min(), Some(&(3, 1)));
    assert_eq!(dates.iter().max(), Some(&(4, 4)));
}

#[test]
fn black_friday_follows_thanksgiving() {
    check("black_friday", "DE", "2024-11-29");
    check("black_friday", "DE", "2030-11-29");
    for year in 1970..=2200 {
        let thanksgiving = Occasion::find("thanksgiving").unwrap();
        let thursday = thanksgiving.occurrences(Some("US"), year)[0].first;
        assert_eq!(first("black_friday", "US", year), thursday.tomorrow().unwrap());
    }
}

#[test]
fn moving_days_that_the_vectors_leave_out() {
    check("mothers_day", "HN", "2026-05-11");
    check("mothers_day", "SS", "2026-07-06");
    check("mothers_day", "PA", "2024-12-09");
    check("mothers_day", "IL", "2026-02-17");
    check("mothers_day", "TN", "2026-05-31");
    check("fathers_day", "LT", "2026-06-07");
    check("fathers_day", "BR", "2026-08-09");
    check("mothers_day", "FJ", "2026-05-10");
    check("fathers_day", "FJ", "2026-06-21");
}

#[test]
fn vietnam_and_korea_have_new_moons_of_their_own() {
    check("lunar_new_year", "CN", "2030-02-03");
    check("lunar_new_year", "VN", "2030-02-02");
    check("lunar_new_year", "VN", "2007-02-17");
    let korea = Occasion::find("lunar_new_year").unwrap().occurrences(Some("KR"), 2028);
    assert_eq!(korea[0].last, Date::constant(2028, 1, 27));
}

#[test]
fn eid_is_a_day_later_where_the_moon_was() {
    for country in ["SA", "AE", "PK", "FR"] {
        check("eid_al_fitr", country, "2026-03-20");
    }
    for country in ["IN", "ID"] {
        check("eid_al_fitr", country, "2026-03-21");
    }
    check("eid_al_adha", "SA", "2026-05-27");
    check("eid_al_fitr", "SA", "2027-03-09");
}

#[test]
fn ramadan_ends_on_the_eve_of_eid() {
    let [ramadan, eid] = ["ramadan", "eid_al_fitr"].map(|name| Occasion::find(name).unwrap());
    for country in ["SA", "IN", "ID", "TR"] {
        for year in 2001..2077 {
            let eids = [year, year + 1].map(|year| eid.occurrences(Some(country), year)).concat();
            for month in ramadan.occurrences(Some(country), year) {
                let next = Days::one(month.last.tomorrow().unwrap());
                assert!(eids.contains(&next), "{country} {month:?}");
            }
        }
    }
}

#[test]
fn a_year_can_hold_two_of_them() {
    let two = |name, year| Occasion::find(name).unwrap().occurrences(Some("SA"), year);
    assert_eq!(two("ramadan", 2030).len(), 2);
    assert_eq!(two("eid_al_fitr", 2033), [day(2033, 1, 2), day(2033, 12, 23)]);
}

#[test]
fn long_feasts_have_their_length() {
    let days = |name, country| {
        let days = Occasion::find(name).unwrap().occurrences(Some(country), 2027)[0];
        days.first.until(days.last).unwrap().get_days() + 1
    };
    assert_eq!(days("hanukkah", "US"), 8);
    assert_eq!(days("pesach", "US"), 8);
    assert_eq!(days("pesach", "IL"), 7);
    assert_eq!(days("ramadan", "SA"), 29);
}

#[test]
fn hanukkah_can_run_into_the_next_year() {
    let days = Occasion::find("hanukkah").unwrap().occurrences(None, 2024);
    assert_eq!(days[0].last, Date::constant(2025, 1, 2));
    assert!(Occasion::find("hanukkah").unwrap().occurrences(None, 2025)[0].first.month() == 12);
}

#[test]
fn subdivisions_keep_the_days_of_their_country() {
    check("thanksgiving", "US-FL", "2026-11-26");
    check("thanksgiving", "CA-QC", "2026-10-12");
    let elsewhere = Occasion::find("thanksgiving").unwrap().occurrences(Some("FR"), 2026);
    assert_eq!(elsewhere, []);
}

#[test]
fn every_country_together_is_sorted_and_has_no_doubles() {
    for occasion in Occasion::all() {
        let days = occasion.occurrences(None, 2026);
        assert!(!days.is_empty(), "{}", occasion.name());
        assert!(days.is_sorted_by(|a, b| a < b), "{}", occasion.name());
    }
    let mothers = Occasion::find("mothers_day").unwrap().occurrences(None, 2026);
    assert!(mothers.contains(&day(2026, 3, 15)) && mothers.contains(&day(2026, 5, 10)));
}

#[test]
fn no_year_panics_and_tables_say_where_they_end() {
    for occasion in Occasion::all() {
        for year in 1970..=2200 {
            let known = occasion.known_until().is_none_or(|until| year <= until);
            let found = !occasion.occurrences(None, year).is_empty();
            assert!(found || !known || year < 2001, "{} {year}", occasion.name());
        }
    }
    let until = |name| Occasion::find(name).unwrap().known_until();
    assert_eq!(until("christmas"), None);
    assert_eq!(until("diwali"), Some(2035));
    assert_eq!(until("eid_al_fitr"), Some(2077));
    assert_eq!(until("hanukkah"), Some(2100));
}

#[test]
fn the_list_is_in_order_and_names_real_countries_once() {
    assert!(Occasion::all().is_sorted_by(|a, b| a.name() < b.name()));
    for occasion in Occasion::all() {
        let mut seen = Vec::new();
        for (at, group) in occasion.groups().iter().enumerate() {
            match group.countries() {
                Countries::Listed(countries) => {
                    assert!(countries.is_sorted(), "{}: {countries:?}", occasion.name());
                    seen.extend(countries.iter().copied());
                }
                Countries::Elsewhere => assert_eq!(at + 1, occasion.groups().len()),
                Countries::Everywhere => assert_eq!(occasion.groups().len(), 1),
            }
        }
        assert!(seen.iter().all(|country| is_jurisdiction(country)), "{}", occasion.name());
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count, "{} lists a country twice", occasion.name());
    }
}

#[test]
fn signs_match_the_rows_they_move() {
    let islamic = [
        tables::ramadan::RAMADAN,
        tables::eid_al_fitr::EID_AL_FITR,
        tables::eid_al_adha::EID_AL_ADHA,
    ];
    let mut moved = 0;
    for group in islamic.into_iter().flatten() {
        if let Rule::Shifted { table, first, last } = group.rule {
            assert_eq!([first.len(), last.len()], [table.days.len(); 2]);
            assert!(first.iter().chain(last).all(|sign| b"<-=+>".contains(sign)));
            moved += 1;
        }
    }
    assert!(moved > 30);
}

#[test]
fn occurrences_of_a_group_are_in_order_and_apart() {
    for occasion in Occasion::all() {
        for group in occasion.groups() {
            let days: Vec<Days> = (1970..=2200).flat_map(|year| group.occurrences(year)).collect();
            assert!(days.is_sorted_by(|a, b| a.last < b.first), "{}", occasion.name());
            if let Rule::Table(table) = group.rule {
                assert_eq!(days, table.days, "{}", occasion.name());
                assert_eq!(table.days.last().unwrap().first.year(), table.until);
            }
        }
    }
}

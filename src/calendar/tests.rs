use jiff::civil::Date;

use super::*;

#[test]
fn a_year_lists_occasions_and_holidays_by_date() {
    let entries = year("US-PA", 2026);
    assert!(entries.is_sorted());
    let on = |month, day| {
        let date = Date::constant(2026, month, day);
        let there = entries.iter().filter(move |entry| entry.days.contains(date));
        there.map(|entry| (entry.kind, entry.name, entry.title)).collect::<Vec<_>>()
    };
    assert_eq!(on(11, 3), [(Kind::Holiday, "US-PA", "Election Day")]);
    assert_eq!(
        on(11, 26),
        [
            (Kind::Occasion, "thanksgiving", "Thanksgiving"),
            (Kind::Holiday, "US-PA", "Thanksgiving Day"),
        ]
    );
    assert_eq!(on(3, 15), [(Kind::Occasion, "ramadan", "Ramadan")], "no Mothering Sunday");
}

#[test]
fn a_subdivision_without_a_set_has_its_countrys() {
    assert!(year("US-NY", 2026).iter().any(|entry| entry.name == "US"));
    assert!(year("JP", 2026).iter().all(|entry| entry.kind == Kind::Occasion));
}

use super::*;

/// Easter Sundays from the tables of the US Census Bureau and of the Orthodox Church in America.
#[test]
fn easter_falls_where_the_churches_say() {
    for (year, western, orthodox) in [
        (2000, (4, 23), (4, 30)),
        (2008, (3, 23), (4, 27)),
        (2011, (4, 24), (4, 24)),
        (2024, (3, 31), (5, 5)),
        (2038, (4, 25), (4, 25)),
    ] {
        let dates = [Rule::Easter(0), Rule::OrthodoxEaster(0)].map(|rule| rule.occurrences(year));
        let date = |(month, day)| vec![Days::one(Date::constant(year, month, day))];
        assert_eq!(dates, [date(western), date(orthodox)], "{year}");
    }
}

#[test]
fn easters_coincide_in_known_years() {
    let coincide = |year: &i16| easter::western(*year) == easter::orthodox(*year);
    let years: Vec<i16> = (2025..=2040).filter(coincide).collect();
    assert_eq!(years, [2025, 2028, 2031, 2034, 2037, 2038]);
}

#[test]
fn a_weekday_on_or_after_a_date_can_be_the_date() {
    let rule = from(Weekday::Monday, 6, 29);
    assert_eq!(rule.occurrences(2026), [Days::one(Date::constant(2026, 6, 29))]);
    assert_eq!(rule.occurrences(2027), [Days::one(Date::constant(2027, 7, 5))]);
}

#[test]
fn a_day_put_off_moves_to_monday() {
    let panama = Rule::PutOff { month: 12, day: 8, saturday: false };
    let malawi = Rule::PutOff { month: 10, day: 15, saturday: true };
    let on = |rule: &Rule, year| rule.occurrences(year).remove(0).first.to_string();
    assert_eq!(on(&panama, 2026), "2026-12-08");
    assert_eq!(on(&panama, 2024), "2024-12-09");
    assert_eq!(on(&panama, 2029), "2029-12-08", "a Saturday stays");
    assert_eq!(on(&malawi, 2022), "2022-10-17", "a Saturday");
    assert_eq!(on(&malawi, 2023), "2023-10-16", "a Sunday");
}

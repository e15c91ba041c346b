//! Wishes in words.

use super::super::Meaning;
use super::super::Operator;
use super::super::Preference;
use super::super::understand;
use crate::model::Weekdays;
use crate::model::weekdays;
use crate::model::wish::CalendarUnit;
use crate::words::fold;

const HOUR: u32 = 3_600;
const DAY: u32 = 24 * HOUR;

fn wish(text: &str) -> Option<Preference> {
    match understand(text, &Operator::default()) {
        Meaning::Preference { wish, .. } => Some(wish),
        Meaning::Stop { .. }
        | Meaning::Start { .. }
        | Meaning::Yes { .. }
        | Meaning::Help { .. }
        | Meaning::Unclear { .. }
        | Meaning::Other => None,
    }
}

fn once(per: CalendarUnit) -> Preference {
    Preference::Cadence { limit: 1, per }
}

fn quiet(from: u32, to: u32) -> Preference {
    Preference::Quiet { from_secs: from * HOUR, to_secs: to * HOUR, days: Weekdays::ALL }
}

fn on(names: &[&str]) -> Preference {
    let days = Weekdays::of(names.iter().filter_map(|name| weekdays::day_named(name)));
    Preference::Quiet { from_secs: 0, to_secs: DAY, days }
}

#[track_caller]
fn read_as(all: &[(Preference, &[&str])]) {
    for (wanted, texts) in all {
        for text in *texts {
            assert_eq!(wish(text), Some(*wanted), "{text}");
        }
    }
}

#[test]
fn limits_are_read_in_six_languages() {
    let month = once(CalendarUnit::Month);
    read_as(&[
        (
            month,
            &[
                "don't text me more than once a month",
                "no me escriban más de una vez al mes",
                "nicht öfter als einmal im Monat",
                "una volta al mese basta",
                "uma vez por mês chega",
                "una vez al mes basta",
                "only once a month",
                "Only once a month, please!",
                "max one text per month",
                "no more than once a month",
                "monthly is enough",
                "solo una vez al mes",
                "un mensaje al mes como máximo",
                "seulement une fois par mois",
                "pas plus d'une fois par mois",
                "nur einmal im Monat",
                "Bitte höchstens einmal pro Monat",
                "só uma vez por mês",
                "no máximo uma vez por mês",
                "solo una volta al mese",
            ][..],
        ),
        (
            once(CalendarUnit::Week),
            &[
                "just one email a week please",
                "einmal pro Woche reicht",
                "una vez por semana es suficiente",
                "une fois par semaine maximum",
            ],
        ),
        (
            Preference::Cadence { limit: 2, per: CalendarUnit::Month },
            &["only twice a month", "maximal 2x im Monat", "no more than 2 texts a month"],
        ),
        (
            Preference::Fewer,
            &[
                "fewer of these",
                "Fewer of these please",
                "could you text me a bit less",
                "no me escriban tan seguido",
                "não tão frequente, por favor",
                "less often please",
                "weniger davon bitte",
                "Bitte seltener schreiben",
                "menos mensajes por favor",
                "moins de messages svp",
                "menos mensagens por favor",
                "meno messaggi per favore",
            ],
        ),
    ]);
}

#[test]
fn days_and_hours_are_read_in_six_languages() {
    let weekend = on(&["sat", "sun"]);
    let mothers = Preference::Occasion("mothers_day");
    read_as(&[
        (
            mothers,
            &[
                "nothing around Mother's Day",
                "no Mother's Day emails please",
                "please don't text me about mother's day",
                "nada alrededor del Día de la Madre",
                "rien autour de la fête des mères",
                "nichts zum Muttertag",
                "nada no dia das mães",
                "niente per la festa della mamma",
            ],
        ),
        (
            quiet(0, 9),
            &[
                "not before nine",
                "Not before 9",
                "don't text me before 9am",
                "only after 9 am",
                "no antes de las nueve",
                "pas avant neuf heures",
                "nicht vor neun Uhr",
                "Bitte nicht vor 9 Uhr",
                "não antes das nove",
                "non prima delle nove",
            ],
        ),
        (
            quiet(21, 24),
            &["not after nine", "no texts after 9pm", "nicht nach 21 Uhr", "pas après 21h"],
        ),
        (
            weekend,
            &[
                "not at weekends",
                "No texts on weekends please",
                "only on weekdays",
                "no los fines de semana",
                "pas le week-end",
                "nicht am Wochenende",
                "não aos fins de semana",
                "non nel fine settimana",
            ],
        ),
        (on(&["sun"]), &["not on Sundays", "nicht sonntags", "pas le dimanche", "no los domingos"]),
    ]);
}

#[test]
fn what_says_anything_else_is_no_wish() {
    for text in [
        "I only get paid once a month",
        "I visit my mother once a month",
        "daily messages please",
        "text me in two weeks",
        "STOP",
        "stop texting me",
        "less is more",
        "less",
        "mas o menos",
        "no",
        "not now",
        "nothing",
        "Happy Mother's Day",
        "the shop is closed at weekends",
        "before nine",
        "not before two",
        "I am not at home before nine",
        "only",
        "weekends",
        "not every day is sunday",
        "nicht vor Montag",
        "once every two weeks",
        "",
        "don't text me until Monday",
        "STOP. Fewer of these please",
        "only once a month or STOP",
        "yes I want to stop by on Friday",
        "not Monday please",
        "not this weekend",
        "nicht am Montag",
        "pas ce week-end",
    ] {
        assert_eq!(wish(text), None, "{text}");
    }
    assert!(matches!(
        understand("STOP. Fewer of these", &Operator::default()),
        Meaning::Stop { .. }
    ));
}

#[test]
fn the_words_of_wishes_are_folded() {
    let table = include_str!("../../src/wishes/wishes.tsv");
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        for words in line.rsplit('\t').next().unwrap().split(' ') {
            let plain = words.replace('_', " ");
            assert_eq!(fold::words(&plain).join(" "), plain, "{line}");
        }
    }
}

//! Pictures as markup: what they must never contain, and what they always must.

use maud::Markup;
use strum::IntoEnumIterator;

use super::*;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;
use crate::zone::Zone;
use crate::zone::Zones;

const HOUR: i64 = 3_600_000;
/// What must not come through as it is.
const CANARY: &str = "<script>alert(\"1\")</script>\u{202e}gnp'\u{7}";

fn london() -> std::sync::Arc<Zone> {
    Zones::bundled().find("Europe/London").unwrap()
}

fn now() -> Instant {
    Instant::parse("2026-11-29T17:04:00Z").unwrap()
}

fn hours(hours: i64) -> Instant {
    Instant::from_millis(now().millis() + hours * HOUR)
}

fn dot(at: Instant, label: &str) -> Dot<'_> {
    Dot { at, label, counts_for: "", ages_out: None }
}

fn on(lanes: &[Lane<'_>], windows: &[Window<'_>]) -> String {
    let zone = london();
    let (id, title) = ("t", "Contacts");
    let (from, to) = (hours(-24 * 365), hours(24));
    timeline(&Timeline { id, title, zone: &zone, from, to, now: now(), lanes, windows })
        .into_string()
}

fn plan(rows: &[Row<'_>]) -> String {
    let zone = london();
    let (from, to) = (now(), hours(24 * 14));
    ribbon(&Ribbon { id: "r", title: "When", zone: &zone, from, to, rows }).into_string()
}

fn stacked(layout: Layout, series: &[Series<'_>], categories: &[Category<'_>]) -> String {
    bars(&Bars { id: "b", title: "Decisions", layout, of: "Hour", series, categories })
        .into_string()
}

fn day(month: i8, day: i8) -> Day {
    jiff::civil::date(2026, month, day).into()
}

fn calendar(marks: &[Mark<'_>]) -> String {
    let today = day(11, 29);
    year(&Year { id: "y", title: "The year 2026", year: 2026, today, marks }).into_string()
}

fn waiting(waits: &[Wait<'_>]) -> String {
    against_target(&AgainstTarget { id: "w", title: "Replies", waits }).into_string()
}

fn rows(markup: &str) -> usize {
    markup.split("<tbody>").nth(1).unwrap().matches("<tr>").count()
}

/// Each picture has a title and a description by which it is named, and nothing that the
/// Content-Security-Policy refuses.
fn is_sound(markup: &str) {
    let pictures: Vec<&str> = markup.split("<svg role=\"img\"").skip(1).collect();
    assert!(!pictures.is_empty(), "{markup}");
    for picture in pictures {
        let names = picture.split('"').nth(1).unwrap();
        for name in names.split(' ') {
            assert_eq!(markup.matches(&format!("id=\"{name}\"")).count(), 1, "{name}");
        }
        assert!(picture.contains("<title id=") && picture.contains("<desc id="));
    }
    assert!(markup.contains("<summary>The same as a table</summary>"));
    assert!(!markup.contains("style=") && !markup.contains("<script") && !markup.contains("NaN"));
    for place in ["width", "height", "x", "y", "cx", "r"] {
        assert!(!markup.contains(&format!(" {place}=\"-")), "{place}: {markup}");
    }
    // HTML takes what follows a shape that is not closed for a part of it.
    for shape in ["rect", "line", "circle", "path", "text", "g", "svg", "pattern"] {
        let opened = [" ", ">"].map(|end| markup.matches(&format!("<{shape}{end}")).count());
        let closed = markup.matches(&format!("</{shape}>")).count();
        assert_eq!(opened.iter().sum::<usize>(), closed, "{shape}: {markup}");
    }
}

#[test]
fn what_callers_write_is_escaped_and_turns_nothing_round() {
    let series = [Series { label: CANARY, tone: Tone::Refused }];
    let categories = [Category { label: CANARY, values: &[3] }];
    let refused = Stretch { from: now(), to: hours(3), refused: Some(CANARY) };
    let contact = Dot { counts_for: CANARY, ..dot(now(), CANARY) };
    let mark = Mark { from: day(3, 1), to: day(3, 1), kind: Kind::Occasion, label: CANARY };
    let drawn = [
        on(
            &[Lane { label: CANARY, contacts: &[contact] }],
            &[Window { label: CANARY, from: hours(-168), to: now() }],
        ),
        plan(&[Row { label: CANARY, stretches: &[refused] }]),
        stacked(Layout::Columns, &series, &categories),
        stacked(Layout::Rows, &series, &categories),
        calendar(&[mark]),
        waiting(&[Wait { label: CANARY, waited: Span::ZERO, target: Span::from_hours(1) }]),
    ];
    for markup in drawn {
        is_sound(&markup);
        assert!(!markup.contains('\u{202e}') && !markup.contains('\u{7}'), "{markup}");
        assert!(markup.contains("&lt;script&gt;alert(&quot;1&quot;)"), "{markup}");
        assert!(markup.contains("[U+202E]gnp'[U+0007]"), "{markup}");
    }
}

#[test]
fn nothing_is_said_in_a_sentence() {
    let zero = [Category { label: "17:00", values: &[0] }];
    let outside = [Mark {
        from: day(1, 1).plus(-9),
        to: day(1, 1).plus(-1),
        kind: Kind::Holiday,
        label: "last year's",
    }];
    let old = [dot(hours(-24 * 400), "marketing")];
    let drawn = [
        (on(&[], &[]), "No contact was made between 29 Nov 2025 17:04 and 30 Nov 2026 17:04."),
        (on(&[Lane { label: "email", contacts: &old }], &[]), "No contact was made"),
        (plan(&[]), "There is no channel and purpose to plan for."),
        (stacked(Layout::Rows, &[], &zero), "Nothing has been counted yet."),
        (calendar(&outside), "No day of 2026 is marked."),
        (waiting(&[]), "No customer is waiting for an answer."),
    ];
    for (markup, sentence) in drawn {
        assert!(markup.contains(sentence) && !markup.contains("<svg"), "{markup}");
    }
}

#[test]
fn a_timeline_draws_marks_apart_and_names_each_contact() {
    let counting = Dot {
        counts_for: "Ada’s own limit",
        ages_out: Some(hours(48)),
        ..dot(hours(-120), "marketing, black-friday")
    };
    let sms = [dot(hours(-900), "service_reply"), dot(hours(-901), "service_reply")];
    let lanes = [
        Lane { label: "email", contacts: &[dot(hours(-3_000), "transactional"), counting] },
        Lane { label: "sms", contacts: &sms },
    ];
    let window = Window { label: "2 of 2 in 7 days", from: hours(-168), to: now() };
    let markup = on(&lanes, &[window]);
    is_sound(&markup);
    assert_eq!(rows(&markup), 4);
    assert!(markup.contains("<td>24 Nov 2026 17:04</td><td>email</td>"), "{markup}");
    assert!(markup.contains("<td>Ada’s own limit</td><td>1 Dec 2026 17:04</td>"), "{markup}");
    // Two texts within an hour are one mark; the filled one is the one that counts.
    assert!(markup.contains(">2</text>") && markup.contains(">2 of 2 in 7 days</text>"));
    assert_eq!(markup.matches("<circle class=\"counts\" cx=\"9").count(), 1, "{markup}");
    assert!(markup.contains(">now</text>"));
    assert!(markup.contains("4 contacts from") && markup.contains("1 of them count"), "{markup}");
}

#[test]
fn nine_hundred_contacts_fit_in_60_kb() {
    let label = "marketing, a-campaign-with-a-name";
    for lanes in [1_usize, 3, 8] {
        let each: Vec<Vec<Dot<'_>>> = (0..lanes)
            .map(|lane| {
                let at = |index: usize| i64::try_from(index * lanes + lane).unwrap() * -9;
                (0..900 / lanes).map(|index| dot(hours(at(index)), label)).collect()
            })
            .collect();
        let drawn: Vec<Lane<'_>> =
            each.iter().map(|contacts| Lane { label: "email", contacts }).collect();
        let windows = [Window { label: "marketing-weekly", from: hours(-168), to: now() }; 200];
        let markup = on(&drawn, &windows);
        is_sound(&markup);
        assert!(markup.len() <= 60_000, "{lanes} lanes: {}", markup.len());
        assert!(markup.contains("192 more limits are not drawn"));
        assert!(rows(&markup) > 300 && markup.contains("older ones by month"));
        // No mark lies on another: those of a lane stand apart as far as they are wide.
        for lane in markup.split("<line class=\"lane\"").skip(1) {
            let circles: Vec<(i64, i64)> =
                lane.split("<circle ").skip(1).map_while(place).collect();
            assert!(circles.len() <= 60, "{}", circles.len());
            for pair in circles.windows(2) {
                let apart = (pair[1].0 - pair[0].0) * 560 / 10_000;
                assert!(apart >= pair[0].1 + pair[1].1, "{pair:?}");
            }
        }
    }
}

/// Where a circle is, and its radius; none of the legend's.
fn place(circle: &str) -> Option<(i64, i64)> {
    let after = |name: &str| circle.split_once(name)?.1.split('"').next();
    let (whole, part) =
        after("cx=\"")?.strip_suffix('%').map(|it| it.split_once('.').unwrap_or((it, "0")))?;
    let hundredths = format!("{part:0<2}").parse::<i64>().ok()?;
    Some((whole.parse::<i64>().ok()? * 100 + hundredths, after(" r=\"")?.parse().ok()?))
}

#[test]
fn a_ribbon_shows_what_is_in_its_span_and_names_every_reason() {
    let stretches = [
        Stretch { from: hours(-100), to: hours(12), refused: Some("QUIET_HOURS, night") },
        Stretch { from: hours(12), to: hours(24), refused: None },
        Stretch { from: hours(24), to: hours(40), refused: Some("QUIET_HOURS, night") },
        Stretch { from: hours(40), to: hours(24 * 40), refused: Some("BUDGET_SPENT, weekly") },
        Stretch { from: hours(24 * 15), to: hours(24 * 16), refused: Some("PAUSED") },
    ];
    let known = Row { label: "sms, marketing", stretches: &stretches };
    let markup = plan(&[known, Row { label: "letter, marketing", stretches: &[] }]);
    is_sound(&markup);
    // Allowed, two reasons, and the row of which nothing is known.
    assert_eq!(rows(&markup), 4);
    assert!(markup.contains("<td>Mon 30 Nov 05:04–17:04</td>"), "{markup}");
    let night = "Sun 29 Nov 17:04 – Mon 30 Nov 05:04; Mon 30 Nov 17:04 – Tue 1 Dec 09:04";
    assert!(markup.contains(&format!("<td>QUIET_HOURS, night</td><td>{night}</td>")), "{markup}");
    assert!(
        markup.contains("<title>BUDGET_SPENT, weekly: Tue 1 Dec 09:04 – Sun 13 Dec 17:04</title>")
    );
    assert!(!markup.contains("PAUSED") && markup.contains("<td>not known</td>"), "{markup}");
    // Fourteen midnights, and each refused bar is striped beside its colour.
    assert_eq!(markup.matches("class=\"tick\"").count(), 14);
    assert!(markup.contains("<g fill=\"url(#r-p)\"") && markup.contains("<pattern id=\"r-p\""));
}

#[test]
fn midnights_are_those_of_the_zone_when_clocks_change() {
    let zone = london();
    let from = Instant::parse("2026-10-24T12:00:00+01:00").unwrap();
    let to = Instant::parse("2026-10-26T12:00:00Z").unwrap();
    let stretches = [Stretch { from, to, refused: None }];
    let rows = [Row { label: "email", stretches: &stretches }];
    let markup = ribbon(&Ribbon { id: "r", title: "x", zone: &zone, from, to, rows: &rows });
    let markup = markup.into_string();
    // Of 49 hours, 12 and 37 have passed.
    for place in ["24.48%", "75.51%"] {
        assert!(markup.contains(&format!("x1=\"{place}\"")), "{markup}");
    }
}

#[test]
fn bars_are_as_long_as_their_numbers_and_more_series_share_a_place() {
    let labels: Vec<String> = (0..12).map(|index| format!("REASON_{index}")).collect();
    let series: Vec<Series<'_>> = labels
        .iter()
        .enumerate()
        .map(|(index, label)| Series { label, tone: Tone::Other(index) })
        .collect();
    let values: Vec<u64> = (1..=12).collect();
    let categories = [
        Category { label: "16:00", values: &values },
        Category { label: "17:00", values: &[39] },
        Category { label: "18:00", values: &[u64::MAX] },
    ];
    for layout in [Layout::Columns, Layout::Rows] {
        let markup = stacked(layout, &series, &categories[..2]);
        is_sound(&markup);
        assert_eq!(rows(&markup), 2);
        assert!(
            markup.contains("5 others") && markup.contains("117 altogether, the most in 16:00")
        );
        for label in &labels {
            assert!(markup.contains(&format!("<th scope=\"col\">{label}</th>")), "{label}");
        }
        is_sound(&stacked(layout, &series, &categories));
        is_sound(&stacked(layout, &series, &vec![categories[1]; 200]));
    }
    let half = stacked(Layout::Rows, &series, &categories[..2]);
    assert!(half.contains("x=\"0%\" width=\"50%\""), "{half}");
}

#[test]
fn a_year_marks_its_days_by_letters_and_names_them() {
    let mark = |from, to, kind, label| Mark { from, to, kind, label };
    let markup = calendar(&[
        mark(day(12, 25), day(12, 26), Kind::Holiday, "Christmas"),
        mark(day(12, 20), day(12, 31).plus(9), Kind::QuietPeriod, "year's end"),
        mark(day(3, 15), day(3, 15), Kind::Occasion, "Mother's Day"),
    ]);
    is_sound(&markup);
    assert_eq!(markup.matches("<svg role=\"img\"").count(), 12);
    assert_eq!(rows(&markup), 3);
    assert!(markup.contains("<title>25 Dec: year's end, Christmas</title>"), "{markup}");
    assert_eq!(markup.matches(">QH</text>").count(), 2);
    // The letter of each of the other ten days of December, and the one in the legend.
    assert_eq!(markup.matches(">Q</text>").count(), 11);
    assert!(markup.contains("<td>Sun 20 Dec</td><td>Sat 9 Jan</td><td>quiet period</td>"));
    // 2026 began in week 1 and ends in week 53, and all its days are there.
    assert!(markup.contains(">53</text>"));
    assert_eq!(markup.matches("class=\"today\" x=").count(), 1);
    assert!(markup.len() < 60_000, "{}", markup.len());
}

#[test]
fn who_waits_is_late_behind_the_line() {
    let wait = |label, waited, target| Wait {
        label,
        waited: Span::from_hours(waited),
        target: Span::from_hours(target),
    };
    let waits = [wait("email, since Friday", 30, 8), wait("chat", 4, 8), wait("sms", 0, 0)];
    let markup = waiting(&waits);
    is_sound(&markup);
    assert_eq!(rows(&markup), 3);
    assert!(markup.contains("3 customers are waiting, 1 of them for longer than the target."));
    assert!(markup.contains(">1 d 6 h, </tspan>22 h over</text>"), "{markup}");
    assert!(markup.contains("width=\"16.66%\"") && markup.contains("</tspan>4 h left</text>"));
    assert_eq!(rows(&waiting(&vec![waits[1]; 200])), 200);
}

#[test]
fn the_style_sheet_knows_every_class() {
    let style = concat!(include_str!("../base.css"), include_str!("../draw.css"));
    let stretch = Stretch { from: now(), to: hours(9), refused: Some("PAUSED") };
    let open = Stretch { refused: None, from: hours(9), to: hours(20) };
    let series = [Series { label: "a", tone: Tone::Allowed }; 9];
    let categories = [Category { label: "x", values: &[1; 9] }];
    let kind = |kind| Mark { from: day(5, 1), to: day(5, 2), kind, label: "x" };
    let drawn = [
        on(&[Lane { label: "email", contacts: &[dot(now(), "x")] }], &[]),
        plan(&[Row { label: "x", stretches: &[stretch, open] }]),
        stacked(Layout::Columns, &series, &categories),
        calendar(&Kind::iter().map(kind).collect::<Vec<_>>()),
        waiting(&[Wait { label: "x", waited: Span::ZERO, target: Span::ZERO }]),
    ];
    // Frames and the marks that look as everything else does.
    let plain = ["target", "ribbon", "free", "soft", "bars", "rows"];
    for markup in drawn {
        for class in markup.split("class=\"").skip(1).flat_map(|it| it.split('"').next()) {
            for class in class.split_whitespace().filter(|it| !plain.contains(it)) {
                assert!(style.contains(&format!(".{class}")), "{class}");
            }
        }
    }
}

#[test]
fn an_empty_span_of_time_draws_without_a_picture_of_it() {
    let zone = london();
    let at = now();
    let lanes = [Lane { label: "email", contacts: &[dot(at, "x")] }];
    let timeline = Timeline {
        id: "t",
        title: "x",
        zone: &zone,
        from: at,
        to: at,
        now: at,
        lanes: &lanes,
        windows: &[],
    };
    let drawn: Markup = super::timeline(&timeline);
    is_sound(&drawn.into_string());
    let for_ever = Timeline { from: Instant::FIRST, to: Instant::LAST, ..timeline };
    let drawn = super::timeline(&for_ever).into_string();
    is_sound(&drawn);
    assert!(drawn.matches("class=\"tick\"").count() <= 8, "{drawn}");
}

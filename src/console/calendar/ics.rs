//! A year as a file for calendars: iCalendar, RFC 5545.

use super::Marked;
use crate::console::draw::Kind;
use crate::model::Day;
use crate::model::Instant;

/// The longest line, in bytes, without what ends it.
const LINE_BYTES_MAX: usize = 75;

/// Whole days, each an event, made at `now`.
pub(super) fn calendar(marked: &[Marked], now: Instant) -> String {
    let whole = Instant::from_millis(now.millis().div_euclid(1_000).saturating_mul(1_000));
    let stamp = bare(&whole.to_string());
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//courtesy//calendar//EN".to_owned(),
    ];
    for it in marked {
        let (label, kind, from) = (escaped(&it.label), kind(it.kind), date(it.from));
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{from}-{kind}-{label}@courtesy"),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{from}"),
            // The first day after it.
            format!("DTEND;VALUE=DATE:{}", date(it.to.plus(1))),
            format!("SUMMARY:{label}"),
            format!("CATEGORIES:{kind}"),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|it| folded(it)).collect()
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Pause => "PAUSE",
        Kind::QuietPeriod => "QUIET PERIOD",
        Kind::Revision => "POLICY",
        Kind::Holiday => "HOLIDAY",
        Kind::Occasion => "OCCASION",
    }
}

fn date(day: Day) -> String {
    bare(&day.to_string())
}

fn bare(time: &str) -> String {
    time.replace(['-', ':'], "")
}

/// A text with what would end it or part it written otherwise, and no other control character.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for it in text.chars() {
        match it {
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', it]),
            it if it.is_control() => {}
            it => escaped.push(it),
        }
    }
    escaped
}

/// A line with its end, parted where it is too long, and never within a character.
fn folded(line: &str) -> String {
    let (mut folded, mut room) = (String::new(), LINE_BYTES_MAX);
    for it in line.chars() {
        if it.len_utf8() > room {
            folded.push_str("\r\n ");
            room = LINE_BYTES_MAX.saturating_sub(1);
        }
        folded.push(it);
        room = room.saturating_sub(it.len_utf8());
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_rfc_5545_wants_it_to() {
        let at = Instant::parse("2026-11-22T12:00:00.250Z").unwrap();
        let first = Day::from(jiff::civil::date(2026, 12, 31));
        let marked = Marked {
            from: first,
            to: first,
            kind: Kind::Occasion,
            label: format!("a;b,c\\d\ne\r{}", "ü".repeat(60)),
        };
        let text = calendar(&[marked], at);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"), "{text}");
        assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"), "{text}");
        assert!(text.contains("\r\nDTSTAMP:20261122T120000Z\r\n"), "{text}");
        assert!(text.contains("\r\nDTSTART;VALUE=DATE:20261231\r\n"), "{text}");
        assert!(text.contains("\r\nDTEND;VALUE=DATE:20270101\r\n"), "{text}");
        for line in text.split_terminator("\r\n") {
            assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
        }
        let unfolded = text.replace("\r\n ", "");
        let summary = format!("SUMMARY:a\\;b\\,c\\\\d\\ne{}\r\n", "ü".repeat(60));
        assert!(unfolded.contains(&summary), "{unfolded}");
    }
}

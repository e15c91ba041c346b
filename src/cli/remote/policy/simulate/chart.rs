//! A bar for each day, of characters.

use std::io;
use std::io::Write;

use crate::proto::v1;

/// How many characters the longest bar has.
const WIDTH: u64 = 40;

/// Draws how many contacts of each day the candidate refuses that are allowed now, `█`, those that
/// both refuse, `▒`, and those that it allows, `·`.
pub(super) fn write(days: &[v1::SimulatedDay], out: &mut dyn Write) -> io::Result<()> {
    let most = days.iter().map(|day| day.contacts).max().unwrap_or_default();
    if most == 0 {
        return Ok(());
    }
    writeln!(out, "each day: █ newly refused, ▒ refused as before, · allowed")?;
    for day in days {
        let effect = day.effect.unwrap_or_default();
        let both = effect.refused_then.saturating_sub(effect.newly_refused);
        let parts = [(effect.newly_refused, '█'), (both, '▒'), (day.contacts, '·')];
        // Each part ends where its share of all ends, so that the parts together are as long as
        // all.
        let (mut bar, mut drawn, mut sum) = (String::new(), 0, 0);
        for (count, character) in parts {
            sum = day.contacts.min(sum + count);
            let end = length(sum, most)
                .max(drawn + u64::from(count > 0 && drawn < WIDTH && character != '·'));
            (drawn..end).for_each(|_| bar.push(character));
            drawn = end;
        }
        let line = format!("{} {bar:<41} {} of {}", day.date, effect.newly_refused, day.contacts);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn length(count: u64, most: u64) -> u64 {
    count.saturating_mul(WIDTH).checked_div(most).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::proto::v1;

    fn day(date: &str, contacts: u64, newly_refused: u64, refused_then: u64) -> v1::SimulatedDay {
        let effect = v1::SimulatedEffect { refused_then, newly_refused, ..Default::default() };
        v1::SimulatedDay { date: date.to_owned(), contacts, effect: Some(effect) }
    }

    fn drawn(days: &[v1::SimulatedDay]) -> String {
        let mut out = Vec::new();
        write(days, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn bars_are_as_long_as_what_they_count() {
        let days = [
            day("2026-11-20", 80, 20, 40),
            day("2026-11-21", 0, 0, 0),
            day("2026-11-22", 40, 1, 1),
        ];
        let expected = format!(
            "each day: █ newly refused, ▒ refused as before, · allowed\n\
             2026-11-20 {}{}{}  20 of 80\n\
             2026-11-21 {}  0 of 0\n\
             2026-11-22 {}{}{}  1 of 40\n",
            "█".repeat(10),
            "▒".repeat(10),
            "·".repeat(20),
            " ".repeat(40),
            // The smallest part is seen.
            "█",
            "·".repeat(19),
            " ".repeat(20),
        );
        assert_eq!(drawn(&days), expected);
        assert_eq!(drawn(&[day("2026-11-20", 0, 0, 0)]), "");
    }
}

//! A bar for each day, of characters.

use std::io;
use std::io::Write;

use crate::proto::v1;

/// The number of characters of the longest bar.
const WIDTH: u64 = 32;

/// Draws how many contacts of each day the candidate refuses that are allowed now, `█`, those that
/// both refuse, `▒`, and those that it allows, `·`.
pub(super) fn write(days: &[v1::SimulatedDay], out: &mut dyn Write) -> io::Result<()> {
    let is_quiet = |day: &&v1::SimulatedDay| day.effect.unwrap_or_default().newly_refused == 0;
    let most = days.iter().map(|day| day.contacts).max().unwrap_or_default();
    let quiet = days.iter().filter(is_quiet).count();
    if most == 0 {
        return Ok(());
    }
    if quiet == days.len() {
        return writeln!(out, "no day has a contact that is newly refused");
    }
    writeln!(out, "each day: █ newly refused, ▒ refused as before, · allowed")?;
    for day in days.iter().filter(|day| !is_quiet(day)) {
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
        let (newly, all) = (effect.newly_refused, day.contacts);
        writeln!(out, "{} {bar:<33} {newly} of {all} contacts", day.date)?;
    }
    match quiet {
        0 => Ok(()),
        1 => writeln!(out, "on the other day no contact is newly refused"),
        quiet => writeln!(out, "on {quiet} other days no contact is newly refused"),
    }
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
             2026-11-20 {}{}{}  20 of 80 contacts\n\
             2026-11-22 {}{}{}  1 of 40 contacts\n\
             on the other day no contact is newly refused\n",
            "█".repeat(8),
            "▒".repeat(8),
            "·".repeat(16),
            // The smallest part is seen.
            "█",
            "·".repeat(15),
            " ".repeat(16),
        );
        assert_eq!(drawn(&days), expected);
        assert_eq!(drawn(&[day("2026-11-20", 0, 0, 0)]), "");
        let quiet = [day("2026-11-20", 80, 0, 40)];
        assert_eq!(drawn(&quiet), "no day has a contact that is newly refused\n");
    }
}

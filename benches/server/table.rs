//! What was measured, as a table: medians over all rounds, and between brackets the least and the
//! most. A ratio is taken within each round, so that a noisy moment concerns both of its sides.

use std::fmt::Write;

use crate::contender::Contender;
use crate::load::Measured;

/// What each contender measured in each round.
pub(crate) type Rounds = [(Contender, Vec<Measured>)];

/// The whole table.
pub(crate) fn all(rounds: &Rounds) -> String {
    let mut text =
        "| contender | history | in flight | contacts/s | p50 µs | p99 µs | server µs/contact | \
                    ratio | Redis µs/contact | ratio |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
            .to_owned();
    for (contender, measured) in rounds {
        let column = |of: fn(&Measured) -> u64| Spread::of(measured.iter().map(of));
        let rate = column(|it| it.rate);
        writeln!(
            text,
            "| {contender} | {} | {} | {} ({}–{}) | {} | {} | {} | {} | {} | {} |",
            contender.history,
            contender.in_flight,
            rate.median,
            rate.least,
            rate.most,
            column(|it| it.p50).median / 1_000,
            column(|it| it.p99).median / 1_000,
            time(measured.iter().map(|it| it.server)),
            ratio(rounds, contender, Contender::is_base_of_server, |it| it.server),
            time(measured.iter().map(|it| it.redis)),
            ratio(rounds, contender, Contender::is_base_of_redis, |it| it.redis),
        )
        .unwrap();
    }
    text
}

/// A median and what surrounds it.
pub(crate) struct Spread {
    pub(crate) least: u64,
    pub(crate) median: u64,
    pub(crate) most: u64,
}

impl Spread {
    pub(crate) fn of(values: impl Iterator<Item = u64>) -> Self {
        let mut values: Vec<u64> = values.collect();
        values.sort_unstable();
        let at = |position: usize| values.get(position).copied().unwrap_or_default();
        Self {
            least: at(0),
            median: at(values.len() / 2),
            most: at(values.len().saturating_sub(1)),
        }
    }
}

fn time(nanos: impl Iterator<Item = Option<u64>>) -> String {
    let Some(nanos) = nanos.collect::<Option<Vec<u64>>>() else { return "–".to_owned() };
    let Spread { least, median, most } = Spread::of(nanos.into_iter());
    format!("{} ({}–{})", tenths(median), tenths(least), tenths(most))
}

fn ratio(
    rounds: &Rounds,
    contender: &Contender,
    is_base_of: fn(&Contender, &Contender) -> bool,
    of: fn(&Measured) -> Option<u64>,
) -> String {
    let Some((base, spread)) = compared(rounds, contender, is_base_of, of) else {
        return "–".to_owned();
    };
    let Spread { least, median, most } = spread;
    let [least, median, most] = [least, median, most].map(hundredths);
    format!("{median} × {} ({least}–{most})", base.short())
}

/// A contender against what it is compared with, in hundredths.
pub(crate) fn compared<'a>(
    rounds: &'a Rounds,
    contender: &Contender,
    is_base_of: fn(&Contender, &Contender) -> bool,
    of: fn(&Measured) -> Option<u64>,
) -> Option<(&'a Contender, Spread)> {
    let own = &rounds.iter().find(|(it, _)| is_same(it, contender))?.1;
    let (base, theirs) = rounds.iter().find(|(base, _)| is_base_of(base, contender))?;
    let ratios = own.iter().zip(theirs).map(|(own, base)| Some(of(own)? * 100 / of(base)?.max(1)));
    let ratios = ratios.collect::<Option<Vec<u64>>>()?;
    Some((base, Spread::of(ratios.into_iter())))
}

fn is_same(one: &Contender, other: &Contender) -> bool {
    one.history == other.history
        && one.in_flight == other.in_flight
        && one.to_string() == other.to_string()
}

fn tenths(nanos: u64) -> String {
    format!("{}.{}", nanos / 1_000, nanos % 1_000 / 100)
}

pub(crate) fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

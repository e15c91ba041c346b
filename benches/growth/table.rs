//! Tables of what was measured: medians over all rounds, and beside them how much that is of the
//! first line.

use std::fmt::Write;

use crate::ask::Line;
use crate::ask::Results;
use crate::load::Measured;

/// What lines cost, under the heads of what tells them apart.
pub(crate) fn costs(heads: &[&str], lines: &[Line<'_>], results: &[Results]) -> String {
    let has_redis = lines.iter().any(|line| !line.redis.is_empty());
    let mut all = heads.to_vec();
    all.extend(["check µs", "of first", "p50 µs", "reserve µs", "of first", "p50 µs"]);
    if has_redis {
        all.extend(["Redis: check µs", "reserve µs"]);
    }
    let rows = lines.iter().zip(results).map(|(line, own)| {
        let mut cells = line.cells.clone();
        for of in [|it: &Results| it.check.clone(), |it: &Results| it.reserve.clone()] {
            let (own, first) = (of(own), of(&results[0]));
            cells.push(micros(server(&own)));
            cells.push(format!("{} ×", hundredths(server(&own) * 100 / server(&first).max(1))));
            cells.push((median(&own, |it| it.p50) / 1_000).to_string());
        }
        if has_redis {
            for measured in [&own.check, &own.reserve] {
                let redis = measured.iter().any(|it| it.redis.is_some());
                let cost = median(measured, |it| it.redis.unwrap_or_default());
                cells.push(if redis { micros(cost) } else { "–".to_owned() });
            }
        }
        cells
    });
    table(&all, rows)
}

/// How much lines answer, under the heads of what tells them apart.
pub(crate) fn rates(heads: &[&str], lines: &[Line<'_>], results: &[Results]) -> String {
    let mut all = heads.to_vec();
    all.extend(["checks/s", "of first", "server µs", "Redis µs"]);
    all.extend(["reservations/s", "of first", "server µs", "Redis µs"]);
    let rows = lines.iter().zip(results).map(|(line, own)| {
        let mut cells = line.cells.clone();
        for (own, first) in [(&own.check, &results[0].check), (&own.reserve, &results[0].reserve)] {
            let rate = |of: &[Measured]| median(of, |it| it.rate);
            cells.push(rate(own).to_string());
            cells.push(format!("{} ×", hundredths(rate(own) * 100 / rate(first).max(1))));
            cells.push(micros(server(own)));
            cells.push(micros(median(own, |it| it.redis.unwrap_or_default())));
        }
        cells
    });
    table(&all, rows)
}

fn server(measured: &[Measured]) -> u64 {
    median(measured, |it| it.server.unwrap_or_default())
}

fn median(measured: &[Measured], of: impl Fn(&Measured) -> u64) -> u64 {
    let mut values: Vec<u64> = measured.iter().map(of).collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Cells of which the first column says what the line is, in Markdown.
fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    writeln!(text, "| {} |", heads.join(" | ")).unwrap();
    writeln!(text, "|---|{}", "--:|".repeat(heads.len() - 1)).unwrap();
    for cells in rows {
        writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    }
    text
}

fn micros(nanos: u64) -> String {
    format!("{}.{}", nanos / 1_000, nanos % 1_000 / 100)
}

fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

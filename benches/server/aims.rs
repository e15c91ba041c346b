//! What was aimed for, and what was reached: ratios within each round, as their medians.

use std::fmt::Write;

use crate::call::Question;
use crate::call::What;
use crate::contender::Contender;
use crate::contender::On;
use crate::contender::Sort;
use crate::table::Rounds;
use crate::table::Spread;
use crate::table::compared;
use crate::table::hundredths;

/// Something that was aimed for.
struct Aim {
    what: &'static str,
    /// Whose.
    of: fn(&Contender) -> bool,
    /// Compared with what.
    against: Against,
}

#[derive(Clone, Copy)]
enum Against {
    /// The processor time of the server with that of its base.
    Server,
    /// That of Redis with that of its base.
    Redis,
    /// What one call in a hundred takes with the median of the same call alone.
    Unloaded,
}

const AIMS: [Aim; 7] = [
    Aim {
        what: "check on Redis ≤ 1.5 × the echo's processor time",
        of: |it| is(it, On::Redis, What::Check, None),
        against: Against::Server,
    },
    Aim {
        what: "reserve on Redis ≤ 2.4 × the echo's",
        of: |it| is(it, On::Redis, What::Reserve, None),
        against: Against::Server,
    },
    Aim {
        what: "check in the embedded store ≤ 1.3 × the echo's",
        of: |it| is(it, On::Embedded, What::Check, None),
        against: Against::Server,
    },
    Aim {
        what: "batch of 1,000 checks ≤ 0.1 × a check alone, per contact",
        of: |it| {
            is(it, On::Redis, What::Check, Some(1_000))
                || is(it, On::Embedded, What::Check, Some(1_000))
        },
        against: Against::Server,
    },
    Aim {
        what: "Redis per check ≤ 1.2 × a bare `GET`",
        of: |it| is(it, On::Redis, What::Check, None),
        against: Against::Redis,
    },
    Aim {
        what: "Redis per reserve ≤ 1.2 × `GET` + compare-and-set",
        of: |it| is(it, On::Redis, What::Reserve, None),
        against: Against::Redis,
    },
    Aim {
        what: "99th percentile with 16 in flight ≤ 10 × the unloaded median",
        of: |it| {
            let on = |on| is(it, on, What::Check, None) || is(it, on, What::Reserve, None);
            it.in_flight == 16 && (on(On::Embedded) || on(On::Redis))
        },
        against: Against::Unloaded,
    },
];

/// All of them, as far as who they are about was measured.
pub(crate) fn all(rounds: &Rounds) -> String {
    let mut text = "| aim | reached |\n|---|---|\n".to_owned();
    for aim in AIMS {
        let of_it = rounds.iter().filter(|(it, _)| it.history == 30 && (aim.of)(it));
        let reached: Vec<String> = of_it.filter_map(|(it, _)| aim.reached(rounds, it)).collect();
        writeln!(text, "| {} | {} |", aim.what, reached.join("; ")).unwrap();
    }
    text
}

impl Aim {
    fn reached(&self, rounds: &Rounds, contender: &Contender) -> Option<String> {
        let spread = match self.against {
            Against::Server => {
                compared(rounds, contender, Contender::is_base_of_server, |it| it.server)?.1
            }
            Against::Redis => {
                compared(rounds, contender, Contender::is_base_of_redis, |it| it.redis)?.1
            }
            Against::Unloaded => unloaded(rounds, contender)?,
        };
        let Spread { least, median, most } = spread;
        let [least, median, most] = [least, median, most].map(hundredths);
        let in_flight = contender.in_flight;
        Some(format!("{contender}, {in_flight} in flight: {median} × ({least}–{most})"))
    }
}

fn unloaded(rounds: &Rounds, contender: &Contender) -> Option<Spread> {
    let name = contender.to_string();
    let alone = |it: &Contender| it.in_flight == 1 && it.history == 30 && it.to_string() == name;
    let same = |it: &Contender| it.in_flight == 16 && it.history == 30 && it.to_string() == name;
    let (_, alone) = rounds.iter().find(|(it, _)| alone(it))?;
    let (_, loaded) = rounds.iter().find(|(it, _)| same(it))?;
    let ratios =
        loaded.iter().zip(alone).map(|(loaded, alone)| loaded.p99 * 100 / alone.p50.max(1));
    Some(Spread::of(ratios))
}

/// Whether a contender asks this, and it is allowed.
fn is(contender: &Contender, on: On, what: What, batch: Option<usize>) -> bool {
    let Sort::Courtesy(own, Question { what: asked, allowed, batch: size }) = &contender.sort
    else {
        return false;
    };
    *own == on && *asked == what && *allowed && *size == batch
}

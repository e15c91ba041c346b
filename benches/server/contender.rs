//! The systems that are compared.

use std::fmt;

use crate::call::Question;
use crate::call::What;
use crate::seed::HISTORIES;

/// One line of the table.
#[derive(Clone)]
pub(crate) struct Contender {
    pub(crate) sort: Sort,
    /// The length of the customers' history.
    pub(crate) history: usize,
    /// How many calls are in flight.
    pub(crate) in_flight: usize,
}

#[derive(Clone)]
pub(crate) enum Sort {
    /// The bare tonic server.
    Echo,
    /// A bare `GET`.
    Get,
    /// A `GET` and a compare-and-set.
    Replace,
    /// The sliding log in Lua, with room or without.
    Log { allowed: bool },
    /// courtesy, on a store.
    Courtesy(On, Question),
}

/// Which store courtesy has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Embedded,
    Redis,
}

/// How many calls are in flight.
const IN_FLIGHT: [usize; 3] = [1, 16, 64];
/// The sizes of batches, and how many of each are in flight.
const BATCHES: [(usize, usize); 4] = [(1, 16), (10, 16), (100, 4), (1_000, 4)];

/// All of them, in the order in which each round runs them.
pub(crate) fn all() -> Vec<Contender> {
    let mut all = Vec::new();
    for (history, _) in HISTORIES {
        for in_flight in IN_FLIGHT {
            let mut add = |sort| all.push(Contender { sort, history, in_flight });
            add(Sort::Echo);
            add(Sort::Get);
            add(Sort::Replace);
            add(Sort::Log { allowed: true });
            add(Sort::Log { allowed: false });
            for question in questions(None) {
                add(question);
            }
        }
    }
    for (size, in_flight) in BATCHES {
        for sort in questions(Some(size)) {
            all.push(Contender { sort, history: HISTORIES[0].0, in_flight });
        }
    }
    all
}

/// What courtesy is asked, alone or in batches: on either store, for a check or a reservation, and
/// for what is allowed or denied.
fn questions(batch: Option<usize>) -> impl Iterator<Item = Sort> {
    [On::Embedded, On::Redis].into_iter().flat_map(move |on| {
        [What::Check, What::Reserve].into_iter().flat_map(move |what| {
            let sort = move |allowed| Sort::Courtesy(on, Question { what, allowed, batch });
            [true, false].map(sort)
        })
    })
}

impl Contender {
    /// Whether it is what another one's server time is compared with: the echo, or for batches the
    /// same question alone.
    pub(crate) fn is_base_of_server(&self, other: &Self) -> bool {
        let Sort::Courtesy(on, question) = &other.sort else { return false };
        match (&self.sort, question.batch) {
            (Sort::Echo, None) => {
                self.in_flight == other.in_flight && self.history == other.history
            }
            (Sort::Courtesy(own, alone), Some(_)) => {
                own == on
                    && alone.batch.is_none()
                    && alone.what == question.what
                    && alone.allowed == question.allowed
                    && self.in_flight == 16
                    && self.history == other.history
            }
            _ => false,
        }
    }

    /// Whether it is what another one's time in Redis is compared with.
    pub(crate) fn is_base_of_redis(&self, other: &Self) -> bool {
        let writes = match &other.sort {
            Sort::Courtesy(On::Redis, question) => {
                question.what == What::Reserve && question.allowed
            }
            Sort::Log { .. } => true,
            Sort::Echo | Sort::Get | Sort::Replace | Sort::Courtesy(On::Embedded, _) => {
                return false;
            }
        };
        let is_batch = matches!(&other.sort, Sort::Courtesy(_, Question { batch: Some(_), .. }));
        let in_flight = if is_batch { 16 } else { other.in_flight };
        let fits = matches!((&self.sort, writes), (Sort::Get, false) | (Sort::Replace, true));
        fits && self.history == other.history && self.in_flight == in_flight
    }

    /// What it is called where others are compared with it.
    pub(crate) fn short(&self) -> &'static str {
        match &self.sort {
            Sort::Echo => "echo",
            Sort::Get => "GET",
            Sort::Replace => "GET + set",
            Sort::Log { .. } => "log",
            Sort::Courtesy(..) => "alone",
        }
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effect = |allowed: bool| if allowed { "allowed" } else { "denied" };
        match &self.sort {
            Sort::Echo => f.write_str("bare echo"),
            Sort::Get => f.write_str("bare GET"),
            Sort::Replace => f.write_str("bare GET + compare-and-set"),
            Sort::Log { allowed } => write!(f, "Lua sliding log, {}", effect(*allowed)),
            Sort::Courtesy(on, question) => {
                let on = if *on == On::Embedded { "embedded" } else { "redis" };
                let what = if question.what == What::Check { "check" } else { "reserve" };
                write!(f, "{on}: {what}, {}", effect(question.allowed))?;
                question.batch.map_or(Ok(()), |size| write!(f, ", batch of {size}"))
            }
        }
    }
}

//! A customer as simple as can be: one budget, opt-outs of everything, and a memory for requests.
//! It shares no code with the product.

use std::collections::BTreeMap;

/// How many contacts fit into a window.
pub(crate) const LIMIT: usize = 2;
/// How long a window is, in hours.
pub(crate) const WINDOW: i64 = 6;

/// What a caller asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// About a contact at an hour.
    Check {
        hour: i64,
    },
    Reserve {
        id: u32,
        hour: i64,
    },
    Confirm {
        id: u32,
    },
    Release {
        id: u32,
    },
    /// The customer's no, at the second at which it was said.
    OptOut {
        id: Option<u32>,
        said: i64,
    },
    OptIn {
        id: Option<u32>,
        said: i64,
    },
}

/// What a caller is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The reasons, none where it is allowed, and what the budget had left.
    Decided {
        reasons: Vec<String>,
        left: usize,
    },
    Settled,
    /// When the customer said the no that holds.
    OptedOut(Option<i64>),
    /// The reason of an error.
    Error(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Reserved,
    Sent,
    Released,
    /// Refused when it was asked about again.
    Expired,
    /// Sent nevertheless, so that it may be one too many.
    Late,
}

impl Fate {
    const fn counts(self) -> bool {
        matches!(self, Self::Reserved | Self::Sent | Self::Late)
    }
}

/// The hour in which everything happens.
const NOW: i64 = 20;

/// All that is known of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    contacts: Vec<(u32, i64, Fate)>,
    requests: BTreeMap<u32, (Ask, Option<Answer>)>,
    no: Option<i64>,
    yes: Option<i64>,
    /// The wishes that were heard, whether yes and when said: a repetition is not noted again.
    heard: Vec<(bool, i64)>,
}

impl State {
    /// The state after a question, and its answer.
    pub(crate) fn after(&self, ask: &Ask) -> (Self, Answer) {
        let mut after = self.clone();
        let answer = match *ask {
            Ask::Check { hour } => self.decide(hour),
            Ask::Reserve { id, hour } => after.reserve(ask, id, hour),
            Ask::Confirm { id } => after.settle(id, Fate::Sent),
            Ask::Release { id } => after.settle(id, Fate::Released),
            Ask::OptOut { id, .. } | Ask::OptIn { id, .. } => after.wish(ask, id),
        };
        (after, answer)
    }

    /// The hours of the contacts that count.
    pub(crate) fn counted(&self) -> Vec<i64> {
        let counted = self.contacts.iter().filter(|(_, _, fate)| fate.counts());
        counted.map(|(_, hour, _)| *hour).collect()
    }

    /// The hours of those that were not sent after they had expired.
    pub(crate) fn in_time(&self) -> Vec<i64> {
        let counted = self.contacts.iter();
        let counted = counted.filter(|(_, _, fate)| fate.counts() && *fate != Fate::Late);
        counted.map(|(_, hour, _)| *hour).collect()
    }

    /// The contact that a request made last.
    fn contact(&mut self, id: u32) -> Option<&mut (u32, i64, Fate)> {
        self.contacts.iter_mut().rfind(|(known, ..)| *known == id)
    }

    fn decide(&self, hour: i64) -> Answer {
        let counted = self.counted();
        // The windows that the contact would be in, as full as they get.
        let later = counted.iter().copied().filter(|it| (hour..hour + WINDOW).contains(it));
        let used = |end: i64| {
            let window = end - WINDOW + 1..=end;
            counted.iter().filter(|it| window.contains(it)).count()
        };
        let used = later.chain([hour]).map(used).max().unwrap_or_default();
        let mut reasons = Vec::new();
        reasons.extend(self.no.map(|_| "OPTED_OUT".to_owned()));
        reasons.extend((used >= LIMIT).then(|| "BUDGET_SPENT".to_owned()));
        Answer::Decided { reasons, left: LIMIT.saturating_sub(used) }
    }

    fn reserve(&mut self, ask: &Ask, id: u32, hour: i64) -> Answer {
        let hour = match self.requests.get(&id) {
            Some((known, Some(_))) if known == ask => match self.contact(id).map(|it| it.2) {
                Some(Fate::Reserved) => return self.ask_again(id),
                Some(Fate::Sent | Fate::Late) => {
                    let reasons = vec!["ALREADY_SENT".to_owned()];
                    return Answer::Decided { reasons, left: 0 };
                }
                Some(Fate::Released | Fate::Expired) | None => hour.max(NOW),
            },
            Some(_) => return Answer::Error("REQUEST_ID_REUSED".to_owned()),
            None => hour,
        };
        let answer = self.decide(hour);
        if matches!(&answer, Answer::Decided { reasons, .. } if reasons.is_empty()) {
            self.contacts.push((id, hour, Fate::Reserved));
            self.requests.insert(id, (ask.clone(), Some(answer.clone())));
        }
        answer
    }

    /// A reservation that is held, as it is decided now: by the customer's no, and not by the
    /// budget, which it has spent.
    fn ask_again(&mut self, id: u32) -> Answer {
        let mut others = self.clone();
        others.contacts.retain(|(known, _, fate)| *known != id || !fate.counts());
        let Answer::Decided { mut reasons, left } = others.decide(NOW) else {
            return Answer::Settled;
        };
        reasons.retain(|reason| reason != "BUDGET_SPENT");
        if let (false, Some((_, _, fate))) = (reasons.is_empty(), self.contact(id)) {
            *fate = Fate::Expired;
        }
        Answer::Decided { reasons, left }
    }

    fn settle(&mut self, id: u32, new: Fate) -> Answer {
        let Some((_, _, fate)) = self.contact(id) else {
            return Answer::Error("RESERVATION_NOT_FOUND".to_owned());
        };
        match (*fate, new) {
            (Fate::Sent | Fate::Late, Fate::Released) => {
                Answer::Error("ALREADY_CONFIRMED".to_owned())
            }
            (Fate::Released, Fate::Sent) => Answer::Error("ALREADY_RELEASED".to_owned()),
            (Fate::Expired, Fate::Released) | (Fate::Late, _) => Answer::Settled,
            (Fate::Expired, _) => {
                *fate = Fate::Late;
                Answer::Settled
            }
            _ => {
                *fate = new;
                Answer::Settled
            }
        }
    }

    /// The later word counts, and in a tie the no.
    fn wish(&mut self, ask: &Ask, id: Option<u32>) -> Answer {
        if let Some((known, _)) = id.and_then(|id| self.requests.get(&id)) {
            let same = known == ask;
            let reused = Answer::Error("REQUEST_ID_REUSED".to_owned());
            return if same { Answer::OptedOut(self.no) } else { reused };
        }
        if let Ask::OptOut { said, .. } = *ask
            && self.yes <= Some(said)
        {
            self.no = self.no.max(Some(said));
        }
        if let Ask::OptIn { said, .. } = *ask {
            self.no = self.no.filter(|no| said <= *no);
            self.yes = self.yes.max(Some(said));
        }
        let heard = match *ask {
            Ask::OptOut { said, .. } => Some((false, said)),
            Ask::OptIn { said, .. } => Some((true, said)),
            Ask::Check { .. } | Ask::Reserve { .. } | Ask::Confirm { .. } | Ask::Release { .. } => {
                None
            }
        };
        self.heard.extend(heard.filter(|heard| !self.heard.contains(heard)));
        self.requests.extend(id.map(|id| (id, (ask.clone(), None))));
        Answer::OptedOut(self.no)
    }
}

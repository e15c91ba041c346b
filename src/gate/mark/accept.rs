//! Accepts a store that has lost something, since an operator decides so.

use super::FORMAT;
use super::Marks;
use super::judge::policy_name;
use super::raise::baseline;
use super::trusted;
use super::upgrade::default_tenant;
use crate::audit::Event;
use crate::codec::mark::Known;
use crate::codec::mark::Mark;
use crate::codec::mark::Raises;
use crate::gate::Attribution;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::agenda::unmake_agenda;
use crate::store::Losses;
use crate::store::Replaced;

/// The margin by which the counter is raised above any value that an instance may remember.
const BEYOND: u64 = 1_000;
/// The number of attempts at marks that others change meanwhile.
const ATTEMPTS_MAX: usize = 5;

/// The loss that an operator has accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The loss; `None` if nothing was lost.
    pub lost: Option<String>,
    /// The number of tenants whose policies this instance still knew, and has put back.
    pub policies: usize,
}

impl Gate {
    /// Goes on with what the store holds now. Policies that this instance still knows are put back.
    ///
    /// # Errors
    /// If the store is no longer the one that was opened, or does not do what it is asked.
    pub async fn accept_store(&self, words: &Attribution) -> Result<Accepted, Failure> {
        let _one_at_a_time = self.guard.looking.lock().await;
        let lost = self.guard.lost.borrow().clone();
        let Some(lost) = lost else { return self.accept_time(words).await };
        let policies = Box::pin(trusted(self.accept(&lost, words))).await?;
        self.guard.tell(None);
        Ok(Accepted { lost: Some(lost), policies })
    }

    async fn accept(&self, lost: &str, words: &Attribution) -> Result<usize, Failure> {
        let losses = self.asked(self.store.losses()).await?;
        // A loss that a server does not report now would not be accepted, and would be missed at
        // the next look.
        if let Some(why) = losses.gone.as_ref().or(losses.unsaid.as_ref()) {
            return Err(Failure::StoreUnavailable(why.clone()));
        }
        // No bound on the time: it may go through the whole store.
        self.store.list_anew().await?;
        // Entries of the agenda may be lost although the records that they are made from are not.
        unmake_agenda(&*self.store).await?;
        let event = event(lost, words);
        // The ends of the logs may be lost as well.
        self.forget_heads();
        self.audited(&default_tenant()?, event, self.go_on(losses)).await
    }

    /// Accepts this machine's clock as it is, if nothing is granted because of it.
    async fn accept_time(&self, words: &Attribution) -> Result<Accepted, Failure> {
        let wrong = self.clock_trouble().borrow().clone();
        let Some(wrong) = wrong else { return Ok(Accepted::default()) };
        let accept = async { Ok(self.accept_clock().await) };
        self.audited(&default_tenant()?, event(&wrong.text, words), accept).await?;
        Ok(Accepted { lost: Some(wrong.text), policies: 0 })
    }

    async fn go_on(&self, losses: Losses) -> Result<usize, Failure> {
        let mut policies = 0;
        let mut marked = Err(Failure::Conflict);
        for _attempt in 0..ATTEMPTS_MAX {
            marked = self.mark_what_is_left(&losses, &mut policies).await;
            // An instance that finds the store whole meanwhile raises its marks.
            if !matches!(marked, Err(Failure::Conflict)) {
                break;
            }
        }
        marked?;
        // The missing part was put back, or belongs to another installation.
        if let Some(missing) = self.learn().await? {
            return Err(Failure::StoreUnavailable(missing));
        }
        self.guard.note_loaded();
        Ok(policies)
    }

    /// Puts back the policies that are missing, counts them, and marks the store as whole.
    async fn mark_what_is_left(
        &self,
        losses: &Losses,
        policies: &mut usize,
    ) -> Result<(), Failure> {
        let known = self.guard.known();
        let marks = self.marks(&known).await?;
        self.check_spelling(&marks)?;
        let found = marks.values().flatten().map(|(mark, _)| mark.installation).next();
        let is_own = found.is_none_or(|found| found == known.installation);
        if is_own {
            *policies += self.put_back().await?;
        } else {
            self.forget_policies();
        }
        let known = if is_own { known } else { Known::default() };
        self.mark_anew(known, marks, losses).await
    }

    /// Notes the store's format, which holds also while something is lost.
    pub(super) fn adopt_format(&self, marks: &Marks) {
        let mut known = self.guard.known();
        let formats = marks.values().flatten().map(|(mark, _)| mark.store_format);
        known.store_format = formats.fold(known.store_format, u32::max);
        self.guard.know(known);
    }

    /// Marks every part as whole.
    async fn mark_anew(
        &self,
        mut known: Known,
        marks: Marks,
        losses: &Losses,
    ) -> Result<(), Failure> {
        let found: Vec<Mark> = marks.values().flatten().map(|(mark, _)| mark.clone()).collect();
        let counters = found.iter().map(|mark| mark.counter).chain(known.settled.values().copied());
        let counter = counters.max().unwrap_or_default().saturating_add(BEYOND);
        if let Some(mark) = found.first() {
            known.installation = mark.installation;
            known.store_format = known.store_format.max(mark.store_format);
        }
        if known.store_format == 0 {
            known.store_format = FORMAT;
        }
        if known.store_format == FORMAT {
            self.shut_out_older().await?;
        }
        let mut evicted = baseline(&losses.evictions);
        let policies = losses.evictions.iter().filter(|it| it.policy.is_some());
        evicted.extend(policies.map(|it| (policy_name(it), 0)));
        let parts = self.store.parts();
        known.settled = parts.iter().map(|part| (*part, counter)).collect();
        known.raises.clear();
        let mark = Mark {
            installation: known.installation,
            counter,
            settled: counter,
            store_format: known.store_format,
            parts: parts.iter().copied().collect(),
            // The counts are made again at the next look.
            revisions: 0,
            audit_events: 0,
            lost: String::new(),
            evicted,
            copying: false,
            served: true,
            customer_ids: self.settings.spelling,
            raises: Raises::default(),
        };
        for part in parts {
            let expected = marks.get(&part).and_then(|it| it.as_ref()).map(|(_, version)| *version);
            if let Replaced::Changed(_) = self.write_mark(part, expected, &mark).await? {
                return Err(Failure::Conflict);
            }
        }
        self.guard.know(known);
        Ok(())
    }
}

fn event(accepted: &str, words: &Attribution) -> Event {
    Event {
        actor: words.actor.clone(),
        action: "AcceptStore".to_owned(),
        details: format!("{accepted}; “{}”", words.note.as_deref().unwrap_or_default()),
        author: words.author.as_deref().map(str::to_owned),
        ..Event::default()
    }
}

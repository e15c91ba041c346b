//! Telling what has changed, to each webhook on its own: one that is silent holds up no other.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::timeout;

use super::Described;
use super::Fresh;
use super::Kind;
use super::Sender;
use super::State;
use super::Webhook;
use super::Webhooks;
use super::event::event;
use super::event::id_of;
use super::lease::Lease;
use super::state::note_of;
use super::state::state;
use super::window::Item;
use super::window::Window;
use crate::gate::Changes;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::TenantPolicy;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Span;
use crate::model::agenda::Topic;
use crate::store::Version;

/// The interval at which the lease and the file are looked at.
const TICK: Duration = Duration::from_millis(500);
/// The shortest pause while there is nothing to send.
const PAUSE_MIN: Duration = Duration::from_millis(100);
/// The number of changes that are read at once.
const PAGE: usize = 64;
/// The time without a success after which a webhook is off.
const PATIENCE: Span = Span::from_days(3);
/// The interval at which the progress of a webhook is noted while nothing is sent.
const NOTED: Span = Span::from_secs(600);

/// Delivers changes to the webhooks, for as long as it is polled.
#[derive(Clone, Debug)]
pub struct Deliveries {
    /// The gate from which changes are learned.
    pub gate: Arc<Gate>,
    /// The webhooks that receive them.
    pub webhooks: Arc<ArcSwap<Webhooks>>,
    /// The sender of events.
    pub sender: Sender,
    /// The function that describes events.
    pub describe: Described,
}

impl Deliveries {
    /// Goes on for as long as it is polled.
    pub async fn run(self) -> Infallible {
        let held = watch::Sender::new(false);
        let mut lease = None;
        let mut pumps: BTreeMap<Name, (Webhook, AbortHandle)> = BTreeMap::new();
        let mut tasks: JoinSet<Infallible> = JoinSet::new();
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if lease.is_none() {
                lease = Lease::new().ok();
            }
            let holds = match &mut lease {
                Some(lease) => lease.hold(&self.gate).await.unwrap_or(false),
                None => false,
            };
            held.send_if_modified(|held| std::mem::replace(held, holds) != holds);
            let wanted = self.webhooks.load_full();
            pumps.retain(|name, (webhook, task)| {
                let is_kept = wanted.all.contains(webhook);
                if !is_kept {
                    task.abort();
                    self.gate.metrics().no_webhook(name);
                }
                is_kept
            });
            for webhook in &wanted.all {
                if !pumps.contains_key(&webhook.name) {
                    let pump = Pump::new(self.clone(), webhook.clone(), held.subscribe());
                    let task = tasks.spawn(pump.run());
                    pumps.insert(webhook.name.clone(), (webhook.clone(), task));
                }
            }
        }
    }
}

/// The delivery to one webhook.
struct Pump {
    all: Deliveries,
    webhook: Webhook,
    held: watch::Receiver<bool>,
    window: Window,
    /// The place up to which each tenant's changes have been read.
    read: BTreeMap<Name, Changes>,
    state: State,
    version: Option<Version>,
    /// The time at which the progress was last noted; `None` if the note has not been read.
    noted: Option<Instant>,
}

impl Pump {
    fn new(all: Deliveries, webhook: Webhook, held: watch::Receiver<bool>) -> Self {
        let (window, read, state) = (Window::default(), BTreeMap::new(), State::default());
        Self { all, webhook, held, window, read, state, version: None, noted: None }
    }

    async fn run(mut self) -> Infallible {
        let mut changed = self.all.gate.changed();
        let mut failing = false;
        loop {
            changed.mark_unchanged();
            let holds = *self.held.borrow_and_update();
            let round = if holds { self.round().await } else { Ok(self.rest()) };
            let is_busy = match round {
                Ok(is_busy) => {
                    failing = false;
                    is_busy
                }
                Err(why) => {
                    let webhook = &self.webhook.name;
                    if !failing {
                        tracing::warn!(%webhook, %why, "nothing is told; it is tried again");
                    }
                    (failing, self.noted) = (true, None);
                    false
                }
            };
            if !is_busy {
                let _changed_or_not = timeout(self.pause(), async {
                    tokio::select! {
                        _ = changed.changed() => {}
                        _ = self.held.changed() => {}
                    }
                })
                .await;
            }
        }
    }

    /// The pause until a delivery is tried again, or a change may have come without a message.
    fn pause(&self) -> Duration {
        let now = self.all.gate.clock().now();
        let next = self.window.next().map(|next| next.millis().saturating_sub(now.millis()));
        let next = next.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0)));
        let most = self.all.gate.unheard_max();
        next.map_or(most, |next| next.clamp(PAUSE_MIN, most))
    }

    /// Leaves the webhook to another instance, and forgets the progress, which that instance will
    /// change.
    fn rest(&mut self) -> bool {
        if self.noted.take().is_some() {
            self.all.gate.metrics().no_webhook(&self.webhook.name);
        }
        false
    }

    /// Delivers what is due, and returns whether there may be more.
    async fn round(&mut self) -> Result<bool, Failure> {
        self.load().await?;
        let metrics = self.all.gate.metrics();
        metrics.webhook(&self.webhook.name, (self.state.failing_since.is_some(), self.state.off));
        if self.state.off {
            return Ok(false);
        }
        self.fetch().await?;
        let now = self.all.gate.clock().now();
        let due = self.window.due(now);
        let told = join_all(due.iter().map(|item| self.tell(item))).await;
        let has_told = !due.is_empty();
        for (item, told) in due.iter().zip(told) {
            self.note(item, told?);
        }
        let is_old = self.noted.is_none_or(|noted| noted.plus(NOTED) <= now);
        if has_told || is_old {
            self.save().await?;
        }
        Ok(has_told)
    }

    /// Reads the progress that another instance has noted.
    async fn load(&mut self) -> Result<(), Failure> {
        let (state, version) = state(&self.all.gate, &self.webhook.name).await?;
        if self.noted.is_some() && version == self.version {
            return Ok(());
        }
        (self.window, self.read) = (Window::default(), BTreeMap::new());
        (self.state, self.version) = (state, version);
        let now = self.all.gate.clock().now();
        if version.is_none() {
            // A new webhook hears of what changes from now on.
            let place = self.all.gate.changes_at(now).await?.to_string();
            let told = self.tenants().map(|tenant| (tenant.to_string(), place.clone())).collect();
            self.state = State { told, ..State::default() };
            self.save().await?;
        }
        self.noted = Some(now);
        Ok(())
    }

    fn tenants(&self) -> impl Iterator<Item = Name> + use<'_> {
        self.all.gate.tenants().into_iter().filter(|tenant| self.webhook.hears_of(tenant))
    }

    /// Reads what has changed, as far as there is room for it.
    async fn fetch(&mut self) -> Result<(), Failure> {
        let tenants: Vec<Name> = self.tenants().collect();
        for tenant in tenants {
            let limit = self.window.room().min(PAGE);
            if limit < PAGE {
                return Ok(());
            }
            let since = self.read.get(&tenant).cloned().or_else(|| self.state.of(&tenant));
            let now = self.all.gate.clock().now();
            let changed = self.all.gate.changed_since(&tenant, since.as_ref(), (limit, now));
            let changed = changed.await?;
            if changed.full && since.is_some() {
                let webhook = &self.webhook.name;
                tracing::warn!(
                    %webhook,
                    "the agenda was made anew, or seven days have passed: the changes are told \
                     that it has"
                );
            }
            for told in changed.told {
                if self.webhook.kinds.contains(&Kind::of(told.topic)) {
                    self.window.add(&tenant, told);
                }
            }
            self.read.insert(tenant, changed.next);
        }
        Ok(())
    }

    /// Delivers one change with the current state. Returns why it failed, in words.
    async fn tell(&self, item: &Item) -> Result<Option<String>, Failure> {
        let (gate, now) = (&self.all.gate, self.all.gate.clock().now());
        let told = &item.told;
        if matches!(told.topic, Topic::Pauses | Topic::Policy) {
            // Another instance may have changed it.
            gate.refresh().await?;
        }
        let active = gate.policy(&item.tenant);
        let whose = TenantPolicy { tenant: &item.tenant, policy: &active.policy };
        let ids: Vec<Box<str>> =
            Some(told.entry.customer.clone()).filter(|id| !id.is_empty()).into_iter().collect();
        let looked = gate.look_at_changed(whose, &ids, now).await.pop();
        let kind = Kind::of(told.topic);
        let fresh = Fresh {
            kind,
            customer: &told.entry.customer,
            changed: told.entry.due,
            looked: looked.as_ref().map(|(_, looked)| looked),
            active: &active,
            now,
        };
        let Some(data) = (self.all.describe)(&fresh)? else { return Ok(None) };
        let id = id_of(&item.tenant, told);
        let about = (kind.event_type(), Some(&item.tenant));
        let body = event(&id, about, told.entry.due, &data);
        let answer = self.all.sender.post(&self.webhook, (&id, now), body).await;
        gate.metrics().webhook_delivery(&self.webhook.name, answer.problem.is_none());
        Ok(answer.problem)
    }

    fn note(&mut self, item: &Item, problem: Option<String>) {
        let (now, webhook) = (self.all.gate.clock().now(), &self.webhook.name);
        let Some(problem) = problem else {
            self.window.told(item);
            self.state.delivered = Some(now.millis());
            if !self.window.has_failed() {
                (self.state.failing_since, self.state.problem) = (None, None);
            }
            return;
        };
        self.window.failed(item, now);
        let since = *self.state.failing_since.get_or_insert_with(|| now.millis());
        if self.state.problem.as_ref() != Some(&problem) {
            tracing::warn!(%webhook, problem, "an event is not taken; it is sent again");
        }
        self.state.problem = Some(problem);
        if Instant::from_millis(since).plus(PATIENCE) <= now && !self.state.off {
            tracing::error!(
                %webhook,
                "the webhook is off: it did not take an event for three days; `courtesy webhooks \
                 replay` turns it on"
            );
            self.state.off = true;
        }
    }

    /// Notes the progress. A note of another instance holds.
    async fn save(&mut self) -> Result<(), Failure> {
        for (tenant, read) in &self.read {
            let place = self.window.place(tenant, read).to_string();
            self.state.told.insert(tenant.to_string(), place);
        }
        let gate = &self.all.gate;
        let note = note_of(&self.webhook.name);
        match gate.keep_note(&note, self.version, self.state.write()).await? {
            Some(version) => {
                self.version = Some(version);
                self.noted = Some(gate.clock().now());
            }
            None => self.noted = None,
        }
        Ok(())
    }
}

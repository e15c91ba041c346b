//! Many callers at once, until the process ends under them.

use std::cell::Cell;
use std::cell::RefCell;
use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use futures_util::future::join_all;
use tonic::Status;
use tonic::transport::Channel;

use super::ledger;
use super::ledger::Ledger;
use super::ledger::Settled;
use super::ledger::Wish;
use super::process::Process;
use crate::dice::Dice;

const CALLERS: u64 = 32;
const CONNECTIONS: u64 = 4;
/// The customers that callers share at one time, so that they meet.
pub(super) const FEW: u64 = 48;
/// So many that each write is likely a new one.
pub(super) const MANY: u64 = 1_000_000;

/// A load on one process.
pub(super) struct Load<'a> {
    pub(super) ledger: &'a RefCell<Ledger>,
    /// Numbers the loads on one directory, so that no request id comes twice.
    pub(super) round: u64,
    /// How many customers they share.
    pub(super) customers: u64,
    /// After how many acknowledgements it ends.
    pub(super) acknowledgements: u64,
    pub(super) end: End,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Kill,
    Terminate,
    /// When the store writes nothing any more.
    Failure,
}

/// One load that runs.
struct Running<'a> {
    load: &'a Load<'a>,
    process: RefCell<&'a mut Process>,
    left: Cell<u64>,
    ended: Cell<bool>,
    failures: RefCell<Vec<Status>>,
}

impl Load<'_> {
    /// Runs it. Returns the errors that came before the end.
    pub(super) async fn run(&self, process: &mut Process, random: &mut Dice) -> Vec<Status> {
        let running = Running {
            load: self,
            process: RefCell::new(process),
            left: Cell::new(self.acknowledgements),
            ended: Cell::new(false),
            failures: RefCell::default(),
        };
        let channels: Vec<Channel> =
            (0..CONNECTIONS).map(|_| running.process.borrow().connect()).collect();
        let callers = (0..CALLERS)
            .zip(channels.iter().cycle())
            .map(|(number, channel)| Caller::new(&running, number, channel, random.branch()).run());
        join_all(callers).await;
        running.failures.take()
    }
}

impl Running<'_> {
    /// Takes an answer, and ends the process when it is time.
    async fn note<T>(&self, answer: &Result<T, Status>, random: &mut Dice) {
        let before_the_end = !self.ended.get();
        self.load.ledger.borrow_mut().count(answer);
        match answer {
            Err(status) if before_the_end => self.failures.borrow_mut().push(status.clone()),
            Ok(_) if before_the_end => {
                self.left.set(self.left.get().saturating_sub(1));
                if self.left.get() == 0 {
                    self.end(random).await;
                }
            }
            _ => {}
        }
        // A store that has failed for so many fails for all.
        if self.load.end == End::Failure && self.failures.borrow().len() >= 100 {
            self.ended.set(true);
        }
    }

    async fn end(&self, random: &mut Dice) {
        match self.load.end {
            End::Failure => panic!("the disk was never full"),
            End::Kill => {
                // Not always right behind an answer.
                tokio::time::sleep(Duration::from_micros(random.roll(3_000))).await;
                if !self.ended.replace(true) {
                    self.process.borrow_mut().kill();
                }
            }
            End::Terminate => {
                self.ended.set(true);
                self.process.borrow_mut().terminate();
            }
        }
    }
}

struct Caller<'a> {
    running: &'a Running<'a>,
    random: Dice,
    number: u64,
    contacts: ContactServiceClient<Channel>,
    customers: CustomerServiceClient<Channel>,
    policies: PolicyServiceClient<Channel>,
    /// This caller's own reservations, as customer and request id.
    mine: Vec<(String, String)>,
}

impl<'a> Caller<'a> {
    fn new(running: &'a Running<'a>, number: u64, channel: &Channel, random: Dice) -> Self {
        Self {
            running,
            random,
            number,
            contacts: ContactServiceClient::new(channel.clone()),
            customers: CustomerServiceClient::new(channel.clone()),
            policies: PolicyServiceClient::new(channel.clone()),
            mine: Vec::new(),
        }
    }

    async fn run(mut self) {
        let mut sequence = 0;
        while !self.running.ended.get() {
            sequence += 1;
            match self.random.roll(10) {
                0..5 => self.reserve_new(sequence).await,
                5 => self.repeat().await,
                6 | 7 => self.settle().await,
                8 if self.number == 0 => self.apply(sequence).await,
                8 if self.random.roll(4) == 0 => self.opt_out_and_erase(sequence).await,
                _ => {
                    let customer = self.choose_customer();
                    self.opt_out(&customer, sequence).await;
                }
            }
        }
    }

    fn ledger(&self) -> std::cell::RefMut<'a, Ledger> {
        self.running.load.ledger.borrow_mut()
    }

    /// Mostly one of this load's customers, sometimes an old one.
    fn choose_customer(&mut self) -> String {
        let Load { round, customers, .. } = *self.running.load;
        let from = if self.random.roll(5) == 0 { self.random.roll(round + 1) } else { round };
        format!("customer-{}", from * FEW / 2 + self.random.roll(customers))
    }

    async fn reserve_new(&mut self, sequence: u64) {
        let customer = self.choose_customer();
        let id = format!("{}-{}-{sequence}", self.running.load.round, self.number);
        let held = self.random.roll(2) == 0;
        let reservation = ledger::Reservation { held, ..Default::default() };
        self.ledger().customer(&customer).reservations.insert(id.clone(), reservation);
        self.reserve(&customer, &id).await;
        self.mine.push((customer, id));
    }

    async fn repeat(&mut self) {
        let Some((customer, id)) = self.choose_mine() else { return };
        // What was given back would be reserved anew.
        let is_settled = self.ledger().customer(&customer).reservations[&id].settled.is_some();
        if !is_settled {
            self.reserve(&customer, &id).await;
        }
    }

    fn choose_mine(&mut self) -> Option<(String, String)> {
        let count = u64::try_from(self.mine.len()).unwrap();
        let place = (count > 0).then(|| self.random.roll(count))?;
        self.mine.get(usize::try_from(place).unwrap()).cloned()
    }

    /// Sends a reservation, now and then twice at once.
    async fn reserve(&mut self, customer: &str, id: &str) {
        let (held, was_open) = {
            let mut ledger = self.ledger();
            let reservation = ledger.customer(customer).reservations.get_mut(id).unwrap();
            (reservation.held, std::mem::replace(&mut reservation.open, true))
        };
        let times = if self.random.roll(8) == 0 { 2 } else { 1 };
        let sent = (0..times).map(|_| {
            let mut contacts = self.contacts.clone();
            async move { contacts.reserve_contact(ledger::reserve(customer, id, held)).await }
        });
        let answers = join_all(sent).await;
        {
            let mut ledger = self.ledger();
            let reservation = ledger.customer(customer).reservations.get_mut(id).unwrap();
            for answer in answers.iter().flatten() {
                let decision = answer.get_ref().decision.as_ref().unwrap();
                reservation.granted |= decision.effect() == v1::Effect::Allow;
            }
            // A refusal does not tell what becomes of an earlier request that got no answer.
            reservation.open = was_open || answers.iter().any(Result::is_err);
        }
        for answer in &answers {
            self.running.note(answer, &mut self.random).await;
        }
    }

    async fn settle(&mut self) {
        let Some((customer, id)) = self.choose_mine() else { return };
        let sent = self.random.roll(3) == 0;
        {
            let mut ledger = self.ledger();
            let reservation = ledger.customer(&customer).reservations.get_mut(&id).unwrap();
            if reservation.open || !reservation.granted || reservation.settled.is_some() {
                return;
            }
            reservation.settled = Some(Settled { sent, acknowledged: false });
        }
        let (customer_id, request_id) = (customer.clone(), id.clone());
        let answer = if sent {
            let request =
                v1::ConfirmContactRequest { customer_id, request_id, ..Default::default() };
            self.contacts.confirm_contact(request).await.map(drop)
        } else {
            let request =
                v1::ReleaseContactRequest { customer_id, request_id, ..Default::default() };
            self.contacts.release_contact(request).await.map(drop)
        };
        if answer.is_ok() {
            let settled = Some(Settled { sent, acknowledged: true });
            let mut ledger = self.ledger();
            ledger.customer(&customer).reservations.get_mut(&id).unwrap().settled = settled;
        }
        self.running.note(&answer, &mut self.random).await;
    }

    async fn opt_out(&mut self, customer: &str, sequence: u64) {
        let topic = format!("topic-{}", (self.number * 7 + sequence) % 12);
        self.ledger().customer(customer).opt_outs.entry(topic.clone()).or_default();
        let answer = self.customers.opt_out(ledger::opt_out(customer, &topic)).await;
        if answer.is_ok() {
            self.ledger().customer(customer).opt_outs.get_mut(&topic).unwrap().acknowledged = true;
        }
        self.running.note(&answer, &mut self.random).await;
    }

    /// A new customer, who wants no contact and then to be forgotten: the wish must stay.
    async fn opt_out_and_erase(&mut self, sequence: u64) {
        let customer = format!("forgotten-{}-{}-{sequence}", self.running.load.round, self.number);
        self.opt_out(&customer, sequence).await;
        self.ledger().customer(&customer).erasure = Some(Wish::default());
        let answer = self.customers.erase_customer(ledger::erase(&customer)).await;
        if answer.is_ok() {
            self.ledger().customer(&customer).erasure = Some(Wish { acknowledged: true });
        }
        self.running.note(&answer, &mut self.random).await;
    }

    async fn apply(&mut self, sequence: u64) {
        let note = self.running.load.round * 100_000 + sequence;
        let expected = {
            let mut ledger = self.ledger();
            if ledger.policy.open.is_some() {
                return;
            }
            ledger.policy.open = Some(note);
            ledger.policy.revision
        };
        let request = v1::ApplyPolicyRequest {
            documents: vec![v1::PolicyDocument { text: ledger::policy(note), name: String::new() }],
            expected_revision: Some(expected),
            ..Default::default()
        };
        let answer = self.policies.apply_policy(request).await;
        if let Ok(answer) = &answer {
            let revision = answer.get_ref().revision;
            self.ledger().policy = ledger::Policy { revision, note, open: None };
        }
        self.running.note(&answer, &mut self.random).await;
    }
}

//! Callers of all instances at once.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use courtesy::clock;
use courtesy::clock::Stopwatch;
use courtesy::model::Instant;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::store::Version;
use futures_util::future::LocalBoxFuture;
use futures_util::future::join_all;
use tokio::sync::watch;
use tonic::transport::Channel;

use super::installation::Installation;
use super::ledger::Ledger;
use super::ledger::Probe;
use super::watch::readiness;
use crate::api::product::codes;
use crate::api::product::email;
use crate::api::races::answer;
use crate::api::races::history::Operation;
use crate::api::races::model::Answer;
use crate::api::races::model::Ask;
use crate::dice::Dice;
use crate::wait::until;
use crate::wait::until_ok;

/// How many customers callers share.
const CUSTOMERS: usize = 5;
/// How many callers change them, for each instance.
const CHANGING: usize = 2;
/// How many callers opt out customers of their own, for each instance.
const OPTING_OUT: usize = 2;
/// How long a caller waits for an answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// What the ids of those have in them who are erased.
pub(super) const ERASED: &str = "-e";
/// How long it may take until they are answered again.
const AGAIN: Duration = Duration::from_secs(180);
/// How long callers think.
const THOUGHT: Duration = Duration::from_millis(10);

/// Callers who call until they are stopped.
pub(super) struct Load {
    clock: Stopwatch,
    stop: Arc<AtomicBool>,
    pause: Arc<Pause>,
    acknowledged: Arc<AtomicUsize>,
    erased: Arc<AtomicUsize>,
    answered: Arc<[AtomicUsize]>,
    thread: JoinHandle<Ledger>,
    /// What callers of the customers that they share call the time.
    pub(super) now: Instant,
}

/// What callers were told until they were stopped.
pub(super) struct Outcome {
    pub(super) ledger: Ledger,
    /// What callers of the customers that they share called the time.
    pub(super) now: Instant,
    /// The clock of the ledger's times.
    pub(super) clock: Stopwatch,
}

/// An answer and the version that it carries.
type Told = Result<(Answer, String), tonic::Status>;

/// What instances say of themselves when it is printed.
struct Readiness<'a>(&'a Installation);

impl fmt::Debug for Readiness<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.0.instances.iter().map(|it| readiness(it.operations()));
        formatter.debug_list().entries(said).finish()
    }
}

/// Lets callers wait.
#[derive(Default)]
struct Pause {
    held: watch::Sender<bool>,
    waiting: AtomicUsize,
}

/// What all callers know.
struct Shared {
    name: String,
    clock: Stopwatch,
    stop: Arc<AtomicBool>,
    pause: Arc<Pause>,
    acknowledged: Arc<AtomicUsize>,
    /// How many of those who opted out were erased meanwhile.
    erased: Arc<AtomicUsize>,
    /// For each probe, how often it was answered out of the record.
    answered: Arc<[AtomicUsize]>,
    channels: Vec<Channel>,
    now: Instant,
    ledger: RefCell<Ledger>,
}

impl Load {
    pub(super) fn start(bed: &Installation, name: &str, dice: &mut Dice) -> Self {
        let seed = dice.below(usize::MAX) as u64;
        let now = whole_second();
        let (clock, stop) = (Stopwatch::start(), Arc::new(AtomicBool::new(false)));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let erased: Arc<AtomicUsize> = Arc::default();
        let pairs = bed.instances.len() * bed.probes.len();
        let answered: Arc<[AtomicUsize]> = (0..pairs).map(|_| AtomicUsize::new(0)).collect();
        let addresses: Vec<String> = bed.instances.iter().map(|it| it.api().to_owned()).collect();
        let probes: Vec<String> = bed.probes.iter().map(|(customer, _)| customer.clone()).collect();
        let (name, stopping) = (name.to_owned(), Arc::clone(&stop));
        let (counted, probed) = (Arc::clone(&acknowledged), Arc::clone(&answered));
        let pause: Arc<Pause> = Arc::default();
        let (pausing, also) = (Arc::clone(&pause), Arc::clone(&erased));
        let thread = std::thread::spawn(move || {
            super::installation::wait(async {
                let connect =
                    |it: &String| Channel::from_shared(it.clone()).unwrap().connect_lazy();
                let shared = Rc::new(Shared {
                    name,
                    clock,
                    stop: stopping,
                    pause: pausing,
                    acknowledged: counted,
                    erased: also,
                    answered: probed,
                    channels: addresses.iter().map(connect).collect(),
                    now,
                    ledger: RefCell::default(),
                });
                shared.run(&probes, seed).await;
                Rc::into_inner(shared).unwrap().ledger.into_inner()
            })
        });
        Self { clock, stop, pause, acknowledged, erased, answered, thread, now }
    }

    /// Lets all callers wait who change something, and returns when none of them has a call in
    /// flight. Checks go on.
    pub(super) fn hold(&self, bed: &Installation) {
        let all = bed.instances.len() * (CHANGING + OPTING_OUT) + 1;
        self.pause.held.send_replace(true);
        until(Duration::from_secs(180), "callers wait", || {
            (self.pause.waiting.load(Ordering::SeqCst) == all).then_some(())
        });
    }

    /// Lets them go on.
    pub(super) fn release(&self) {
        self.pause.held.send_replace(false);
    }

    pub(super) fn clock(&self) -> Stopwatch {
        self.clock
    }

    pub(super) fn run_for(&self, time: Duration) {
        let began = Stopwatch::start();
        until(time + PATIENCE, "time passes", || (began.elapsed() >= time).then_some(()));
    }

    /// Lets them call until every instance answers for every shard again, and opt-outs are
    /// acknowledged.
    pub(super) fn run_until_well(&self, bed: &Installation) {
        let counts = || self.answered.iter().map(|it| it.load(Ordering::Relaxed));
        let before: Vec<usize> = counts().collect();
        until_ok(AGAIN, "every probe is answered again", || {
            if counts().zip(&before).all(|(now, before)| now > *before) {
                return Ok(());
            }
            Err(Readiness(bed))
        });
        let before = self.acknowledged.load(Ordering::Relaxed);
        let more = 3 * bed.instances.len() * OPTING_OUT;
        until(AGAIN, "opt-outs are acknowledged again", || {
            (self.acknowledged.load(Ordering::Relaxed) >= before + more).then_some(())
        });
    }

    /// Lets them call until so many more have opted out and were erased.
    pub(super) fn run_until_erased(&self, more: usize) {
        let before = self.erased.load(Ordering::Relaxed);
        until(Duration::from_secs(180), "customers are erased", || {
            (self.erased.load(Ordering::Relaxed) >= before + more).then_some(())
        });
    }

    pub(super) fn stop(self) -> Outcome {
        self.stop.store(true, Ordering::Relaxed);
        Outcome { ledger: self.thread.join().unwrap(), now: self.now, clock: self.clock }
    }
}

/// Now, without a part of a second.
fn whole_second() -> Instant {
    Instant::from_millis(clock::now().millis() / 1_000 * 1_000)
}

impl Shared {
    async fn run(self: &Rc<Self>, probes: &[String], seed: u64) {
        let mut callers: Vec<LocalBoxFuture<'_, ()>> = Vec::new();
        for instance in 0..self.channels.len() {
            for caller in 0..CHANGING {
                let number = (instance * CHANGING + caller) as u64;
                callers.push(Box::pin(self.change(instance, Dice::new(seed ^ number))));
            }
            for caller in 0..OPTING_OUT {
                callers.push(Box::pin(self.opt_out(instance, caller)));
            }
            for (shard, customer) in probes.iter().enumerate() {
                let count = &self.answered[instance * probes.len() + shard];
                callers.push(Box::pin(self.probe((instance, shard), customer, count)));
            }
        }
        callers.push(Box::pin(self.erase()));
        join_all(callers).await;
    }

    /// Whether there is more to ask; while callers are held, it waits.
    async fn goes_on(&self) -> bool {
        let mut held = self.pause.held.subscribe();
        if *held.borrow() {
            self.pause.waiting.fetch_add(1, Ordering::SeqCst);
            drop(held.wait_for(|is_held| !is_held).await);
            self.pause.waiting.fetch_sub(1, Ordering::SeqCst);
        }
        !self.is_over()
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Erases one customer after the other on two instances at once, and opts each out meanwhile.
    async fn erase(&self) {
        for number in 0.. {
            if !self.goes_on().await {
                return;
            }
            let customer = format!("{}{ERASED}{number}", self.name);
            let at = |offset: usize| self.channels[(number + offset) % self.channels.len()].clone();
            let customer_id = customer.clone();
            let made = v1::OptInRequest {
                customer_id: customer_id.clone(),
                evidence: "a form".to_owned(),
                ..Default::default()
            };
            let mut customers = CustomerServiceClient::new(at(0));
            let made = tokio::time::timeout(PATIENCE, customers.opt_in(made)).await;
            let erase = |offset: usize| {
                let request = v1::EraseCustomerRequest {
                    customer_id: customer.clone(),
                    ..Default::default()
                };
                let mut customers = CustomerServiceClient::new(at(offset));
                async move { tokio::time::timeout(PATIENCE, customers.erase_customer(request)).await }
            };
            let request = v1::OptOutRequest { customer_id, ..Default::default() };
            let both = async {
                let told = tokio::time::timeout(PATIENCE, customers.opt_out(request)).await;
                let _again = erase(0).await;
                matches!(told, Ok(Ok(_)))
            };
            let (_erased, _also, is_out) = tokio::join!(erase(1), erase(2), both);
            if is_out && matches!(made, Ok(Ok(_))) {
                self.acknowledged.fetch_add(1, Ordering::Relaxed);
                self.erased.fetch_add(1, Ordering::Relaxed);
                let instance = number % self.channels.len();
                self.ledger.borrow_mut().opted_out.push((customer, instance));
            }
            tokio::time::sleep(3 * THOUGHT).await;
        }
    }

    /// Asks about a customer who has opted out, again and again.
    async fn probe(&self, place: (usize, usize), customer: &str, answered: &AtomicUsize) {
        let (instance, shard) = place;
        while !self.is_over() {
            let (begin, is_held) = (self.clock.elapsed(), *self.pause.held.borrow());
            let decision = self.check(instance, customer).await;
            let end = self.clock.elapsed();
            let is_good =
                decision.as_ref().is_some_and(|it| !it.degraded && !it.record_version.is_empty());
            if let Some(decision) = decision {
                let codes = codes(&decision);
                // An instance that has answered without the store may not know the customer, and
                // says no.
                let is_refused = codes.iter().any(|it| it == "OPTED_OUT")
                    || (decision.degraded && codes.iter().any(|it| it == "STORE_UNAVAILABLE"));
                // An answer out of the record has its version, and no other has. Until a loss is
                // noticed nothing is on record, and what is remembered refuses.
                let has_version = !decision.record_version.is_empty();
                let is_marked = decision.degraded != has_version || (is_held && !has_version);
                if !is_refused || !is_marked {
                    self.ledger.borrow_mut().wrong.push(format!("{customer}: {decision:?}"));
                }
            }
            if is_good {
                answered.fetch_add(1, Ordering::Relaxed);
            }
            let probe = Probe { instance, shard, begin, end, is_good };
            self.ledger.borrow_mut().probes.push(probe);
            tokio::time::sleep(4 * THOUGHT).await;
        }
    }

    async fn check(&self, instance: usize, customer: &str) -> Option<v1::Decision> {
        let contact = Some(email(customer));
        let request = v1::CheckContactRequest { contact, ..Default::default() };
        let mut contacts = ContactServiceClient::new(self.channels[instance].clone());
        let answer = tokio::time::timeout(PATIENCE, contacts.check_contact(request)).await.ok()?;
        answer.ok()?.into_inner().decision
    }

    /// Opts out one customer after the other, and asks another instance about each.
    async fn opt_out(&self, instance: usize, caller: usize) {
        let mut customers = CustomerServiceClient::new(self.channels[instance].clone());
        for number in 0.. {
            if !self.goes_on().await {
                return;
            }
            let customer = format!("{}-o{instance}-{caller}-{number}", self.name);
            let request = v1::OptOutRequest { customer_id: customer.clone(), ..Default::default() };
            let answer = tokio::time::timeout(PATIENCE, customers.opt_out(request)).await;
            if !matches!(answer, Ok(Ok(_))) {
                self.ledger.borrow_mut().refused += 1;
                tokio::time::sleep(THOUGHT).await;
                continue;
            }
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
            self.ledger.borrow_mut().opted_out.push((customer.clone(), instance));
            let other = (instance + 1 + number % (self.channels.len() - 1)) % self.channels.len();
            if let Some(decision) = self.check(other, &customer).await
                && codes(&decision).is_empty()
            {
                self.ledger.borrow_mut().stale.push(customer);
            }
            tokio::time::sleep(THOUGHT).await;
        }
    }

    /// Changes the customers that all share. What is not answered is asked again, as callers
    /// should.
    async fn change(&self, instance: usize, mut dice: Dice) {
        while self.goes_on().await {
            let customer = format!("{}-c{}", self.name, dice.below(CUSTOMERS));
            let ask = question(&mut dice);
            let begin = self.clock.elapsed();
            while self.goes_on().await {
                let channel = &self.channels[instance];
                let asked = answer(channel, &customer, &ask, self.now);
                let answered = tokio::time::timeout(PATIENCE, asked).await;
                if self.note(&customer, &ask, begin, answered.ok()) {
                    break;
                }
                tokio::time::sleep(5 * THOUGHT).await;
            }
            tokio::time::sleep(3 * THOUGHT).await;
        }
    }
}

impl Shared {
    /// Notes what a caller was told, and whether that was an answer.
    fn note(&self, customer: &str, ask: &Ask, begin: Duration, told: Option<Told>) -> bool {
        let mut ledger = self.ledger.borrow_mut();
        let noted = ledger.customers.entry(customer.to_owned()).or_default();
        match told {
            // No instance has looked into the record.
            Some(Ok((_, version))) if version.is_empty() => {}
            Some(Err(status)) if is_final(status.code()) => return true,
            Some(Ok((answer, version))) => {
                let version = Version::parse(&version).unwrap();
                let (ask, end, counter) =
                    (ask.clone(), self.clock.elapsed(), Some(version.counter >> 32));
                let is_refusal =
                    matches!(&answer, Answer::Decided { reasons, .. } if !reasons.is_empty());
                let operation = Operation { ask, answer, version: counter, begin, end };
                // A refusal promises nothing that has to survive, but may have ended a reservation.
                if is_refusal {
                    noted.refused.push(operation);
                } else {
                    noted.told.push((version, operation));
                }
                return true;
            }
            Some(Err(_)) | None => {}
        }
        noted.doubt(ask, begin);
        false
    }
}

/// Whether an error is an answer to the question.
fn is_final(code: tonic::Code) -> bool {
    matches!(
        code,
        tonic::Code::NotFound | tonic::Code::FailedPrecondition | tonic::Code::AlreadyExists
    )
}

/// Each id stands for one question, which several callers ask.
fn question(dice: &mut Dice) -> Ask {
    let id: u32 = dice.below(40).try_into().unwrap();
    let said = dice.between(0, 100);
    match dice.below(100) {
        0..55 => Ask::Reserve { id, hour: i64::from(id) % 21 },
        55..75 => Ask::Release { id },
        75..85 => Ask::Confirm { id },
        85..89 => Ask::OptOut { id: None, said },
        _ => Ask::OptIn { id: None, said },
    }
}

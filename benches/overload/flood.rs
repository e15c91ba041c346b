//! Asks, as fast as it is answered or by the clock.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use std::time::Instant;

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use tokio::task::LocalSet;
use tokio::time::MissedTickBehavior;
use tonic::Request;
use tonic::Status;
use tonic::transport::Channel;
use tonic::transport::Endpoint;

use crate::tally::Tally;

/// Over how many connections it asks, as a fleet of senders does.
const CONNECTIONS: usize = 32;

/// How many customers there are, each with some contacts on record.
const CUSTOMERS: u64 = 2_000;
const CONTACTS_EACH: u64 = 30;

/// Of how many calls one is an opt-out, and one a reservation. The others are checks.
const OPT_OUT_EVERY: u64 = 100;
const RESERVE_EVERY: u64 = 20;

/// How long a caller waits for an answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many calls are in flight when it asks as fast as it is answered.
const IN_FLIGHT: usize = 64;

/// The callers.
pub(crate) struct Flood {
    channels: Rc<[Channel]>,
    number: u64,
}

/// What a call is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Check,
    Reserve,
    OptOut,
}

impl Flood {
    pub(crate) fn to(url: &str) -> Self {
        let endpoint = Endpoint::from_shared(url.to_owned()).unwrap().tcp_nodelay(true);
        let channels = (0..CONNECTIONS).map(|_| endpoint.connect_lazy()).collect();
        Self { channels, number: 0 }
    }

    /// Gives all customers a history.
    pub(crate) async fn introduce(&mut self) {
        let mut client = ContactServiceClient::new(self.channels[0].clone());
        for customer in 0..CUSTOMERS {
            let reservations = (0..CONTACTS_EACH).map(|number| v1::BatchReservation {
                contact: Some(v1::Contact {
                    purpose: "transactional".to_owned(),
                    ..contact(customer)
                }),
                request_id: format!("history-{number}"),
                hold: None,
            });
            let reservations = reservations.collect();
            let request = v1::BatchReserveContactsRequest { reservations, ..Default::default() };
            client.batch_reserve_contacts(request).await.unwrap();
        }
    }

    /// How many calls are answered in a second when as many are always in flight.
    pub(crate) async fn capacity(&mut self, window: Duration) -> u64 {
        let tally = Rc::new(RefCell::new(Tally::default()));
        let until = Instant::now() + window;
        let all = LocalSet::new();
        for _ in 0..IN_FLIGHT {
            let (tally, first) = (Rc::clone(&tally), self.take(1 << 20));
            let channels = Rc::clone(&self.channels);
            all.spawn_local(async move {
                let mut number = first;
                while Instant::now() < until {
                    ask(&channels, number, Instant::now(), &tally).await;
                    number += 1;
                }
            });
        }
        all.await;
        tally.borrow().good_rate(window)
    }

    /// Asks so many times a second, whatever the answers.
    pub(crate) async fn at_rate(&mut self, rate: u64, window: Duration) -> Tally {
        let tally = Rc::new(RefCell::new(Tally::default()));
        let all = LocalSet::new();
        let begun = Instant::now();
        let asking = async {
            let mut ticks = tokio::time::interval(Duration::from_millis(1));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            let mut asked = 0;
            while begun.elapsed() < window {
                let now = ticks.tick().await.into_std();
                let due = u64::try_from(begun.elapsed().as_micros()).unwrap() * rate / 1_000_000;
                for _ in asked..due {
                    let (tally, number) = (Rc::clone(&tally), self.take(1));
                    let channels = Rc::clone(&self.channels);
                    tokio::task::spawn_local(async move {
                        tally.borrow_mut().note_start(now.elapsed());
                        ask(&channels, number, now, &tally).await;
                    });
                }
                asked = due.max(asked);
            }
        };
        all.run_until(asking).await;
        all.await;
        let tally = Rc::into_inner(tally).unwrap();
        tally.into_inner()
    }

    fn take(&mut self, count: u64) -> u64 {
        let first = self.number;
        self.number += count;
        first
    }
}

/// Asks once, and notes the answer.
async fn ask(channels: &[Channel], number: u64, begun: Instant, tally: &RefCell<Tally>) {
    let channel = channels[usize::try_from(number).unwrap() % channels.len()].clone();
    let kind = match number {
        _ if number.is_multiple_of(OPT_OUT_EVERY) => Kind::OptOut,
        _ if number.is_multiple_of(RESERVE_EVERY) => Kind::Reserve,
        _ => Kind::Check,
    };
    let call = call(channel, kind, number);
    let answer = tokio::time::timeout(PATIENCE, call).await;
    tally.borrow_mut().note(kind, begun.elapsed(), answer.as_ref().ok().map(Result::as_ref));
}

async fn call(channel: Channel, kind: Kind, number: u64) -> Result<(), Status> {
    // Neighbours in time are not neighbours in the store.
    let customer = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % CUSTOMERS;
    let contact = Some(contact(customer));
    let request_id = format!("flood-{number}");
    match kind {
        Kind::Check => {
            let request = within(v1::CheckContactRequest { contact, ..Default::default() });
            ContactServiceClient::new(channel).check_contact(request).await?;
        }
        Kind::Reserve => {
            let request = v1::ReserveContactRequest { contact, request_id, ..Default::default() };
            ContactServiceClient::new(channel).reserve_contact(within(request)).await?;
        }
        Kind::OptOut => {
            // Of customers of their own: the others go on being asked about.
            let customer_id = format!("leaver-{customer}");
            let request = v1::OptOutRequest { customer_id, ..Default::default() };
            CustomerServiceClient::new(channel).opt_out(within(request)).await?;
        }
    }
    Ok(())
}

fn within<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(PATIENCE);
    request
}

fn contact(customer: u64) -> v1::Contact {
    v1::Contact {
        customer_id: format!("customer-{customer}"),
        channel: "email".to_owned(),
        purpose: "marketing".to_owned(),
        ..v1::Contact::default()
    }
}

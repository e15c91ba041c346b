//! What the contenders do, once: ask courtesy, or ask Redis as a sender without it would.

use courtesy::clock;
use courtesy::proto::v1;
use courtesy::proto::v1::Effect;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use redis::aio::MultiplexedConnection;
use tonic::transport::Channel;

use crate::dice::Dice;
use crate::load::Work;
use crate::seed;

/// Whether contacts are only judged, or reserved as well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Check,
    Reserve,
}

/// Something that is done over and over.
pub(crate) struct Call {
    pub(crate) to: To,
    /// The length of the history of the customers it is about.
    pub(crate) history: usize,
    pub(crate) dice: Dice,
}

/// Where it goes.
pub(crate) enum To {
    /// A server that speaks courtesy's API.
    Server(ContactServiceClient<Channel>, Question),
    /// Redis: reads a value.
    Get(MultiplexedConnection),
    /// Redis: reads a value and replaces it if no other caller has, by the script of this digest.
    Replace(MultiplexedConnection, String),
    /// Redis: the sliding log, by the script of this digest, with room or without.
    Log(MultiplexedConnection, String, bool),
}

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) struct Question {
    pub(crate) what: What,
    pub(crate) allowed: bool,
    /// How many contacts go together; none is a call for each.
    pub(crate) batch: Option<usize>,
}

impl Work for Call {
    async fn make(&mut self) -> u64 {
        let direct = self.dice.roll(seed::DIRECT);
        match &mut self.to {
            To::Server(client, question) => {
                let mut draw = || contact(self.history, &mut self.dice, *question);
                match question.batch {
                    None => alone(client, *question, draw()).await,
                    Some(count) => {
                        let drawn = (0..count).map(|_| draw()).collect();
                        together(client, *question, drawn).await;
                    }
                }
                u64::try_from(question.batch.unwrap_or(1)).unwrap()
            }
            To::Get(connection) => {
                let value: Vec<u8> = get(connection, self.history, direct).await;
                assert!(value.len() > 16);
                1
            }
            To::Replace(connection, script) => {
                let value = get(connection, self.history, direct).await;
                let (version, rest) = value.split_at(16);
                let next = u128::from_be_bytes(version.try_into().unwrap()).wrapping_add(1);
                let value = [&next.to_be_bytes(), rest].concat();
                let mut command = redis::cmd("EVALSHA");
                command.arg(&*script).arg(1).arg(seed::value_key(self.history, direct));
                command.arg(version).arg(value);
                command.query_async::<redis::Value>(connection).await.unwrap();
                1
            }
            To::Log(connection, script, allowed) => {
                let limit = if *allowed { 10_000 } else { 5 };
                let now = clock::now().millis();
                let mut command = redis::cmd("EVALSHA");
                command.arg(&*script).arg(2).arg(seed::log_key(self.history, direct));
                command.arg(seed::wishes_key(self.history, direct)).arg(now);
                command.arg(format!("email:marketing:{:016x}", self.dice.roll(u64::MAX)));
                command.arg("email");
                for days in [1_i64, 7, 30] {
                    command.arg(days * 86_400_000).arg(limit);
                }
                let granted: bool = command.query_async(connection).await.unwrap();
                assert_eq!(granted, *allowed);
                1
            }
        }
    }
}

async fn get(connection: &mut MultiplexedConnection, history: usize, number: u64) -> Vec<u8> {
    let mut command = redis::cmd("GET");
    command.arg(seed::value_key(history, number)).query_async(connection).await.unwrap()
}

/// A contact with one of the customers, and the name of a request.
fn contact(history: usize, dice: &mut Dice, question: Question) -> (v1::Contact, String) {
    let (_, customers) = seed::HISTORIES.into_iter().find(|(it, _)| *it == history).unwrap();
    let contact = v1::Contact {
        customer_id: seed::customer(history, dice.roll(customers)),
        channel: "email".to_owned(),
        purpose: if question.allowed { "marketing" } else { "newsletter" }.to_owned(),
        campaign: Some("autumn-2026".to_owned()),
        ..v1::Contact::default()
    };
    (contact, format!("bench-{:016x}", dice.roll(u64::MAX)))
}

async fn alone(
    client: &mut ContactServiceClient<Channel>,
    question: Question,
    (contact, request_id): (v1::Contact, String),
) {
    let decision = match question.what {
        What::Check => {
            let contact = Some(contact);
            let request = v1::CheckContactRequest { contact, ..Default::default() };
            client.check_contact(request).await.unwrap().into_inner().decision
        }
        What::Reserve => {
            let contact = Some(contact);
            let request = v1::ReserveContactRequest { contact, request_id, ..Default::default() };
            client.reserve_contact(request).await.unwrap().into_inner().decision
        }
    };
    expect(decision, question);
}

async fn together(
    client: &mut ContactServiceClient<Channel>,
    question: Question,
    drawn: Vec<(v1::Contact, String)>,
) {
    match question.what {
        What::Check => {
            use v1::batch_check_result::Result;
            let contacts = drawn.into_iter().map(|(contact, _)| contact).collect();
            let request = v1::BatchCheckContactsRequest { contacts, ..Default::default() };
            let response = client.batch_check_contacts(request).await.unwrap().into_inner();
            for result in response.results {
                match result.result.unwrap() {
                    Result::Decision(decision) => expect(Some(decision), question),
                    Result::Error(error) => panic!("{}", error.message),
                }
            }
        }
        What::Reserve => {
            use v1::batch_reserve_result::Result;
            let reservations = drawn.into_iter().map(|(contact, request_id)| {
                v1::BatchReservation { contact: Some(contact), request_id, hold: None }
            });
            let reservations = reservations.collect();
            let request = v1::BatchReserveContactsRequest { reservations, ..Default::default() };
            let response = client.batch_reserve_contacts(request).await.unwrap().into_inner();
            for result in response.results {
                match result.result.unwrap() {
                    Result::Reservation(reserved) => expect(reserved.decision, question),
                    Result::Error(error) => panic!("{}", error.message),
                }
            }
        }
    }
}

/// An answer that is not the expected one, or was given without the record, measures something
/// else.
fn expect(decision: Option<v1::Decision>, question: Question) {
    let decision = decision.unwrap();
    let expected = if question.allowed { Effect::Allow } else { Effect::Deny };
    assert!(decision.effect() == expected && !decision.degraded, "{decision:?}");
}

//! Recipients that are asked about in one call, until each has an answer.

use prost::Message;
use tokio::sync::Mutex;
use tonic::Status;

use crate::cli::Error;
use crate::cli::remote;
use crate::cli::remote::Broken;
use crate::cli::remote::clear::firsts::Firsts;
use crate::cli::remote::clear::recipients::Recipient;
use crate::cli::remote::clear::recipients::Recipients;
use crate::cli::remote::sign_in::Connection;
use crate::cli::rows::Place;
use crate::proto::v1;
use crate::proto::v1::ErrorReason;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The most recipients of a batch: as many as the API takes.
const ROWS_MAX: usize = 1_000;
/// The number of bytes, of rows and of contacts, after which a batch takes no further row.
const BYTES_MAX: usize = 512 << 10;

/// The question about every recipient.
#[derive(Debug)]
pub(super) struct BatchQuestion {
    /// The contact; its customer is not set.
    pub(super) contact: v1::Contact,
    pub(super) tenant: Option<String>,
    /// The settings of reservations, if there are to be any.
    pub(super) reservation: Option<Reservation>,
}

/// The settings of reservations.
#[derive(Debug)]
pub(super) struct Reservation {
    /// The beginning of the ids of all requests.
    pub(super) run: String,
    pub(super) hold: Option<prost_types::Duration>,
}

/// The result for a recipient.
#[derive(Debug)]
pub(super) enum Answer {
    /// The server has decided; and until when it is reserved.
    Decided(Box<v1::Decision>, Option<prost_types::Timestamp>),
    /// The recipient was not asked about: the customer was in this row already.
    Duplicate(u64),
    /// The row cannot be asked about.
    Invalid(String),
}

/// Recipients that were read together.
#[derive(Debug)]
pub(super) struct Batch {
    /// Each with its answer, once it has one.
    pub(super) rows: Vec<(Recipient, Option<Answer>)>,
    /// For each, the first row of the same id with other capitals. Only the server knows whether
    /// these are one customer.
    alike: Vec<Option<u64>>,
    /// The number of the first row in the file, from 1.
    pub(super) first: u64,
    /// The place where the rows end.
    pub(super) end: Place,
}

/// The server's answer about one recipient.
#[derive(Default)]
struct Said {
    decided: Option<(v1::Decision, Option<prost_types::Timestamp>)>,
    error: Option<v1::ItemError>,
}

impl BatchQuestion {
    /// The request id of a row's reservation.
    pub(super) fn request_id(&self, row: u64) -> Option<String> {
        self.reservation.as_ref().map(|reservation| format!("{}-{row}", reservation.run))
    }
}

impl Batch {
    /// The next rows, of which the first has this number; `None` at the end of the file.
    pub(super) fn read(
        recipients: &mut Recipients,
        (first, firsts): (u64, &mut Firsts),
        question: &BatchQuestion,
    ) -> Result<Option<Self>, Error> {
        let each = question.contact.encoded_len();
        let (mut rows, mut alike) = (Vec::new(), Vec::new());
        let mut bytes = 0;
        while rows.len() < ROWS_MAX && bytes < BYTES_MAX {
            let Some(recipient) = recipients.next()? else { break };
            bytes += recipient.begins.len() + each;
            let row = first + u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let (answer, first) = match &recipient.id {
                Err(why) => (Some(Answer::Invalid(why.clone())), None),
                // A reservation takes the earlier ones into account.
                Ok(_) if question.reservation.is_some() => (None, None),
                Ok(id) => {
                    let first = firsts.before_without_case(id, row);
                    (firsts.before(id, row).map(Answer::Duplicate), first)
                }
            };
            rows.push((recipient, answer));
            alike.push(first);
        }
        let end = recipients.place();
        Ok((!rows.is_empty()).then_some(Self { rows, alike, first, end }))
    }

    /// The number of its rows.
    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX)
    }

    /// Asks until every recipient has an answer. Errors that pass are waited out. A run is not as
    /// urgent as a message, so answers that were given without the customer's record are not taken.
    /// A caller that asks again holds `again`: a server that could not do all batches in time is
    /// asked for one after the other.
    pub(super) async fn answered(
        mut self,
        channel: Connection,
        question: &BatchQuestion,
        again: &Mutex<()>,
    ) -> Result<Self, Broken> {
        let mut client = ContactServiceClient::new(channel);
        let mut pauses = remote::PAUSES.iter();
        let mut turn = None;
        loop {
            let open: Vec<usize> = self
                .rows
                .iter()
                .enumerate()
                .filter(|(_, (_, it))| it.is_none())
                .map(|it| it.0)
                .collect();
            if open.is_empty() {
                return Ok(self);
            }
            let why = match self.ask(&mut client, question, &open).await {
                Ok(said) => self.take(&open, said)?,
                Err(status) => match Broken::of(&status) {
                    Broken::Off(why) => Some(why),
                    broken @ Broken::For(_) => return Err(broken),
                },
            };
            let Some(why) = why else { return Ok(self) };
            let Some(pause) = pauses.next() else { return Err(Broken::Off(why)) };
            remote::pause(*pause).await;
            if turn.is_none() {
                turn = Some(again.lock().await);
            }
        }
    }

    async fn ask(
        &mut self,
        client: &mut ContactServiceClient<Connection>,
        question: &BatchQuestion,
        open: &[usize],
    ) -> Result<Vec<Said>, Status> {
        let rows = open.iter().filter_map(|position| Some((*position, self.rows.get(*position)?)));
        let contacts = rows.map(|(position, (recipient, _))| {
            let customer_id = recipient.id.clone().unwrap_or_default();
            let row = self.first + u64::try_from(position).unwrap_or(u64::MAX);
            (row, v1::Contact { customer_id, ..question.contact.clone() })
        });
        let tenant = question.tenant.clone();
        if let Some(reservation) = &question.reservation {
            let reservations = contacts.map(|(row, contact)| v1::BatchReservation {
                contact: Some(contact),
                request_id: question.request_id(row).unwrap_or_default(),
                hold: reservation.hold,
            });
            let reservations = reservations.collect();
            let request = v1::BatchReserveContactsRequest { reservations, tenant };
            let response = client.batch_reserve_contacts(request).await?.into_inner();
            return Ok(response.results.into_iter().map(Said::of_reservation).collect());
        }
        let contacts = contacts.map(|(_, contact)| contact).collect();
        let request = v1::BatchCheckContactsRequest { contacts, tenant, ..Default::default() };
        let response = client.batch_check_contacts(request).await?.into_inner();
        if response.ignores_case {
            let first = self.alike.iter().copied();
            for ((_, answer), first) in self.rows.iter_mut().zip(first) {
                *answer = first.map(Answer::Duplicate).or_else(|| answer.take());
            }
        }
        Ok(response.results.into_iter().map(Said::of_check).collect())
    }

    /// Takes what the server said, and returns why some are still to be asked about, if any are.
    fn take(&mut self, open: &[usize], said: Vec<Said>) -> Result<Option<String>, Error> {
        let mut why = (said.len() < open.len()).then(|| "the server left answers out".to_owned());
        for (position, said) in open.iter().zip(said) {
            let Some((_, answer @ None)) = self.rows.get_mut(*position) else { continue };
            match (said.decided, said.error) {
                (Some((decision, _)), _) if decision.degraded => {
                    why = Some("the server cannot read customers' records".to_owned());
                }
                (Some((decision, expires)), _) => {
                    *answer = Some(Answer::Decided(Box::new(decision), expires));
                }
                (None, Some(error)) if error.reason() == ErrorReason::UndeclaredName => {
                    return Err(Error::Input(error.message));
                }
                (None, Some(error)) if remote::is_passing(error.status_code.into()) => {
                    why = Some(error.message);
                }
                (None, Some(error)) => *answer = Some(Answer::Invalid(error.message)),
                (None, None) => why = Some("the server left an answer out".to_owned()),
            }
        }
        Ok(why)
    }
}

impl Said {
    fn of_check(result: v1::BatchCheckResult) -> Self {
        use v1::batch_check_result::Result;
        match result.result {
            Some(Result::Decision(decision)) => {
                Self { decided: Some((decision, None)), ..Self::default() }
            }
            Some(Result::Error(error)) => Self { error: Some(error), ..Self::default() },
            None => Self::default(),
        }
    }

    fn of_reservation(result: v1::BatchReserveResult) -> Self {
        use v1::batch_reserve_result::Result;
        match result.result {
            Some(Result::Reservation(reserved)) => {
                let expires = reserved.expire_time;
                Self { decided: reserved.decision.map(|it| (it, expires)), ..Self::default() }
            }
            Some(Result::Error(error)) => Self { error: Some(error), ..Self::default() },
            None => Self::default(),
        }
    }
}

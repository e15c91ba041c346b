//! Sends chunks of rows and hears what became of them. A chunk is kept until it is answered, so
//! that a server that went away and came back gets it again: what has landed is not added twice.

use std::collections::VecDeque;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use super::Sums;
use super::Telling;
use crate::cli::Error;
use crate::cli::remote;
use crate::cli::remote::Broken;
use crate::cli::remote::Remote;
use crate::cli::rows::Problem;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::proto::v1::import_contacts_request::Part;

/// The number of chunks that are on their way at once.
const CHUNKS_AHEAD: usize = 4;

/// A call that is going on.
struct Call {
    sender: mpsc::Sender<v1::ImportContactsRequest>,
    answers: Streaming<v1::ImportContactsResponse>,
    /// The number of waiting chunks that were sent in it.
    sent: usize,
    /// The results of the rows before it.
    before: Sums,
}

/// The settings for sending chunks, and those on their way.
pub(super) struct Sending<'a> {
    remote: &'a Remote,
    options: v1::ImportContactsOptions,
    call: Option<Call>,
    ahead: VecDeque<Vec<v1::ContactRow>>,
}

impl<'a> Sending<'a> {
    pub(super) const fn new(remote: &'a Remote, options: v1::ImportContactsOptions) -> Self {
        Self { remote, options, call: None, ahead: VecDeque::new() }
    }

    /// Sends a chunk, and hears of earlier ones.
    pub(super) async fn push(
        &mut self,
        rows: Vec<v1::ContactRow>,
        telling: &mut Telling<'_>,
    ) -> Result<(), Error> {
        self.ahead.push_back(rows);
        self.until(CHUNKS_AHEAD, telling).await
    }

    /// Hears of all chunks, and ends the call, so that the server notes the end of the import.
    pub(super) async fn finish(mut self, telling: &mut Telling<'_>) -> Result<(), Error> {
        // Also an import of no rows asks: the server may refuse.
        self.until(0, telling).await?;
        let Some(Call { sender, mut answers, .. }) = self.call.take() else { return Ok(()) };
        drop(sender);
        match answers.message().await {
            Ok(_end) => Ok(()),
            Err(status) => Err(Error::Api(Box::new(status))),
        }
    }

    /// Waits until at most `most` chunks are unanswered. If the failure is a passing one, it waits
    /// and tries again.
    async fn until(&mut self, most: usize, telling: &mut Telling<'_>) -> Result<(), Error> {
        let mut pauses = remote::PAUSES.iter();
        loop {
            let before = self.ahead.len();
            match self.step(most, telling).await {
                Ok(()) if self.ahead.len() <= most => return Ok(()),
                Ok(()) => {}
                Err(Broken::For(error)) => return Err(error),
                Err(Broken::Off(why)) => {
                    self.call = None;
                    let is_dry = self.options.dry_run.unwrap_or_default();
                    match pauses.next() {
                        Some(pause) if !is_dry => remote::pause(*pause).await,
                        Some(_) | None => return Err(broken_off(telling.name, &why)),
                    }
                }
            }
            if self.ahead.len() < before {
                pauses = remote::PAUSES.iter();
            }
        }
    }

    /// Sends what was not sent, and hears of the first chunk if too many wait.
    async fn step(&mut self, most: usize, telling: &mut Telling<'_>) -> Result<(), Broken> {
        if self.call.is_none() {
            self.call = Some(begin(self.remote, &self.options, &telling.sums).await?);
        }
        let Some(call) = &mut self.call else { return Ok(()) };
        for rows in self.ahead.iter().skip(call.sent) {
            let part = Some(Part::Chunk(v1::ImportContactsChunk { rows: rows.clone() }));
            // Where the server has stopped listening, the answers say why.
            drop(call.sender.send(v1::ImportContactsRequest { part }).await);
            // Sending is no waiting: let the connection have its turn.
            tokio::task::yield_now().await;
        }
        call.sent = self.ahead.len();
        if self.ahead.len() <= most {
            return Ok(());
        }
        let answer = answer(&mut call.answers).await?;
        telling.sums = call.before.plus(&answer);
        call.sent -= 1;
        self.ahead.pop_front();
        for row in answer.refused_rows {
            let problems =
                row.violations.into_iter().map(|it| Problem::new(Some(&it.field), it.description));
            telling.refused(row.row_number, &problems.collect::<Vec<_>>())?;
        }
        telling.progress.show(0, telling.sums.rows(), telling.err)?;
        Ok(())
    }
}

async fn begin(
    remote: &Remote,
    options: &v1::ImportContactsOptions,
    sums: &Sums,
) -> Result<Call, Broken> {
    // A server that has never answered is not waited for.
    let connected = remote.connect_for_long().await;
    let channel = match connected {
        Ok(channel) => channel,
        Err(error) if sums.rows() == 0 => return Err(Broken::For(error)),
        Err(error) => return Err(Broken::Off(error.to_string())),
    };
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD + 2);
    let part = Some(Part::Options(options.clone()));
    drop(sender.send(v1::ImportContactsRequest { part }).await);
    let mut client = CustomerServiceClient::new(channel);
    let answers = client.import_contacts(ReceiverStream::new(receiver)).await;
    let mut answers = answers.map_err(|status| Broken::of(&status))?.into_inner();
    answer(&mut answers).await?;
    Ok(Call { sender, answers, sent: 0, before: sums.clone() })
}

async fn answer(
    answers: &mut Streaming<v1::ImportContactsResponse>,
) -> Result<v1::ImportContactsResponse, Broken> {
    let answer = answers.message().await.map_err(|status| Broken::of(&status))?;
    answer.ok_or_else(|| Broken::Off("the server ended it".to_owned()))
}

fn broken_off(name: &str, why: &str) -> Error {
    Error::Input(format!(
        "the import of `{name}` broke off: {why}; make it again: what has landed is not added twice"
    ))
}

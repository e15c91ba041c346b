//! Sends rows and hears what became of them. A few chunks are on their way at any time; what they
//! and the reader hold is all the memory that a file of any length takes.

use std::collections::VecDeque;
use std::io::Write;

use prost::Message;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use crate::cli::Error;
use crate::cli::remote::Broken;
use crate::cli::remote::import::Landing;
use crate::cli::remote::import::report::Passed;
use crate::cli::remote::import::report::Report;
use crate::cli::remote::progress::Progress;
use crate::cli::remote::sign_in::Connection;
use crate::cli::rows::Place;
use crate::cli::rows::Problem;
use crate::cli::rows::Rows;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::proto::v1::import_customers_request::Part;

/// The most rows of a chunk.
const CHUNK_ROWS: usize = 1_000;
/// The number of bytes after which a chunk takes no further row.
const CHUNK_BYTES: usize = 256 << 10;
/// The longest row, so that every chunk is one that the server takes.
const MESSAGE_BYTES_MAX: usize = 512 << 10;
/// The number of chunks that are on their way at once.
const CHUNKS_AHEAD: usize = 4;

/// The settings for sending rows.
#[derive(Debug)]
pub(super) struct Sending {
    pub(super) name: String,
    pub(super) options: v1::ImportOptions,
    /// Whether the progress of the import is saved.
    pub(super) save: bool,
}

/// The state and the report of an import, which are kept up to date.
pub(super) struct Telling<'a> {
    pub(super) state: &'a mut Landing,
    pub(super) report: &'a mut Report,
    pub(super) progress: &'a mut Progress,
    pub(super) err: &'a mut dyn Write,
}

/// Rows that were read together.
#[derive(Debug, Default)]
struct Chunk {
    rows: Vec<v1::ImportRow>,
    /// The rows that are not customers, by their lines.
    refused: Vec<(u64, Vec<Problem>)>,
    /// The rows and lines that are not sent to a server.
    passed: Passed,
    end: Option<Place>,
}

impl Sending {
    /// Sends all rows, and returns when the last is acknowledged.
    pub(super) async fn send(
        self,
        channel: Connection,
        mut rows: Rows,
        mut telling: Telling<'_>,
    ) -> Result<(), Broken> {
        let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD + 1);
        let mut sender = Some(sender);
        put(sender.as_ref(), Part::Options(self.options.clone())).await?;
        let mut client = CustomerServiceClient::new(channel);
        let answers = client.import_customers(ReceiverStream::new(receiver)).await;
        let mut answers = answers.map_err(|status| Broken::of(&status))?.into_inner();
        answer(&mut answers).await?;
        let mut before = telling.state.done.counts;
        let mut ahead = VecDeque::new();
        loop {
            while ahead.len() < CHUNKS_AHEAD && sender.is_some() {
                let mut chunk = Chunk::read(&mut rows)?;
                if chunk.end.is_none() {
                    drop(sender.take());
                    break;
                }
                let sent = !chunk.rows.is_empty();
                if sent {
                    let rows = std::mem::take(&mut chunk.rows);
                    put(sender.as_ref(), Part::Chunk(v1::ImportChunk { rows })).await?;
                }
                ahead.push_back((sent, chunk));
                // Reading is no waiting: let the connection have its turn.
                tokio::task::yield_now().await;
            }
            let Some((sent, mut chunk)) = ahead.pop_front() else {
                telling.state.done.counts.passed.empty_lines += rows.take_empty_lines();
                telling.state.done.lines = rows.lines();
                return Ok(());
            };
            before.passed = before.passed.plus(chunk.passed);
            before.refused += u64::try_from(chunk.refused.len()).unwrap_or_default();
            let mut counts = telling.state.done.counts;
            counts.passed = before.passed;
            if sent {
                let answer = answer(&mut answers).await?;
                for row in answer.refused_rows {
                    chunk.refused.push((row.row_number, problems(&rows, row.violations)));
                }
                counts = before.plus(answer.counts.unwrap_or_default());
            } else {
                counts.refused += u64::try_from(chunk.refused.len()).unwrap_or_default();
            }
            telling.state.done.counts = counts;
            telling.state.done.place = chunk.end;
            self.tell(chunk, &mut telling)?;
        }
    }

    fn tell(&self, mut chunk: Chunk, telling: &mut Telling<'_>) -> Result<(), Broken> {
        chunk.refused.sort_by_key(|(line, _)| *line);
        if !chunk.refused.is_empty() {
            telling.progress.clear(telling.err)?;
        }
        for (line, problems) in chunk.refused {
            telling.report.refused((&self.name, line), &problems, telling.err)?;
        }
        telling.report.flush()?;
        let byte = chunk.end.map_or(0, |end| end.byte);
        telling.progress.show(byte, telling.state.done.counts.rows(), telling.err)?;
        if self.save && telling.state.is_due() {
            telling.state.save()?;
        }
        Ok(())
    }
}

impl Chunk {
    /// The next rows; without an end at the end of the file.
    fn read(rows: &mut Rows) -> Result<Self, Error> {
        let mut chunk = Self::default();
        let mut bytes = 0;
        while chunk.count() < CHUNK_ROWS && bytes < CHUNK_BYTES {
            let Some(row) = rows.next()? else { break };
            chunk.end = Some(rows.place());
            let length =
                row.customer.as_ref().map_or(0, |it| it.as_ref().map_or(0, Message::encoded_len));
            match row.customer {
                Ok(None) => chunk.passed.rows += 1,
                Ok(Some(_)) if length > MESSAGE_BYTES_MAX => {
                    let what = "holds more than the server takes";
                    chunk.refused.push((row.line, vec![Problem::new(None, what)]));
                }
                Ok(Some(customer)) => {
                    chunk.passed.mute += u64::from(is_mute(&customer));
                    let (row_number, customer) = (row.line, Some(customer));
                    chunk.rows.push(v1::ImportRow { row_number, customer });
                }
                Err(problems) => chunk.refused.push((row.line, problems)),
            }
            bytes += length;
        }
        if chunk.end.is_some() {
            // Empty lines behind the last row are part of this chunk.
            chunk.passed.empty_lines = rows.take_empty_lines();
            chunk.end = Some(rows.place());
        }
        Ok(chunk)
    }

    fn count(&self) -> usize {
        let passed = usize::try_from(self.passed.rows).unwrap_or(usize::MAX);
        self.rows.len().saturating_add(self.refused.len()).saturating_add(passed)
    }
}

/// Whether a row has nothing but the customer's id.
fn is_mute(row: &v1::CustomerRow) -> bool {
    let customer_id = row.customer_id.clone();
    *row == v1::CustomerRow { customer_id, ..v1::CustomerRow::default() }
}

/// Hands a part to the connection. There is room for it unless the connection is gone.
async fn put(
    sender: Option<&mpsc::Sender<v1::ImportCustomersRequest>>,
    part: Part,
) -> Result<(), Broken> {
    if let Some(sender) = sender {
        // Where the server has stopped listening, the answers say why.
        drop(sender.send(v1::ImportCustomersRequest { part: Some(part) }).await);
    }
    Ok(())
}

async fn answer(
    answers: &mut Streaming<v1::ImportCustomersResponse>,
) -> Result<v1::ImportCustomersResponse, Broken> {
    let answer = answers.message().await.map_err(|status| Broken::of(&status))?;
    answer.ok_or_else(|| Broken::Off("the server ended it".to_owned()))
}

fn problems(rows: &Rows, violations: Vec<v1::RowViolation>) -> Vec<Problem> {
    let violations = violations.into_iter();
    violations.map(|it| Problem::new(Some(&rows.name_of(&it.field)), it.description)).collect()
}

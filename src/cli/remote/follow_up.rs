//! Reports the outcome of the contacts of a list: they were sent or were not, or customers reacted
//! to them. Rows are read and sent in batches, and refused ones are reported with their lines.
//! Repeating a list changes nothing, so a run that breaks off is run again.

mod counts;
mod engage;
mod row;
mod settle;

use std::io::IsTerminal;
use std::io::Write;
use std::path::PathBuf;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use prost::Message;
use tonic::Status;

use self::counts::Counts;
pub(crate) use self::engage::Engage;
pub(crate) use self::engage::engage;
use self::row::Row;
pub(super) use self::settle::Confirming;
pub(super) use self::settle::Releasing;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::remote;
use crate::cli::remote::Broken;
use crate::cli::remote::Remote;
use crate::cli::remote::problems::Problems;
use crate::cli::remote::problems::sums_to;
use crate::cli::remote::progress::Progress;
use crate::cli::remote::sign_in::Connection;
use crate::cli::rows::List;
use crate::cli::rows::Problem;
use crate::cli::rows::Reading;
use crate::cli::rows::table::Table;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The most rows of a batch: as many as the API takes.
const ROWS_MAX: usize = 1_000;
/// The number of bytes after which a batch takes no further row.
const BYTES_MAX: usize = 512 << 10;
/// The number of batches that are on their way at once.
const BATCHES_AHEAD: usize = 8;
/// Over how many connections, so that all cores of a server have something to do.
const CONNECTIONS: usize = 4;

/// Which list is read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// A list of many, such as `courtesy clear --reserve` writes: CSV with a header, JSON
    /// Lines or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// The column of FILE that names the customer; without it, customer_id or id
    #[arg(long, value_name = "COLUMN", requires = "file")]
    id_column: Option<String>,
    /// What `courtesy clear` was told that the names of its columns begin with
    #[arg(long, value_name = "TEXT", default_value = "", requires = "file")]
    prefix: String,
    /// Write what is wrong with the refused rows of FILE to a CSV file; `-` is standard output,
    /// and the sums go to standard error
    #[arg(long, value_name = "ERRORS", requires = "file")]
    errors: Option<PathBuf>,
    /// Show progress also where standard error is not a terminal
    #[arg(long, requires = "file")]
    progress: bool,
}

/// The report of each row of a list.
pub(super) trait Saying {
    /// A row as a batch holds it.
    type Item: Message + Clone;

    /// The words for the counts.
    const WORDS: Phrases;

    /// The columns that a list must have, any of each group.
    fn columns(&self) -> Vec<Vec<String>>;

    /// The item of a row; `None` if the row is not ours.
    fn item(&self, row: Row<'_>) -> Result<Option<Self::Item>, Problem>;

    /// Sends some rows, and returns for each whether it came late, or why it was refused.
    async fn say(
        client: &mut ContactServiceClient<Connection>,
        items: Vec<Self::Item>,
        tenant: Option<String>,
    ) -> Result<Vec<Result<bool, v1::ItemError>>, Status>;
}

/// The words for the counts of a list's rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrases {
    /// The rows that were accepted.
    pub(super) done: &'static str,
    /// The accepted rows that came late, if any can.
    pub(super) late: Option<&'static str>,
    /// The rows without an item.
    pub(super) passed: &'static str,
    /// The message if no row has an item.
    pub(super) nothing: &'static str,
}

/// Rows that are said together.
struct Batch<I> {
    /// Each with its line, until it is answered.
    open: Vec<(u64, I)>,
    refused: Vec<(u64, Vec<Problem>)>,
    counts: Counts,
    /// The place up to which the list has been read with these rows.
    byte: u64,
}

/// Sends all rows of a list.
pub(super) fn run<S: Saying>(
    (saying, list, remote): (&S, &ListArgs, &Remote),
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let Some(path) = &list.file else {
        return Err(Error::Input("name a list".to_owned()));
    };
    let mut problems = Problems::start(list.errors.as_deref(), false)?;
    let opened = list.reading.open(path)?;
    let table = Table::open(&opened, None)?;
    if let Some(header) = table.header() {
        row::require(&saying.columns(), header, opened.source.name())?;
    }
    let shown = list.progress || std::io::stderr().is_terminal();
    let mut progress = Progress::of(&opened.source, shown);
    let reading =
        OpenList { table, list: &opened, problems: &mut problems, progress: &mut progress };
    let ended = remote::run(say_all(saying, remote, reading, err));
    progress.clear(err)?;
    problems.flush()?;
    let counts = ended?;
    counts.write(S::WORDS, remote.json, sums_to(list.errors.as_deref(), out, err))?;
    let taken = counts.refused == 0 && (counts.done > 0 || counts.rows() == 0);
    Ok(if taken { Outcome::Yes } else { Outcome::No })
}

/// A list that is read, and where its progress and its mistakes are shown.
struct OpenList<'a> {
    table: Table,
    list: &'a List,
    problems: &'a mut Problems,
    progress: &'a mut Progress,
}

async fn say_all<S: Saying>(
    saying: &S,
    remote: &Remote,
    reading: OpenList<'_>,
    err: &mut dyn Write,
) -> Result<Counts, Error> {
    let OpenList { mut table, list, problems, progress } = reading;
    let channels = remote.connect_often(CONNECTIONS).await?;
    let mut channels = channels.iter().cycle();
    let mut counts = Counts::default();
    let mut ahead = FuturesOrdered::new();
    let mut more = true;
    loop {
        while more && ahead.len() < BATCHES_AHEAD {
            let batch = read(saying, &mut table)?;
            more = batch.is_some();
            if let (Some(batch), Some(channel)) = (batch, channels.next()) {
                ahead.push_back(answered::<S>(batch, channel.clone(), remote.tenant()));
            }
        }
        let Some(batch) = ahead.next().await else { break };
        let mut batch = match batch {
            Ok(batch) => batch,
            Err(Broken::For(error)) => return Err(error),
            Err(Broken::Off(why)) => {
                let (name, rows) = (list.source.name(), counts.rows());
                return Err(Error::Input(format!(
                    "`{name}` broke off behind its first {rows} rows: {why}; run it again: what is \
                     said twice changes nothing"
                )));
            }
        };
        batch.refused.sort_by_key(|(line, _)| *line);
        if !batch.refused.is_empty() {
            progress.clear(err)?;
        }
        for (line, wrong) in &batch.refused {
            problems.refused((list.source.name(), *line), wrong, err)?;
        }
        counts.add(batch.counts);
        progress.show(batch.byte, counts.rows(), err)?;
    }
    Ok(counts)
}

/// The next rows; `None` at the end of the list.
fn read<S: Saying>(saying: &S, table: &mut Table) -> Result<Option<Batch<S::Item>>, Error> {
    let mut batch =
        Batch { open: Vec::new(), refused: Vec::new(), counts: Counts::default(), byte: 0 };
    let (mut rows, mut bytes) = (0, 0);
    while rows < ROWS_MAX && bytes < BYTES_MAX {
        let Some(entry) = table.next()? else { break };
        rows += 1;
        let item = entry
            .cells
            .and_then(|cells| saying.item(Row::of(&cells)).map_err(|problem| vec![problem]));
        match item {
            Ok(Some(item)) => {
                bytes += item.encoded_len();
                batch.open.push((entry.line, item));
            }
            Ok(None) => batch.counts.passed_over += 1,
            Err(problems) => batch.refuse(entry.line, problems),
        }
    }
    batch.byte = table.place().byte;
    Ok((rows > 0).then_some(batch))
}

/// Sends a batch until every row has an answer, and waits out passing failures.
async fn answered<S: Saying>(
    mut batch: Batch<S::Item>,
    channel: Connection,
    tenant: Option<String>,
) -> Result<Batch<S::Item>, Broken> {
    let mut client = ContactServiceClient::new(channel);
    let mut pauses = remote::PAUSES.iter();
    while !batch.open.is_empty() {
        let items = batch.open.iter().map(|(_, item)| item.clone()).collect();
        let why = match S::say(&mut client, items, tenant.clone()).await {
            Ok(answers) => batch.take(answers)?,
            Err(status) => match Broken::of(&status) {
                Broken::Off(why) => Some(why),
                broken @ Broken::For(_) => return Err(broken),
            },
        };
        let Some(why) = why else { break };
        let Some(pause) = pauses.next() else { return Err(Broken::Off(why)) };
        remote::pause(*pause).await;
    }
    Ok(batch)
}

impl<I> Batch<I> {
    /// Takes what the server said, and returns why some rows are still to be said, if any are.
    fn take(&mut self, answers: Vec<Result<bool, v1::ItemError>>) -> Result<Option<String>, Error> {
        let open = std::mem::take(&mut self.open);
        let mut why = None;
        let mut answers = answers.into_iter();
        for (line, item) in open {
            match answers.next() {
                Some(Ok(late)) => {
                    self.counts.done += 1;
                    self.counts.late += u64::from(late);
                }
                Some(Err(error)) if remote::is_passing(error.status_code.into()) => {
                    why = Some(error.message);
                    self.open.push((line, item));
                }
                Some(Err(error)) => self.refuse(line, vec![problem(&error.message)]),
                None => {
                    why = Some("the server left answers out".to_owned());
                    self.open.push((line, item));
                }
            }
        }
        Ok(why)
    }

    fn refuse(&mut self, line: u64, problems: Vec<Problem>) {
        self.counts.refused += 1;
        self.refused.push((line, problems));
    }
}

/// The server's message about a row, without its place in the batch, which a reader of the list
/// does not know.
fn problem(message: &str) -> Problem {
    match message.split_once("].") {
        Some((place, rest)) if place.contains('[') => match rest.split_once(": ") {
            Some((field, what)) => Problem::new(Some(field), what),
            None => Problem::new(None, rest),
        },
        Some(_) | None => Problem::new(None, message),
    }
}

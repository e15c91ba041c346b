//! `courtesy import-contacts`: contacts that were made before, so that budgets are right on the
//! first day. The rows of a customer are sent together, so that a record is written once. A long
//! file is read several times, each time for another part of the customers, so that what is in
//! memory does not grow with it. What is on record already is not added again, so an import that
//! breaks off is made again.

mod columns;
mod send;
mod sums;

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::io::IsTerminal;
use std::io::Write;
use std::path::PathBuf;

use prost::Message;
use siphasher::sip::SipHasher24;

use self::columns::Columns;
use self::send::Sending;
use self::sums::Sums;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::remote::problems::Problems;
use crate::cli::remote::problems::sums_to;
use crate::cli::remote::progress::Progress;
use crate::cli::rows::List;
use crate::cli::rows::Problem;
use crate::cli::rows::Reading;
use crate::cli::rows::plan::Mapping;
use crate::cli::rows::table::Table;
use crate::cli::rows::times::LocalZone;
use crate::cli::rows::times::TimeFormat;
use crate::model::Label;
use crate::model::Name;
use crate::proto::v1;

/// The most rows of a chunk: as many as the API takes.
const CHUNK_ROWS: usize = 1_000;
/// The number of bytes after which a chunk takes no further customer.
const CHUNK_BYTES: usize = 256 << 10;
/// The maximum number of bytes of a chunk, so that the server accepts it.
const CHUNK_BYTES_MAX: usize = 896 << 10;
/// The longest row: longer than any that the server does not refuse.
const ROW_BYTES: usize = 64 << 10;
/// The number of bytes of a file that are worked on in one reading of it.
const PART_BYTES: u64 = 32 << 20;
/// The factor by which the text of a packed file may be longer.
const PACKED: u64 = 8;

/// The text after the options. `{labels}` becomes the labels of contacts.
fn help() -> String {
    let labels = Vec::from_iter(Label::ALL.map(Label::as_str)).join(", ");
    HELP.replace("{labels}", &labels)
}

const HELP: &str = "A row has the customer (column customer_id or id), the time of the contact \
(contact_time, send_time, sent_at or time, such as 2026-03-09T16:20:00Z), channel and purpose. It \
may have {labels}, occasions (separated by `;`), priority and unanswered. --map \
gives a column another name. --channel and --purpose apply to all rows of a file without these \
columns.

A contact that is recorded already, with the same time and labels, is not added again, so the same \
file can be imported twice. Contacts in the future are refused. Contacts that are older than the \
policy's history_retention are counted as too old, because no rule looks back so far.

--dry-run changes nothing. It prints how many customers would be at a limit: another contact like \
their last one would be refused now, because a budget is spent or because they asked for fewer.

Examples:
  courtesy import-contacts sent.csv --dry-run
  courtesy import-contacts sent.csv
  courtesy import-contacts log.csv --map Recipient=customer_id,Date=contact_time --channel email \\
    --purpose marketing --ignore-other-columns

Exit codes: 0 all rows are recorded or too old, 1 some were refused or nothing was taken from a \
file, 2 the import is not complete.";

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub(crate) struct Args {
    /// The files: CSV with a header, JSON Lines or JSON; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Which columns hold which fields, where they are not named like them: `Date=contact_time`;
    /// `-` passes over a column, and a name with a comma stands in quotes
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<Mapping>,
    /// Pass over all columns that are no fields
    #[arg(long)]
    ignore_other_columns: bool,
    /// The zone of times that name none, such as Europe/Paris
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<LocalZone>,
    /// The format of times: unix, unix-ms, or a format such as `%d/%m/%Y %H:%M`
    #[arg(long, value_name = "FORMAT")]
    time_format: Vec<TimeFormat>,
    /// The channel, where a row does not say it
    #[arg(long, value_parser = Name::new)]
    channel: Option<Name>,
    /// The purpose, where a row does not say it
    #[arg(long, value_parser = Name::new)]
    purpose: Option<Name>,
    /// Change nothing, and say what would change and how many customers would stand at a limit
    #[arg(long)]
    dry_run: bool,
    /// Write what is wrong with the refused rows to a CSV file; `-` is standard output,
    /// and the sums go to standard error
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Show progress also where standard error is not a terminal
    #[arg(long)]
    progress: bool,
    #[command(flatten)]
    remote: Remote,
}

/// The reports of an import, which are kept up to date.
struct Telling<'a> {
    name: &'a str,
    problems: &'a mut Problems,
    progress: &'a mut Progress,
    err: &'a mut dyn Write,
    /// The results of the rows so far.
    sums: Sums,
}

/// The rows of one customer, the oldest first.
type Rows = BTreeMap<(String, i64, u64), v1::ContactRow>;

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let mut problems = Problems::start(args.errors.as_deref(), false)?;
    let mut sums = Sums::default();
    let mut nothing_taken = false;
    // All are opened before anything lands of the first.
    let lists = args.files.iter().map(|path| args.reading.open(path));
    for list in lists.collect::<Result<Vec<_>, Error>>()? {
        let shown = args.progress || std::io::stderr().is_terminal();
        let mut progress = Progress::of(&list.source, shown);
        let (name, problems) = (list.source.name(), &mut problems);
        let telling = Telling {
            name,
            problems,
            progress: &mut progress,
            err: &mut *err,
            sums: Sums::default(),
        };
        let imported = remote::run(import(args, &list, telling));
        progress.clear(err)?;
        let imported = imported?;
        if imported.rows() == imported.refused {
            nothing_taken = true;
            let why = if imported.rows() == 0 {
                "there are no rows in it"
            } else {
                "every row was refused"
            };
            writeln!(err, "nothing was taken from `{}`: {why}", list.source.name())?;
        }
        sums.add(&imported);
    }
    problems.flush()?;
    let out = sums_to(args.errors.as_deref(), out, err);
    sums.write((args.dry_run, args.remote.json), out)?;
    Ok(if sums.refused == 0 && !nothing_taken { Outcome::Yes } else { Outcome::No })
}

async fn import(args: &Args, list: &List, mut telling: Telling<'_>) -> Result<Sums, Error> {
    let options =
        v1::ImportContactsOptions { dry_run: Some(args.dry_run), tenant: args.remote.tenant() };
    let mut sending = Sending::new(&args.remote, options);
    let count = parts(list);
    for number in 0..count {
        for chunk in chunks(rows(args, list, &Portion { number, count }, &mut telling)?) {
            sending.push(chunk, &mut telling).await?;
        }
    }
    sending.finish(&mut telling).await?;
    Ok(telling.sums)
}

/// A part of the customers, whose rows are taken in one reading of the list.
struct Portion {
    number: u64,
    /// The number of parts.
    count: u64,
}

/// The number of readings in which a list is worked on.
fn parts(list: &List) -> u64 {
    let name = list.source.name().to_lowercase();
    let is_packed = name.ends_with(".gz") || name.ends_with(".zst");
    let bytes = list.source.bytes().saturating_mul(if is_packed { PACKED } else { 1 });
    bytes / PART_BYTES + 1
}

/// Chunks of rows. Those of a customer are in one, as far as it takes them.
fn chunks(rows: Rows) -> Vec<Vec<v1::ContactRow>> {
    let mut customers: Vec<(String, Vec<v1::ContactRow>)> = Vec::new();
    for ((customer, ..), row) in rows {
        match customers.last_mut() {
            Some((last, own)) if *last == customer => own.push(row),
            Some(_) | None => customers.push((customer, vec![row])),
        }
    }
    let mut chunks = Vec::new();
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    for (_, own) in customers {
        let together = chunk.len() + own.len();
        if !chunk.is_empty() && (together > CHUNK_ROWS || bytes > CHUNK_BYTES) {
            chunks.push(std::mem::take(&mut chunk));
            bytes = 0;
        }
        for row in own {
            let length = row.encoded_len();
            if chunk.len() >= CHUNK_ROWS || bytes + length > CHUNK_BYTES_MAX {
                chunks.push(std::mem::take(&mut chunk));
                bytes = 0;
            }
            bytes += length;
            chunk.push(row);
        }
    }
    chunks.extend((!chunk.is_empty()).then_some(chunk));
    chunks
}

/// The rows of a part of the customers. Mistakes in rows are reported in the first reading.
fn rows(
    args: &Args,
    list: &List,
    portion: &Portion,
    telling: &mut Telling<'_>,
) -> Result<Rows, Error> {
    let mut table = Table::open(list, None)?;
    let columns = Columns::of(args, table.header(), list.source.name())?;
    let mut rows = Rows::new();
    while let Some(entry) = table.next()? {
        let row = entry.cells.and_then(|cells| columns.row(args, entry.line, &cells));
        let row = row.and_then(|row| {
            let is_short = row.encoded_len() <= ROW_BYTES;
            let what = "holds more than the server takes";
            if is_short { Ok(row) } else { Err(vec![Problem::new(None, what)]) }
        });
        match row {
            Ok(row) => {
                let contact = row.contact.as_ref();
                let customer = contact.map(|it| it.customer_id.clone()).unwrap_or_default();
                if part_of(&customer, portion.count) == portion.number {
                    let time = contact.and_then(|it| it.contact_time.as_ref());
                    let time = time.map_or(0, |time| time.seconds);
                    rows.insert((customer, time, entry.line), row);
                }
            }
            Err(problems) if portion.number == 0 => {
                telling.sums.refused += 1;
                telling.refused(entry.line, &problems)?;
            }
            Err(_) => {}
        }
    }
    Ok(rows)
}

/// The part to which a customer belongs.
fn part_of(customer: &str, parts: u64) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write(customer.as_bytes());
    hasher.finish() % parts
}

impl Telling<'_> {
    fn refused(&mut self, line: u64, problems: &[Problem]) -> Result<(), Error> {
        self.progress.clear(self.err)?;
        self.problems.refused((self.name, line), problems, self.err)
    }
}

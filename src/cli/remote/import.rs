//! `courtesy import`: customers from files, over the API. A wrong row is reported with its line,
//! and the others are imported. An import that breaks off continues after the last row that the
//! server acknowledged.

mod meant;
mod report;
mod send;

use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use self::meant::Meant;
use self::report::Report;
use self::send::Sending;
use self::send::Telling;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::remote;
use crate::cli::remote::Broken;
use crate::cli::remote::Remote;
use crate::cli::remote::import::report::Counts;
use crate::cli::remote::problems::sums_to;
use crate::cli::remote::progress::Progress;
use crate::cli::remote::state::State;
use crate::cli::remote::state::Work;
use crate::cli::rows::List;
use crate::cli::rows::Place;
use crate::cli::rows::Plan;
use crate::cli::rows::Reading;
use crate::cli::rows::Rows;
use crate::cli::rows::table::Lines;
use crate::cli::values;
use crate::model::Instant;
use crate::model::Name;
use crate::proto::v1;
use crate::rpc::convert::time::timestamp;

const HELP: &str = "\
Examples:
  courtesy import customers.csv
  courtesy import --as mailchimp unsubscribed_members.csv
  courtesy import --as auto export.json.gz          prints the format that it found
  courtesy import --wish channel=email --id Email unsubscribed.csv
  courtesy import --id Email --ignore-other-columns \\
    --map '\"No mail, please\"=opt_out:channel=email,\"No calls\"=opt_out:channel=voice' crm.csv
  courtesy import --time-zone Europe/Paris --time-format '%d/%m/%Y %H:%M' crm.csv
  zcat crm.csv.gz | courtesy import -

Every line of a file is counted. The rows that are imported, unchanged, refused and passed over \
add up to all rows; these, the header, empty lines and lines within quoted cells to all lines.

Exit codes: 0 all rows were taken, 1 some were refused or nothing was taken from a file, 2 the \
import is not complete.";

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    /// The files: CSV with a header, JSON Lines or JSON; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "profiles")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    meant: Meant,
    /// Change nothing, and say what would change
    #[arg(long)]
    dry_run: bool,
    /// Let a yes end an opt-out that is older; otherwise such a yes is only counted
    #[arg(long)]
    allow_opt_in: bool,
    /// The source of wishes that have none in their row
    #[arg(long, value_parser = Name::new)]
    source: Option<Name>,
    /// The proof of consents that have none in their row
    #[arg(long, value_name = "TEXT")]
    evidence: Option<String>,
    /// The time of wishes that have none in their row; by default now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    event_time: Option<Instant>,
    /// Go on where an earlier import of the same files stopped
    #[arg(long)]
    resume: bool,
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

/// The interval at which the progress of an import is saved. Later rows are sent again if it breaks
/// off, which changes nothing.
const SAVE_EVERY_MILLIS: u128 = 200;

/// The progress of an import.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Landed {
    /// The end of what is acknowledged; unset before the first row.
    place: Option<Place>,
    /// The results of the rows before it.
    counts: Counts,
    /// The sum of the file, once it is read.
    #[serde(default)]
    lines: Lines,
}

type Landing = State<Landed>;

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    if args.meant.profiles {
        return meant::list(args.remote.json, out);
    }
    let mut report = Report::start(args.errors.as_deref(), args.resume)?;
    // All are opened before anything lands of the first.
    let lists = args.files.iter().map(|path| {
        let list = args.reading.open(path)?;
        let plan = args.meant.plan(&list, path, err)?;
        Ok(Input { path, list, plan })
    });
    for input in lists.collect::<Result<Vec<_>, Error>>()? {
        remote::run(import(args, &input, &mut report, err))?;
    }
    report.write(args, sums_to(args.errors.as_deref(), out, err))?;
    Ok(if report.counts.refused == 0 && !report.nothing_taken { Outcome::Yes } else { Outcome::No })
}

/// A file that is imported.
struct Input<'a> {
    path: &'a Path,
    list: List,
    /// The meaning of its columns.
    plan: Plan,
}

async fn import(
    args: &Args,
    input: &Input<'_>,
    report: &mut Report,
    err: &mut dyn Write,
) -> Result<(), Error> {
    let Input { path, list, plan } = input;
    let name = list.source.name();
    let work = Work {
        file: &list.source,
        name: "import",
        state: (path, ".courtesy-import"),
        settings: settings(args, list, plan),
        way_out: "without --resume it starts again, and rows that have landed change nothing",
        save_every_millis: SAVE_EVERY_MILLIS,
    };
    // The content of a pipe is gone afterwards, so that the import could not continue.
    let save = !args.dry_run && !list.source.is_piped();
    let mut state = Landing::open(work, args.resume && save)?;
    if state.is_stale() && !args.resume && save {
        writeln!(
            err,
            "an earlier import of `{name}` was not finished; --resume would go on with it"
        )?;
    }
    let mut progress = Progress::of(&list.source, args.progress || std::io::stderr().is_terminal());
    let mut pauses = remote::PAUSES.iter();
    loop {
        let rows = Rows::open(list, plan, state.done.place)?;
        let channel = args.remote.connect_for_long().await;
        let before = state.done.place;
        let ended = match channel {
            Ok(channel) => {
                let sending = Sending { name: name.to_owned(), options: options(args), save };
                let (state, progress) = (&mut state, &mut progress);
                sending.send(channel, rows, Telling { state, report, progress, err }).await
            }
            // A server that has never answered is not waited for.
            Err(error) if before.is_none() => return Err(error),
            Err(error) => Err(Broken::Off(error.to_string())),
        };
        progress.clear(err)?;
        if state.done.place.is_some() && save {
            state.save()?;
        }
        if state.done.place != before {
            pauses = remote::PAUSES.iter();
        }
        match (ended, pauses.next()) {
            (Ok(()), _) => break,
            (Err(Broken::For(error)), _) => return Err(error),
            (Err(Broken::Off(_)), Some(pause)) if !args.dry_run => remote::pause(*pause).await,
            (Err(Broken::Off(why)), _) => return Err(broken_off(list, &state, args, &why)),
        }
    }
    report.add(state.done.counts, state.done.lines);
    if let Some(why) = state.done.counts.nothing_taken() {
        report.nothing_taken = true;
        writeln!(err, "nothing was taken from `{name}`: {why}")?;
    }
    state.remove()
}

fn broken_off(list: &List, state: &Landing, args: &Args, why: &str) -> Error {
    let name = list.source.name();
    let way_out = match (args.dry_run, list.source.is_piped()) {
        (true, _) => "nothing was changed",
        (false, true) => "import it again: rows that have landed change nothing",
        (false, false) => "--resume goes on from there",
    };
    let reached = state.done.place.map_or(1, |place| place.line);
    Error::Input(format!(
        "the import of `{name}` broke off before line {reached}: {why}; {way_out}"
    ))
}

fn options(args: &Args) -> v1::ImportOptions {
    v1::ImportOptions {
        dry_run: Some(args.dry_run),
        allow_opt_in: Some(args.allow_opt_in),
        source: args.source.as_ref().map(Name::to_string),
        event_time: args.event_time.map(timestamp),
        evidence: args.evidence.clone(),
        tenant: args.remote.tenant(),
    }
}

/// The settings that must be equal for an import to continue.
fn settings(args: &Args, list: &List, plan: &Plan) -> String {
    let options = v1::ImportOptions { dry_run: None, ..options(args) };
    format!("{} {plan:?} {options:?}", list.settings())
}

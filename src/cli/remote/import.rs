//! `courtesy import`: customers from files, over the API. A row that is wrong is reported with its
//! line, and the others land. What breaks off goes on where the server had acknowledged it.

mod report;
mod send;

use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use self::report::Report;
use self::send::Sending;
use self::send::Telling;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::remote;
use crate::cli::remote::Broken;
use crate::cli::remote::Remote;
use crate::cli::remote::import::report::Counts;
use crate::cli::remote::progress::Progress;
use crate::cli::remote::state::State;
use crate::cli::remote::state::Work;
use crate::cli::rows::Format;
use crate::cli::rows::Place;
use crate::cli::rows::Rows;
use crate::cli::rows::columns::Renamed;
use crate::model::Instant;
use crate::model::Name;
use crate::proto::v1;
use crate::rpc::convert::time::timestamp;

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    /// The files: CSV with a header, or JSON Lines
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How they are written; without it, as their names end
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Which columns hold which fields, where they are not named like them: `Mail-ID=customer_id`;
    /// `-` passes over a column
    #[arg(long, value_name = "COLUMN=FIELD", value_delimiter = ',')]
    map: Vec<Renamed>,
    /// Change nothing, and say what would change
    #[arg(long)]
    dry_run: bool,
    /// Let a yes end an opt-out that is older; otherwise such a yes is only counted
    #[arg(long)]
    allow_opt_in: bool,
    /// Where wishes came from that do not say it
    #[arg(long, value_parser = Name::new)]
    source: Option<Name>,
    /// What proves consents that do not say it
    #[arg(long, value_name = "TEXT")]
    evidence: Option<String>,
    /// When wishes were said that do not say it; without it, now
    #[arg(long, value_name = "TIME", value_parser = Instant::parse)]
    event_time: Option<Instant>,
    /// Go on where an earlier import of the same files stopped
    #[arg(long)]
    resume: bool,
    /// Write what is wrong with the refused rows to a CSV file
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Show progress also where standard error is no terminal
    #[arg(long)]
    progress: bool,
    #[command(flatten)]
    remote: Remote,
}

/// How often it is noted how far an import is. What comes after that is done again, which changes
/// nothing.
const SAVE_EVERY_MILLIS: u128 = 200;

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Landed {
    /// The end of what is acknowledged; unset before the first row.
    place: Option<Place>,
    /// What became of the rows before it.
    counts: Counts,
}

type Landing = State<Landed>;

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let mut report = Report::start(args.errors.as_deref(), args.resume)?;
    for path in &args.files {
        remote::run(import(args, path, &mut report, err))?;
    }
    report.write(args, out)?;
    Ok(if report.counts.refused == 0 { Outcome::Yes } else { Outcome::No })
}

async fn import(
    args: &Args,
    path: &Path,
    report: &mut Report,
    err: &mut dyn Write,
) -> Result<(), Error> {
    let name = path.display().to_string();
    let format = args.format.or_else(|| Format::of(path)).ok_or_else(|| {
        Error::Input(format!(
            "`{name}` ends neither in .csv nor in .jsonl; --format says what it is"
        ))
    })?;
    let work = Work {
        file: path,
        name: "import",
        state: (path, ".courtesy-import"),
        settings: settings(args, format),
        way_out: "without --resume it starts again, and rows that have landed change nothing",
        save_every_millis: SAVE_EVERY_MILLIS,
    };
    let mut state = Landing::open(work, args.resume && !args.dry_run)?;
    if state.is_stale() && !args.resume && !args.dry_run {
        writeln!(
            err,
            "an earlier import of `{name}` was not finished; --resume would go on with it"
        )?;
    }
    let mut progress = Progress::of(path, args.progress || std::io::stderr().is_terminal());
    let mut pauses = remote::PAUSES.iter();
    loop {
        let rows = Rows::open(path, format, &args.map, state.done.place)?;
        let channel = args.remote.connect_for_long().await;
        let before = state.done.place;
        let ended = match channel {
            Ok(channel) => {
                let sending =
                    Sending { name: name.clone(), options: options(args), save: !args.dry_run };
                let (state, progress) = (&mut state, &mut progress);
                sending.send(channel, rows, Telling { state, report, progress, err }).await
            }
            // Who has never answered is not waited for.
            Err(error) if before.is_none() => return Err(error),
            Err(error) => Err(Broken::Off(error.to_string())),
        };
        progress.clear(err)?;
        if state.done.place.is_some() && !args.dry_run {
            state.save()?;
        }
        if state.done.place != before {
            pauses = remote::PAUSES.iter();
        }
        match (ended, pauses.next()) {
            (Ok(()), _) => break,
            (Err(Broken::For(error)), _) => return Err(error),
            (Err(Broken::Off(_)), Some(pause)) if !args.dry_run => remote::pause(*pause).await,
            (Err(Broken::Off(why)), _) => return Err(broken_off(&name, &state, args, &why)),
        }
    }
    report.add(state.done.counts);
    state.remove()
}

fn broken_off(name: &str, state: &Landing, args: &Args, why: &str) -> Error {
    let way_out = if args.dry_run { "nothing was changed" } else { "--resume goes on from there" };
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

/// All that must be the same for an import to go on.
fn settings(args: &Args, format: Format) -> String {
    let options = v1::ImportOptions { dry_run: None, ..options(args) };
    format!("{format:?} {:?} {options:?}", args.map)
}

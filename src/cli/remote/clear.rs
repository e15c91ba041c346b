//! `courtesy clear`: which of many recipients may be contacted. Rows are read, asked about in
//! batches and written back in their order; what is in memory at any time is a few batches.

mod batch;
mod cells;
mod cleared;
mod columns;
mod counts;
mod firsts;
mod recipients;

use std::io::IsTerminal;
use std::io::Write;
use std::path::PathBuf;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use serde::Deserialize;
use serde::Serialize;
use tokio::sync::Mutex;

use self::batch::Batch;
use self::batch::BatchQuestion;
use self::batch::Reservation;
use self::cleared::Cleared;
use self::counts::Counts;
use self::firsts::Firsts;
use self::recipients::Recipients;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::contact::ContactArgs;
use crate::cli::files::is_standard;
use crate::cli::remote;
use crate::cli::remote::Broken;
use crate::cli::remote::Remote;
use crate::cli::remote::progress::Progress;
use crate::cli::remote::sign_in::Connection;
use crate::cli::remote::state::State;
use crate::cli::remote::state::Work;
use crate::cli::rows::List;
use crate::cli::rows::Place;
use crate::cli::rows::Reading;
use crate::cli::values;
use crate::model::Name;
use crate::model::Span;

/// The number of batches that are asked about at once.
const BATCHES_AHEAD: usize = 8;
/// Over how many connections, so that all cores of a server have something to do.
const CONNECTIONS: usize = 8;
/// The interval at which the progress of a run is saved.
const SAVE_EVERY_MILLIS: u128 = 200;
/// The longest name of a run, so that a row's number fits behind it in the id of a request.
const RUN_BYTES_MAX: usize = 100;

const STATE: &str = ".courtesy-clear";

const HELP: &str =
    "The output has the columns of the file, and after them: effect (ALLOW, DENY, or \
INVALID where the row has no customer), reasons (why it is denied), next_allowed_time, with \
--reserve request_id and expire_time, and problem (why the row is invalid). JSON Lines get fields \
of these names. The output is UTF-8 and not compressed.

Without --reserve no budget is spent. The second row of the same customer is then denied with the \
reason DUPLICATE, and its problem names the first row, counted from 1 without the header. With \
--reserve, the decision about a row takes the rows before it into account.

An interrupted run leaves OUT.partial and OUT.courtesy-clear; --resume continues it. The run and \
the number of the row identify a reservation, so a continued run reserves nothing twice. It asks \
again about rows that were reserved before. If such a row was confirmed meanwhile, it is denied as \
ALREADY_SENT; if the customer or an operator has refused it meanwhile, it is denied for that. An \
answer that was given without the customer's record is not used: the command asks again.

Exit codes: 0 all recipients may be contacted, 1 the output is complete and some of them are \
denied or invalid, 2 it is not complete.";

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// The recipients: CSV with a header, or JSON Lines; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write, which appears when it is complete; `-` is standard output, and the sums
    /// go to standard error
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// The column that names the customer; without it, customer_id or id
    #[arg(long, value_name = "COLUMN")]
    id_column: Option<String>,
    /// What the names of the added columns begin with
    #[arg(long, value_name = "TEXT", default_value = "")]
    prefix: String,
    /// The channel of the contact, one that the policy declares
    #[arg(long, value_parser = Name::new)]
    channel: Name,
    #[command(flatten)]
    contact: ContactArgs,
    /// Reserve the contacts that may be made
    #[arg(long)]
    reserve: bool,
    /// How long reservations wait for `courtesy confirm`, such as 10m; without it, they stand
    #[arg(long, value_name = "LENGTH", value_parser = values::span, requires = "reserve")]
    hold: Option<Span>,
    /// This run's own name: the same run again reserves nothing twice; without it, a new one
    #[arg(long, value_name = "NAME", requires = "reserve", value_parser = run_name)]
    run: Option<String>,
    /// Go on where an earlier run of the same file stopped
    #[arg(long)]
    resume: bool,
    /// Show progress also where standard error is not a terminal
    #[arg(long)]
    progress: bool,
    #[command(flatten)]
    remote: Remote,
}

impl Args {
    /// Whether the file is standard output.
    pub(crate) fn writes_data(&self) -> bool {
        is_standard(&self.out)
    }
}

/// The progress of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Done {
    /// The beginning of the ids of its reservations.
    run: String,
    /// The end of the last row that was answered.
    place: Option<Place>,
    /// The number of bytes of the output that have answers.
    bytes: u64,
    counts: Counts,
    /// Whether that was the last row.
    complete: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let is_piped = args.writes_data();
    if is_piped && args.resume {
        let why = "what went to standard output is gone; --resume goes on with a file, -o FILE";
        return Err(Error::Input(why.to_owned()));
    }
    let list = args.reading.open(&args.file)?;
    let mut state = open_state(args, &list, err)?;
    if state.done.complete {
        cleared::finish(&args.out)?;
    } else {
        remote::run(clear(args, &list, &mut state, (out, err)))?;
    }
    let Done { run, counts, .. } = state.done.clone();
    state.remove()?;
    let out: &mut dyn Write = if is_piped { &mut *err } else { &mut *out };
    counts.write(args.reserve.then_some(run.as_str()), args.remote.json, out)?;
    Ok(if counts.denied + counts.invalid == 0 { Outcome::Yes } else { Outcome::No })
}

/// The progress of an earlier run, or the state of a new one.
fn open_state(args: &Args, list: &List, err: &mut dyn Write) -> Result<State<Done>, Error> {
    let work = Work {
        file: &list.source,
        name: "run",
        state: (&args.out, STATE),
        settings: settings(args, list),
        way_out: "remove that file to begin again",
        save_every_millis: SAVE_EVERY_MILLIS,
    };
    let mut state = State::<Done>::open(work, args.resume)?;
    let is_file = !args.writes_data();
    if is_file && state.is_stale() && !args.resume {
        let path = state.path().display().to_string();
        if args.reserve {
            return Err(Error::Input(format!(
                "an earlier run was not finished, and may have reserved; --resume goes on with it; \
                 to begin again, and reserve again, remove `{path}`"
            )));
        }
        writeln!(err, "an earlier run was not finished; --resume would go on with it")?;
    }
    if is_file && args.reserve && args.out.exists() && !state.done.complete {
        return Err(Error::Input(format!(
            "`{}` exists, and may name what was reserved; write to another file, or remove it",
            args.out.display()
        )));
    }
    if state.done.run.is_empty() {
        state.done.run = args.run.clone().unwrap_or_else(remote::request_id);
    }
    Ok(state)
}

async fn clear(
    args: &Args,
    list: &List,
    state: &mut State<Done>,
    (out, err): (&mut dyn Write, &mut dyn Write),
) -> Result<(), Error> {
    let names = columns::names(&args.prefix, args.reserve);
    let id = args.id_column.as_deref();
    let mut recipients = Recipients::open(list, id, names.clone())?;
    let question = question(args, &state.done.run)?;
    let channels = args.remote.connect_often(CONNECTIONS).await?;
    let mut output = match args.writes_data() {
        true => Cleared::piped(out),
        false => Cleared::open(&args.out, state.done.bytes)?,
    };
    let mut firsts = Firsts::default();
    match state.done.place {
        Some(place) if args.reserve => recipients.go_to(place)?,
        // The customers of the rows that are answered must be known.
        Some(_) => firsts.pass_over(&mut recipients, state.done.counts.rows())?,
        None => {
            if let (Some(mut line), Some(separator)) = (recipients.header(), recipients.separator())
            {
                for name in &names {
                    cells::put(name.as_bytes(), separator, &mut line);
                }
                line.pop();
                line.push(b'\n');
                output.put(&line)?;
            }
        }
    }
    // The name of the run is on disk before anything is reserved under it.
    note(state, &mut output)?;
    let shown = args.progress || std::io::stderr().is_terminal();
    let mut progress = Progress::of(&list.source, shown);
    let mut writing = Writing {
        state,
        output: &mut output,
        question: &question,
        names: &names,
        channels: &channels,
    };
    let ended = writing.batches(recipients, firsts, &mut progress, err).await;
    progress.clear(err)?;
    match ended {
        Ok(()) => {
            state.done.complete = true;
            note(state, &mut output)?;
            output.finish()
        }
        // If the server refuses the first question, nothing is reserved and nothing can be resumed.
        Err(Broken::For(error)) if state.done.place.is_none() => {
            output.abandon()?;
            state.forget()?;
            Err(error)
        }
        Err(Broken::For(error)) => Err(error),
        Err(Broken::Off(why)) => {
            note(state, &mut output)?;
            Err(broken_off(args, list, &state.done, &why))
        }
    }
}

/// Notes how far a run is.
fn note(state: &mut State<Done>, output: &mut Cleared<'_>) -> Result<(), Error> {
    state.done.bytes = output.sync()?;
    if output.is_kept() { state.save() } else { Ok(()) }
}

/// The reason why a run is not complete, and the way to continue it.
fn broken_off(args: &Args, list: &List, done: &Done, why: &str) -> Error {
    let way_out = match (args.writes_data(), args.reserve) {
        (false, _) => "--resume goes on from there".to_owned(),
        (true, false) => "clear it again".to_owned(),
        (true, true) => {
            format!("clear it again with --run {}, which reserves nothing twice", done.run)
        }
    };
    let (reached, name) = (done.place.map_or(1, |place| place.line), list.source.name());
    Error::Input(format!("the run broke off before line {reached} of `{name}`: {why}; {way_out}"))
}

/// The outputs of the answers.
struct Writing<'a, 'b> {
    state: &'a mut State<Done>,
    output: &'a mut Cleared<'b>,
    question: &'a BatchQuestion,
    names: &'a [String],
    /// The connections for questions, used in turn.
    channels: &'a [Connection],
}

impl Writing<'_, '_> {
    /// Asks about all recipients, a few batches at a time, and writes the answers in their order.
    async fn batches(
        &mut self,
        mut recipients: Recipients,
        mut firsts: Firsts,
        progress: &mut Progress,
        err: &mut dyn Write,
    ) -> Result<(), Broken> {
        let again = Mutex::new(());
        let mut ahead = FuturesOrdered::new();
        let mut channels = self.channels.iter().cycle();
        let mut next = self.state.done.counts.rows() + 1;
        let mut more = true;
        loop {
            while more && ahead.len() < BATCHES_AHEAD {
                let batch = Batch::read(&mut recipients, (next, &mut firsts), self.question)?;
                more = batch.is_some();
                if let (Some(batch), Some(channel)) = (batch, channels.next()) {
                    next += batch.count();
                    ahead.push_back(batch.answered(channel.clone(), self.question, &again));
                }
            }
            let Some(batch) = ahead.next().await else { return Ok(()) };
            self.write(batch?, recipients.separator())?;
            let done = &self.state.done;
            progress.show(done.place.map_or(0, |it| it.byte), done.counts.rows(), err)?;
            if self.state.is_due() {
                note(self.state, self.output)?;
            }
        }
    }

    fn write(&mut self, batch: Batch, separator: Option<u8>) -> Result<(), Error> {
        let mut lines = Vec::new();
        for (row, (recipient, answer)) in (batch.first..).zip(batch.rows) {
            lines.extend(recipient.begins);
            if let Some(answer) = answer {
                let request_id = self.question.request_id(row);
                let values = columns::values(answer, request_id, &mut self.state.done.counts);
                cells::end(self.names, values, separator, &mut lines);
            }
        }
        self.output.put(&lines)?;
        self.state.done.place = Some(batch.end);
        Ok(())
    }
}

fn question(args: &Args, run: &str) -> Result<BatchQuestion, Error> {
    let hold = args.hold.map(values::message);
    Ok(BatchQuestion {
        contact: args.contact.to_message("", Some(&args.channel)),
        tenant: args.remote.tenant(),
        reservation: args.reserve.then(|| Reservation { run: run.to_owned(), hold }),
    })
}

/// The settings that must be equal for a run to continue.
fn settings(args: &Args, list: &List) -> String {
    let columns = (&args.id_column, &args.prefix);
    let format = list.settings();
    format!("{format} {columns:?} {:?} {:?}", question(args, "").ok(), args.run)
}

fn run_name(text: &str) -> Result<String, String> {
    if text.is_empty() || text.len() > RUN_BYTES_MAX || text.chars().any(char::is_control) {
        return Err(format!("write 1 to {RUN_BYTES_MAX} bytes without control characters"));
    }
    Ok(text.to_owned())
}

//! `courtesy demo`: a shop with two thousand customers, its policy and eight weeks of history, to
//! look at. A server with a clock of its own gets all of it over the API, as senders and operators
//! would send it, and is then served as any other store is.

mod caller;
mod dice;
mod make;
mod past;
mod people;
mod policies;
mod sender;
mod story;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use self::make::Made;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::Tzdb;
use crate::cli::serve;
use crate::cli::signals;
use crate::cli::values;
use crate::clock;
use crate::config::Config;
use crate::config::Listen;
use crate::config::Settings;
use crate::config::StorePlace;
use crate::config::Switch;
use crate::model::Instant;
use crate::server::Ready;

const HELP: &str = "The directory must be empty or missing. The command makes an ordinary \
embedded store in it: `courtesy serve --store ./courtesy-demo` serves that store again. To remove \
the demonstration, delete the directory. All customers are made up, and the same seed makes the \
same shop.

The command ignores the settings of `serve` in the environment, because a demonstration is not \
part of your installation.";

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// The directory to make
    #[arg(value_name = "DIRECTORY", default_value = "./courtesy-demo")]
    directory: PathBuf,
    /// The end of the eight weeks; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    now: Option<Instant>,
    /// The seed of the random generator; another number makes another shop
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Make the directory without serving it
    #[arg(long)]
    no_serve: bool,
    /// Send no contacts while serving; by default the shop sends one every second or two, so that
    /// there are decisions to look at
    #[arg(long)]
    still: bool,
    /// Address and port of the API; port 0 takes a free port
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<Listen>,
    /// Address and port of probes and metrics; or `off`
    #[arg(long, value_name = "ADDRESS:PORT")]
    operations: Option<Switch<Listen>>,
    /// Address and port of the pages for customers; or `off`
    #[arg(long, value_name = "ADDRESS:PORT")]
    pages: Option<Switch<Listen>>,
    /// Address and port of the console; or `off`
    #[arg(long, value_name = "ADDRESS:PORT")]
    console: Option<Switch<Listen>>,
    #[command(flatten)]
    tzdb: Tzdb,
}

pub(crate) fn run(args: Args, program: &str, out: &mut dyn Write) -> Result<Outcome, Error> {
    let today = clock::now();
    let now = args.now.unwrap_or(today);
    if now > today {
        let what = format!("`--now` {now} is in the future, and history is not");
        return Err(Error::Input(what));
    }
    let directory = &args.directory;
    check_empty(directory, program)?;
    let zones = Arc::new(args.tzdb.zones()?);
    // Next to its place, and moved there when it is whole.
    let beside = directory.parent().filter(|it| !it.as_os_str().is_empty());
    let beside = beside.unwrap_or_else(|| Path::new("."));
    let cannot = |source| Error::WriteFile { path: directory.display().to_string(), source };
    fs::create_dir_all(beside).map_err(cannot)?;
    let making = tempfile::Builder::new()
        .prefix(".courtesy-demo-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(beside);
    let making = making.map_err(cannot)?;
    writeln!(out, "making a shop and eight weeks of its history …")?;
    out.flush()?;
    let made = make::make(making.path(), (now, args.seed), zones, signals::caught()?)?;
    fs::rename(making.path(), directory).map_err(cannot)?;
    // The temporary directory has been moved to its place.
    drop(making.keep());
    tell(&made, &args, program, out)?;
    if args.no_serve {
        return Ok(Outcome::Yes);
    }
    writeln!(out)?;
    let settings = Settings {
        store: Some(StorePlace::Directory(args.directory)),
        listen: args.listen,
        operations: args.operations,
        pages: args.pages,
        console: args.console,
        ..Settings::default()
    };
    let (still, seed) = (args.still, args.seed);
    let started = |ready: &Ready| {
        if !still {
            sender::start(ready.listen, seed);
        }
    };
    serve::run_and(serve::Args::of(settings, args.tzdb), program, out, started)
}

/// Checks that the directory has nothing that would be mixed with the demonstration.
fn check_empty(directory: &Path, program: &str) -> Result<(), Error> {
    let shown = directory.display();
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries.count(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
        Err(source) => return Err(Error::Read { path: shown.to_string(), source }),
    };
    if entries == 0 {
        return Ok(());
    }
    Err(Error::Input(format!(
        "`{shown}` is not empty: serve it with `{program} serve --store {shown}`, delete it, or \
         name another directory"
    )))
}

/// Prints what was made, and commands to try.
fn tell(made: &Made, args: &Args, program: &str, out: &mut dyn Write) -> Result<(), Error> {
    let Made { customers, contacts, wishes, messages, revision } = made;
    writeln!(out, "made {}, a shop with two brands:", args.directory.display())?;
    writeln!(out, "  {customers} customers, and {wishes} times one said what they do not want")?;
    writeln!(out, "  {contacts} contacts in eight weeks")?;
    writeln!(out, "  {messages} messages from customers, some of which wait for an answer")?;
    writeln!(out, "  revision {revision} of its policy, and one that comes in three days")?;
    writeln!(out, "Some customers: {}", people::STORIES)?;
    let server = match &args.listen {
        Some(listen) if *listen != Config::default().listen => format!(" --server {listen}"),
        Some(_) | None => String::new(),
    };
    writeln!(
        out,
        "Look at them in the console, whose address is below, or try, while it is served:"
    )?;
    for (command, why) in [
        ("check --customer ada --channel email --purpose marketing --explain", "why not?"),
        ("plan --customer ada --purpose marketing", "when, and how?"),
        ("history --customer ada", "what was she sent?"),
        ("replies overdue", "who waits for an answer?"),
        ("unclear list", "who has to be understood?"),
        ("policy history", "who changed what?"),
    ] {
        writeln!(out, "  {program} {command}{server}  # {why}")?;
    }
    out.flush()?;
    Ok(())
}

//! `courtesy run`: a server for the time of one command, such as a test suite.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use rustix::process;
use rustix::process::Pid;
use rustix::termios::tcgetpgrp;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::Tzdb;
use crate::cli::signals;
use crate::cli::signals::Signal;
use crate::cli::values;
use crate::clock::Clock;
use crate::model::Instant;
use crate::server;
use crate::server::Ready;
use crate::server::StorePlace;
use crate::telemetry::log;
use crate::telemetry::log::Format;

/// The variables for other servers, which the command must not ask by mistake.
const FOREIGN: [&str; 6] = [
    "COURTESY_TENANT",
    "COURTESY_API_KEY",
    "COURTESY_API_KEY_FILE",
    "COURTESY_CA_FILE",
    "COURTESY_CERT_FILE",
    "COURTESY_KEY_FILE",
];

/// The longest that a call may take. A machine that runs tests may be busy, and nothing is sent.
const DEADLINE_MAX: Duration = Duration::from_secs(30);

/// The time that an interrupted command has before it is told to end.
const INTERRUPT_MAX: Duration = Duration::from_secs(5);

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The directory of policies, or a file; without it, the starter policy
    #[arg(long, value_name = "DIRECTORY|FILE")]
    policy: Option<PathBuf>,
    /// The time at which the clock stands still until it is set; without it, the machine's time
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    at: Option<Instant>,
    /// What the server logs to standard error: error, warn, info, debug or trace
    #[arg(long, value_name = "FILTER", default_value = "error")]
    log: String,
    #[command(flatten)]
    tzdb: Tzdb,
    /// The command and its arguments. It finds the server's URL in COURTESY_SERVER, and the same
    /// without `http://` in COURTESY_ADDRESS
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    command: Vec<OsString>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Error> {
    let zones = args.tzdb.zones()?;
    log::start(&args.log, Format::Text).map_err(|error| Error::Input(error.to_string()))?;
    let signals = signals::caught()?;
    let directory = tempfile::Builder::new().prefix("courtesy-run-").tempdir()?;
    let (clock, hand) = Clock::settable();
    if let Some(at) = args.at {
        hand.set(at);
    }
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let config = server::Config {
        listen: free,
        operations: None,
        pages: Some(free),
        store: StorePlace::Embedded(directory.path().join("store"), None),
        policy: args.policy.clone(),
        clock,
        hand: Some(hand),
        deadline_max: DEADLINE_MAX,
        ..server::Config::new(Arc::new(zones))
    };
    let (ended, end) = oneshot::channel();
    let (mut started, id) = (None, Arc::new(OnceLock::new()));
    let ready = |ready: &Ready| match start(&args.command, ready.listen) {
        Ok(child) => {
            id.get_or_init(|| child.id());
            thread::spawn(move || wait(child, ended));
            started = Some(Ok(()));
        }
        // If its sender is gone, it has ended.
        Err(error) => {
            drop(ended);
            started = Some(Err(error));
        }
    };
    let mut end_of = End::Lost;
    let told = Arc::clone(&id);
    let finished = async {
        end_of = finished(end, signals, &told).await;
    };
    server::run(&config, ready, finished)?;
    directory.close()?;
    let program = args.command.first().map(|it| it.display().to_string()).unwrap_or_default();
    match (started, end_of) {
        (Some(Err(source)), _) => Err(Error::Start { program, source }),
        (_, End::Status(status)) => Ok(Outcome::Exit(code(status))),
        (_, End::Before(signal)) => Ok(Outcome::Exit(signal.number().saturating_add(128))),
        (_, End::Lost) => {
            Err(Error::Input(format!("`{program}` has not ended, and is left behind")))
        }
    }
}

/// The reason why the server is no longer needed.
enum End {
    /// The command has ended like this.
    Status(ExitStatus),
    /// A signal came before there was a command.
    Before(Signal),
    /// The state of the command is unknown.
    Lost,
}

/// Starts the command, which finds the server in its environment.
fn start(command: &[OsString], server: SocketAddr) -> io::Result<Child> {
    let (program, args) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    FOREIGN.iter().for_each(|name| {
        command.env_remove(name);
    });
    command
        .args(args)
        .env("COURTESY_SERVER", format!("http://{server}"))
        .env("COURTESY_ADDRESS", server.to_string())
        .spawn()
}

fn wait(mut child: Child, ended: oneshot::Sender<ExitStatus>) {
    // The sender fails only if the server has ended.
    if let Ok(status) = child.wait()
        && let Err(unheard) = ended.send(status)
    {
        tracing::debug!(%unheard, "the command has ended after the server");
    }
}

/// Waits for the end of the command. A signal to this process is passed on to the command.
async fn finished(
    mut end: oneshot::Receiver<ExitStatus>,
    mut signals: UnboundedReceiver<Signal>,
    command: &OnceLock<u32>,
) -> End {
    let ended = |status: Result<ExitStatus, _>| status.map_or(End::Lost, End::Status);
    loop {
        let signal = tokio::select! {
            status = &mut end => return ended(status),
            Some(signal) = signals.recv() => signal,
        };
        let Some(id) = command.get() else { return End::Before(signal) };
        if signal != Signal::Interrupt {
            tell(*id, signal);
            continue;
        }
        // An interrupt from a terminal reaches the command as well.
        if is_foreground() {
            continue;
        }
        tell(*id, signal);
        // A command that a shell has started with `&` ignores interrupts.
        match timeout(INTERRUPT_MAX, &mut end).await {
            Ok(status) => return ended(status),
            Err(_late) => tell(*id, Signal::Terminate),
        }
    }
}

/// Sends a signal to the command.
fn tell(id: u32, signal: Signal) {
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    let signal = match signal {
        Signal::Hangup => process::Signal::HUP,
        Signal::Interrupt => process::Signal::INT,
        Signal::Terminate => process::Signal::TERM,
    };
    if let Some(Err(error)) = id.map(|id| process::kill_process(id, signal)) {
        tracing::warn!(%error, "the command cannot be told to end");
    }
}

/// Whether input at the terminal that controls this process is for this process.
fn is_foreground() -> bool {
    let reads = File::open("/dev/tty").ok().and_then(|terminal| tcgetpgrp(terminal).ok());
    reads == Some(process::getpgrp())
}

/// The exit code of a command, as shells give it: above 128 if a signal ended it.
fn code(status: ExitStatus) -> u8 {
    let signal = || status.signal().map(|signal| signal.saturating_add(128));
    let code = status.code().or_else(signal);
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

//! The `courtesy` command.

use std::io;
use std::process::ExitCode;

use courtesy::cli;

fn main() -> ExitCode {
    // Standard error stays unlocked: a server's threads log to it while the command runs, and would
    // wait for the lock for ever.
    cli::run(std::env::args_os(), &mut io::stdout().lock(), &mut io::stderr()).into()
}

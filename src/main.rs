//! The `courtesy` command.

use std::io;
use std::process::ExitCode;

use courtesy::cli;
use mimalloc::MiMalloc;

/// The system's allocator costs a third of what the service does.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Standard error is not locked: the threads of `serve` write their log to it, and would wait
    // for the lock as long as the command runs.
    cli::run(std::env::args_os(), &mut io::stdout().lock(), &mut io::stderr()).into()
}

//! The `courtesy` command.

use std::io;
use std::process::ExitCode;

use courtesy::cli;
use mimalloc::MiMalloc;

/// The system's allocator costs a third of what the service does.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run(std::env::args_os(), &mut io::stdout().lock(), &mut io::stderr().lock()).into()
}

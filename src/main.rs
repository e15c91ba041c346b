//! The `courtesy` command.

use std::io;
use std::process::ExitCode;

use courtesy::cli;

fn main() -> ExitCode {
    cli::run(std::env::args_os(), &mut io::stdout().lock(), &mut io::stderr().lock()).into()
}

//! The exit codes of commands.

use std::process::ExitCode;

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Yes: allowed, valid, passed.
    Yes,
    /// No: denied, invalid, failed.
    No,
    /// The command could not do what it was asked.
    CouldNot,
    /// Another command was run, and ended with this code.
    Exit(u8),
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Yes => Self::from(0),
            Outcome::No => Self::from(1),
            Outcome::CouldNot => Self::from(2),
            Outcome::Exit(code) => Self::from(code),
        }
    }
}

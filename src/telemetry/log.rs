//! The log: lines for people or JSON, on standard error. What is logged within a call names the call
//! by an id of our own, and never a customer.

use std::io;
use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people, in one line each.
    Text,
    /// For people, in many lines each.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The filter is none.
    #[error("the setting `log` is `{0}`: {1}")]
    Filter(String, tracing_subscriber::filter::ParseError),
    /// Somebody else writes it.
    #[error("the log cannot be written: {0}")]
    Taken(Box<dyn std::error::Error + Send + Sync>),
}

/// Begins to log what `filter` lets through.
///
/// # Errors
/// If the filter is none, or the process logs already.
pub fn start(filter: &str, format: Format) -> Result<(), Error> {
    let parsed = EnvFilter::builder().parse(filter);
    let env_filter = parsed.map_err(|error| Error::Filter(filter.to_owned(), error))?;
    let log = tracing_subscriber::fmt().with_env_filter(env_filter).with_writer(io::stderr);
    // Where the log cannot be written, on a full disk say, there is nowhere to say so: an attempt
    // panics. The service goes on without a log.
    let log = log.log_internal_errors(false).with_ansi(io::stderr().is_terminal());
    let started = match format {
        Format::Text => log.try_init(),
        Format::Pretty => log.pretty().try_init(),
        Format::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
    };
    started.map_err(Error::Taken)
}

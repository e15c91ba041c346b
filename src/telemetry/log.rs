//! The log: lines for people or JSON, on standard error. What is logged within a call names the
//! call by an id of our own, and never a customer.

use std::fmt;
use std::io;
use std::io::IsTerminal;

use tracing::Event;
use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::FormatEvent;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::registry::LookupSpan;

use super::Call;

/// The format of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text for people, in one line each.
    Text,
    /// Text for people, in many lines each.
    Pretty,
    /// One JSON object on each line.
    Json,
}

/// The reason why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not a filter.
    #[error("the setting `log` is `{0}`: {1}")]
    Filter(String, tracing_subscriber::filter::ParseError),
    /// Another crate writes it.
    #[error("the log cannot be written: {0}")]
    Taken(Box<dyn std::error::Error + Send + Sync>),
}

/// Begins to log what `filter` lets through.
///
/// # Errors
/// If the text is not a filter, or the process logs already.
pub fn start(filter: &str, format: Format) -> Result<(), Error> {
    let parsed = EnvFilter::builder().parse(filter);
    let env_filter = parsed.map_err(|error| Error::Filter(filter.to_owned(), error))?;
    let log = tracing_subscriber::fmt().with_env_filter(env_filter).with_writer(io::stderr);
    // If the log cannot be written, for example on a full disk, there is no place to report it: an
    // attempt panics. The service continues without a log.
    let log = log.log_internal_errors(false).with_ansi(io::stderr().is_terminal());
    let started = match format {
        Format::Text => log.map_event_format(|inner| Named { inner, format }).try_init(),
        Format::Pretty => log.pretty().map_event_format(|inner| Named { inner, format }).try_init(),
        Format::Json => {
            let log = log.json().flatten_event(true).with_span_list(false);
            log.map_event_format(|inner| Named { inner, format }).try_init()
        }
    };
    started.map_err(Error::Taken)
}

/// Writes lines as `inner` does, and adds the call to those that belong to one.
struct Named<F> {
    inner: F,
    format: Format,
}

impl<S, N, F> FormatEvent<S, N> for Named<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(call) = Call::current() else {
            return self.inner.format_event(context, writer, event);
        };
        let mut line = String::new();
        self.inner.format_event(context, Writer::new(&mut line), event)?;
        let line = line.trim_end();
        match self.format {
            Format::Text => writeln!(writer, "{line}{call}"),
            Format::Pretty => writeln!(writer, "{line}\n    in{call}\n"),
            Format::Json => {
                write!(writer, "{}", line.strip_suffix('}').unwrap_or(line))?;
                // Ids and the names of methods need no escaping.
                let mut fields = call.fields();
                fields.try_for_each(|(name, value)| write!(writer, ",\"{name}\":\"{value}\""))?;
                writeln!(writer, "}}")
            }
        }
    }
}

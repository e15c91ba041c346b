//! `courtesy clock`: the clock of a server that `courtesy run` has started.

use std::io::Write;

use tonic::Code;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::decision::time;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::model::Instant;
use crate::model::Span;
use crate::proto::v1;
use crate::proto::v1::clock_service_client::ClockServiceClient;
use crate::proto::v1::set_time_request::To;
use crate::rpc::convert::time::duration;
use crate::rpc::convert::time::timestamp;

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Set the clock to a time, at which it then stands still
    #[command(after_help = "Example:\n  courtesy clock set 2027-05-09T09:00:00Z")]
    Set(Set),
    /// Move the clock forward
    #[command(after_help = "Example:\n  courtesy clock advance 36h")]
    Advance(Advance),
}

/// The arguments of `set`.
#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// The time, such as 2027-05-09T09:00:00Z or 2027-05-09
    #[arg(value_name = "TIME", value_parser = values::instant)]
    time: Instant,
    #[command(flatten)]
    remote: Remote,
}

/// The arguments of `advance`.
#[derive(Debug, clap::Args)]
pub(crate) struct Advance {
    /// The length of time, such as 90m, 36h or 7d
    #[arg(value_name = "LENGTH", value_parser = values::span)]
    by: Span,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(command: &Command, out: &mut dyn Write) -> Result<Outcome, Error> {
    let (to, remote) = match command {
        Command::Set(args) => (To::Time(timestamp(args.time)), &args.remote),
        Command::Advance(args) => (To::Advance(duration(args.by)), &args.remote),
    };
    let request = v1::SetTimeRequest { to: Some(to) };
    let set = remote
        .try_call(async move |channel| ClockServiceClient::new(channel).set_time(request).await)?;
    let set = set.map_err(|status| {
        if status.code() != Code::Unimplemented {
            return Error::Api(Box::new(status));
        }
        Error::Input(
            "this server's clock is the machine's; `courtesy run` starts one whose clock can be set"
                .to_owned(),
        )
    })?;
    if remote.json {
        output::write_json(&output::message("SetTimeResponse", &set)?, out)?;
    } else {
        writeln!(out, "it is {}", time(set.time).unwrap_or_default())?;
    }
    Ok(Outcome::Yes)
}

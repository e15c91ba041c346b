//! `courtesy changes`: the customers whose wishes have changed.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use tonic::Status;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::cli::printable::one_line;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::remote::sign_in::Connection;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::secret::owner_only;

/// The time that one call waits for a change.
const WAIT_SECS: i64 = 20;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Keep running, and print changes as they come
    #[arg(long)]
    follow: bool,
    /// The file with the position to continue from; it is created if it is missing, and updated
    /// after each answer
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let mut token = args.token_file.as_deref().map(read).transpose()?.flatten();
    remote::run(async {
        let mut pauses = remote::PAUSES.iter();
        let mut connection: Option<Connection> = None;
        loop {
            let open = match connection.take() {
                Some(open) => Ok(open),
                None => args.remote.connect_for_long().await,
            };
            let (open, answer) = match open {
                Ok(open) => (Some(open.clone()), ask(args, open, token.clone()).await),
                Err(error) if token.is_none() => return Err(error),
                Err(error) => (None, Err(Status::unavailable(error.to_string()))),
            };
            match answer {
                Ok(answer) => {
                    write(args, &answer, out, err)?;
                    let is_last = answer.customers.is_empty() && !args.follow;
                    if let Some(path) = &args.token_file {
                        keep(path, &answer.next_page_token)?;
                    }
                    if is_last {
                        return Ok(());
                    }
                    token = Some(answer.next_page_token);
                    (connection, pauses) = (open, remote::PAUSES.iter());
                }
                Err(status) if remote::is_passing(status.code()) && args.follow => {
                    match pauses.next() {
                        Some(pause) => remote::pause(*pause).await,
                        None => return Err(Error::Input(remote::describe(&status))),
                    }
                }
                Err(status) => return Err(Error::Input(remote::describe(&status))),
            }
        }
    })?;
    Ok(Outcome::Yes)
}

async fn ask(
    args: &Args,
    connection: Connection,
    page_token: Option<String>,
) -> Result<v1::ListChangedCustomersResponse, Status> {
    let seconds = if args.follow { WAIT_SECS } else { 0 };
    let request = v1::ListChangedCustomersRequest {
        page_token,
        wait: Some(prost_types::Duration { seconds, nanos: 0 }),
        page_size: None,
        tenant: args.remote.tenant(),
    };
    let answer = CustomerServiceClient::new(connection).list_changed_customers(request).await;
    answer.map(tonic::Response::into_inner)
}

fn write(
    args: &Args,
    answer: &v1::ListChangedCustomersResponse,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), Error> {
    if answer.full {
        writeln!(err, "changes before these may be missing: `courtesy export` has everything")?;
    }
    let clocks = Clocks::here();
    for customer in &answer.customers {
        if args.remote.json {
            let json = serde_json::to_string(&output::message("ChangedCustomer", customer)?);
            writeln!(out, "{}", json.map_err(|error| Error::Input(error.to_string()))?)?;
            continue;
        }
        let changed = clocks.past(customer.change_time);
        let id = one_line(&customer.customer_id);
        writeln!(out, "{changed}  {id}  {}", says(customer))?;
    }
    Ok(out.flush()?)
}

/// The state of a customer, in a few words.
fn says(changed: &v1::ChangedCustomer) -> String {
    if changed.unreadable {
        return "the record cannot be read".to_owned();
    }
    let customer = changed.customer.clone().unwrap_or_default();
    let counts = [
        (customer.opt_outs.len(), "opt-out"),
        (customer.consents.len(), "consent"),
        (customer.suppressions.len(), "suppression"),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
        .collect();
    let stands = if counts.is_empty() { "nothing refused".to_owned() } else { counts.join(", ") };
    if changed.erased { format!("erased, {stands}") } else { stands }
}

/// The place to continue from, if there is one yet.
fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|token| !token.is_empty())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::Input(format!("cannot read `{}`: {error}", path.display()))),
    }
}

/// Writes the place, whole or not at all.
fn keep(path: &Path, token: &str) -> Result<(), Error> {
    let told = |error| Error::Input(format!("cannot write `{}`: {error}", path.display()));
    let draft = path.with_extension("new");
    let mut file = owner_only().write(true).truncate(true).open(&draft).map_err(told)?;
    writeln!(file, "{token}").and_then(|()| file.sync_all()).map_err(told)?;
    fs::rename(&draft, path).map_err(told)
}

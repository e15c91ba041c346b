//! `courtesy policy explain`: one contact against one customer, with every rule's result.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::Tzdb;
use crate::cli::contact::ContactArgs;
use crate::cli::decision;
use crate::cli::files;
use crate::cli::output;
use crate::clock;
use crate::engine::Detail;
use crate::model::Name;
use crate::model::Record;
use crate::operation;
use crate::operation::Context;
use crate::policy::Policy;
use crate::policy::Source;
use crate::policy::preset;
use crate::rpc::convert;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The documents of the policy; without any, the starter policy is explained
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A file with one customer, in the form in which policy tests hold them; without it, a
    /// customer about whose wishes and history nothing is known
    #[arg(long, value_name = "FILE")]
    customer: Option<PathBuf>,
    /// The channel of the contact
    #[arg(long, value_parser = Name::new)]
    channel: Name,
    #[command(flatten)]
    contact: ContactArgs,
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    tzdb: Tzdb,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let zones = &Arc::new(args.tzdb.zones()?);
    let sources = if args.files.is_empty() {
        Ok(vec![Source::new("starter", preset::STARTER)])
    } else {
        files::read_all(&args.files)?
    };
    let customer = match &args.customer {
        None => Ok(Record::default()),
        Some(file) => files::read(file)?.and_then(|source| Record::load(&source, zones)),
    };
    let loaded = sources.and_then(|sources| Policy::load(&sources, zones));
    let (policy, record) = match (loaded, customer) {
        (Ok((policy, _warnings)), Ok(record)) => (policy, record),
        (loaded, customer) => {
            let found = loaded.err().unwrap_or_default();
            return Err(Error::Problems(found.and(customer.err().unwrap_or_default())));
        }
    };
    let at = args.contact.at().unwrap_or_else(clock::now);
    let context = Context { policy: &policy, now: at };
    let contact = args.contact.on(&args.channel);
    let decided = operation::check(context, &record, &contact, at, Detail::Full)
        .map_err(|undeclared| Error::Input(undeclared.to_string()))?;
    let answer = convert::decision::decision(&decided, None);
    if args.json {
        output::write_json(&output::message("Decision", &answer)?, out)?;
    } else {
        decision::write(&answer, out)?;
        decision::write_trace(&answer, out)?;
    }
    Ok(decision::outcome(&answer))
}

//! `courtesy policy explain`: one contact against one customer, with every rule's result.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::decision;
use crate::cli::files;
use crate::cli::output;
use crate::clock;
use crate::engine;
use crate::engine::Detail;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::decision::Effect;
use crate::policy::Policy;
use crate::policy::Source;
use crate::policy::preset;
use crate::zone::Zones;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The documents of the policy; without any, the starter policy is explained
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A file with one customer, in the form in which policy tests hold them; without it, somebody
    /// of whom nothing is known
    #[arg(long, value_name = "FILE")]
    customer: Option<PathBuf>,
    /// How the customer would be reached
    #[arg(long, value_parser = Name::new)]
    channel: Name,
    /// Why
    #[arg(long, value_parser = Name::new)]
    purpose: Name,
    /// About what
    #[arg(long, value_parser = Name::new)]
    topic: Option<Name>,
    /// In which campaign
    #[arg(long, value_parser = Name::new)]
    campaign: Option<Name>,
    /// By which brand
    #[arg(long, value_parser = Name::new)]
    brand: Option<Name>,
    /// About which occasion; may be repeated
    #[arg(long = "occasion", value_name = "OCCASION", value_parser = Name::new)]
    occasions: Vec<Name>,
    /// How much it matters, from 0 to 100
    #[arg(long, default_value_t = PRIORITY_DEFAULT,
          value_parser = clap::value_parser!(u8).range(0..=100))]
    priority: u8,
    /// What content rules may read; may be repeated
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = attribute)]
    attributes: Vec<(Name, String)>,
    /// When, such as 2026-11-22T15:00:00Z; without it, now
    #[arg(long, value_name = "TIME", value_parser = Instant::parse)]
    at: Option<Instant>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(
    args: &Args,
    zones: &Arc<Zones>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let sources = if args.files.is_empty() {
        Ok(vec![Source::new("starter", preset::STARTER)])
    } else {
        files::read_all(&args.files)?
    };
    let customer = match &args.customer {
        None => Ok(Record::default()),
        Some(file) => files::read(file)?.and_then(|source| Record::load(&source)),
    };
    let loaded = sources.and_then(|sources| Policy::load(&sources, zones));
    let (policy, record) = match (loaded, customer) {
        (Ok((policy, _warnings)), Ok(record)) => (policy, record),
        (loaded, customer) => {
            for problems in [loaded.err(), customer.err()].into_iter().flatten() {
                write!(err, "{problems}")?;
            }
            return Ok(Outcome::CouldNot);
        }
    };
    let at = args.at.unwrap_or_else(clock::now);
    let answer = engine::decide(&policy, &record, &contact(args), at, Detail::Full)
        .map_err(|undeclared| Error::Input(undeclared.to_string()))?;
    if args.json {
        output::write_json(&decision::to_json(&answer), out)?;
    } else {
        decision::write(&answer, out)?;
        decision::write_trace(&answer, out)?;
    }
    Ok(match answer.effect {
        Effect::Allow => Outcome::Yes,
        Effect::Deny => Outcome::No,
    })
}

fn contact(args: &Args) -> Contact {
    Contact {
        channel: args.channel.clone(),
        purpose: args.purpose.clone(),
        topic: args.topic.clone(),
        campaign: args.campaign.clone(),
        brand: args.brand.clone(),
        occasions: args.occasions.clone(),
        priority: args.priority,
        attributes: args.attributes.iter().cloned().collect(),
    }
}

fn attribute(text: &str) -> Result<(Name, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, such as automated=true")?;
    let key = Name::new(key).map_err(|error| error.to_string())?;
    Ok((key, value.to_owned()))
}

//! `courtesy policy validate`: whether documents make a policy, and what is wrong with them if not.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::policy::Policy;
use crate::zone::Zones;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The documents of one policy
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
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
    let loaded = files::read_all(&args.files)?.and_then(|sources| Policy::load(&sources, zones));
    let (policy, problems) = match loaded {
        Ok((policy, warnings)) => (Some(policy), warnings),
        Err(problems) => (None, problems),
    };
    if args.json {
        let report = json!({"valid": policy.is_some(), "problems": problems.to_json()});
        output::write_json(&report, out)?;
    } else {
        write!(err, "{problems}")?;
        if let Some(policy) = &policy {
            let (rules, channels) = (policy.rules.len(), policy.channels.len());
            let (purposes, tzdb) = (policy.purposes.len(), zones.version());
            writeln!(
                out,
                "valid: {rules} rules for {channels} channels and {purposes} purposes (tzdb {tzdb})"
            )?;
        }
    }
    Ok(if policy.is_some() { Outcome::Yes } else { Outcome::No })
}

//! `courtesy merge-ids`: brings the records together that one customer has under several spellings
//! of an id, and changes how ids are kept.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::place;
use crate::cli::place::Use;
use crate::cli::serve;
use crate::clock::Clock;
use crate::config::Config;
use crate::gate;
use crate::gate::Gate;
use crate::gate::Merged;
use crate::gate::Misspelled;
use crate::gate::misspelled;
use crate::store::Store;
use crate::telemetry::Metrics;
use crate::zone::Zones;

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[group(id = "merge-ids")]
pub(crate) struct Args {
    /// Only count the records
    #[arg(long)]
    dry_run: bool,
    /// Write JSON
    #[arg(long)]
    json: bool,
    /// Where the store is and how it is reached, as `serve` is told, and how ids are to be kept.
    /// No process may serve it meanwhile
    #[command(flatten)]
    settings: serve::Args,
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Args { dry_run, json: as_json, settings } = args;
    let (config, _origins) = settings.resolve()?;
    let zones = Arc::new(super::zones(config.tzdb.clone().on().as_deref())?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| told(&error))?;
    runtime.block_on(async {
        // Counting alone may be done while the store is served. To write where there is none would
        // make one.
        let read = place::open(&config, &config.store, Use::Read).await?;
        let spelling = config.customer_ids.spelling();
        let found = misspelled(read.as_ref(), spelling).await.map_err(|error| told(&error))?;
        let Misspelled { records, keys, nameless } = &found;
        let found_json = |merged: Option<&Merged>| {
            let failed = merged.map(|it| it.failed.iter().map(ToString::to_string));
            json!({
                "records": records, "misspelled": keys.len(), "nameless": nameless,
                "dryRun": dry_run, "customerIds": spelling.as_str(),
                "merged": merged.map(|it| it.merged),
                "failed": failed.map(Iterator::collect::<Vec<String>>),
            })
        };
        if !as_json {
            writeln!(out, "{} of {records} records are under other spellings", keys.len())?;
            if *nameless > 0 {
                writeln!(out, "{nameless} are under ids of white space, and are left alone")?;
            }
        }
        if dry_run {
            if as_json {
                output::write_json(&found_json(None), out)?;
            }
            return Ok(Outcome::Yes);
        }
        drop(read);
        let store = place::open(&config, &config.store, Use::Write).await?;
        let gate = gate(&config, Arc::from(store), zones)?;
        let merged = gate.merge_spellings(&found).await.map_err(|failure| told(&failure))?;
        if as_json {
            output::write_json(&found_json(Some(&merged)), out)?;
            return Ok(if merged.failed.is_empty() { Outcome::Yes } else { Outcome::No });
        }
        for why in &merged.failed {
            writeln!(out, "one cannot be merged: {why}")?;
        }
        writeln!(out, "{} merged, {} not", merged.merged, merged.failed.len())?;
        if !merged.failed.is_empty() {
            return Ok(Outcome::No);
        }
        writeln!(out, "ids are kept as `{}`", spelling.as_str())?;
        Ok(Outcome::Yes)
    })
}

/// A gate to the store. It needs the secret: what is left of a customer who was erased belongs to
/// the customer, whatever the spelling.
pub(super) fn gate(
    config: &Config,
    store: Arc<dyn Store>,
    zones: Arc<Zones>,
) -> Result<Gate, Error> {
    let metrics = Metrics::new(zones.version());
    let settings = gate::Settings {
        store_timeout: config.store_timeout.0,
        spelling: config.customer_ids.spelling(),
        ..gate::Settings::default()
    };
    let parts = gate::Parts {
        store,
        outage_journal: None,
        secret: place::secret(config)?,
        zones,
        clock: Clock::system(),
        settings,
        tenants: BTreeSet::new(),
        metrics,
        decisions: None,
    };
    Gate::new(parts).map_err(|failure| told(&failure))
}

pub(super) fn told(error: &dyn std::error::Error) -> Error {
    Error::Input(error.to_string())
}

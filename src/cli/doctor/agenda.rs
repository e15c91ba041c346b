//! Making the index of what is due anew.

use std::io::Write;
use std::sync::Arc;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::merge_ids::gate;
use crate::cli::merge_ids::told;
use crate::cli::output;
use crate::cli::place;
use crate::cli::place::Use;
use crate::cli::serve;
use crate::cli::zones;

pub(super) fn rebuild(
    args: serve::Args,
    json: bool,
    out: &mut dyn Write,
) -> Result<Outcome, Error> {
    let (config, _origins) = args.resolve()?;
    let zones = Arc::new(zones(config.tzdb.clone().on().as_deref())?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| told(&error))?;
    runtime.block_on(async {
        let store = place::open(&config, &config.store, Use::Write).await?;
        let gate = gate(&config, Arc::from(store), zones)?;
        let count = gate.rebuild_agenda().await.map_err(|failure| told(&failure))?;
        if json {
            output::write_json(&json!({"entries": count}), out)?;
        } else {
            writeln!(out, "the agenda is made anew: {count} entries")?;
        }
        Ok(Outcome::Yes)
    })
}

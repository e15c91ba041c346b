//! Checks whether customers' records are stored under the ids by which callers find them.

use super::Finding;
use super::doubtful;
use super::fine;
use super::wrong;
use crate::cli::place;
use crate::cli::place::Use;
use crate::config::Config;
use crate::config::StorePlace;
use crate::gate::Failure;
use crate::gate::Misspelled;
use crate::gate::kept_spelling;
use crate::gate::misspelled;
use crate::model::customer_id::Spelling;

const WHAT: &str = "customer ids";

/// Looks through all records. A store that cannot be opened is a finding of another check.
pub(super) fn look(config: &Config) -> Option<Finding> {
    if matches!(&config.store, StorePlace::Directory(directory) if !place::is_store(directory)) {
        return None;
    }
    let own = config.customer_ids.spelling();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let looked = runtime.block_on(async {
        let store = place::open(config, &config.store, Use::Read).await.ok()?;
        let looked = async {
            let found = misspelled(store.as_ref(), own).await?;
            // Older releases have told every two spellings apart.
            let unmarked = if found.records == 0 { own } else { Spelling::Exact };
            let kept = kept_spelling(store.as_ref()).await?.unwrap_or(unmarked);
            Ok::<_, crate::store::Error>((kept, found))
        };
        Some(looked.await)
    })?;
    Some(match looked {
        Ok((kept, found)) => told(kept, own, &found),
        Err(error) => wrong(WHAT, error.to_string()),
    })
}

fn told(kept: Spelling, own: Spelling, found: &Misspelled) -> Finding {
    let Misspelled { records, keys, nameless } = found;
    let mut says = Vec::new();
    if !keys.is_empty() {
        let (count, own) = (keys.len(), own.as_str());
        says.push(format!(
            "{count} of {records} records are under other spellings of their ids than `{own}` \
             keeps, and are found only by these; stop what serves the store, and run `courtesy \
             merge-ids --customer-ids {own}`"
        ));
    }
    if *nameless > 0 {
        says.push(format!(
            "{nameless} of {records} records are under ids of white space, which belong to no \
             customer"
        ));
    }
    if kept != own {
        says.insert(0, Failure::OtherSpelling { kept, own }.to_string());
        return wrong(WHAT, says.join(". "));
    }
    if says.is_empty() {
        return fine(
            WHAT,
            format!("none of {records} records is under another spelling of its id"),
        );
    }
    doubtful(WHAT, says.join(". "))
}

//! `courtesy compact`: nothing of erased customers is left in the files.

use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::place;
use crate::cli::place::Use;
use crate::cli::serve;
use crate::config::Config;
use crate::config::StorePlace;

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[group(id = "compact")]
pub(crate) struct Args {
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: serve::Args,
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let (config, _origins) = args.settings.resolve()?;
    let directory = directory(&config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::Input(error.to_string()))?;
    runtime.block_on(rewrite(&config, &directory))?;
    let shown = directory.display();
    if args.json {
        output::write_json(&json!({"directory": shown.to_string(), "rewritten": true}), out)?;
        return Ok(Outcome::Yes);
    }
    writeln!(
        out,
        "{shown} is rewritten: its files hold nothing of customers who were erased before"
    )?;
    Ok(Outcome::Yes)
}

/// The process that serves the directory rewrites it; where none does, this one does.
async fn rewrite(config: &Config, directory: &Path) -> Result<(), Error> {
    let place = StorePlace::Directory(directory.to_owned());
    let store = place::open(config, &place, Use::Read).await?;
    let not_rewritten = |error| format!("{} is not rewritten: {error}", directory.display());
    store.rewrite().await.map_err(|error| Error::Input(not_rewritten(error)))
}

/// The directory that courtesy keeps on this machine.
fn directory(config: &Config) -> Result<PathBuf, Error> {
    match &config.store {
        StorePlace::Directory(directory) => Ok(directory.clone()),
        StorePlace::Redis(address) => config.journal.clone().on().ok_or_else(|| {
            Error::Input(format!(
                "{address} is rewritten by its own servers, with BGREWRITEAOF and BGSAVE; give \
                 --journal to rewrite the journal beside it, or the directory of an embedded store \
                 as --store"
            ))
        }),
    }
}

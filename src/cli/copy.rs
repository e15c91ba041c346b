//! `courtesy copy`: everything from one store to another.

use std::io::IsTerminal;
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
use crate::config::StorePlace;
use crate::gate::Copied;
use crate::gate::copy;
use crate::gate::is_empty;
use crate::gate::is_marked;
use crate::store;
use crate::store::Store;
use crate::zone::Zones;

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[group(id = "copy")]
pub(crate) struct Args {
    /// The store to copy from: a directory, or a Redis as in `serve --store`. It may be served
    /// meanwhile; changes are copied as well
    #[arg(long, value_name = "DIRECTORY|URL")]
    from: StorePlace,
    /// The store to copy to
    #[arg(long, value_name = "DIRECTORY|URL")]
    to: StorePlace,
    /// Copy even if the target is not empty; data in it that differs from the source is lost
    #[arg(long)]
    overwrite: bool,
    /// Write JSON
    #[arg(long)]
    json: bool,
    /// How the stores are reached, as `serve` is told
    #[command(flatten)]
    settings: serve::Args,
}

pub(crate) fn run(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let Args { from, to, overwrite, json, settings } = args;
    if from == to {
        return Err(Error::Input("a store cannot be copied to itself".to_owned()));
    }
    let (config, _origins) = settings.resolve()?;
    let zones = Arc::new(super::zones(config.tzdb.clone().on().as_deref())?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::Input(error.to_string()))?;
    let copied = runtime.block_on(async {
        let source = place::open(&config, &from, Use::Read).await?;
        if !holds_anything(source.as_ref()).await? {
            return Err(Error::Input(format!(
                "there is nothing of courtesy in {from}, and nothing was copied; name the store \
                 that `courtesy serve --store` has"
            )));
        }
        let target = place::open(&config, &to, Use::Write).await?;
        if !overwrite && !is_empty(target.as_ref()).await.map_err(|error| told(&error))? {
            return Err(Error::Input(format!(
                "{to} is not empty; with --overwrite it becomes a copy of {from}, and what else it \
                 holds is lost"
            )));
        }
        copy_all((source.as_ref(), target.as_ref()), &zones, err).await
    })?;
    if json {
        return report_json(&copied, out);
    }
    report(&copied, out)
}

async fn copy_all(
    stores: (&dyn Store, &dyn Store),
    zones: &Arc<Zones>,
    err: &mut dyn Write,
) -> Result<Copied, Error> {
    let shown = std::io::stderr().is_terminal();
    let mut written = Ok(());
    let clock = Clock::system();
    let copied = copy(stores, zones, &clock, |copied| {
        if shown {
            let Copied { pass, compared, written: values, .. } = copied;
            let line =
                write!(err, "\r\x1b[Kpass {pass} of at most 3: {compared} values, {values} copied");
            written = line.and_then(|()| err.flush());
        }
    });
    let copied = copied.await.map_err(|error| told(&error))?;
    written?;
    if shown {
        write!(err, "\r\x1b[K")?;
    }
    Ok(copied)
}

/// The report for programs.
fn report_json(copied: &Copied, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Copied { pass, began, compared, damaged, written, removed } = copied;
    let is_same = copied.is_same();
    let report = json!({
        "passes": pass, "beginTime": began.to_string(), "compared": compared, "written": written,
        "removed": removed, "damaged": damaged, "same": is_same,
    });
    output::write_json(&report, out)?;
    Ok(if is_same || *damaged == 0 { Outcome::Yes } else { Outcome::No })
}

fn report(copied: &Copied, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Copied { pass, began, compared, damaged, .. } = copied;
    if copied.is_same() {
        writeln!(out, "{compared} values, the same in both stores (compared in pass {pass})")?;
        return Ok(Outcome::Yes);
    }
    let changed = copied.written + copied.removed;
    if changed > 0 {
        writeln!(
            out,
            "{compared} values; the copy holds everything that was acknowledged before {began}. \
             The source is still written to: {changed} values changed during pass {pass}, the last"
        )?;
    }
    if *damaged > 0 {
        writeln!(out, "{damaged} values are damaged, and were left out")?;
        return Ok(Outcome::No);
    }
    Ok(Outcome::Yes)
}

async fn holds_anything(store: &dyn Store) -> Result<bool, Error> {
    let is_marked = is_marked(store).await.map_err(|error| told(&error))?;
    Ok(is_marked || !is_empty(store).await.map_err(|error| told(&error))?)
}

fn told(error: &store::Error) -> Error {
    Error::Input(error.to_string())
}

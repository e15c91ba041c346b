//! Checks the policies that `serve` puts in force by itself, and those in the store.

use std::sync::Arc;

use super::Finding;
use super::doubtful;
use super::fine;
use super::wrong;
use crate::cli;
use crate::cli::files;
use crate::cli::place;
use crate::cli::place::Use;
use crate::clock;
use crate::config::Config;
use crate::config::StorePlace;
use crate::gate::policy_problems;
use crate::policy::Policy;
use crate::policy::Problems;
use crate::policy::problem::Problem;
use crate::policy::problem::Severity;
use crate::zone::Zones;

const WHAT: &str = "policies";
const STORED: &str = "in the store";

/// The mistakes in the directory of policies, if one is named, and in the policies of the store.
pub(super) fn look(config: &Config) -> Vec<Finding> {
    // Zones that cannot be used are a finding of their own.
    let zones = cli::zones(config.tzdb.clone().on().as_deref());
    let zones = Arc::new(zones.unwrap_or_else(|_told| Zones::bundled()));
    let mut findings = directory(config, &zones);
    findings.extend(stored(config, &zones));
    findings
}

fn directory(config: &Config, zones: &Arc<Zones>) -> Vec<Finding> {
    let Some(path) = config.policy.clone().on() else { return Vec::new() };
    let (sources, unread, _) = match files::read_each(std::slice::from_ref(&path)) {
        Ok(read) => read,
        Err(error) => return vec![wrong(WHAT, cli::chain(&error))],
    };
    if sources.is_empty() {
        return told(&unread, "");
    }
    let loaded = Policy::load(&sources, zones)
        .and_then(|(policy, warnings)| policy.must_declare(&sources).map(|()| warnings));
    let problems = unread.and(loaded.unwrap_or_else(|problems| problems));
    let documents = if sources.len() == 1 { "document" } else { "documents" };
    let says =
        format!("`{}` holds {} {documents} that make a policy", path.display(), sources.len());
    let sound = (!problems.has_errors()).then(|| fine(WHAT, says));
    sound.into_iter().chain(told(&problems, "")).collect()
}

/// The mistakes in the policies of tenants. A store that cannot be opened is a finding of another
/// check.
fn stored(config: &Config, zones: &Arc<Zones>) -> Vec<Finding> {
    if matches!(&config.store, StorePlace::Directory(directory) if !place::is_store(directory)) {
        return Vec::new();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return Vec::new() };
    let found = runtime.block_on(async {
        let store = place::open(config, &config.store, Use::Read).await.ok()?;
        Some(policy_problems(store.as_ref(), zones, clock::now()).await)
    });
    let found = match found {
        None => return Vec::new(),
        Some(Err(error)) => return vec![wrong(WHAT, error.to_string())],
        Some(Ok(found)) => found,
    };
    let mut findings = Vec::new();
    for (tenant, problems) in found {
        let prefix = format!("{STORED}, of the tenant `{tenant}`, ");
        match problems {
            Err(why) => findings.push(wrong(WHAT, format!("{prefix}they cannot be read: {why}"))),
            Ok(problems) if problems.is_empty() => {
                findings.push(fine(WHAT, format!("{prefix}they are sound")));
            }
            Ok(problems) => findings.extend(told(&problems, &prefix)),
        }
    }
    findings
}

/// A finding for each problem.
fn told(problems: &Problems, prefix: &str) -> Vec<Finding> {
    let says = |it: &Problem| {
        let Problem { file, line, column, message, help, .. } = it;
        format!("{prefix}{file}:{line}:{column}: {message}; {help}")
    };
    let finding = |it: &Problem| match it.severity {
        Severity::Error => wrong(WHAT, says(it)),
        Severity::Warning => doubtful(WHAT, says(it)),
    };
    problems.iter().map(finding).collect()
}

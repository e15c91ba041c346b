//! `courtesy policy validate`: whether documents make a policy, and what is wrong with them if not.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::Tzdb;
use crate::cli::files;
use crate::cli::output;
use crate::cli::policy::presets::day_of;
use crate::cli::policy::presets::to_json;
use crate::cli::values;
use crate::clock;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Name;
use crate::model::decision::NotInForce;
use crate::policy::Policy;
use crate::policy::Problems;
use crate::policy::Source;
use crate::policy::preset;
use crate::policy::problem::Severity;
use crate::zone::Zones;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The documents of one policy
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The time at which rules count as ended or not yet in force; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    at: Option<Instant>,
    /// Write JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    tzdb: Tzdb,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let zones = &Arc::new(args.tzdb.zones()?);
    let (sources, unread, is_unread) = files::read_each(&args.files)?;
    let included = preset::included(&sources);
    let (policy, problems) = match load(&sources, zones) {
        // The missing parts may be in a file that could not be read.
        Ok(_) | Err(_) if sources.is_empty() => (None, unread),
        Ok((_, warnings)) if unread.has_errors() => (None, unread.and(warnings)),
        Ok((policy, warnings)) => (Some(policy), warnings),
        Err(problems) => (None, unread.and(problems)),
    };
    let today = day_of(args.at.unwrap_or_else(clock::now));
    let ended: Vec<(String, NotInForce)> =
        policy.as_ref().map_or_else(Vec::new, |policy| not_in_force(policy, today));
    let old: Vec<_> =
        preset::unreviewed(today).filter(|(preset, _)| included.contains(preset)).collect();
    if args.json {
        let old = old.iter().map(|(preset, _)| preset.name).collect::<Vec<_>>();
        let ended: Vec<_> = ended.iter().map(|(rule, why)| to_json(rule, *why)).collect();
        let closed = policy.iter().flat_map(Policy::closed_days);
        let closed: BTreeMap<String, usize> =
            closed.map(|(rule, days)| (rule.to_string(), days)).collect();
        let report = json!({
            "valid": policy.is_some(),
            "problems": problems.to_json(),
            "notInForce": ended,
            "closedDaysWhereNothingIsKnown": closed,
            "presetsNotReviewedLately": old,
        });
        output::write_json(&report, out)?;
    } else {
        output::write_problems(&problems, err)?;
        for (preset, reviewed) in &old {
            let reviewed =
                reviewed.map_or_else(|| "an unknown day".to_owned(), |day| day.to_string());
            writeln!(
                err,
                "warning: the preset `{}` was last held against its sources on {reviewed}, more \
                 than {} days ago; a newer release of courtesy, or a lawyer, may know more",
                preset.name,
                preset::REVIEW_DAYS_MAX
            )?;
        }
        if policy.is_none() {
            let errors = problems.iter().filter(|it| it.severity == Severity::Error).count();
            writeln!(err, "{}", counted(errors, "mistake"))?;
        }
        if let Some(policy) = &policy {
            let mut names: Vec<&Name> = policy.rules.iter().map(|rule| &rule.name).collect();
            names.dedup();
            let (rules, channels) = (names.len(), policy.channels.len());
            let (purposes, tzdb) = (policy.purposes.len(), zones.version());
            let rules = counted(rules, "rule");
            let (channels, purposes) = (counted(channels, "channel"), counted(purposes, "purpose"));
            writeln!(out, "valid: {rules} for {channels} and {purposes} (tzdb {tzdb})")?;
            for (rule, why) in &ended {
                writeln!(out, "{rule} is {why}")?;
            }
            for (rule, days) in policy.closed_days() {
                writeln!(
                    out,
                    "`{rule}` is closed up to {days} days a year for customers without a known \
                     country or time zone"
                )?;
            }
        }
    }
    Ok(match (policy, is_unread) {
        (Some(_), _) => Outcome::Yes,
        (None, false) => Outcome::No,
        (None, true) => Outcome::CouldNot,
    })
}

fn load(sources: &[Source], zones: &Arc<Zones>) -> Result<(Policy, Problems), Problems> {
    let (policy, warnings) = Policy::load(sources, zones)?;
    policy.must_declare(sources).map(|()| (policy, warnings))
}

/// `1 rule`, `2 rules`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The rules and reactions that are not in force on a day.
fn not_in_force(policy: &Policy, today: Day) -> Vec<(String, NotInForce)> {
    let rules = policy.rules.iter().map(|rule| (rule.name.to_string(), rule.effective));
    let reactions = policy.reactions.iter().map(|reaction| {
        let name = reaction.name.as_ref();
        (name.map_or_else(|| "a reaction".to_owned(), ToString::to_string), reaction.effective)
    });
    let all = rules.chain(reactions);
    all.filter_map(|(name, effective)| Some((name, effective.not_in_force(today)?))).collect()
}

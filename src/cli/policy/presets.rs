//! `courtesy policy presets`: laws' hours, limits and consents, ready to be included.

mod markdown;

use std::io::Write;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::values;
use crate::clock;
use crate::model::Day;
use crate::model::Instant;
use crate::model::Span;
use crate::model::decision::NotInForce;
use crate::policy;
use crate::policy::Confidence;
use crate::policy::preset;
use crate::policy::preset::About;
use crate::policy::preset::Preset;
use crate::words::closest;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The preset to print; without one, all are listed
    name: Option<String>,
    /// List those only that were last reviewed longer ago than this, and end with 1 if there are
    /// any
    #[arg(long, value_name = "DURATION", value_parser = policy::span, conflicts_with = "name")]
    stale: Option<Span>,
    /// The time that counts as now; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant, conflicts_with = "name")]
    at: Option<Instant>,
    /// List them as JSON
    #[arg(long, conflicts_with = "name")]
    json: bool,
    /// Write the content of docs/presets.md
    #[arg(long, conflicts_with_all = ["name", "stale", "at", "json"])]
    markdown: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Some(name) = &args.name else {
        if args.markdown {
            markdown::write(out)?;
            return Ok(Outcome::Yes);
        }
        return list(args, out);
    };
    let preset = preset::find(name).ok_or_else(|| {
        let names: Vec<&str> = preset::all().iter().map(|preset| preset.name).collect();
        let meant = closest(name, &names).map(|it| format!("did you mean `{it}`? "));
        let meant = meant.unwrap_or_default();
        Error::NoSuch(format!(
            "there is no preset `{name}`; {meant}There are: {}",
            names.join(", ")
        ))
    })?;
    out.write_all(preset.text.as_bytes())?;
    Ok(Outcome::Yes)
}

fn list(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let today = day_of(args.at.unwrap_or_else(clock::now));
    let presets = preset::all().iter().map(|preset| (preset, preset.about()));
    let is_listed = |(_, about): &(&Preset, About)| {
        args.stale.is_none_or(|stale| is_stale(about, stale, today))
    };
    let listed: Vec<(&Preset, About)> = presets.filter(is_listed).collect();
    if args.json {
        let rows: Vec<_> = listed.iter().map(|(preset, about)| row(preset, about, today)).collect();
        output::write_json(&json!(rows), out)?;
    } else if listed.is_empty() {
        writeln!(out, "every preset was reviewed since")?;
    } else {
        let mut table = output::table(["PRESET", "REVIEWED", "SURE", "WHAT"]);
        for (preset, about) in &listed {
            let ended = not_in_force(about, today).map(|(part, why)| format!("{part}: {why}"));
            let what: Vec<String> =
                std::iter::once(about.description.clone()).chain(ended).collect();
            table.add_row([
                preset.name.to_owned(),
                about.reviewed.map(|day| day.to_string()).unwrap_or_default(),
                about.confidence.map_or("", Confidence::as_str).to_owned(),
                what.join("\n"),
            ]);
        }
        output::write_table(&table, out)?;
    }
    let found = args.stale.is_some() && !listed.is_empty();
    Ok(if found { Outcome::No } else { Outcome::Yes })
}

fn row(preset: &Preset, about: &About, today: Day) -> serde_json::Value {
    let sources = about.sources.iter();
    let sources: Vec<_> =
        sources.map(|(what, seen)| json!({"what": what, "seen": seen.to_string()})).collect();
    let ended: Vec<_> = not_in_force(about, today).map(|(rule, why)| to_json(rule, why)).collect();
    json!({
        "name": preset.name,
        "description": about.description,
        "reviewed": about.reviewed.map(|day| day.to_string()),
        "confidence": about.confidence.map(Confidence::as_str),
        "sources": sources,
        "leavesOut": about.leaves_out,
        "includes": about.includes,
        "notInForce": ended,
    })
}

/// The parts of a preset that are not in force on a day.
fn not_in_force(about: &About, today: Day) -> impl Iterator<Item = (&str, NotInForce)> {
    about.parts.iter().filter_map(move |part| Some((&*part.name, part.not_in_force(today)?)))
}

/// Whether the last review is older than `stale`, or its date is unknown.
fn is_stale(about: &About, stale: Span, today: Day) -> bool {
    about.reviewed.is_none_or(|reviewed| {
        let days = i64::from(today.number()) - i64::from(reviewed.number());
        days.saturating_mul(Span::from_days(1).millis()) > stale.millis()
    })
}

/// A rule that is not in force, as JSON.
pub(crate) fn to_json(rule: &str, why: NotInForce) -> serde_json::Value {
    match why {
        NotInForce::Since(day) => json!({"rule": rule, "since": day.to_string()}),
        NotInForce::Until(day) => json!({"rule": rule, "until": day.to_string()}),
    }
}

/// The day of UTC.
pub(crate) fn day_of(at: Instant) -> Day {
    let number = at.millis().div_euclid(Span::from_days(1).millis());
    Day::from_number(i32::try_from(number).unwrap_or_default())
}

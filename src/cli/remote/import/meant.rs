//! The meaning of a file's columns, as the caller gives it: with flags, or by a provider's name.

use std::io::Write;
use std::path::Path;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::rows::List;
use crate::cli::rows::Plan;
use crate::cli::rows::Wish;
use crate::cli::rows::plan::Mapping;
use crate::cli::rows::plan::Told;
use crate::cli::rows::profile;
use crate::cli::rows::times::LocalZone;
use crate::cli::rows::times::TimeFormat;
use crate::cli::rows::times::Times;

/// The flags that say it.
#[derive(Debug, clap::Args)]
pub(super) struct Meant {
    /// The origin of the export: a provider such as mailchimp, one of its exports such as
    /// sendgrid/bounces, `auto` for whichever fits, or a file of your own such as ./mine.yaml
    #[arg(long = "as", value_name = "PROFILE")]
    export: Option<String>,
    /// List the profiles: what each reads, the sources, and what is not verified
    #[arg(long)]
    pub(super) profiles: bool,
    /// The column that names the customer; without it, customer_id or id
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// The meaning of every row, such as channel=email for an opt-out of e-mail; others are
    /// consent:channel=sms and event:complained;channel=email
    #[arg(long, value_name = "WISH")]
    wish: Vec<Wish>,
    /// The fields that columns hold, where a column does not have the name of its field:
    /// `Mail-ID=customer_id`; `-` passes over one; `"No mail, please"=opt_out:channel=email` is a
    /// column of yes and no
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<Mapping>,
    /// Pass over columns that neither --map nor a profile names, and that are not named like a
    /// field
    #[arg(long)]
    ignore_other_columns: bool,
    /// The zone of times that name none, such as Europe/Paris
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<LocalZone>,
    /// The format of times: unix, unix-ms, or a format such as `%d/%m/%Y %H:%M`
    #[arg(long, value_name = "FORMAT")]
    time_format: Vec<TimeFormat>,
}

impl Meant {
    /// The plan for reading a list. The export that `--as` takes it for is reported.
    pub(super) fn plan(
        &self,
        list: &List,
        path: &Path,
        err: &mut dyn Write,
    ) -> Result<Plan, Error> {
        let plan = match &self.export {
            None => Plan::default(),
            Some(told) => {
                let taken = profile::of(told, list, path)?;
                let name = list.source.name();
                writeln!(err, "`{name}` is read as {}: {}", taken.name, taken.about)?;
                taken.plan
            }
        };
        Ok(plan.told(Told {
            ids: self.id.iter().cloned().collect(),
            mapped: self.map.iter().flat_map(|Mapping(all)| all.clone()).collect(),
            ignore_others: self.ignore_other_columns,
            each: self.wish.iter().flat_map(|Wish(all)| all.clone()).collect(),
            times: Times { zone: self.time_zone.clone(), formats: self.time_format.clone() },
        }))
    }
}

/// Lists the profiles.
pub(super) fn list(as_json: bool, out: &mut dyn Write) -> Result<Outcome, Error> {
    let profiles = profile::shipped()?;
    if as_json {
        output::write_json(&json!(profiles), out)?;
        return Ok(Outcome::Yes);
    }
    for profile in profiles {
        writeln!(out, "{}: {}", profile.name, profile.title)?;
        for export in &profile.exports {
            writeln!(out, "  {}/{}: {}", profile.name, export.name, export.about)?;
            writeln!(out, "    known by its columns {}", export.recognise.join(", "))?;
        }
        for source in &profile.source {
            writeln!(out, "  from {source}")?;
        }
        for unverified in &profile.unverified {
            writeln!(out, "  not verified: {unverified}")?;
        }
    }
    Ok(Outcome::Yes)
}

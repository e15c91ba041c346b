//! Shows what documents would have done with the contacts of the last days.

mod chart;
mod report;

pub(super) use report::write_report;

use std::io::IsTerminal;
use std::io::Write;
use std::io::stderr;
use std::path::PathBuf;
use std::str::FromStr;

use super::documents;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::values;
use crate::policy::Source;
use crate::proto::v1;
use crate::proto::v1::policy_service_client::PolicyServiceClient;
use crate::proto::v1::simulate_policy_response::Part;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Simulate {
    /// The documents to add or replace. Without any, and without --remove, the command shows what
    /// the rules in shadow of the policy in force would have refused
    #[arg(value_name = "FILE|DIRECTORY")]
    files: Vec<PathBuf>,
    /// A document to remove, by its name; may be repeated
    #[arg(long, value_name = "NAME")]
    remove: Vec<String>,
    /// Remove all documents that are not among the files
    #[arg(long, requires = "files", conflicts_with = "remove")]
    prune: bool,
    #[command(flatten)]
    extent: Extent,
    #[command(flatten)]
    remote: Remote,
}

/// How much of the past is looked at.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Extent {
    /// The number of past days, today included; at most 400
    #[arg(long, value_name = "DAYS", default_value = "28d", value_parser = values::days)]
    pub(super) days: u16,
    /// The number of customers, chosen at random and the same every time, at most 10000; or `all`
    #[arg(long, value_name = "NUMBER", default_value = "all")]
    pub(super) sample: Customers,
}

/// The change of the policy to simulate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edit<'a> {
    pub(super) sources: &'a [Source],
    pub(super) remove: &'a [String],
    pub(super) prune: bool,
}

/// A sample of customers, or all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Customers {
    All,
    Some(u32),
}

impl FromStr for Customers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        text.parse().map(Self::Some).map_err(|_no_number| "is a number, or `all`".to_owned())
    }
}

pub(crate) fn simulate(
    args: &Simulate,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let sources = files::read_all(&args.files)?.map_err(Error::Problems)?;
    let edit = Edit { sources: &sources, remove: &args.remove, prune: args.prune };
    let report = ask(&args.remote, edit, args.extent, err)?;
    if args.remote.json {
        output::write_json(&output::message("SimulationReport", &report)?, out)?;
    } else {
        super::write_warnings(&report.warnings, err)?;
        write_report(&report, out)?;
    }
    Ok(Outcome::Yes)
}

/// Asks a server, and shows on a terminal how far it has come.
pub(super) fn ask(
    remote: &Remote,
    edit: Edit<'_>,
    extent: Extent,
    err: &mut dyn Write,
) -> Result<v1::SimulationReport, Error> {
    let request = v1::SimulatePolicyRequest {
        documents: documents(edit.sources),
        remove_documents: edit.remove.to_vec(),
        prune: Some(edit.prune),
        days: Some(u32::from(extent.days)),
        sample_size: match extent.sample {
            Customers::All => None,
            Customers::Some(size) => Some(size),
        },
        tenant: remote.tenant(),
    };
    let shows = stderr().is_terminal();
    remote::run(async {
        let mut client = PolicyServiceClient::new(remote.connect_for_long().await?);
        let refused = |status: &tonic::Status| Error::Api(Box::new(status.clone()));
        let answers = client.simulate_policy(request).await;
        let mut answers = answers.map_err(|status| refused(&status))?.into_inner();
        let mut report = None;
        while let Some(answer) = answers.message().await.map_err(|status| refused(&status))? {
            match answer.part {
                Some(Part::Progress(progress)) if shows => {
                    write!(err, "\r{} customers", progress.customers_seen)?;
                    err.flush()?;
                }
                Some(Part::Report(it)) => report = Some(it),
                Some(Part::Progress(_)) | None => {}
            }
        }
        if shows {
            // Nothing is left of the line.
            write!(err, "\r{:40}\r", "")?;
        }
        report.ok_or_else(|| Error::Input("the server ended before the report".to_owned()))
    })
}

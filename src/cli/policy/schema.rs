//! `courtesy policy schema`: the JSON Schema with which editors complete and check documents.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::policy::schema;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The kind of documents: policies, their tests, or files of one customer
    #[arg(value_enum, default_value_t = Of::Policy)]
    of: Of,
}

/// The sorts of documents.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Of {
    Policy,
    Tests,
    Customer,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let schema = match args.of {
        Of::Policy => schema::document(),
        Of::Tests => schema::tests(),
        Of::Customer => schema::customer(),
    };
    output::write_json(&schema, out)?;
    Ok(Outcome::Yes)
}

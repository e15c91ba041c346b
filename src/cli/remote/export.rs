//! `courtesy export`: all customers, in a form that `courtesy import` reads.

use std::fs;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use tonic::Streaming;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files::is_standard;
use crate::cli::remote;
use crate::cli::remote::Broken;
use crate::cli::remote::Remote;
use crate::cli::rows::Format;
use crate::cli::rows::json::Json;
use crate::cli::rows::sheet::Sheet;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::secret::owner_only;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file, which appears when it is complete; without it, or as `-`, standard output
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The format; by default, from the file name's ending, or JSON Lines, which `json` means as
    /// well
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write contacts as well, as JSON Lines; an import passes over them
    #[arg(long)]
    contacts: bool,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write, err: &mut dyn Write) -> Result<Outcome, Error> {
    let told = args.format.or_else(|| args.out.as_deref().and_then(Format::of));
    let format = told.unwrap_or(Format::Jsonl);
    if args.contacts && format == Format::Csv {
        return Err(Error::Input("contacts can only be written as JSON Lines".to_owned()));
    }
    let unreadable = match args.out.as_deref().filter(|path| !is_standard(path)) {
        None => export(args, format, &mut BufWriter::new(out))?,
        Some(path) => to_file(args, format, path)?,
    };
    for id in &unreadable {
        writeln!(err, "the record of `{id}` cannot be read, and is missing")?;
    }
    Ok(if unreadable.is_empty() { Outcome::Yes } else { Outcome::No })
}

/// Writes to a file beside the one that is wanted, and puts it in place when it is complete.
fn to_file(args: &Args, format: Format, path: &Path) -> Result<Vec<String>, Error> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let unwritable = |source| Error::WriteFile { path: path.display().to_string(), source };
    let mut file =
        BufWriter::new(owner_only().write(true).truncate(true).open(&partial).map_err(unwritable)?);
    let unreadable = export(args, format, &mut file)?;
    let file = file.into_inner().map_err(|error| unwritable(error.into_error()))?;
    file.sync_all().and_then(|()| fs::rename(&partial, path)).map_err(unwritable)?;
    Ok(unreadable)
}

/// Writes all customers, and returns those whose records cannot be read.
fn export(args: &Args, format: Format, out: &mut dyn Write) -> Result<Vec<String>, Error> {
    let writer = Writer::start(format, out)?;
    let mut last = None;
    let mut waiting = Vec::new();
    let mut unreadable = Vec::new();
    let put = |waiting: &mut Vec<v1::CustomerRow>, out: &mut dyn Write| {
        waiting.drain(..).try_for_each(|customer| writer.put(&customer, out))
    };
    remote::run(async {
        let mut pauses = remote::PAUSES.iter();
        loop {
            let before = last.clone();
            // Rows after the place from which the export continues come again.
            waiting.clear();
            let why = match pages(args, last.clone()).await {
                Ok(mut pages) => loop {
                    match pages.message().await {
                        Ok(None) => return put(&mut waiting, out),
                        Ok(Some(page)) => {
                            waiting.extend(page.customers);
                            unreadable.extend(page.unreadable_customer_ids);
                            if !page.resume_token.is_empty() {
                                put(&mut waiting, out)?;
                                last = Some(page.resume_token);
                            }
                        }
                        Err(status) => break Broken::of(&status).passing()?,
                    }
                },
                Err(broken) => broken.passing()?,
            };
            if last != before {
                pauses = remote::PAUSES.iter();
            }
            match pauses.next() {
                Some(pause) => remote::pause(*pause).await,
                None => return Err(Error::Input(why)),
            }
        }
    })?;
    out.flush()?;
    Ok(unreadable)
}

async fn pages(
    args: &Args,
    resume_token: Option<String>,
) -> Result<Streaming<v1::ExportCustomersResponse>, Broken> {
    let channel = match args.remote.connect_for_long().await {
        Ok(channel) => channel,
        // A server that has never answered is not waited for.
        Err(error) if resume_token.is_none() => return Err(Broken::For(error)),
        Err(error) => return Err(Broken::Off(error.to_string())),
    };
    let request = v1::ExportCustomersRequest {
        tenant: args.remote.tenant(),
        resume_token,
        include_contacts: Some(args.contacts),
    };
    let pages = CustomerServiceClient::new(channel).export_customers(request).await;
    Ok(pages.map_err(|status| Broken::of(&status))?.into_inner())
}

/// Writes customers in a format.
#[derive(Debug)]
enum Writer {
    Csv(Sheet),
    Jsonl(Json),
}

impl Writer {
    fn start(format: Format, out: &mut dyn Write) -> Result<Self, Error> {
        match format {
            Format::Csv => Ok(Self::Csv(Sheet::start(out)?)),
            Format::Jsonl | Format::Json => Ok(Self::Jsonl(Json::new()?)),
        }
    }

    fn put(&self, customer: &v1::CustomerRow, out: &mut dyn Write) -> Result<(), Error> {
        match self {
            Self::Csv(sheet) => sheet.put(customer, out),
            Self::Jsonl(json) => Ok(writeln!(out, "{}", json.write(customer)?)?),
        }
    }
}

//! `courtesy confirm` and `courtesy release`: settle a reservation, or those of a list.

use std::io::Write;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::decision::time;
use crate::cli::failure::or_missing;
use crate::cli::output;
use crate::cli::remote::Remote;
use crate::cli::remote::follow_up;
use crate::cli::remote::follow_up::Confirming;
use crate::cli::remote::follow_up::ListArgs;
use crate::cli::remote::follow_up::Releasing;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;

const CONFIRM_HELP: &str = "A row of FILE has the customer (column customer_id or id, or the \
column that --id-column names) and the request that reserved the contact (column request_id). It \
may have send_time and unanswered. Other columns are passed over, and so are rows without a \
request_id, because nothing was reserved for them. Confirming a list twice changes nothing more.

Examples:
  courtesy clear list.csv -o sent.csv --channel email --purpose marketing --reserve --hold 1d
  courtesy confirm sent.csv
  courtesy confirm --customer ada --request-id spring-1

Exit codes: 0 all are confirmed, 1 some were refused or none was reserved, 2 the list is not \
complete.";

const RELEASE_HELP: &str = "A row of FILE has the customer (column customer_id or id, or the \
column that --id-column names) and the request that reserved the contact (column request_id). \
Other columns are passed over, and so are rows without a request_id, because nothing was reserved \
for them. Releasing a list twice changes nothing more.

Examples:
  courtesy release unsent.csv
  courtesy release --customer ada --request-id spring-1

Exit codes: 0 all are given back, 1 some were refused or none was reserved, 2 the list is not \
complete.";

/// The arguments of `confirm`.
#[derive(Debug, clap::Args)]
#[command(after_help = CONFIRM_HELP)]
pub(crate) struct Confirm {
    #[command(flatten)]
    which: Which,
    /// The call was not answered: it was an attempt
    #[arg(long)]
    unanswered: bool,
}

/// The arguments of `release`.
#[derive(Debug, clap::Args)]
#[command(after_help = RELEASE_HELP)]
pub(crate) struct Release {
    #[command(flatten)]
    which: Which,
}

/// One reservation, or a list.
#[derive(Debug, clap::Args)]
struct Which {
    #[command(flatten)]
    list: ListArgs,
    /// Of one reservation, the customer, by the organisation's id
    #[arg(long, value_name = "ID", required_unless_present = "file", conflicts_with = "file")]
    customer: Option<String>,
    /// The request that reserved the contact
    #[arg(long, value_name = "ID", required_unless_present = "file", conflicts_with = "file")]
    request_id: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

impl Which {
    fn customer(&self) -> String {
        self.customer.clone().unwrap_or_default()
    }

    fn request_id(&self) -> String {
        self.request_id.clone().unwrap_or_default()
    }
}

pub(crate) fn confirm(
    confirm: &Confirm,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let args = &confirm.which;
    if args.list.file.is_some() {
        let saying = Confirming::new(&args.list, confirm.unanswered);
        return follow_up::run((&saying, &args.list, &args.remote), out, err);
    }
    let request = v1::ConfirmContactRequest {
        customer_id: args.customer(),
        request_id: args.request_id(),
        send_time: None,
        unanswered: Some(confirm.unanswered),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).confirm_contact(request).await
    });
    let response = response.map_err(or_missing)?;
    if args.remote.json {
        output::write_json(&output::message("ConfirmContactResponse", &response)?, out)?;
    } else {
        let sent = time(response.send_time).unwrap_or_default();
        let late = if response.late { ", after its reservation had expired" } else { "" };
        writeln!(out, "sent at {sent}{late}")?;
    }
    Ok(Outcome::Yes)
}

pub(crate) fn release(
    release: &Release,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    let args = &release.which;
    if args.list.file.is_some() {
        let saying = Releasing::new(&args.list);
        return follow_up::run((&saying, &args.list, &args.remote), out, err);
    }
    let request = v1::ReleaseContactRequest {
        customer_id: args.customer(),
        request_id: args.request_id(),
        tenant: args.remote.tenant(),
    };
    let response = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).release_contact(request).await
    });
    let response = response.map_err(or_missing)?;
    if args.remote.json {
        output::write_json(&output::message("ReleaseContactResponse", &response)?, out)?;
    } else if response.expired {
        writeln!(out, "it had expired, and was given back then")?;
    } else {
        writeln!(out, "given back")?;
    }
    Ok(Outcome::Yes)
}

//! `courtesy engage`: lists of what customers did, such as a provider's bounces and complaints.

use std::hash::Hasher;
use std::io::Write;

use prost::Message;
use siphasher::sip::SipHasher24;
use tonic::Status;

use super::ListArgs;
use super::Phrases;
use super::Saying;
use super::row::ID_COLUMNS;
use super::row::Row;
use super::row::names;
use super::run;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::remote;
use crate::cli::remote::Remote;
use crate::cli::remote::sign_in::Connection;
use crate::cli::rows::Problem;
use crate::cli::values;
use crate::model::Instant;
use crate::model::Name;
use crate::proto::v1;
use crate::proto::v1::EngagementKind;
use crate::proto::v1::contact_service_client::ContactServiceClient;
use crate::rpc::convert::time::timestamp;

const HELP: &str =
    "A row has the customer (column customer_id or id, or the column that --id-column \
names) and the kind of event (column kind, or --kind for all rows). It may have channel, \
event_time, request_id (the request that reserved the contact, as `courtesy clear --reserve` \
writes it) and event_id. Other columns are passed over, and so are rows without a kind.

Two events with the same event_id are one event. Without an event_id, all fields of the row are \
compared. So the same list can be sent twice, and the second time adds nothing.

Kinds: opened, clicked, replied, converted, bounced_hard, bounced_soft, complained, inbound, \
conversation, refused.

Examples:
  courtesy engage events.csv
  courtesy engage bounces.csv --kind bounced_hard --channel email --id-column Email

Exit codes: 0 all rows are recorded, 1 some were refused or no row had an event, 2 the list is not \
complete.";

/// The command's arguments.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Engage {
    #[command(flatten)]
    list: ListArgs,
    /// Who did it, of one customer: the organisation's id
    #[arg(long, value_name = "ID", conflicts_with = "file", requires = "kind")]
    customer: Option<String>,
    /// The request that made the contact it is about, of one customer
    #[arg(long, value_name = "ID", requires = "customer")]
    contact_request_id: Option<String>,
    /// When one customer did it; without it, now
    #[arg(long, value_name = "TIME", requires = "customer", value_parser = values::instant)]
    at: Option<Instant>,
    /// This report's own id, of one customer: repeating it changes nothing; without it, a new one
    #[arg(long, value_name = "ID", requires = "customer")]
    request_id: Option<String>,
    /// What customers did, where a row does not say it
    #[arg(long, value_parser = kind)]
    kind: Option<EngagementKind>,
    /// The channel on which they did it, where a row does not say it
    #[arg(long, value_parser = Name::new)]
    channel: Option<Name>,
    #[command(flatten)]
    remote: Remote,
}

pub(crate) fn engage(
    args: &Engage,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome, Error> {
    if let Some(customer) = &args.customer {
        return one(args, customer, out);
    }
    if args.list.file.is_none() {
        let told =
            "name a list, `courtesy engage FILE`, or one customer with --customer and --kind";
        return Err(Error::Input(told.to_owned()));
    }
    run((args, &args.list, &args.remote), out, err)
}

/// Records the reaction of one customer.
fn one(args: &Engage, customer: &str, out: &mut dyn Write) -> Result<Outcome, Error> {
    let request = v1::RecordEngagementRequest {
        customer_id: customer.to_owned(),
        kind: args.kind.unwrap_or_default().into(),
        channel: args.channel.as_ref().map(ToString::to_string),
        contact_request_id: args.contact_request_id.clone(),
        event_time: args.at.map(timestamp),
        request_id: args.request_id.clone().unwrap_or_else(remote::request_id),
        tenant: args.remote.tenant(),
    };
    let recorded = args.remote.call(async move |channel| {
        ContactServiceClient::new(channel).record_engagement(request).await
    })?;
    if args.remote.json {
        output::write_json(&output::message("RecordEngagementResponse", &recorded)?, out)?;
    } else if recorded.changed() {
        writeln!(out, "it is on record")?;
    } else {
        writeln!(out, "it was on record already")?;
    }
    Ok(Outcome::Yes)
}

impl Engage {
    fn customer(&self) -> Vec<String> {
        let id = self.list.id_column.as_ref().map(|id| vec![id.clone()]);
        id.unwrap_or_else(|| names("", &ID_COLUMNS))
    }
}

impl Saying for Engage {
    type Item = v1::BatchEngagement;
    const WORDS: Phrases = Phrases {
        done: "recorded",
        late: None,
        passed: "without a kind",
        nothing: "no row has a kind: nothing was recorded",
    };

    fn columns(&self) -> Vec<Vec<String>> {
        let kind = self.kind.is_none().then(|| names("", &["kind"]));
        std::iter::once(self.customer()).chain(kind).collect()
    }

    fn item(&self, row: Row<'_>) -> Result<Option<v1::BatchEngagement>, Problem> {
        let kind = match row.cell(&names("", &["kind"])) {
            Some((name, cell)) => Some(kind(cell).map_err(|what| Problem::new(Some(name), what))?),
            None => self.kind,
        };
        let Some(kind) = kind else { return Ok(None) };
        let about = ["request_id", "requestId"];
        let about = [names("", &["contact_request_id"]), names(&self.list.prefix, &about)].concat();
        let channel = row.text(&names("", &["channel"]));
        let mut engagement = v1::BatchEngagement {
            customer_id: row.customer(&self.customer())?,
            kind: i32::from(kind),
            channel: channel.or_else(|| self.channel.as_ref().map(Name::to_string)),
            contact_request_id: row.text(&about),
            event_time: row.time(&names("", &["event_time", "eventTime"]))?,
            request_id: String::new(),
        };
        let id = row.text(&names("", &["event_id", "eventId"]));
        engagement.request_id = id.unwrap_or_else(|| digest(&engagement));
        Ok(Some(engagement))
    }

    async fn say(
        client: &mut ContactServiceClient<Connection>,
        engagements: Vec<v1::BatchEngagement>,
        tenant: Option<String>,
    ) -> Result<Vec<Result<bool, v1::ItemError>>, Status> {
        use v1::batch_engagement_result::Result;
        let request = v1::BatchRecordEngagementsRequest { engagements, tenant };
        let results = client.batch_record_engagements(request).await?.into_inner().results;
        let answer = |it: v1::BatchEngagementResult| match it.result {
            Some(Result::Engagement(_version)) => Some(Ok(false)),
            Some(Result::Error(error)) => Some(Err(error)),
            None => None,
        };
        Ok(results.into_iter().map_while(answer).collect())
    }
}

/// The kind of event that a word names.
fn kind(word: &str) -> Result<EngagementKind, String> {
    let plain = word.trim().to_uppercase().replace([' ', '-'], "_");
    let plain = plain.strip_prefix("ENGAGEMENT_KIND_").unwrap_or(&plain);
    let kind = EngagementKind::from_str_name(&format!("ENGAGEMENT_KIND_{plain}"));
    kind.filter(|kind| *kind != EngagementKind::Unspecified).ok_or_else(|| {
        "is none of: opened, clicked, replied, converted, bounced_hard, bounced_soft, complained, \
         inbound, conversation, refused"
            .to_owned()
    })
}

/// A request id for an event without one. It must be equal for an equal event, for ever.
fn digest(engagement: &v1::BatchEngagement) -> String {
    let mut hasher = SipHasher24::new();
    hasher.write(&engagement.encode_to_vec());
    format!("engage-{:016x}", hasher.finish())
}

//! Lists of reservations that were sent, or were not.

use tonic::Status;

use super::ListArgs;
use super::Phrases;
use super::Saying;
use super::row::ID_COLUMNS;
use super::row::Row;
use super::row::names;
use crate::cli::remote::sign_in::Connection;
use crate::cli::rows::Problem;
use crate::proto::v1;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The columns that name a reservation.
#[derive(Debug)]
struct Columns {
    customer: Vec<String>,
    request: Vec<String>,
}

impl Columns {
    fn of(list: &ListArgs) -> Self {
        let id = list.id_column.as_ref().map(|id| vec![id.clone()]);
        Self {
            customer: id.unwrap_or_else(|| names("", &ID_COLUMNS)),
            request: names(&list.prefix, &["request_id", "requestId"]),
        }
    }

    fn all(&self) -> Vec<Vec<String>> {
        vec![self.customer.clone(), self.request.clone()]
    }

    /// The customer and the request of a row; nothing where nothing was reserved for it.
    fn reservation(&self, row: Row<'_>) -> Result<Option<(String, String)>, Problem> {
        let Some(request_id) = row.text(&self.request) else { return Ok(None) };
        Ok(Some((row.customer(&self.customer)?, request_id)))
    }
}

/// Confirms that the contacts of a list were sent.
#[derive(Debug)]
pub(in crate::cli::remote) struct Confirming {
    columns: Columns,
    /// Whether a contact was not answered, if its row does not say.
    unanswered: bool,
}

impl Confirming {
    pub(in crate::cli::remote) fn new(list: &ListArgs, unanswered: bool) -> Self {
        Self { columns: Columns::of(list), unanswered }
    }
}

impl Saying for Confirming {
    type Item = v1::BatchConfirmation;
    const WORDS: Phrases = Phrases {
        done: "confirmed",
        late: Some("  had expired before"),
        passed: "not reserved",
        nothing: "no row names a reservation, so nothing was confirmed",
    };

    fn columns(&self) -> Vec<Vec<String>> {
        self.columns.all()
    }

    fn item(&self, row: Row<'_>) -> Result<Option<v1::BatchConfirmation>, Problem> {
        let Some((customer_id, request_id)) = self.columns.reservation(row)? else {
            return Ok(None);
        };
        let send_time = row.time(&names("", &["send_time", "sendTime"]))?;
        let unanswered = row.yes(&names("", &["unanswered"]))?.or(Some(self.unanswered));
        Ok(Some(v1::BatchConfirmation { customer_id, request_id, send_time, unanswered }))
    }

    async fn say(
        client: &mut ContactServiceClient<Connection>,
        confirmations: Vec<v1::BatchConfirmation>,
        tenant: Option<String>,
    ) -> Result<Vec<Result<bool, v1::ItemError>>, Status> {
        use v1::batch_confirm_result::Result;
        let request = v1::BatchConfirmContactsRequest { confirmations, tenant };
        let results = client.batch_confirm_contacts(request).await?.into_inner().results;
        let answer = |it: v1::BatchConfirmResult| match it.result {
            Some(Result::Confirmation(it)) => Some(Ok(it.late)),
            Some(Result::Error(error)) => Some(Err(error)),
            None => None,
        };
        Ok(results.into_iter().map_while(answer).collect())
    }
}

/// Releases the contacts of a list that were not sent.
#[derive(Debug)]
pub(in crate::cli::remote) struct Releasing(Columns);

impl Releasing {
    pub(in crate::cli::remote) fn new(list: &ListArgs) -> Self {
        Self(Columns::of(list))
    }
}

impl Saying for Releasing {
    type Item = v1::BatchRelease;
    const WORDS: Phrases = Phrases {
        done: "given back",
        late: Some("  had expired before"),
        passed: "not reserved",
        nothing: "no row names a reservation, so nothing was given back",
    };

    fn columns(&self) -> Vec<Vec<String>> {
        self.0.all()
    }

    fn item(&self, row: Row<'_>) -> Result<Option<v1::BatchRelease>, Problem> {
        let reservation = self.0.reservation(row)?;
        let release = |(customer_id, request_id)| v1::BatchRelease { customer_id, request_id };
        Ok(reservation.map(release))
    }

    async fn say(
        client: &mut ContactServiceClient<Connection>,
        releases: Vec<v1::BatchRelease>,
        tenant: Option<String>,
    ) -> Result<Vec<Result<bool, v1::ItemError>>, Status> {
        use v1::batch_release_result::Result;
        let request = v1::BatchReleaseContactsRequest { releases, tenant };
        let results = client.batch_release_contacts(request).await?.into_inner().results;
        let answer = |it: v1::BatchReleaseResult| match it.result {
            Some(Result::Release(it)) => Some(Ok(it.expired)),
            Some(Result::Error(error)) => Some(Err(error)),
            None => None,
        };
        Ok(results.into_iter().map_while(answer).collect())
    }
}

//! Times as people read them: of UTC, to the second, and on the clocks that matter to the reader.

use std::path::Path;
use std::sync::Arc;

use prost_types::Timestamp;

use crate::cli::remote::Remote;
use crate::proto::v1;
use crate::proto::v1::customer_service_client::CustomerServiceClient;
use crate::rpc::convert::time::instant;
use crate::zone::Round;
use crate::zone::Zone;
use crate::zone::Zones;
use crate::zone::shown;

/// The link by which a machine names its own zone, and the directory of zones.
const LOCAL: &str = "/etc/localtime";
const INTO_ZONES: &str = "zoneinfo/";

/// The clocks that are shown beside UTC: those of a customer or, if none is known, this machine's.
pub(crate) struct Clocks(Vec<Arc<Zone>>);

impl Clocks {
    /// The clocks of these zones.
    pub(crate) fn named<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Self {
        let mut names = names.into_iter().peekable();
        if names.peek().is_none() {
            return Self::here();
        }
        let zones = Zones::bundled();
        let clocks: Vec<Arc<Zone>> = names.filter_map(|name| zones.find(name.as_ref())).collect();
        if clocks.is_empty() { Self::here() } else { Self(clocks) }
    }

    /// The clocks of a customer, as far as the server gives them.
    pub(crate) fn of(customer: &str, remote: &Remote) -> Self {
        let request =
            v1::GetCustomerRequest { customer_id: customer.to_owned(), tenant: remote.tenant() };
        let asked = remote.call(async move |channel| {
            CustomerServiceClient::new(channel).get_customer(request).await
        });
        let known = asked.ok().and_then(|answer| answer.customer).unwrap_or_default();
        Self::named(known.time_zone.iter().chain(&known.time_zones))
    }

    /// This machine's clock, unless it is UTC.
    pub(crate) fn here() -> Self {
        let said = std::env::var_os("TZ").filter(|name| !name.is_empty());
        let said = said.map(|name| name.to_string_lossy().into_owned());
        let name = said.or_else(linked).unwrap_or_default();
        let name = name.trim_start_matches(':');
        let is_utc = ["UTC", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu"].contains(&name);
        let zone = if is_utc { None } else { Zones::bundled().find(name) };
        Self(zone.into_iter().collect())
    }

    /// A time of UTC, to the second, and on the first clocks.
    pub(crate) fn time(&self, timestamp: Option<Timestamp>, round: Round) -> Option<String> {
        Some(shown(instant(&timestamp?)?, round, &self.0))
    }

    /// A past time in words; empty if there is none.
    pub(crate) fn past(&self, timestamp: Option<Timestamp>) -> String {
        self.time(timestamp, Round::Down).unwrap_or_default()
    }
}

/// The zone that this machine is set to.
fn linked() -> Option<String> {
    let link = Path::new(LOCAL).read_link().ok()?;
    let link = link.to_str()?;
    link.split_once(INTO_ZONES).map(|(_, name)| name.to_owned())
}

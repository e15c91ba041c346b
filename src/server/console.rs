//! The console's port.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;

use crate::console;
use crate::console::Hosts;
use crate::console::Parts;
use crate::console::Seals;
use crate::console::View;
use crate::gate::Customer;
use crate::gate::Gate;
use crate::model::customer_id::CustomerId;
use crate::server::Config;
use crate::server::Error;
use crate::server::Listening;
use crate::server::front::Front;
use crate::server::listen;
use crate::server::operations::Operations;

/// Takes the port. One that another process has is not a reason not to serve: the console is then
/// off.
pub(super) fn listen(config: &Config) -> Result<Option<Listening>, Error> {
    let Some(address) = config.console else { return Ok(None) };
    match listen::one(address) {
        Err(Error::AddressInUse { address }) => {
            tracing::warn!(%address, "another process listens here: there is no console; choose \
                 another port with the setting `console`, or `off`");
            Ok(None)
        }
        listening => listening.map(Some),
    }
}

/// Notes a look at a customer.
async fn note(gate: Arc<Gate>, view: View) -> Result<(), String> {
    let customer_id = CustomerId::new(&view.customer_id, gate.spelling());
    let customer = Customer::new(&view.tenant, &customer_id);
    gate.view_customer(&view.actor, &customer).await.map_err(|failure| failure.to_string())
}

/// The parts that the screens need beside the API.
pub(super) struct Sources {
    pub(super) seals: Seals,
    /// The operations port's state, by which the screens show whether the service is ready.
    pub(super) operations: Operations,
    /// The gate, whose audit log notes looks at customers.
    pub(super) gate: Arc<Gate>,
}

/// The console's screens, which call the API within this process. Their port is `at`.
pub(super) fn router(
    config: &Config,
    front: &Front,
    at: Option<SocketAddr>,
    sources: Sources,
) -> Router {
    let Sources { seals, operations, gate } = sources;
    let url = config.console_url.as_deref();
    let named = url.and_then(|it| it.split_once("://")).map(|(_, it)| it.trim_end_matches('/'));
    let own = at.map(|it| it.to_string());
    let others = named.map(str::to_owned).into_iter().chain(own).collect();
    let by_tls = url.is_some_and(|it| it.starts_with("https://"));
    let parts = Parts {
        api: front.inside(),
        access: front.access(),
        seals,
        clock: config.clock.clone(),
        zones: Arc::clone(&config.zones),
        hosts: Hosts::new(at.map_or(0, |it| it.port()), others),
        secure: config.tls.is_some() || by_tls,
        ready: Arc::new(move || {
            let (is_ready, says) = operations.readiness();
            (is_ready, says.trim_end().to_owned())
        }),
        note: Arc::new(move |view| Box::pin(note(Arc::clone(&gate), view))),
    };
    console::router(parts)
}

//! Webhooks: how they stand, trying one out, and telling again.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tonic::Status;

use super::words;
use crate::audit::Event;
use crate::gate::CHANGES_KEPT;
use crate::gate::Gate;
use crate::model::Instant;
use crate::proto::v1;
use crate::rpc::convert::time::Within;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::own_tenant;
use crate::rpc::decide::refuse;
use crate::rpc::policies::stores::for_all_tenants;
use crate::webhooks;
use crate::webhooks::Kind;
use crate::webhooks::Sender;
use crate::webhooks::Webhook;
use crate::webhooks::Webhooks;

const ROOT: Path = Path::ROOT;

/// The parts that are needed to answer for webhooks.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// The webhooks of the file.
    pub webhooks: Arc<ArcSwap<Webhooks>>,
    /// The sender of events; unset if there is no file.
    pub sender: Option<Sender>,
}

/// Answers `ListWebhooks`.
pub(super) async fn list(gate: &Gate, hooks: &Hooks) -> Result<v1::ListWebhooksResponse, Status> {
    for_all_tenants()?;
    let mut webhooks = Vec::new();
    for webhook in &hooks.webhooks.load_full().all {
        let state = webhooks::state(gate, &webhook.name).await;
        let (state, _) = state.map_err(|failure| refuse(&failure))?;
        let time = |millis: i64| timestamp(Instant::from_millis(millis));
        let stands = match (state.off, state.failing_since) {
            (true, _) => v1::WebhookState::Off,
            (false, Some(_)) => v1::WebhookState::Failing,
            (false, None) => v1::WebhookState::Delivering,
        };
        webhooks.push(v1::Webhook {
            name: webhook.name.to_string(),
            url: webhook.url.to_string(),
            tenants: webhook.tenants.iter().flatten().map(ToString::to_string).collect(),
            kinds: webhook.kinds.iter().copied().map(Kind::as_str).map(String::from).collect(),
            state: i32::from(stands),
            failing_since_time: state.failing_since.map(time),
            problem: state.problem.unwrap_or_default(),
            delivery_time: state.delivered.map(time),
        });
    }
    Ok(v1::ListWebhooksResponse { webhooks })
}

/// Answers `TestWebhook`.
pub(super) async fn test(
    gate: &Gate,
    hooks: &Hooks,
    request: &v1::TestWebhookRequest,
) -> Result<v1::TestWebhookResponse, Status> {
    for_all_tenants()?;
    let mut violations = Violations::default();
    let webhook = named(&mut violations, hooks, &request.name);
    let webhook = violations.finish(webhook.zip(hooks.sender.as_ref()))?;
    let (webhook, sender) = webhook;
    let now = gate.clock().now();
    let (id, body) = webhooks::test_event(&webhook.name, now);
    let answer = sender.post(&webhook, (&id, now), body).await;
    let problem = answer.problem.unwrap_or_default();
    Ok(v1::TestWebhookResponse { status: answer.status.map(u32::from), problem })
}

/// Answers `ReplayWebhook`.
pub(super) async fn replay(
    gate: &Gate,
    hooks: &Hooks,
    request: &v1::ReplayWebhookRequest,
) -> Result<v1::ReplayWebhookResponse, Status> {
    for_all_tenants()?;
    let mut violations = Violations::default();
    let now = gate.clock().now();
    let webhook = named(&mut violations, hooks, &request.name);
    let since = violations.required(ROOT, "since_time", request.since_time.as_ref());
    let since = violations.time(ROOT, "since_time", since, Within::LongPast.at(now));
    let words = words(&mut violations, request.author.as_deref(), None);
    let since = since.filter(|since| *since >= now.minus(CHANGES_KEPT));
    if since.is_none() {
        violations.add(ROOT, "since_time", "must be at most seven days ago");
    }
    let (webhook, since) = violations.finish(webhook.zip(since))?;
    let tenants = gate.tenants().into_iter().filter(|tenant| webhook.hears_of(tenant));
    let event = Event {
        actor: words.actor,
        author: words.author.as_deref().map(str::to_owned),
        action: "ReplayWebhook".to_owned(),
        details: format!("{} from {since} on", webhook.name),
        ..Event::default()
    };
    // The log of the tenant of callers who name none has what is about all.
    let tenant = own_tenant(None)?;
    let replayed = webhooks::replay(gate, &webhook.name, tenants, since);
    let replayed = gate.audited(&tenant, event, replayed).await;
    replayed.map_err(|failure| refuse(&failure))?;
    Ok(v1::ReplayWebhookResponse {})
}

/// The webhook with a name.
fn named(violations: &mut Violations, hooks: &Hooks, name: &str) -> Option<Webhook> {
    let known = hooks.webhooks.load_full();
    let found = known.all.iter().find(|webhook| webhook.name.as_str() == name).cloned();
    if found.is_none() {
        violations.add(ROOT, "name", "no webhook in the file of this instance is called so");
    }
    found
}

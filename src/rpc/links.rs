//! Links to the pages that customers see.

use tonic::Status;

use super::convert::time::timestamp;
use super::convert::violations::Path;
use super::decide::Caller;
use crate::engine::Undeclared;
use crate::gate::Gate;
use crate::model::Span;
use crate::proto::v1;
use crate::rpc::status;
use crate::unsubscribe::Link;
use crate::unsubscribe::PREFERENCES;
use crate::unsubscribe::PreferenceLink;
use crate::unsubscribe::Sealer;
use crate::unsubscribe::UNSUBSCRIBE;

/// The default and the maximum time for which a link works.
const VALID_FOR_DEFAULT: Span = Span::from_days(400);
const VALID_FOR_MAX: Span = Span::from_days(3_650);

/// The parts that are needed to make links.
#[derive(Clone, Debug)]
pub struct Links {
    /// Seals them.
    pub sealer: Sealer,
    /// The address of the pages; unset if none are served. Example: `https://example.com/`.
    pub base: Option<String>,
}

/// Answers `IssueUnsubscribeLink`.
pub(super) fn issue(
    gate: &Gate,
    links: &Links,
    request: &v1::IssueUnsubscribeLinkRequest,
) -> Result<v1::IssueUnsubscribeLinkResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let scope = violations.scope(Path::ROOT, request.scope.as_ref(), &caller.active.policy);
    let valid_for = request.valid_for.as_ref();
    let valid_for = violations.duration(Path::ROOT, "valid_for", valid_for, VALID_FOR_MAX);
    let customer_id = violations.finish(id)?;
    let base = links.base.as_deref().ok_or_else(status::links_off)?;
    let expires = caller.now.plus(valid_for.unwrap_or(VALID_FOR_DEFAULT));
    let customer_id = Box::from(&*customer_id);
    let token = links.sealer.seal(&Link { tenant: caller.tenant, customer_id, scope, expires });
    let url = format!("{base}{UNSUBSCRIBE}{token}");
    Ok(v1::IssueUnsubscribeLinkResponse {
        list_unsubscribe: format!("<{url}>"),
        list_unsubscribe_post: "List-Unsubscribe=One-Click".to_owned(),
        url,
        expire_time: Some(timestamp(expires)),
    })
}

/// Answers `IssuePreferenceLink`.
pub(super) fn issue_preference(
    gate: &Gate,
    links: &Links,
    request: &v1::IssuePreferenceLinkRequest,
) -> Result<v1::IssuePreferenceLinkResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = violations.customer_id(Path::ROOT, &request.customer_id);
    let channel = violations.optional(Path::ROOT, "channel", request.channel.as_deref());
    if let Some(Err(undeclared)) =
        channel.as_ref().map(|it| Undeclared::check_channel(&caller.active.policy, it))
    {
        violations.add_undeclared_as(Path::ROOT, "channel", &undeclared);
    }
    let brand = violations.optional(Path::ROOT, "brand", request.brand.as_deref());
    let valid_for = request.valid_for.as_ref();
    let valid_for = violations.duration(Path::ROOT, "valid_for", valid_for, VALID_FOR_MAX);
    let customer_id = violations.finish(id)?;
    let base = links.base.as_deref().ok_or_else(status::links_off)?;
    let expires = caller.now.plus(valid_for.unwrap_or(VALID_FOR_DEFAULT));
    let customer_id = Box::from(&*customer_id);
    let tenant = caller.tenant;
    let link = PreferenceLink { tenant, customer_id, channel, brand, expires };
    let token = links.sealer.seal_preferences(&link);
    Ok(v1::IssuePreferenceLinkResponse {
        url: format!("{base}{PREFERENCES}{token}"),
        expire_time: Some(timestamp(expires)),
    })
}

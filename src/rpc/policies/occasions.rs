//! The occasions that a preference centre can offer.

use tonic::Status;

use crate::gate::Gate;
use crate::model::Record;
use crate::operation::occasion;
use crate::operation::occasion::Next;
use crate::operation::occasion::Offered;
use crate::proto::v1;
use crate::rpc::convert::page::PAGE_DEFAULT;
use crate::rpc::convert::page::PAGE_MAX;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::wish;
use crate::rpc::decide::Caller;
use crate::rpc::decide::refuse;

/// Answers `ListOccasions`. A token is the name of the last occasion.
pub(super) async fn list(
    gate: &Gate,
    request: v1::ListOccasionsRequest,
) -> Result<v1::ListOccasionsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = caller.violations();
    let id = request.customer_id.as_deref();
    let id = id.and_then(|id| violations.customer_id(Path::ROOT, id));
    let size = request.page_size.unwrap_or(PAGE_DEFAULT);
    if size == 0 {
        violations.add(Path::ROOT, "page_size", format!("must be from 1 to {PAGE_MAX}"));
    }
    let token = request.page_token.as_deref().filter(|token| !token.is_empty());
    let after = violations.optional(Path::ROOT, "page_token", token);
    violations.finish(Some(()))?;

    let record = match id {
        Some(id) => {
            let key = caller.key(&id);
            let snapshot = gate.read(&key, &caller.active.policy, caller.now).await;
            snapshot.map_err(|failure| refuse(&failure))?.record
        }
        None => Record::default(),
    };
    let mut offered = occasion::offered(caller.context(), &record);
    offered.retain(|it| after.as_ref().is_none_or(|after| it.name > *after));
    let size = usize::try_from(size.min(PAGE_MAX)).unwrap_or_default();
    let last = offered.get(size.saturating_sub(1)).filter(|_| offered.len() > size);
    let next_page_token = last.map(|it| it.name.to_string()).unwrap_or_default();
    let occasions = offered.iter().take(size).map(message).collect();
    Ok(v1::ListOccasionsResponse { occasions, next_page_token })
}

fn message(offered: &Offered) -> v1::OfferedOccasion {
    let days = |next: &Next| v1::OccasionDays {
        first_date: next.first.to_string(),
        last_date: next.last.to_string(),
        countries: next.countries.clone(),
    };
    v1::OfferedOccasion {
        name: offered.name.to_string(),
        title: offered.title.map(str::to_owned),
        next_days: offered.next.iter().map(days).collect(),
        opted_out: offered.opted_out,
        opt_outs: offered.opt_outs.iter().map(wish::opted_out).collect(),
        keeps_days_quiet: Some(offered.keeps_days_quiet),
    }
}

//! What the policy in force declares, by its names.

use tonic::Status;

use crate::gate::Gate;
use crate::policy::rules::Family;
use crate::policy::rules::Mode;
use crate::policy::rules::Rule;
use crate::proto::v1;
use crate::rpc::decide::Caller;

/// Answers `DescribePolicy`.
pub(super) fn describe(
    gate: &Gate,
    request: &v1::DescribePolicyRequest,
) -> Result<v1::DescribePolicyResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let policy = &caller.active.policy;
    let channel = |name: &str| v1::DeclaredChannel { name: name.to_owned() };
    Ok(v1::DescribePolicyResponse {
        revision: policy.revision,
        channels: policy.channels.iter().map(|it| channel(&it.name)).collect(),
        purposes: policy
            .purposes
            .iter()
            .map(|it| v1::DeclaredPurpose { name: it.name.to_string(), marketing: it.marketing })
            .collect(),
        rules: policy.rules.iter().map(rule).collect(),
    })
}

fn rule(rule: &Rule) -> v1::DeclaredRule {
    v1::DeclaredRule {
        name: rule.name.to_string(),
        family: rule.kind.family().map_or("content", Family::as_str).to_owned(),
        shadow: rule.mode == Mode::Shadow,
        source: rule.source.clone(),
    }
}

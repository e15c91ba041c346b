//! The declarations of the policy in force, by name.

use tonic::Status;

use crate::gate::Gate;
use crate::model::Day;
use crate::policy::days::Occurrence;
use crate::policy::days::Stretch;
use crate::policy::rules::Family;
use crate::policy::rules::Kind;
use crate::policy::rules::Mode;
use crate::policy::rules::Rule;
use crate::proto::v1;
use crate::rpc::decide::Caller;

/// The number of days after today for which quiet days are listed.
const QUIET_AHEAD_DAYS: i32 = 400;
/// The number of stretches of quiet days that are listed for a rule.
const QUIET_DAYS_MAX: usize = 32;

/// Answers `DescribePolicy`.
pub(super) fn describe(
    gate: &Gate,
    request: &v1::DescribePolicyRequest,
) -> Result<v1::DescribePolicyResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let policy = &caller.active.policy;
    let today = caller.now.millis().div_euclid(86_400_000);
    let today = Day::from_number(i32::try_from(today).unwrap_or_default());
    let channel = |name: &str| v1::DeclaredChannel { name: name.to_owned() };
    Ok(v1::DescribePolicyResponse {
        revision: policy.revision,
        channels: policy.channels.iter().map(|it| channel(&it.name)).collect(),
        purposes: policy
            .purposes
            .iter()
            .map(|it| v1::DeclaredPurpose { name: it.name.to_string(), marketing: it.marketing })
            .collect(),
        rules: policy.rules.iter().map(|it| rule(it, today)).collect(),
    })
}

fn rule(rule: &Rule, today: Day) -> v1::DeclaredRule {
    v1::DeclaredRule {
        name: rule.name.to_string(),
        family: rule.kind.family().map_or("content", Family::as_str).to_owned(),
        shadow: rule.mode == Mode::Shadow,
        source: rule.source.clone(),
        quiet_days: quiet_days(rule, today),
    }
}

/// The days from today on that a quiet period keeps quiet for the customers that it applies to.
fn quiet_days(rule: &Rule, today: Day) -> Vec<v1::OccasionDays> {
    let Kind::QuietPeriod(period) = &rule.kind else { return Vec::new() };
    if rule.mode == Mode::Off || period.opted_out_of.is_some() {
        return Vec::new();
    }
    let from = rule.effective.from;
    let ahead = today.plus(QUIET_AHEAD_DAYS);
    let until = rule.effective.until.map_or(ahead, |it| it.min(ahead));
    let found = period.days.between(from.map_or(today, |it| it.max(today)), until);
    let within = |it: Occurrence<'_>| {
        let Stretch { first, last } = it.days;
        v1::OccasionDays {
            first_date: from.map_or(first, |it| it.max(first)).to_string(),
            last_date: rule.effective.until.map_or(last, |it| it.min(last)).to_string(),
            countries: it.countries.into_iter().map(str::to_owned).collect(),
        }
    };
    found.into_iter().take(QUIET_DAYS_MAX).map(within).collect()
}

//! `WatchDecisions` and `DescribeDecisions`: what this instance decides, and how often.

use std::collections::VecDeque;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::try_unfold;
use tokio::time::timeout;
use tonic::Status;

use crate::codec::number;
use crate::decision_log::recent::News;
use crate::decision_log::recent::RECENT_MAX;
use crate::decision_log::recent::Recent;
use crate::decision_log::recent::Watcher;
use crate::gate::Gate;
use crate::model::Name;
use crate::model::decision::Code;
use crate::model::decision::Effect;
use crate::proto::v1;
use crate::rpc::convert::observed;
use crate::rpc::convert::time::timestamp;
use crate::rpc::convert::violations::Path;
use crate::rpc::convert::violations::Violations;
use crate::rpc::decide::Caller;
use crate::rpc::identity::Opener;
use crate::rpc::identity::opener;
use crate::rpc::status;

/// The default number of past decisions in the first answer.
const BACKLOG_DEFAULT: u32 = 100;
/// The number of decisions in one answer.
const ANSWER_DECISIONS: usize = 250;
/// The interval at which new decisions are looked for: threads that decide do not report them.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The answers to one who watches.
pub(super) type DecisionStream =
    Pin<Box<dyn Stream<Item = Result<v1::WatchDecisionsResponse, Status>> + Send>>;

/// DecisionStream `WatchDecisions`.
pub(super) fn watch(
    gate: &Arc<Gate>,
    request: &v1::WatchDecisionsRequest,
) -> Result<DecisionStream, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let mut violations = Violations::default();
    let wanted = DecisionFilter::read(&mut violations, caller.tenant, request);
    let backlog = request.backlog.unwrap_or(BACKLOG_DEFAULT);
    let backlog = usize::try_from(backlog).unwrap_or(usize::MAX);
    if backlog > RECENT_MAX {
        violations.add(Path::ROOT, "backlog", format!("must be at most {RECENT_MAX}"));
    }
    let wanted = violations.finish(Some(wanted))?;
    let begun = gate.recent().watch(backlog, &|recent| wanted.is(recent));
    let (News { decisions, missed }, watcher) =
        begun.ok_or_else(|| status::busy("too many watch decisions already; try again later"))?;
    let watch = Watch {
        gate: Arc::clone(gate),
        opener: opener(),
        wanted,
        watcher,
        decisions: decisions.into(),
        missed,
        is_first: true,
    };
    Ok(Box::pin(try_unfold(watch, Watch::next)))
}

/// DecisionStream `DescribeDecisions`.
pub(super) fn describe(
    gate: &Gate,
    request: &v1::DescribeDecisionsRequest,
) -> Result<v1::DescribeDecisionsResponse, Status> {
    let caller = Caller::new(gate, request.tenant.as_deref())?;
    let hours = gate.recent().hours(&caller.tenant, caller.now);
    Ok(v1::DescribeDecisionsResponse {
        start_time: Some(timestamp(gate.recent().began())),
        hours: hours.iter().map(observed::hour).collect(),
    })
}

/// A watcher.
struct Watch {
    gate: Arc<Gate>,
    opener: Opener,
    wanted: DecisionFilter,
    watcher: Watcher,
    /// The decisions that were not sent yet, and the number of those that were missed before them.
    decisions: VecDeque<Recent>,
    missed: u64,
    is_first: bool,
}

impl Watch {
    /// The next answer. There is always one more: the server ends what lasts when it goes down.
    async fn next(mut self) -> Result<Option<(v1::WatchDecisionsResponse, Self)>, Status> {
        while self.decisions.is_empty() && self.missed == 0 && !self.is_first {
            let waited = timeout(LOOK_EVERY, pending::<()>()).await;
            debug_assert!(waited.is_err(), "nothing comes of what is pending");
            let Self { gate, wanted, watcher, .. } = &mut self;
            let news = gate.recent().news(watcher, &|recent| wanted.is(recent));
            self.decisions.extend(news.decisions);
            self.missed = news.missed;
        }
        // A caller who may watch no more learns nothing more.
        self.opener.once_more().await?;
        let now = self.decisions.len().min(ANSWER_DECISIONS);
        let decisions = self.decisions.drain(..now).map(|it| observed::decision(&it)).collect();
        let answer = v1::WatchDecisionsResponse { decisions, missed: self.missed };
        (self.missed, self.is_first) = (0, false);
        Ok(Some((answer, self)))
    }
}

/// The decisions that are wanted.
struct DecisionFilter {
    tenant: Name,
    effect: Option<Effect>,
    channel: Option<Name>,
    purpose: Option<Name>,
    rule: Option<Name>,
    reason: Option<Code>,
}

impl DecisionFilter {
    fn read(
        violations: &mut Violations,
        tenant: Name,
        request: &v1::WatchDecisionsRequest,
    ) -> Self {
        let root = Path::ROOT;
        let effect = match v1::Effect::try_from(request.effect) {
            Ok(v1::Effect::Unspecified) => None,
            Ok(v1::Effect::Allow) => Some(Effect::Allow),
            Ok(v1::Effect::Deny) => Some(Effect::Deny),
            Err(_unknown) => {
                violations.add(root, "effect", "is not a value of Effect");
                None
            }
        };
        let reason = number::code(request.reason);
        if reason.is_none() && request.reason != 0 {
            violations.add(root, "reason", "is not a value of ReasonCode");
        }
        Self {
            tenant,
            effect,
            channel: violations.optional(root, "channel", request.channel.as_deref()),
            purpose: violations.optional(root, "purpose", request.purpose.as_deref()),
            rule: violations.optional(root, "rule", request.rule.as_deref()),
            reason,
        }
    }

    fn is(&self, recent: &Recent) -> bool {
        let is_own = |name: &Option<Name>, own: &Name| name.as_ref().is_none_or(|it| it == own);
        let of_rule = |rule: &Name| {
            let mut cited = recent.reasons.iter().chain(&recent.shadow);
            cited.any(|(_, cited)| cited.as_ref() == Some(rule))
        };
        recent.tenant == self.tenant
            && self.effect.is_none_or(|effect| effect == recent.effect)
            && is_own(&self.channel, &recent.channel)
            && is_own(&self.purpose, &recent.purpose)
            && self.rule.as_ref().is_none_or(of_rule)
            && self.reason.is_none_or(|reason| recent.reasons.iter().any(|(it, _)| *it == reason))
    }
}

//! The columns that are added to every row.

use prost_types::Timestamp;

use crate::cli::remote::clear::batch::Answer;
use crate::cli::remote::clear::cells::Added;
use crate::cli::remote::clear::counts::Counts;
use crate::proto::v1::Effect;
use crate::rpc::convert::time::instant;

/// Their names.
pub(super) fn names(prefix: &str, reserve: bool) -> Vec<String> {
    let reserved: &[&str] = if reserve { &["request_id", "expire_time"] } else { &[] };
    let names = ["effect", "reasons", "next_allowed_time"].iter().chain(reserved);
    names.chain(&["problem"]).map(|name| format!("{prefix}{name}")).collect()
}

/// The values of the columns; the answer is counted too. `request_id` is unset if nothing is
/// reserved at all.
pub(super) fn values(
    answer: Answer,
    request_id: Option<String>,
    counts: &mut Counts,
) -> Vec<Added> {
    let mut values = Vec::with_capacity(6);
    let reserving = request_id.is_some();
    match answer {
        Answer::Decided(decision, expires) => {
            let reasons = decision.reasons.iter().map(|it| it.code().word().to_owned());
            let reasons: Vec<String> = reasons.collect();
            let next = exactly(decision.next_allowed_time);
            let allowed = decision.effect() == Effect::Allow;
            if allowed {
                counts.allowed += 1;
            } else {
                counts.deny(&reasons);
            }
            let effect = if allowed { "ALLOW" } else { "DENY" };
            values.extend([Added::Word(effect), Added::Words(reasons), Added::Perhaps(next)]);
            if reserving {
                values.push(Added::Perhaps(request_id.filter(|_| allowed)));
                values.push(Added::Perhaps(exactly(expires)));
            }
            values.push(Added::Perhaps(None));
        }
        Answer::Duplicate(row) => {
            let reasons = vec!["DUPLICATE".to_owned()];
            counts.deny(&reasons);
            values.extend([Added::Word("DENY"), Added::Words(reasons), Added::Perhaps(None)]);
            values.push(Added::Perhaps(Some(format!("the same customer as row {row}"))));
        }
        Answer::Invalid(problem) => {
            counts.invalid += 1;
            let effect = Added::Word("INVALID");
            values.extend([effect, Added::Words(Vec::new()), Added::Perhaps(None)]);
            if reserving {
                values.extend([Added::Perhaps(None), Added::Perhaps(None)]);
            }
            values.push(Added::Perhaps(Some(problem)));
        }
    }
    values
}

/// A time for programs, as JSON has it.
fn exactly(timestamp: Option<Timestamp>) -> Option<String> {
    instant(&timestamp?).map(|at| at.to_string())
}

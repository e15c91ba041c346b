//! Decisions as people read them.

use std::io;
use std::io::Write;

use prost_types::Timestamp;

use crate::cli::Outcome;
use crate::cli::output;
use crate::proto::v1;
use crate::proto::v1::Effect;
use crate::proto::v1::FindingResult;
use crate::rpc::convert::time::instant;

/// How a command ends that was answered so.
pub(crate) fn outcome(decision: &v1::Decision) -> Outcome {
    match decision.effect() {
        Effect::Allow => Outcome::Yes,
        Effect::Deny | Effect::Unspecified => Outcome::No,
    }
}

/// Writes the answer: the effect, every reason, and the times.
pub(crate) fn write(decision: &v1::Decision, out: &mut dyn Write) -> io::Result<()> {
    let effect = decision.effect();
    let degraded =
        if decision.degraded { " (degraded: the customer's record could not be read)" } else { "" };
    writeln!(out, "{}{degraded}", bare(effect.as_str_name(), "EFFECT_"))?;
    match effect {
        Effect::Allow => writeln!(out, "valid until        {}", open(decision.valid_until_time))?,
        Effect::Deny | Effect::Unspecified => {
            writeln!(out, "next allowed time  {}", never(decision.next_allowed_time))?;
        }
    }
    if !decision.reasons.is_empty() {
        let mut table = output::table(["REASON", "CAUSE", "DENIES UNTIL", ""]);
        for reason in &decision.reasons {
            let message = reason.message.clone().unwrap_or_default();
            let (code, cause) = (code(reason.code()), reason.cause.clone());
            table.add_row([code, cause, never(reason.until_time), message]);
        }
        writeln!(out)?;
        output::write_table(&table, out)?;
    }
    if !decision.remaining.is_empty() {
        let mut table = output::table(["BUDGET", "LEFT"]);
        for remaining in &decision.remaining {
            table.add_row([remaining.rule.clone(), remaining.units.to_string()]);
        }
        writeln!(out)?;
        output::write_table(&table, out)?;
    }
    Ok(())
}

/// Writes every rule with its result, and the contacts that stand against this one.
pub(crate) fn write_trace(decision: &v1::Decision, out: &mut dyn Write) -> io::Result<()> {
    let Some(detail) = &decision.detail else { return Ok(()) };
    let mut table = output::table(["RESULT", "RULE OR WISH", "FAMILY", "UNTIL", "NOTE"]);
    for finding in &detail.trace {
        let (result, until) = result(finding);
        let (cause, note) = (finding.cause.clone(), finding.note.clone());
        table.add_row([result, cause, finding.family.clone(), until, note]);
    }
    writeln!(out)?;
    output::write_table(&table, out)?;
    if !detail.evidence.is_empty() {
        let mut table = output::table(["COUNTS", "AT", "CHANNEL", "PURPOSE", "COST", "AGES OUT"]);
        for evidence in &detail.evidence {
            table.add_row(evidence_row(evidence));
        }
        writeln!(out)?;
        output::write_table(&table, out)?;
    }
    Ok(())
}

fn evidence_row(evidence: &v1::Evidence) -> [String; 6] {
    [
        evidence.cause.clone(),
        time(evidence.contact_time).unwrap_or_default(),
        evidence.channel.clone(),
        evidence.purpose.clone(),
        evidence.cost.to_string(),
        never(evidence.age_out_time),
    ]
}

/// A finding's result, and how long it lasts where it denies.
fn result(finding: &v1::Finding) -> (String, String) {
    match finding.result() {
        FindingResult::NotConcerned | FindingResult::Unspecified => ("-".to_owned(), String::new()),
        FindingResult::Off => ("off".to_owned(), String::new()),
        FindingResult::NotInForce => ("not in force".to_owned(), String::new()),
        FindingResult::Exempt => ("exempt".to_owned(), String::new()),
        FindingResult::Satisfied => ("ok".to_owned(), String::new()),
        FindingResult::Denies => (code(finding.code()), never(finding.until_time)),
        FindingResult::WouldDeny => {
            (format!("shadow {}", code(finding.code())), never(finding.until_time))
        }
    }
}

/// A reason as people write it.
pub(crate) fn code(code: v1::ReasonCode) -> String {
    bare(code.as_str_name(), "REASON_CODE_").to_owned()
}

/// A value of an enum, without the prefix that all of them have.
pub(crate) fn bare<'a>(name: &'a str, prefix: &str) -> &'a str {
    name.strip_prefix(prefix).unwrap_or(name)
}

/// A time as people write it.
pub(crate) fn time(timestamp: Option<Timestamp>) -> Option<String> {
    instant(&timestamp?).map(|at| at.to_string())
}

/// The end of something that may never end.
pub(crate) fn open(timestamp: Option<Timestamp>) -> String {
    time(timestamp).unwrap_or_else(|| "for 400 days and more".to_owned())
}

fn never(timestamp: Option<Timestamp>) -> String {
    time(timestamp).unwrap_or_else(|| "not within 400 days".to_owned())
}

//! Decisions as people and programs read them.

use std::io;
use std::io::Write;

use serde_json::Value;
use serde_json::json;

use crate::cli::output;
use crate::model::Decision;
use crate::model::Instant;
use crate::model::decision::Effect;
use crate::model::decision::Evidence;
use crate::model::decision::Finding;
use crate::model::decision::Outcome;
use crate::model::decision::Reason;

/// Writes the answer: the effect, every reason, and the times.
pub(crate) fn write(decision: &Decision, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", decision.effect)?;
    match decision.effect {
        Effect::Allow => writeln!(out, "valid until        {}", or_open(decision.valid_until))?,
        Effect::Deny => {
            writeln!(out, "next allowed time  {}", or_never(decision.next_allowed_time))?;
        }
    }
    if !decision.reasons.is_empty() {
        let mut table = output::table(["REASON", "CAUSE", "DENIES UNTIL", ""]);
        for reason in &decision.reasons {
            let message = reason.message.clone().unwrap_or_default();
            let until = or_never(reason.until);
            table.add_row([reason.code.to_string(), reason.cause.to_string(), until, message]);
        }
        writeln!(out)?;
        output::write_table(&table, out)?;
    }
    if !decision.remaining.is_empty() {
        let mut table = output::table(["BUDGET", "LEFT"]);
        for remaining in &decision.remaining {
            table.add_row([remaining.rule.to_string(), remaining.units.to_string()]);
        }
        writeln!(out)?;
        output::write_table(&table, out)?;
    }
    Ok(())
}

/// Writes every rule with its result, and the contacts that stand against this one.
pub(crate) fn write_trace(decision: &Decision, out: &mut dyn Write) -> io::Result<()> {
    let Some(detail) = &decision.detail else { return Ok(()) };
    let mut table = output::table(["RESULT", "RULE OR WISH", "FAMILY", "UNTIL", "NOTE"]);
    for finding in &detail.trace {
        let (result, until) = result(finding);
        let note = finding.note.clone();
        table.add_row([result, finding.cause.to_string(), finding.family.to_owned(), until, note]);
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

fn evidence_row(evidence: &Evidence) -> [String; 6] {
    [
        evidence.cause.to_string(),
        evidence.at.to_string(),
        evidence.channel.to_string(),
        evidence.purpose.to_string(),
        evidence.cost.to_string(),
        or_never(evidence.ages_out_time),
    ]
}

/// A finding's result and how long it lasts.
fn result(finding: &Finding) -> (String, String) {
    match finding.outcome {
        Outcome::NotConcerned => ("-".to_owned(), String::new()),
        Outcome::Off => ("off".to_owned(), String::new()),
        Outcome::Exempt => ("exempt".to_owned(), String::new()),
        Outcome::Satisfied(_) => ("ok".to_owned(), String::new()),
        Outcome::Denies(code, until) => (code.to_string(), or_never(until)),
        Outcome::WouldDeny(code, until) => (format!("shadow {code}"), or_never(until)),
    }
}

fn or_never(at: Option<Instant>) -> String {
    at.map_or_else(|| "not within 400 days".to_owned(), |at| at.to_string())
}

fn or_open(at: Option<Instant>) -> String {
    at.map_or_else(|| "for 400 days and more".to_owned(), |at| at.to_string())
}

/// The answer for programs.
pub(crate) fn to_json(decision: &Decision) -> Value {
    let time = |at: Option<Instant>| at.map(|at| at.to_string());
    let remaining = decision.remaining.iter();
    let detail = decision.detail.as_ref().map(|detail| {
        json!({
            "trace": detail.trace.iter().map(finding_to_json).collect::<Vec<_>>(),
            "evidence": detail.evidence.iter().map(evidence_to_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "effect": decision.effect.as_str(),
        "reasons": decision.reasons.iter().map(reason_to_json).collect::<Vec<_>>(),
        "shadow": decision.shadow.iter().map(reason_to_json).collect::<Vec<_>>(),
        "next_allowed_time": time(decision.next_allowed_time),
        "valid_until": time(decision.valid_until),
        "remaining": remaining
            .map(|it| (it.rule.to_string(), json!(it.units)))
            .collect::<serde_json::Map<String, Value>>(),
        "detail": detail,
    })
}

fn reason_to_json(reason: &Reason) -> Value {
    json!({
        "code": reason.code.as_str(),
        "rule": reason.cause.rule().map(|name| name.as_str()),
        "cause": reason.cause.to_string(),
        "until": reason.until.map(|until| until.to_string()),
        "message": reason.message,
    })
}

fn finding_to_json(finding: &Finding) -> Value {
    let (result, until) = result(finding);
    json!({
        "cause": finding.cause.to_string(),
        "family": finding.family,
        "result": result,
        "until": (!until.is_empty()).then_some(until),
        "note": finding.note,
    })
}

fn evidence_to_json(evidence: &Evidence) -> Value {
    json!({
        "cause": evidence.cause.to_string(),
        "at": evidence.at.to_string(),
        "channel": evidence.channel.as_str(),
        "purpose": evidence.purpose.as_str(),
        "cost": evidence.cost,
        "ages_out_time": evidence.ages_out_time.map(|at| at.to_string()),
    })
}

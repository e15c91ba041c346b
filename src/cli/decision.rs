//! Decisions as people read them.

use std::io;
use std::io::Write;

use prost_types::Timestamp;

use crate::cli::Outcome;
use crate::cli::clocks::Clocks;
use crate::cli::output;
use crate::proto::v1;
use crate::proto::v1::Effect;
use crate::proto::v1::FindingResult;
use crate::zone::Round;

/// The outcome of a command with this decision.
pub(crate) fn outcome(decision: &v1::Decision) -> Outcome {
    match decision.effect() {
        Effect::Allow => Outcome::Yes,
        Effect::Deny | Effect::Unspecified => Outcome::No,
    }
}

/// Writes the answer: the effect, every reason, and the times, also on the customer's clock where
/// the answer has its details.
pub(crate) fn write(decision: &v1::Decision, out: &mut dyn Write) -> io::Result<()> {
    let clocks = clocks(decision);
    let effect = decision.effect();
    let degraded =
        if decision.degraded { " (degraded: the customer's record could not be read)" } else { "" };
    writeln!(out, "{}{degraded}", effect.word())?;
    match effect {
        Effect::Allow => {
            let until = clocks.time(decision.valid_until_time, Round::Down);
            writeln!(out, "valid until        {}", until.unwrap_or_else(|| OPEN.to_owned()))?;
        }
        Effect::Deny | Effect::Unspecified => {
            let next = clocks.time(decision.next_allowed_time, Round::Up);
            let next = next.unwrap_or_else(|| never(&decision.reasons).to_owned());
            writeln!(out, "next allowed time  {next}")?;
        }
    }
    if !decision.reasons.is_empty() {
        let mut table = output::table(["REASON", "CAUSE", "DENIES UNTIL", ""]);
        for reason in &decision.reasons {
            let message = reason.message.clone().unwrap_or_default();
            let (code, cause) = (reason.code().word().to_owned(), reason.cause.clone());
            let until = clocks.time(reason.until_time, Round::Up);
            let until = until.unwrap_or_else(|| never(std::slice::from_ref(reason)).to_owned());
            table.add_row([code, cause, until, message]);
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
    let clocks = clocks(decision);
    let mut table = output::table(["RESULT", "RULE OR WISH", "FAMILY", "UNTIL", "NOTE"]);
    for finding in &detail.trace {
        let (result, until) = result(decision, finding, &clocks);
        let (cause, note) = (finding.cause.clone(), finding.note.clone());
        table.add_row([result, cause, finding.family.clone(), until, note]);
    }
    writeln!(out)?;
    output::write_table(&table, out)?;
    if !detail.evidence.is_empty() {
        let mut table = output::table(["COUNTS", "AT", "CHANNEL", "PURPOSE", "COST", "AGES OUT"]);
        for evidence in &detail.evidence {
            table.add_row(evidence_row(evidence, &clocks));
        }
        writeln!(out)?;
        output::write_table(&table, out)?;
    }
    Ok(())
}

fn evidence_row(evidence: &v1::Evidence, clocks: &Clocks) -> [String; 6] {
    [
        evidence.cause.clone(),
        clocks.past(evidence.contact_time),
        evidence.channel.clone(),
        evidence.purpose.clone(),
        evidence.cost.to_string(),
        clocks.time(evidence.age_out_time, Round::Up).unwrap_or_else(|| NEVER.to_owned()),
    ]
}

/// A finding's result, and how long it lasts where it denies.
fn result(decision: &v1::Decision, finding: &v1::Finding, clocks: &Clocks) -> (String, String) {
    let until = || {
        let until = clocks.time(finding.until_time, Round::Up);
        let same = |it: &&v1::Reason| it.cause == finding.cause && it.code() == finding.code();
        let reason = decision.reasons.iter().find(same);
        until.unwrap_or_else(|| never(reason.map_or(&[], std::slice::from_ref)).to_owned())
    };
    match finding.result() {
        FindingResult::NotConcerned | FindingResult::Unspecified => ("-".to_owned(), String::new()),
        FindingResult::Off => ("off".to_owned(), String::new()),
        FindingResult::NotInForce => ("not in force".to_owned(), String::new()),
        FindingResult::Exempt => ("exempt".to_owned(), String::new()),
        FindingResult::Satisfied => ("ok".to_owned(), String::new()),
        FindingResult::Denies => (finding.code().word().to_owned(), until()),
        FindingResult::WouldDeny => (format!("shadow {}", finding.code().word()), until()),
    }
}

/// A time as people write it, to the second, also on this machine's clock.
pub(crate) fn time(timestamp: Option<Timestamp>) -> Option<String> {
    Clocks::here().time(timestamp, Round::Down)
}

/// The end of something that may never end.
pub(crate) fn open(timestamp: Option<Timestamp>, clocks: &Clocks) -> String {
    clocks.time(timestamp, Round::Down).unwrap_or_else(|| OPEN.to_owned())
}

const OPEN: &str = "no end in sight (400 days checked)";
const NEVER: &str = "not within 400 days";

/// The advice if some of these reasons deny for as long as answers look ahead. A yes of the
/// customer helps only if nothing else denies that long; a reason with an end says so itself.
fn never(reasons: &[v1::Reason]) -> &'static str {
    let lasting = reasons.iter().filter(|reason| reason.until_time.is_none());
    let lasting: Vec<&v1::Reason> = lasting.collect();
    let opted_out =
        |reason: &v1::Reason| reason.code() == v1::ReasonCode::OptedOut && reason.message.is_none();
    let no_consent = |reason: &v1::Reason| reason.code() == v1::ReasonCode::NoConsent;
    if lasting.is_empty() || !lasting.iter().all(|it| opted_out(it) || no_consent(it)) {
        NEVER
    } else if lasting.iter().any(|it| opted_out(it)) {
        "not until the customer opts in again"
    } else {
        "not until the customer opts in"
    }
}

/// The clocks on which the customer was judged.
fn clocks(decision: &v1::Decision) -> Clocks {
    Clocks::named(decision.detail.iter().flat_map(|detail| &detail.time_zones))
}

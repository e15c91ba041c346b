//! The findings of `courtesy doctor`.

use std::io;
use std::io::Write;

use serde_json::json;

use crate::cli::output;
use crate::cli::output::write_json;
use crate::model::word::words;

/// One finding.
pub(super) struct Finding {
    pub(super) state: State,
    what: &'static str,
    says: String,
}

words! {
    /// The state of the thing that was checked.
    pub(super) enum State {
        #[strum(serialize = "ok")]
        Fine,
        #[strum(serialize = "warning")]
        Doubtful,
        Wrong,
    }
}

impl Finding {
    fn to_json(&self) -> serde_json::Value {
        json!({"state": self.state.as_str(), "subject": self.what, "message": self.says})
    }
}

/// Writes them, a line each, or as JSON.
pub(super) fn write(findings: &[Finding], json: bool, out: &mut dyn Write) -> io::Result<()> {
    if json {
        let findings: Vec<_> = findings.iter().map(Finding::to_json).collect();
        return write_json(&json!({"findings": findings}), out);
    }
    for Finding { state, what, says } in findings {
        let mark = match state {
            State::Fine => "ok     ",
            State::Doubtful => "warning",
            State::Wrong => "WRONG  ",
        };
        output::write_hanging(&format!("{mark}  {what:<13}  "), says, out)?;
    }
    Ok(())
}

pub(super) const fn fine(what: &'static str, says: String) -> Finding {
    Finding { state: State::Fine, what, says }
}

pub(super) const fn doubtful(what: &'static str, says: String) -> Finding {
    Finding { state: State::Doubtful, what, says }
}

pub(super) const fn wrong(what: &'static str, says: String) -> Finding {
    Finding { state: State::Wrong, what, says }
}

//! Guards against the accidental loss of channels and purposes: a policy must not lose all of them,
//! nor those that had contacts in the last days.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::gate::Gate;
use crate::gate::TenantPolicy;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;
use crate::model::history::State;
use crate::policy::Policy;
use crate::policy::Problems;
use crate::policy::Source;

/// The number of days that count as lately.
const DAYS: u32 = 30;
/// The number of customers that are looked at in one go.
const PAGE: usize = 1_000;
/// The longest time for the search. Names that are not found by then are not reported.
const PATIENCE: Duration = Duration::from_millis(800);

/// Channels or purposes, by their kind.
type Names = BTreeSet<(&'static str, Name)>;

impl Gate {
    /// Warns of channels and purposes that a policy no longer declares and that had contacts
    /// lately.
    pub(super) async fn warn_of_removals(
        &self,
        tenant: &Name,
        (before, after): (&Policy, &Policy),
        warnings: &mut Problems,
    ) {
        let mut open: Names = declared(before).difference(&declared(after)).cloned().collect();
        if open.is_empty() {
            return;
        }
        let since = self.clock.now().minus(Span::from_days(DAYS));
        let stopwatch = Stopwatch::start();
        let mut cursor: Option<Box<str>> = None;
        while !open.is_empty() && stopwatch.elapsed() < PATIENCE {
            let now = self.clock.now();
            let page = self
                .scan(TenantPolicy { tenant, policy: before }, cursor.as_deref(), PAGE, now)
                .await;
            // A failure of the store is not a reason to hold an operator up.
            let Ok(page) = page else { return };
            for (_, snapshot) in page.records {
                let Ok(snapshot) = snapshot else { continue };
                for used in used(&snapshot.record, since) {
                    if open.remove(&used) {
                        warn(warnings, &used);
                    }
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                return;
            }
        }
    }
}

fn warn(warnings: &mut Problems, (kind, name): &(&'static str, Name)) {
    let place = warnings.add(&Source::new("policy", ""));
    warnings.warn(
        place,
        format!("the {kind} `{name}` is removed, and had contacts in the last {DAYS} days"),
        "senders that still name it are refused; keep it until none does",
    );
}

fn declared(policy: &Policy) -> Names {
    let channels = policy.channels.iter().map(|it| ("channel", it.name.clone()));
    channels.chain(policy.purposes.iter().map(|it| ("purpose", it.name.clone()))).collect()
}

/// The channels and purposes of the contacts since an instant, and of those to come.
fn used(record: &Record, since: crate::model::Instant) -> Names {
    let history = &record.history;
    let is_made = |state: State| matches!(state, State::Reserved | State::Sent);
    let lately = history.entries().iter().filter(|it| it.at >= since && is_made(it.state));
    let names = lately.filter_map(|entry| {
        let channel = history.channels().get(usize::from(entry.channel))?.clone();
        let purpose = history.purposes().get(usize::from(entry.purpose))?.clone();
        Some([("channel", channel), ("purpose", purpose)])
    });
    names.flatten().collect()
}

//! Writes what was chosen on a form, with what proves it.

use sha2::Digest;
use sha2::Sha256;

use super::Visit;
use super::view::View;
use crate::gate::Active;
use crate::gate::Change;
use crate::gate::Failure;
use crate::model::Instant;
use crate::model::Record;
use crate::operation;
use crate::operation::Context;
use crate::operation::Draft;
use crate::operation::RequestKey;
use crate::operation::preference;
use crate::operation::preference::Form;
use crate::operation::preference::Saved;
use crate::operation::preference::Saving;
use crate::pages::Pages;
use crate::pages::words::Text;
use crate::pages::words::Words;
use crate::store::Version;
use crate::unsubscribe::Shown;

/// The record that was written, and its time.
pub(super) struct WrittenForm {
    pub(super) record: Record,
    pub(super) version: Option<Version>,
    pub(super) saved: Saved,
    pub(super) now: Instant,
}

/// A form that was sent.
#[derive(Clone, Copy)]
pub(super) struct Submission<'a> {
    /// The form that was shown before.
    pub(super) shown: &'a Shown,
    /// Its fields as they were sent.
    pub(super) fields: &'a [(String, String)],
    /// The meaning of the fields.
    pub(super) chosen: &'a Saving,
}

/// Writes what was chosen, once for each form: what refuses more in any case.
pub(super) async fn write(
    pages: &Pages,
    visit: &Visit,
    active: &Active,
    submission: Submission<'_>,
) -> Result<WrittenForm, Failure> {
    let Submission { shown, fields, chosen } = submission;
    let key = visit.customer(pages);
    let now = pages.gate.clock().now();
    let policy = &active.policy;
    let named = request(pages, visit, fields);
    let durability = pages.gate.settings().wishes;
    let change = Change {
        key: &key,
        policy,
        now,
        durability,
        expected: None,
        is_wish: true,
        request: Some(&named),
    };
    let work = |record: &mut Record, is_current: bool| {
        let before = record.clone();
        let saving = Saving { is_current, request: Some(named.clone()), ..chosen.clone() };
        let saved = preference::save(Context { policy, now }, record, &saving)?;
        // A form that says nothing new leaves no trace.
        if !operation::differ(&before, record) && before.consent_events == record.consent_events {
            *record = before;
        }
        Ok((record.clone(), saved))
    };
    let expected = Version::parse(&shown.version);
    let is_new = |record: &Record| shown.version.is_empty() && *record == Record::default();
    let mut changed = match (visit.allows, expected) {
        (true, Some(_)) => {
            let change = Change { expected, ..change.clone() };
            pages.gate.change(&change, |record| work(record, true)).await
        }
        (true, None) => {
            let work = |record: &mut Draft<'_>| {
                let is_new = is_new(record);
                work(record, is_new)
            };
            pages.gate.change(&change, work).await
        }
        (false, _) => Err(Failure::VersionMoved),
    };
    if matches!(changed, Err(Failure::VersionMoved)) {
        changed = pages.gate.change(&change, |record| work(record, false)).await;
    }
    changed.map(|((record, saved), version)| WrittenForm { record, version, saved, now })
}

/// The request of a form: the same link with the same form is one request, however often it is
/// sent.
fn request(pages: &Pages, visit: &Visit, fields: &[(String, String)]) -> RequestKey {
    let fields = fields.iter().map(|(name, value)| format!("\n{}:{name}={value}", name.len()));
    let text = visit.token.clone() + &fields.collect::<String>();
    let hash = pages.sealer.hash(text.as_bytes());
    RequestKey {
        id: format!("preference-page-{hash:016x}").into(),
        body: hash,
        earlier: Vec::new(),
    }
}

/// The proof of the choices: the form, the policy, the language, and the text that was shown beside
/// each channel that is now wanted, or above the form if none is.
pub(super) fn evidence(
    Context { policy, now }: Context<'_>,
    words: Words,
    visit: &Visit,
    (form, chosen): (&Form, &Saving),
) -> String {
    let view = View { policy, form, words, allows: true, proven: visit.proven.as_ref(), now };
    let wanted = form.channels.iter().filter(|it| chosen.wanted.channels.contains(&it.name));
    let shown: Vec<String> = wanted.map(|it| view.channel_text(it)).collect();
    let shown = if shown.is_empty() { words.say(Text::Now).to_owned() } else { shown.join("\n") };
    let hash = Sha256::digest(shown.as_bytes());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let (language, revision) = (words.language(), policy.revision);
    format!("preference page, policy revision {revision}, {language}, sha256 {hash}")
}

//! The format of the values in a store. While instances of an older release may run on it, nothing
//! is written that they would misread: they would turn a no into a yes.

use super::FORMAT;
use super::trusted;
use crate::audit::Event;
use crate::codec::FORMAT_OF_STOPS;
use crate::codec::mark::Known;
use crate::codec::newer_format;
use crate::codec::policy::barrier;
use crate::gate::Attribution;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::policies::TENANT_DEFAULT;
use crate::model::Name;
use crate::store::Key;
use crate::store::Replaced;
use crate::store::Replacement;
use crate::store::Space;

/// A kind of value that older releases misread. It is written only to a store of its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Wishes that are narrower than older releases know: own quiet hours of some days or channels,
    /// an own cadence of purposes or topics, a consent to a brand or a topic.
    NarrowWishes,
    /// Refusals that the customer wrote, with what is kept beneath them, and the STARTs that take
    /// them back.
    Stops,
    /// Records of customers whose ids were sent with white space around them, under the ids without
    /// it, and ids whose case is folded: older releases look for them under the ids as they are
    /// sent.
    TrimmedIds,
    /// The seals on the ends of audit logs. Where older releases cannot run, every log has one.
    SealedLogs,
}

impl Feature {
    /// The first format in which it is written.
    const fn format(self) -> u32 {
        match self {
            Self::NarrowWishes => 2,
            Self::Stops | Self::TrimmedIds | Self::SealedLogs => 3,
        }
    }

    /// Its description, for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NarrowWishes => {
                "a wish for some days, channels, purposes, topics or brands that older releases do \
                 not know"
            }
            Self::Stops => {
                "a refusal that a START can take back, of which older releases know nothing"
            }
            Self::TrimmedIds => "what was sent under another spelling of a customer's id",
            Self::SealedLogs => "a seal on the end of an audit log",
        }
    }
}

/// The result of an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgraded {
    /// The format before.
    pub before: u32,
    /// The format now.
    pub now: u32,
}

impl Gate {
    /// Fails if the store's format is too old for a feature. The error names the command that
    /// upgrades the store.
    ///
    /// # Errors
    /// If older instances may still run on the store.
    pub fn require_format(&self, feature: Feature) -> Result<(), Failure> {
        if self.has_format(feature) { Ok(()) } else { Err(Failure::FormatTooOld(feature)) }
    }

    /// Whether the store's format allows a feature, for code that can use an older form instead.
    #[must_use]
    pub fn has_format(&self, feature: Feature) -> bool {
        self.guard.format() >= feature.format()
    }

    /// Refuses to write a record that older instances cannot read, where they may run.
    ///
    /// # Errors
    /// If older instances may still run on the store.
    pub(in crate::gate) fn require_readable(&self, record: &[u8]) -> Result<(), Failure> {
        match newer_format(record) {
            None => Ok(()),
            Some(format) if format < FORMAT_OF_STOPS => self.require_format(Feature::NarrowWishes),
            Some(_) => self.require_format(Feature::Stops),
        }
    }

    /// The format of what may be written, up to which every instance reads.
    pub(in crate::gate) fn format(&self) -> u32 {
        self.guard.format()
    }

    /// Lets everything be written that this version knows. From then on older instances refuse to
    /// start.
    ///
    /// # Errors
    /// If it could not be stored.
    pub async fn upgrade_store(&self, words: &Attribution) -> Result<Upgraded, Failure> {
        let tenant = default_tenant()?;
        self.refresh().await?;
        self.guard.check()?;
        let before = self.guard.known().store_format;
        let event = Event {
            actor: words.actor.clone(),
            action: "UpgradeStore".to_owned(),
            details: format!("from format {before} to {FORMAT}"),
            author: words.author.as_deref().map(str::to_owned),
            ..Event::default()
        };
        if before < FORMAT {
            Box::pin(self.audited(&tenant, event, trusted(self.raise_format()))).await?;
        }
        Ok(Upgraded { before, now: FORMAT })
    }

    async fn raise_format(&self) -> Result<(), Failure> {
        let _one_at_a_time = self.guard.looking.lock().await;
        self.shut_out_older().await?;
        let known = self.guard.known();
        let marks = self.all_marks(&known).await?;
        for (part, found) in marks {
            let Some((mut mark, version)) = found else { continue };
            mark.store_format = FORMAT;
            if let Replaced::Changed(_) = self.write_mark(part, Some(version), &mark).await? {
                return Err(Failure::Conflict);
            }
        }
        self.guard.know(Known { store_format: FORMAT, ..known });
        Ok(())
    }

    /// Puts an unreadable policy beside the others: releases that know nothing of marks read
    /// all policies when they start, and refuse one of a newer format.
    pub(super) async fn shut_out_older(&self) -> Result<(), Failure> {
        let key = barrier_key()?;
        if self.asked(self.store.load(&key)).await?.is_some() {
            return Ok(());
        }
        let value = barrier();
        let replacement = Replacement { key, expected: None, value, expires: None };
        self.asked(self.store.replace(replacement, self.settings.wishes)).await?;
        Ok(())
    }
}

/// The tenant whose audit log has what concerns all.
pub(super) fn default_tenant() -> Result<Name, Failure> {
    Name::new(TENANT_DEFAULT).map_err(|error| Failure::Unreadable(error.to_string()))
}

fn barrier_key() -> Result<Key, Failure> {
    let tenant = Name::new("courtesy").map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok(Key { space: Space::Policies, tenant, id: Box::from("format") })
}

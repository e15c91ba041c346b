//! Marks of stores, and what an instance knows of one.

mod raises;

pub use raises::Raises;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use bytes::Bytes;
use prost::Message;

use super::FORMAT;
use super::Unreadable;
use super::check_format;
use crate::model::Name;
use crate::model::customer_id::Spelling;
use crate::proto::store::v1;

/// The random id of an installation.
pub type Installation = [u8; 16];

/// The mark of one part of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// To which installation the store belongs.
    pub installation: Installation,
    /// Grows while the store is written to.
    pub counter: u64,
    /// A counter that is known to have been acknowledged.
    pub settled: u64,
    /// The format of what may be written to the store.
    pub store_format: u32,
    /// The parts that have a mark.
    pub parts: BTreeSet<u32>,
    /// The sum of the newest revisions of all tenants' policies.
    pub revisions: u64,
    /// The sum of the numbers of audit events of all tenants.
    pub audit_events: u64,
    /// What is known to be lost; empty where nothing is.
    pub lost: String,
    /// Keys that runs of servers had evicted when an operator accepted it.
    pub evicted: BTreeMap<String, u64>,
    /// Whether another store is being copied into this one.
    pub copying: bool,
    /// Whether it has been served, and not only copied into.
    pub served: bool,
    /// How customers' ids are kept.
    pub customer_ids: Spelling,
    /// Who has raised the counter.
    pub raises: Raises,
}

/// What an instance knows of its store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// To which installation it belongs.
    pub installation: Installation,
    /// For each part the counter that was acknowledged. Empty where nothing is known.
    pub settled: BTreeMap<u32, u64>,
    /// The format of what may be written to it.
    pub store_format: u32,
    /// The tenants that have something on record.
    pub tenants: BTreeSet<Name>,
    /// What tells the secret with which customers were erased from others; empty where none were.
    pub secret: Vec<u8>,
    /// For each part who has raised the counter, as far as that was acknowledged.
    pub raises: BTreeMap<u32, Raises>,
}

impl Mark {
    /// Reads a mark.
    ///
    /// # Errors
    /// If it is damaged, or newer than this version.
    pub fn read(bytes: &Bytes) -> Result<Self, Unreadable> {
        let message = v1::Mark::decode(bytes.clone()).map_err(|_details| Unreadable::Damaged)?;
        check_format(message.format, FORMAT)?;
        Ok(Self {
            installation: installation(message.installation)?,
            counter: message.counter,
            settled: message.settled,
            store_format: message.store_format,
            parts: message.parts.into_iter().collect(),
            revisions: message.revisions,
            audit_events: message.audit_events,
            lost: message.lost,
            evicted: message.evicted.into_iter().map(|it| (it.run, it.keys)).collect(),
            copying: message.copying,
            served: message.served,
            customer_ids: match &*message.customer_ids {
                // Marks that do not say it are older than the setting.
                "" => Spelling::Exact,
                name => Spelling::named(name).ok_or(Unreadable::Field("customer_ids"))?,
            },
            raises: message.raises.map(Raises::read).unwrap_or_default(),
        })
    }

    /// Writes it.
    #[must_use]
    pub fn write(&self) -> Bytes {
        let evicted = self.evicted.iter();
        let message = v1::Mark {
            format: FORMAT,
            installation: self.installation.to_vec(),
            counter: self.counter,
            settled: self.settled,
            store_format: self.store_format,
            parts: self.parts.iter().copied().collect(),
            revisions: self.revisions,
            audit_events: self.audit_events,
            lost: self.lost.clone(),
            evicted: evicted
                .map(|(run, keys)| v1::Evicted { run: run.clone(), keys: *keys })
                .collect(),
            copying: self.copying,
            served: self.served,
            customer_ids: self.customer_ids.as_str().to_owned(),
            raises: Some(self.raises.write()),
        };
        message.encode_to_vec().into()
    }
}

impl Known {
    /// Reads what was kept.
    ///
    /// # Errors
    /// If it is damaged, or newer than this version.
    pub fn read(bytes: &Bytes) -> Result<Self, Unreadable> {
        let message = v1::Known::decode(bytes.clone()).map_err(|_details| Unreadable::Damaged)?;
        check_format(message.format, FORMAT)?;
        let tenants = message.tenants.iter().map(|name| Name::new(name));
        Ok(Self {
            installation: installation(message.installation)?,
            settled: message.settled,
            store_format: message.store_format,
            secret: message.secret,
            raises: message.raises.into_iter().map(|(part, it)| (part, Raises::read(it))).collect(),
            tenants: tenants
                .collect::<Result<_, _>>()
                .map_err(|_no_name| Unreadable::Field("tenants"))?,
        })
    }

    /// Writes it.
    #[must_use]
    pub fn write(&self) -> Bytes {
        let message = v1::Known {
            format: FORMAT,
            installation: self.installation.to_vec(),
            settled: self.settled.clone(),
            store_format: self.store_format,
            tenants: self.tenants.iter().map(Name::to_string).collect(),
            secret: self.secret.clone(),
            raises: self.raises.iter().map(|(part, it)| (*part, it.write())).collect(),
        };
        message.encode_to_vec().into()
    }
}

fn installation(bytes: Vec<u8>) -> Result<Installation, Unreadable> {
    bytes.try_into().map_err(|_other_length| Unreadable::Field("installation"))
}

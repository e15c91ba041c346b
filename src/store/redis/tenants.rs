//! The list of tenants whose customers have something on record, kept beside the records: to find
//! them among millions of keys would take too long for one call.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use redis::FromRedisValue;
use redis::Pipeline;

use super::Shared;
use super::read::whole;
use super::scan::Cursor;
use super::scan::PAGE;
use crate::model::Name;
use crate::store::Error;
use crate::store::Replacement;
use crate::store::Space;

/// The entry that marks the list as complete; a store of an earlier release has none. No tenant
/// has this name.
const COMPLETE: &str = "";

impl Shared {
    /// Lists the tenants of customers whose records are written. They are listed first, so that the
    /// list has too many rather than too few. The tenant of an existing record was listed with it,
    /// so the server that has the list may be away then.
    pub(super) async fn list_tenants(&self, written: &[&Replacement]) -> Result<(), Error> {
        let unlisted: BTreeSet<Name> = {
            let listed = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
            let made = written.iter().filter(|it| it.expected.is_none()).map(|it| &it.key);
            let made = made.filter(|key| key.space == Space::Customers);
            made.filter(|key| !listed.contains(&key.tenant)).map(|key| key.tenant.clone()).collect()
        };
        if unlisted.is_empty() {
            return Ok(());
        }
        self.add(&unlisted.iter().map(Name::as_str).collect::<Vec<_>>()).await?;
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).extend(unlisted);
        Ok(())
    }

    /// The tenants that are listed. A store that has no complete list is gone through once.
    pub(super) async fn tenants(&self) -> Result<BTreeSet<Name>, Error> {
        let mut listed = self.listed_tenants().await?;
        if !listed.remove(COMPLETE) {
            let mut found = self.found_tenants().await?;
            found.insert(COMPLETE.to_owned());
            self.add(&found.iter().map(String::as_str).collect::<Vec<_>>()).await?;
            listed.extend(found);
        }
        let tenants: BTreeSet<Name> = listed.iter().filter_map(|it| Name::new(it).ok()).collect();
        // Tenants that another store has listed, or this one before it lost something, are listed
        // again.
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&tenants);
        Ok(tenants)
    }

    pub(super) fn note_tenants(&self, listed: &BTreeSet<Name>) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.extend(listed.iter().cloned());
    }

    async fn add(&self, names: &[&str]) -> Result<(), Error> {
        let list = self.layout.list(Space::Customers);
        let mut add = Pipeline::new();
        add.cmd("SADD").arg(&list).arg(names);
        whole(self.read(list.as_bytes(), &add).await?).map(drop)
    }

    async fn listed_tenants(&self) -> Result<BTreeSet<String>, Error> {
        let list = self.layout.list(Space::Customers);
        let mut members = Pipeline::new();
        members.cmd("SMEMBERS").arg(&list);
        let reply = whole(self.read(list.as_bytes(), &members).await?)?;
        BTreeSet::from_redis_value(reply).map_err(|error| Error::Unavailable(error.to_string()))
    }

    async fn found_tenants(&self) -> Result<BTreeSet<String>, Error> {
        let mut found = BTreeSet::new();
        for space in [Space::Customers, Space::Erased] {
            let mut cursor: Option<Cursor> = None;
            loop {
                let (keys, next) = self.scan_keys((space, None), cursor, PAGE).await?;
                let tenants = keys.iter().filter_map(|key| self.layout.tenant_of(space, key));
                found.extend(tenants.map(|tenant| tenant.to_string()));
                cursor = next;
                if cursor.is_none() {
                    break;
                }
            }
        }
        Ok(found)
    }
}

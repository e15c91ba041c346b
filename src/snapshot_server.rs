//! An embedded store belongs to one process. So that it can be copied while it is in use, that
//! process lets others read it, over a Unix socket in the store's directory, which only its own
//! user can open. A caller of the same socket can ask it to rewrite its files.

mod client;
mod server;

pub use client::SnapshotClient;
pub use server::SnapshotServer;

use std::path::Path;
use std::path::PathBuf;

use bytes::Bytes;

use crate::model::Name;
use crate::proto::store::v1::SnapshotValue;
use crate::store::Error;
use crate::store::Key;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// The path of the socket of a store's directory.
fn socket(directory: &Path) -> PathBuf {
    directory.join("socket")
}

fn write_key(key: &Key) -> SnapshotValue {
    SnapshotValue {
        space: key.space.as_str().to_owned(),
        tenant: key.tenant.to_string(),
        id: key.id.to_string(),
        ..SnapshotValue::default()
    }
}

fn write(key: &Key, stored: Result<Option<Stored>, Error>) -> Result<SnapshotValue, Error> {
    let named = write_key(key);
    match stored {
        Ok(None) => Ok(named),
        Ok(Some(Stored { version, value })) => Ok(SnapshotValue {
            incarnation: version.incarnation,
            counter: version.counter,
            value: value.to_vec(),
            ..named
        }),
        Err(Error::Damaged(damage)) => Ok(SnapshotValue { damage, ..named }),
        Err(error) => Err(error),
    }
}

fn read_key(value: &SnapshotValue) -> Option<Key> {
    let (space, tenant) = (Space::parse(&value.space)?, Name::new(&value.tenant).ok()?);
    Some(Key { space, tenant, id: Box::from(value.id.as_str()) })
}

fn read(value: SnapshotValue) -> Result<Option<Stored>, Error> {
    if !value.damage.is_empty() {
        return Err(Error::Damaged(value.damage));
    }
    let version = Version { incarnation: value.incarnation, counter: value.counter };
    let bytes = Bytes::from(value.value);
    Ok((version.counter > 0).then_some(Stored { version, value: bytes }))
}

//! An embedded store belongs to one process. So that it can be copied while it is served, that
//! process lends it for reading, over a socket in the store's directory, which only its own user
//! can open. Over the same socket it is asked to rewrite its files.

mod lender;
mod lent;

pub use lender::Lender;
pub use lent::Lent;

use std::path::Path;
use std::path::PathBuf;

use bytes::Bytes;

use crate::model::Name;
use crate::proto::store::v1::LentValue;
use crate::store::Error;
use crate::store::Key;
use crate::store::Space;
use crate::store::Stored;
use crate::store::Version;

/// Where the socket of a store's directory is.
fn socket(directory: &Path) -> PathBuf {
    directory.join("socket")
}

fn write_key(key: &Key) -> LentValue {
    LentValue {
        space: key.space.as_str().to_owned(),
        tenant: key.tenant.to_string(),
        id: key.id.to_string(),
        ..LentValue::default()
    }
}

fn write(key: &Key, stored: Result<Option<Stored>, Error>) -> Result<LentValue, Error> {
    let lent = write_key(key);
    match stored {
        Ok(None) => Ok(lent),
        Ok(Some(Stored { version, value })) => Ok(LentValue {
            incarnation: version.incarnation,
            counter: version.counter,
            value: value.to_vec(),
            ..lent
        }),
        Err(Error::Damaged(damage)) => Ok(LentValue { damage, ..lent }),
        Err(error) => Err(error),
    }
}

fn read_key(lent: &LentValue) -> Option<Key> {
    let (space, tenant) = (Space::parse(&lent.space)?, Name::new(&lent.tenant).ok()?);
    Some(Key { space, tenant, id: Box::from(lent.id.as_str()) })
}

fn read(lent: LentValue) -> Result<Option<Stored>, Error> {
    if !lent.damage.is_empty() {
        return Err(Error::Damaged(lent.damage));
    }
    let version = Version { incarnation: lent.incarnation, counter: lent.counter };
    let value = Bytes::from(lent.value);
    Ok((version.counter > 0).then_some(Stored { version, value }))
}

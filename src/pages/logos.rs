//! The logos of brands: PNG files of a directory, by the brands' names.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::Name;

/// The longest logo.
const BYTES_MAX: u64 = 32 << 10;
/// The beginning of every PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The logo of pages that are of no brand, or of one without a logo.
const DEFAULT: &str = "default";

/// Logos by the names of brands, and one named `default`.
#[derive(Clone, Debug, Default)]
pub struct Logos(Arc<BTreeMap<String, Vec<u8>>>);

/// The reason why there are no logos.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory or a file cannot be read.
    #[error("cannot read the logos in `{0}`")]
    Read(PathBuf, #[source] io::Error),
    /// A file is not a logo.
    #[error("`{0}` is not a PNG of at most 32 kB: make it one, or move it elsewhere")]
    NoLogo(PathBuf),
    /// A file whose name no page can name.
    #[error("`{0}` is named like no brand: use letters, digits, `-` and `_`, then `.png`")]
    Name(PathBuf),
}

impl Logos {
    /// The logos in a directory, whose names are `BRAND.png` and `default.png`.
    ///
    /// # Errors
    /// If it cannot be read, or a PNG in it is too large or none.
    pub fn read(directory: &Path) -> Result<Self, Error> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| Error::Read(path, error)
        };
        let mut logos = BTreeMap::new();
        for entry in fs::read_dir(directory).map_err(failed(directory))? {
            let path = entry.map_err(failed(directory))?.path();
            if path.extension().is_none_or(|it| it != "png") {
                continue;
            }
            let name = path.file_stem().and_then(|it| it.to_str()).filter(|it| is_plain(it));
            let name = name.ok_or_else(|| Error::Name(path.clone()))?.to_owned();
            if fs::metadata(&path).map_err(failed(&path))?.len() > BYTES_MAX {
                return Err(Error::NoLogo(path));
            }
            let bytes = fs::read(&path).map_err(failed(&path))?;
            if !bytes.starts_with(SIGNATURE) {
                return Err(Error::NoLogo(path));
            }
            logos.insert(name, bytes);
        }
        Ok(Self(Arc::new(logos)))
    }

    /// The name of the logo of a brand, if there is one.
    pub(super) fn of(&self, brand: Option<&Name>) -> Option<&str> {
        let own = brand.and_then(|brand| self.0.get_key_value(brand.as_str()));
        let logo = own.or_else(|| self.0.get_key_value(DEFAULT));
        logo.map(|(name, _)| name.as_str())
    }

    /// A logo by its name.
    pub(super) fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.0.get(name).cloned()
    }
}

fn is_plain(name: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    !name.is_empty() && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logos_are_small_pngs_with_plain_names() {
        let directory = tempfile::tempdir().unwrap();
        let write =
            |name: &str, bytes: &[u8]| fs::write(directory.path().join(name), bytes).unwrap();
        write("north.png", SIGNATURE);
        write("notes.txt", b"not a logo");
        let logos = Logos::read(directory.path()).unwrap();
        let name = |text: &str| Name::new(text).unwrap();
        assert_eq!(logos.of(Some(&name("north"))), Some("north"));
        assert_eq!(logos.of(Some(&name("south"))), None);
        write("default.png", SIGNATURE);
        let logos = Logos::read(directory.path()).unwrap();
        assert_eq!(logos.of(Some(&name("south"))), Some("default"));
        let large = [SIGNATURE, &vec![0; 32 << 10]].concat();
        for (file, bytes) in [("a.png", &large[..]), ("a.png", b"GIF89a"), ("a b.png", SIGNATURE)] {
            write(file, bytes);
            assert!(Logos::read(directory.path()).is_err(), "{file}");
            fs::remove_file(directory.path().join(file)).unwrap();
        }
        assert!(Logos::read(&directory.path().join("missing")).is_err());
    }
}

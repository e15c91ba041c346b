use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::prop_assert;
use proptest::prop_assert_eq;
use proptest::proptest;

use super::*;
use crate::secret::Secret;

fn layout(hider: Option<Hider>) -> Layout {
    Layout::new("courtesy:".to_owned(), hider)
}

fn hider() -> Hider {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "a secret of thirty-two bytes ...").unwrap();
    Hider::new(&Secret::read(file.path()).unwrap())
}

fn key(tenant: &str, id: &str) -> Key {
    Key { space: Space::Customers, tenant: Name::new(tenant).unwrap(), id: Box::from(id) }
}

#[test]
fn keys_read_well() {
    let place = layout(None).place(&key("default", "ada"));
    assert_eq!(place.key, b"courtesy:c:default:ada");
    assert_eq!(layout(None).place(&key("a:b%", "c")).key, b"courtesy:c:a%3Ab%25:c");
    let tenant = Name::new("a*").unwrap();
    let odd = Layout::new("x[1]:".to_owned(), None);
    assert_eq!(odd.pattern(Space::Erased, Some(&tenant)), r"x\[1\]:e:a\*:*");
}

#[test]
fn no_two_keys_are_written_alike() {
    let names = ["a", "a:", "a%3A", ":a", "%", "%25", "a:b", "b"];
    let keys = names.iter().flat_map(|tenant| names.iter().map(|id| key(tenant, id)));
    let written: BTreeSet<Vec<u8>> = keys.map(|key| layout(None).place(&key).key).collect();
    assert_eq!(written.len(), names.len() * names.len());
}

#[test]
fn a_hidden_id_is_in_neither_key_nor_value() {
    let hidden = layout(Some(hider()));
    let place = hidden.place(&key("default", "ada@example.com"));
    let value = place.encode(Version { incarnation: 1, counter: 2 }, b"wishes");
    let all = [place.key.as_slice(), &value].concat();
    assert!(!all.windows(3).any(|part| part == b"ada"));
    let read = hidden.parse_key(Space::Customers, &place.key, &value).unwrap();
    assert_eq!(read, key("default", "ada@example.com"));
    // Whose value it is cannot be exchanged either.
    let other = hidden.place(&key("default", "bob"));
    assert!(hidden.parse_key(Space::Customers, &other.key, &value).is_none());
    assert!(decode(&other.key, &Bytes::from(value)).is_err());
}

proptest! {
    #[test]
    fn what_was_written_is_read_and_damage_is_noticed(
        tenant in "[a:%~ü]{1,5}",
        id in ".{1,80}",
        value in vec(any::<u8>(), 0..200),
        (incarnation, counter) in any::<(u64, u64)>(),
        (position, flip) in (any::<usize>(), 1..=u8::MAX),
        hide in any::<bool>(),
    ) {
        let layout = layout(hide.then(hider));
        let key = key(&tenant, &id);
        let place = layout.place(&key);
        let version = Version { incarnation, counter };
        let mut written = place.encode(version, &value);
        let read = decode(&place.key, &Bytes::from(written.clone())).unwrap();
        prop_assert_eq!(read.version, version);
        prop_assert_eq!(read.value, value);
        prop_assert_eq!(layout.parse_key(Space::Customers, &place.key, &written), Some(key));
        let position = position % written.len();
        written[position] ^= flip;
        prop_assert!(decode(&place.key, &Bytes::from(written)).is_err());
    }
}

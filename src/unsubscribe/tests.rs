use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::*;

fn sealer(byte: char) -> Sealer {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    std::fs::write(&path, byte.to_string().repeat(32)).unwrap();
    Sealer::new(&Secret::read(&path).unwrap())
}

fn link(customer_id: &str) -> Link {
    Link {
        tenant: Name::new("default").unwrap(),
        customer_id: customer_id.into(),
        scope: Scope { channel: Some(Name::new("email").unwrap()), ..Scope::default() },
        expires: Instant::parse("2027-11-25T00:00:00Z").unwrap(),
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

#[test]
fn a_link_is_good_until_it_expires() {
    let sealer = sealer('a');
    let link = link("ada@example.com");
    let token = sealer.seal(&link);
    assert_eq!(sealer.open(&token, at("2027-11-24T23:59:59.999Z")), Ok(link.clone()));
    assert_eq!(sealer.open(&token, link.expires), Err(Refused::Expired));
    assert!(!token.contains("ada"));
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
    assert!(!decoded.windows(3).any(|window| window == b"ada"), "it cannot be read");
}

#[test]
fn whatever_is_altered_or_cut_off_is_refused() {
    let sealer = sealer('a');
    let token = sealer.seal(&link("ada"));
    let now = at("2026-11-25T00:00:00Z");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
    for position in 0..bytes.len() {
        for bit in 0..8 {
            let mut altered = bytes.clone();
            altered[position] ^= 1 << bit;
            let altered = BASE64_URL_SAFE_NO_PAD.encode(altered);
            assert_eq!(sealer.open(&altered, now), Err(Refused::Forged), "{position} {bit}");
        }
        let cut = BASE64_URL_SAFE_NO_PAD.encode(&bytes[..position]);
        assert_eq!(sealer.open(&cut, now), Err(Refused::Forged), "cut at {position}");
    }
    for text in ["", "x", "äöü", "../../etc/passwd", &"A".repeat(100_000)] {
        assert_eq!(sealer.open(text, now), Err(Refused::Forged));
    }
}

#[test]
fn another_installation_cannot_make_our_links() {
    let token = sealer('b').seal(&link("ada"));
    assert_eq!(sealer('a').open(&token, at("2026-11-25T00:00:00Z")), Err(Refused::Forged));
}

#[test]
fn the_longest_link_fits() {
    let long = |letter: &str| Some(Name::new(&letter.repeat(128)).unwrap());
    let scope = Scope {
        channel: long("a"),
        purpose: long("b"),
        topic: long("c"),
        brand: long("d"),
        occasion: long("e"),
        marketing: true,
    };
    let link = Link { tenant: long("f").unwrap(), scope, ..link(&"i".repeat(256)) };
    let sealer = sealer('a');
    let token = sealer.seal(&link);
    assert!(token.len() <= LINK_BYTES_MAX, "{}", token.len());
    assert_eq!(sealer.open(&token, at("2026-11-25T00:00:00Z")), Ok(link));
}

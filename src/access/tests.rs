use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::HeaderValue;
use jsonwebtoken::Algorithm;
use jsonwebtoken::EncodingKey;
use jsonwebtoken::Header;
use jsonwebtoken::encode;
use rcgen::KeyPair;
use rcgen::PublicKeyData;
use serde_json::Value;
use serde_json::json;

use super::*;
use crate::access::key::NewKey;
use crate::model::Span;

const NOW: Instant = Instant::from_millis(1_800_000_000_000);

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn load(directory: &Path, text: &str) -> Result<Access, String> {
    let path = directory.join("credentials.toml");
    std::fs::write(&path, text).map_err(|error| error.to_string())?;
    let credentials = Credentials::load(&path).map_err(|error| error.to_string())?;
    Ok(Access::Closed(Box::new(credentials)))
}

fn saying(said: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if !said.is_empty() {
        headers.insert("authorization", HeaderValue::from_str(said).unwrap());
    }
    headers
}

fn admit(access: &Access, said: &str, role: Role) -> Result<Arc<Identity>, Refused> {
    admit_at(access, said, role, NOW)
}

fn admit_at(
    access: &Access,
    said: &str,
    role: Role,
    now: Instant,
) -> Result<Arc<Identity>, Refused> {
    access.admit(Some(&[role]), (&saying(said), None), now)
}

#[test]
fn a_key_says_who_calls() {
    let directory = tempfile::tempdir().unwrap();
    let (old, new, other) =
        (NewKey::make().unwrap(), NewKey::make().unwrap(), NewKey::make().unwrap());
    let text = format!(
        "[[caller]]\nname = \"mailer\"\nroles = [\"sender\", \"auditor\"]\ntenants = [\"north\"]\n\
         [[caller.key]]\nid = \"1\"\nsha256 = \"{}\"\n[[caller.key]]\nid = \"2\"\nsha256 = \"{}\"\n",
        old.hash, new.hash
    );
    let access = load(directory.path(), &text).unwrap();
    for key in [&old, &new] {
        let identity = admit(&access, &format!("Bearer {}", key.secret), Role::Sender).unwrap();
        assert_eq!(&*identity.name, "mailer");
        assert!(identity.is_for(&name("north")) && !identity.is_for(&name("south")));
    }
    let check = |said: &str, expected: &Refused| {
        assert_eq!(admit(&access, said, Role::Sender).unwrap_err(), *expected, "{said}");
    };
    check("", &Refused::Missing);
    check(&format!("Bearer {}", other.secret), &Refused::Unknown);
    check(&format!("Basic {}", old.secret), &Refused::Unknown);
    check(&old.secret, &Refused::Unknown);
    check("Bearer ", &Refused::Unknown);
    check(&format!("Bearer {}", old.hash), &Refused::Unknown);
    let refused = admit(&access, &format!("bearer {}", old.secret), Role::Crm).unwrap_err();
    assert_eq!(refused.to_string(), "`mailer` may not call this method: it takes the role crm");
    // Health is for everybody.
    assert!(access.admit(None, (&HeaderMap::new(), None), NOW).is_ok());
}

#[test]
fn a_certificate_says_who_calls() {
    let directory = tempfile::tempdir().unwrap();
    let text = "[[caller]]\nname = \"crm\"\nroles = [\"crm\"]\ntenants = [\"*\"]\n\
                certificates = [\"URI:spiffe://example.com/crm\"]\n";
    let access = load(directory.path(), text).unwrap();
    let ask = |names: &[&str]| {
        let peer = Peer { names: names.iter().map(|&it| it.to_owned()).collect() };
        access.admit(Some(&[Role::Crm]), (&HeaderMap::new(), Some(&peer)), NOW)
    };
    assert_eq!(&*ask(&["CN:any", "URI:spiffe://example.com/crm"]).unwrap().name, "crm");
    assert_eq!(ask(&["CN:spiffe://example.com/crm"]).unwrap_err(), Refused::Unknown);
    assert_eq!(ask(&[]).unwrap_err(), Refused::Missing);
}

#[test]
fn a_caller_may_call_only_so_often() {
    let identity = |most| Identity::new("mailer", BTreeSet::new(), Tenants::All, most);
    let bounded = identity(NonZeroU32::new(2));
    let refused = (0..1_000).find_map(|_| bounded.check_rate().err()).unwrap();
    let Refused::TooOften { wait, .. } = refused else { panic!("{refused:?}") };
    assert!(wait > Duration::ZERO && wait <= Duration::from_millis(500), "{wait:?}");
    let unbounded = identity(None);
    assert!((0..1_000).all(|_| unbounded.check_rate().is_ok()));
}

#[test]
fn files_that_are_wrong_are_refused_as_a_whole() {
    let directory = tempfile::tempdir().unwrap();
    let caller = |rest: &str| {
        format!("[[caller]]\nname = \"a\"\nroles = [\"sender\"]\ntenants = [\"north\"]\n{rest}")
    };
    let check = |text: &str, expected: &str| {
        let why = load(directory.path(), text).unwrap_err();
        assert!(why.contains(expected), "{why}");
    };
    let hash = NewKey::make().unwrap().hash;
    let key = format!("[[caller.key]]\nid = \"1\"\nsha256 = \"{hash}\"\n");
    check("[[caller]]\nname = \"a\"\n", "missing field `roles`");
    check(&caller("role = 1\n"), "unknown field `role`");
    check(&caller("").replace("sender", "admin"), "unknown variant `admin`");
    check(&caller("").replace("[\"sender\"]", "[]"), "has no roles");
    check(&caller("").replace("[\"north\"]", "[]"), "has no tenants");
    check(&caller("").replace("north", "no good name "), "tenant");
    check(&caller("calls_per_second = 0\n"), "nonzero");
    check(&caller("certificates = [\"mailer\"]\n"), "begin with `CN:`");
    check(&caller("[[caller.key]]\nid = \"1\"\nsha256 = \"12\"\n"), "64 hexadecimal digits");
    check(&(caller("") + &caller("")), "a name of its own");
    check(&caller(&key.repeat(2)), "somebody else's, or listed twice");
    let issuer = "[[issuer]]\nissuer = \"i\"\naudience = \"\"\njwks_file = \"keys.json\"\n";
    check(issuer, "`issuer` and `audience` are both needed");
    check(&issuer.replace("\"\"", "\"a\""), "keys.json");
    std::fs::write(directory.path().join("keys.json"), "{\"keys\": []}").unwrap();
    check(&issuer.replace("\"\"", "\"a\""), "it holds no public key");
}

/// Somebody who signs tokens.
struct Signer {
    directory: tempfile::TempDir,
    key: KeyPair,
}

impl Signer {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), key: KeyPair::generate().unwrap() }
    }

    /// Who believes this signer.
    fn access(&self) -> Access {
        let point = self.key.der_bytes();
        let (x, y) = point[1..].split_at(32);
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": part(x), "y": part(y), "kid": "k1"});
        // A secret that is published is no key.
        let secret = json!({"kty": "oct", "k": part(point), "kid": "k2"});
        let set = json!({"keys": [jwk, secret]}).to_string();
        std::fs::write(self.directory.path().join("keys.json"), set).unwrap();
        let text = "[[issuer]]\nissuer = \"https://login.example.com\"\naudience = \"courtesy\"\n\
                    jwks_file = \"keys.json\"\nroles_claim = \"courtesy_roles\"\n";
        load(self.directory.path(), text).unwrap()
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::ES256) };
        let key = EncodingKey::from_ec_der(&self.key.serialize_der());
        format!("Bearer {}", encode(&header, claims, &key).unwrap())
    }
}

fn claims() -> Value {
    let now = NOW.millis() / 1_000;
    json!({
        "iss": "https://login.example.com", "aud": ["other", "courtesy"], "sub": "ada", "exp": now + 60,
        "courtesy_roles": ["operator", "cook"], "tenants": "north south",
    })
}

#[test]
fn a_token_says_who_calls() {
    let signer = Signer::new();
    let access = signer.access();
    let token = signer.sign(&claims());
    for _ in 0..2 {
        let identity = admit(&access, &token, Role::Operator).unwrap();
        assert_eq!(&*identity.name, "ada");
        assert_eq!(identity.roles, BTreeSet::from([Role::Operator]));
        assert!(identity.is_for(&name("south")) && !identity.is_for(&name("west")));
    }
    assert!(matches!(admit(&access, &token, Role::Sender), Err(Refused::Role { .. })));
    // A token that was good is not good for ever, also where it is known.
    let later = |seconds| NOW.plus(Span::from_secs(seconds));
    assert!(admit_at(&access, &token, Role::Operator, later(89)).is_ok());
    let refused = admit_at(&access, &token, Role::Operator, later(91)).unwrap_err();
    assert_eq!(refused, Refused::Unknown);
}

#[test]
fn tokens_that_are_not_for_us_are_refused() {
    let signer = Signer::new();
    let access = signer.access();
    let check = |change: &dyn Fn(&mut Value)| {
        let mut claims = claims();
        change(&mut claims);
        let refused = admit(&access, &signer.sign(&claims), Role::Operator).unwrap_err();
        assert_eq!(refused, Refused::Unknown, "{claims}");
    };
    check(&|it| it["iss"] = json!("https://other.example.com"));
    check(&|it| it["aud"] = json!("other"));
    check(&|it| it["exp"] = json!(NOW.millis() / 1_000 - 31));
    check(&|it| it["nbf"] = json!(NOW.millis() / 1_000 + 31));
    check(&|it| it["tenants"] = json!([]));
    for claim in ["iss", "aud", "exp", "sub", "tenants"] {
        check(&|it| drop(it.as_object_mut().unwrap().remove(claim)));
    }

    let refuse = |said: &str| {
        let refused = admit(&access, said, Role::Operator).unwrap_err();
        assert_eq!(refused, Refused::Unknown, "{said}");
    };
    // Somebody else's key, the public key as a secret, and no signature at all.
    refuse(&Signer::new().sign(&claims()));
    let public = EncodingKey::from_secret(signer.key.der_bytes());
    for kid in [None, Some("k1".to_owned()), Some("k2".to_owned())] {
        let header = Header { kid, ..Header::new(Algorithm::HS256) };
        refuse(&format!("Bearer {}", encode(&header, &claims(), &public).unwrap()));
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let bare = format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims()));
    refuse(&format!("Bearer {bare}"));
    let good = signer.sign(&claims());
    refuse(good.rsplit_once('.').unwrap().0);
    refuse("Bearer a.b.c");
    // A key that the token names is the only one that is tried.
    let header = Header { kid: Some("k9".to_owned()), ..Header::new(Algorithm::ES256) };
    let key = EncodingKey::from_ec_der(&signer.key.serialize_der());
    refuse(&format!("Bearer {}", encode(&header, &claims(), &key).unwrap()));
}

#[test]
fn the_names_in_a_certificate_are_read() {
    let mut params = rcgen::CertificateParams::new(vec!["mailer.example.com".to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "mailer");
    let uri = "spiffe://example.com/mailer".try_into().unwrap();
    params.subject_alt_names.push(rcgen::SanType::URI(uri));
    let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let names = ["CN:mailer", "DNS:mailer.example.com", "URI:spiffe://example.com/mailer"];
    assert_eq!(Peer::of(certificate.der()).names, names);
    assert_eq!(Peer::of(b"none"), Peer::default());
}

#[test]
fn whom_nobody_has_introduced_may_do_nothing() {
    let nobody = Identity::nobody();
    assert!(nobody.roles.is_empty() && !nobody.is_for(&name("default")));
    let (access, path) = (Access::Open, PathBuf::from("credentials.toml"));
    assert_eq!(&*admit(&access, "", Role::Privacy).unwrap().name, "unauthenticated");
    assert!(Credentials::load(&path).is_err());
}

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::HeaderValue;
use jsonwebtoken::Algorithm;
use jsonwebtoken::Header;
use rcgen::KeyPair;
use rcgen::PublicKeyData;
use ring::hmac;
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
    access.admit(Some(&[role]), Shown { headers: &saying(said), peer: None, session: None }, now)
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
        assert_eq!(&*identity.name, "key:mailer");
        assert!(identity.is_for(&name("north")) && !identity.is_for(&name("south")));
    }
    let check = |said: &str, expected: &Refused| {
        assert_eq!(admit(&access, said, Role::Sender).unwrap_err(), *expected, "{said}");
    };
    check("", &Refused::Missing);
    check(&format!("Bearer {}", other.secret), &Refused::Unknown(Unverified::Key));
    for malformed in [format!("Basic {}", old.secret), old.secret.clone(), "Bearer ".to_owned()] {
        check(&malformed, &Refused::Unknown(Unverified::Form));
    }
    check(&format!("Bearer {}", old.hash), &Refused::Unknown(Unverified::Form));
    let refused = admit(&access, &format!("bearer {}", old.secret), Role::Crm).unwrap_err();
    assert_eq!(refused.to_string(), "`key:mailer` may not call this method: it takes the role crm");
    // Health needs no credential.
    assert!(
        access
            .admit(None, Shown { headers: &HeaderMap::new(), peer: None, session: None }, NOW)
            .is_ok()
    );
}

#[test]
fn a_certificate_says_who_calls() {
    let directory = tempfile::tempdir().unwrap();
    let text = "[[caller]]\nname = \"crm\"\nroles = [\"crm\"]\ntenants = [\"*\"]\n\
                certificates = [\"URI:spiffe://example.com/crm\"]\n";
    let access = load(directory.path(), text).unwrap();
    let ask = |names: &[&str]| {
        let peer = Peer { names: names.iter().map(|&it| it.to_owned()).collect() };
        access.admit(
            Some(&[Role::Crm]),
            Shown { headers: &HeaderMap::new(), peer: Some(&peer), session: None },
            NOW,
        )
    };
    assert_eq!(&*ask(&["CN:any", "URI:spiffe://example.com/crm"]).unwrap().name, "cert:crm");
    let unknown = Refused::Unknown(Unverified::Certificate);
    assert_eq!(ask(&["CN:spiffe://example.com/crm"]).unwrap_err(), unknown);
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
fn who_is_unchanged_has_called_as_often_when_the_file_is_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let (path, key) = (directory.path().join("credentials.toml"), NewKey::make().unwrap());
    let caller = |rate: u32, roles: &str| {
        format!(
            "[[caller]]\nname = \"mailer\"\nroles = [{roles}]\ntenants = [\"*\"]\n\
             calls_per_second = {rate}\nkey = [{{id = \"a\", sha256 = \"{}\"}}]\n",
            key.hash
        )
    };
    let read = |text: &str, before: Option<&Credentials>| {
        std::fs::write(&path, text).unwrap();
        Credentials::load_after(&path, before).unwrap()
    };
    let granted = |credentials: &Credentials| {
        let mailer = credentials.by_secret(&key.secret, NOW).unwrap();
        (0..40).filter(|_| mailer.check_rate().is_ok()).count()
    };
    let first = read(&caller(2, "\"sender\""), None);
    assert!(granted(&first) >= 2);
    // Another caller is added, and this one may do more, as often.
    let other = "[[caller]]\nname = \"ops\"\nroles = [\"operator\"]\ntenants = [\"*\"]\n";
    let text = format!("{}{other}", caller(2, "\"sender\", \"crm\""));
    let second = read(&text, Some(&first));
    let is_same = |one: &Credentials, other: &Credentials| {
        let limiter =
            |it: &Credentials| it.by_secret(&key.secret, NOW).unwrap().limiter.clone().unwrap();
        Arc::ptr_eq(&limiter(one), &limiter(other))
    };
    assert!(is_same(&first, &second), "the same bucket");
    let third = read(&caller(30, "\"sender\""), Some(&second));
    assert!(!is_same(&second, &third) && granted(&third) >= 30, "another rate is another bucket");
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
    check(&caller(&key.repeat(2)), "another caller's, or listed twice");
    let issuer = "[[issuer]]\nissuer = \"i\"\naudience = \"\"\njwks_file = \"keys.json\"\n";
    check(issuer, "`issuer` and `audience` are both needed");
    check(&issuer.replace("\"\"", "\"a\""), "keys.json");
    std::fs::write(directory.path().join("keys.json"), "{\"keys\": []}").unwrap();
    check(&issuer.replace("\"\"", "\"a\""), "it holds no public key");
}

/// An issuer of tokens.
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
        self.access_with("ES256", "")
    }

    /// The same with more settings, for a key that is meant for `algorithm`.
    fn access_with(&self, algorithm: &str, settings: &str) -> Access {
        let point = self.key.der_bytes();
        let (x, y) = point[1..].split_at(32);
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": part(x), "y": part(y), "kid": "k1",
            "alg": algorithm});
        // A secret that is published is not a key.
        let secret = json!({"kty": "oct", "k": part(point), "kid": "k2"});
        let set = json!({"keys": [jwk, secret]}).to_string();
        std::fs::write(self.directory.path().join("keys.json"), set).unwrap();
        let text = "[[issuer]]\nissuer = \"https://login.example.com\"\naudience = \"courtesy\"\n\
                    jwks_file = \"keys.json\"\nroles_claim = \"courtesy_roles\"\n";
        load(self.directory.path(), &format!("{text}{settings}")).unwrap()
    }

    fn sign(&self, claims: &Value) -> String {
        self.sign_as(&Header::new(Algorithm::ES256), claims)
    }

    fn sign_as(&self, header: &Header, claims: &Value) -> String {
        let header = Header { kid: Some("k1".to_owned()), ..header.clone() };
        token::tests::encode(&header, claims, |text| self.signature(text))
    }

    fn signature(&self, text: &[u8]) -> Vec<u8> {
        token::tests::on_p256(&self.key.serialize_der(), text)
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
        assert_eq!(&*identity.name, "https://login.example.com#ada");
        assert_eq!(identity.roles, BTreeSet::from([Role::Operator]));
        assert!(identity.is_for(&name("south")) && !identity.is_for(&name("west")));
    }
    assert!(matches!(admit(&access, &token, Role::Sender), Err(Refused::Role { .. })));
    // A token that was good is not good for ever, also where it is known.
    let later = |seconds| NOW.plus(Span::from_secs(seconds));
    assert!(admit_at(&access, &token, Role::Operator, later(89)).is_ok());
    let refused = admit_at(&access, &token, Role::Operator, later(91)).unwrap_err();
    assert_eq!(refused, Refused::Unknown(Unverified::Expired));
}

#[test]
fn tokens_that_are_not_for_us_are_refused() {
    let signer = Signer::new();
    let access = signer.access();
    let check = |change: &dyn Fn(&mut Value)| {
        let mut claims = claims();
        change(&mut claims);
        let refused = admit(&access, &signer.sign(&claims), Role::Operator).unwrap_err();
        assert!(matches!(refused, Refused::Unknown(_)), "{claims}: {refused:?}");
    };
    check(&|it| it["iss"] = json!("https://other.example.com"));
    check(&|it| it["aud"] = json!("other"));
    check(&|it| it["exp"] = json!(NOW.millis() / 1_000 - 31));
    check(&|it| it["nbf"] = json!(NOW.millis() / 1_000 + 31));
    check(&|it| {
        it["nbf"] = serde_json::from_str(&format!("{}.5", NOW.millis() / 1_000 + 31)).unwrap();
    });
    check(&|it| it["iat"] = json!(NOW.millis() / 1_000 + 31));
    for unreadable in [json!("soon"), json!(null), json!([1]), json!(1e300)] {
        check(&|it| it["nbf"] = unreadable.clone());
        check(&|it| it["exp"] = unreadable.clone());
    }
    check(&|it| it["sub"] = json!("a\u{1b}[2Jb"));
    check(&|it| it["sub"] = json!("a\u{202e}b"));
    check(&|it| it["sub"] = json!("a".repeat(257)));
    check(&|it| it["tenants"] = json!([]));
    for claim in ["iss", "aud", "exp", "sub", "tenants"] {
        check(&|it| drop(it.as_object_mut().unwrap().remove(claim)));
    }

    let refuse = |said: &str| {
        let refused = admit(&access, said, Role::Operator).unwrap_err();
        assert!(matches!(refused, Refused::Unknown(_)), "{said}: {refused:?}");
    };
    // Another issuer's key, the public key as a secret, and no signature at all.
    refuse(&Signer::new().sign(&claims()));
    let public = hmac::Key::new(hmac::HMAC_SHA256, signer.key.der_bytes());
    for kid in [None, Some("k1".to_owned()), Some("k2".to_owned())] {
        let header = Header { kid, ..Header::new(Algorithm::HS256) };
        let mac = |text: &[u8]| hmac::sign(&public, text).as_ref().to_vec();
        refuse(&token::tests::encode(&header, &claims(), mac));
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let bare = format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims()));
    refuse(&format!("Bearer {bare}"));
    let good = signer.sign(&claims());
    refuse(good.rsplit_once('.').unwrap().0);
    refuse("Bearer a.b.c");
    // A key that the token names is the only one that is tried.
    let header = Header { kid: Some("k9".to_owned()), ..Header::new(Algorithm::ES256) };
    refuse(&token::tests::encode(&header, &claims(), |text| signer.signature(text)));
}

#[test]
fn a_token_says_what_it_is() {
    let signer = Signer::new();
    let access = signer.access();
    let ask = |typ: Option<&str>| {
        let typ = typ.map(str::to_owned);
        let header = Header { typ, ..Header::new(Algorithm::ES256) };
        admit(&access, &signer.sign_as(&header, &claims()), Role::Operator)
    };
    for typ in [None, Some("JWT"), Some("jwt"), Some("at+jwt"), Some("application/at+JWT")] {
        assert!(ask(typ).is_ok(), "{typ:?}");
    }
    for typ in ["logout+jwt", "id_token", "secevent+jwt", "dpop+jwt", ""] {
        assert_eq!(ask(Some(typ)).unwrap_err(), Refused::Unknown(Unverified::Header), "{typ}");
    }
    // A header that must be understood is not (RFC 7515, 4.1.11), also where it is signed well.
    let good = signer.sign(&claims());
    let (_header, rest) = good.trim_start_matches("Bearer ").split_once('.').unwrap();
    let header = json!({"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": true});
    let said = format!("Bearer {}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
    let refused = admit(&access, &said, Role::Operator).unwrap_err();
    assert_eq!(refused, Refused::Unknown(Unverified::Header));
}

#[test]
fn a_key_verifies_only_what_its_set_says() {
    let signer = Signer::new();
    let admitted = |algorithm| {
        let access = signer.access_with(algorithm, "");
        admit(&access, &signer.sign(&claims()), Role::Operator)
    };
    assert!(admitted("ES256").is_ok());
    assert_eq!(admitted("ES384").unwrap_err(), Refused::Unknown(Unverified::Signature));
}

#[test]
fn a_numeric_date_may_have_a_fraction() {
    let signer = Signer::new();
    let access = signer.access();
    let mut claims = claims();
    claims["nbf"] = serde_json::from_str("1800000030.25").unwrap();
    let token = signer.sign(&claims);
    let at =
        |millis| admit_at(&access, &token, Role::Operator, NOW.plus(Span::from_millis(millis)));
    assert_eq!(at(249).unwrap_err(), Refused::Unknown(Unverified::TooEarly));
    assert!(at(250).is_ok());
}

#[test]
fn an_issuer_grants_no_more_than_it_may() {
    let signer = Signer::new();
    let ceiling = "roles = [\"sender\", \"auditor\"]\ntenants = [\"north\"]\n";
    let access = signer.access_with("ES256", ceiling);
    let mut claims = claims();
    claims["courtesy_roles"] = json!(["operator", "auditor"]);
    for (granted, north) in
        [(json!(["*"]), true), (json!(["north", "south"]), true), (json!("south"), false)]
    {
        claims["tenants"] = granted;
        let identity = admit(&access, &signer.sign(&claims), Role::Auditor).unwrap();
        assert_eq!(identity.roles, BTreeSet::from([Role::Auditor]));
        assert_eq!(
            (identity.is_for(&name("north")), identity.is_for(&name("south"))),
            (north, false)
        );
    }
}

#[test]
fn the_rate_is_the_subjects_and_not_the_tokens() {
    let signer = Signer::new();
    let access = signer.access_with("ES256", "calls_per_second = 2\n");
    let ask = |subject: &str, n: usize| {
        let mut claims = claims();
        claims["sub"] = json!(subject);
        claims["jti"] = json!(n);
        admit(&access, &signer.sign(&claims), Role::Operator)
    };
    // Signing takes time, so that a slow machine may be given a few more; never all of them.
    let tokens: Vec<_> = (0..200)
        .map(|n| {
            (n, {
                let mut claims = claims();
                claims["jti"] = json!(n);
                signer.sign(&claims)
            })
        })
        .collect();
    let refused = tokens.iter().any(|(_, token)| {
        matches!(admit(&access, token, Role::Operator), Err(Refused::TooOften { .. }))
    });
    assert!(refused, "200 tokens of one subject, two calls a second");
    assert!(ask("bea", 0).is_ok(), "another subject has a rate of its own");
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
fn an_unauthenticated_caller_has_no_permissions() {
    let stranger = Identity::unknown();
    assert!(stranger.roles.is_empty() && !stranger.is_for(&name("default")));
    let (access, path) = (Access::Open, PathBuf::from("credentials.toml"));
    assert_eq!(&*admit(&access, "", Role::Privacy).unwrap().name, "unauthenticated");
    assert!(Credentials::load(&path).is_err());
}

use ::ring::rand::SystemRandom;
use ::ring::rsa::KeyPair as RsaKeyPair;
use ::ring::rsa::PublicKeyComponents;
use ::ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
use ::ring::signature::ECDSA_P384_SHA384_FIXED_SIGNING;
use ::ring::signature::EcdsaKeyPair;
use ::ring::signature::EcdsaSigningAlgorithm;
use ::ring::signature::Ed25519KeyPair;
use ::ring::signature::KeyPair;
use ::ring::signature::RSA_PKCS1_SHA256;
use ::ring::signature::RSA_PKCS1_SHA384;
use ::ring::signature::RSA_PKCS1_SHA512;
use ::ring::signature::RSA_PSS_SHA256;
use ::ring::signature::RSA_PSS_SHA384;
use ::ring::signature::RSA_PSS_SHA512;
use ::ring::signature::RsaEncoding;
use jsonwebtoken::Header;
use serde_json::json;

use super::*;

/// A key that signs nothing but tokens of tests.
const RSA: &[u8] = include_bytes!("rsa_for_tests.der");
const NOW: Instant = Instant::from_millis(1_800_000_000_000);

/// A token with these claims, signed by `sign`.
pub(in crate::access) fn encode(
    header: &Header,
    claims: &Value,
    sign: impl Fn(&[u8]) -> Vec<u8>,
) -> String {
    let part = |text: String| URL_SAFE_NO_PAD.encode(text);
    let text =
        format!("{}.{}", part(serde_json::to_string(header).unwrap()), part(claims.to_string()));
    format!("Bearer {text}.{}", URL_SAFE_NO_PAD.encode(sign(text.as_bytes())))
}

/// An ES256 signature.
pub(in crate::access) fn on_p256(key: &[u8], text: &[u8]) -> Vec<u8> {
    on_curve(&ECDSA_P256_SHA256_FIXED_SIGNING, key, text)
}

fn on_curve(algorithm: &'static EcdsaSigningAlgorithm, key: &[u8], text: &[u8]) -> Vec<u8> {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::from_pkcs8(algorithm, key, &random).unwrap();
    key.sign(&random, text).unwrap().as_ref().to_vec()
}

/// An algorithm, the public key as it stands in a set, and how its owner signs.
type Case = (Algorithm, Value, Box<dyn Fn(&[u8]) -> Vec<u8>>);

fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn rsa(algorithm: Algorithm, encoding: &'static dyn RsaEncoding) -> Case {
    let key = RsaKeyPair::from_pkcs8(RSA).unwrap();
    let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(key.public());
    let jwk = json!({"kty": "RSA", "n": part(&n), "e": part(&e)});
    let sign = move |text: &[u8]| {
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(encoding, &SystemRandom::new(), text, &mut signature).unwrap();
        signature
    };
    (algorithm, jwk, Box::new(sign))
}

fn curve(
    algorithm: Algorithm,
    (name, coordinate): (&str, usize),
    signing: &'static EcdsaSigningAlgorithm,
) -> Case {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(signing, &random).unwrap().as_ref().to_vec();
    let pair = EcdsaKeyPair::from_pkcs8(signing, &key, &random).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(coordinate);
    let jwk = json!({"kty": "EC", "crv": name, "x": part(x), "y": part(y)});
    (algorithm, jwk, Box::new(move |text| on_curve(signing, &key, text)))
}

fn edwards() -> Case {
    let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let key = Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": part(key.public_key().as_ref())});
    (Algorithm::EdDSA, jwk, Box::new(move |text| key.sign(text).as_ref().to_vec()))
}

fn cases() -> Vec<Case> {
    vec![
        rsa(Algorithm::RS256, &RSA_PKCS1_SHA256),
        rsa(Algorithm::RS384, &RSA_PKCS1_SHA384),
        rsa(Algorithm::RS512, &RSA_PKCS1_SHA512),
        rsa(Algorithm::PS256, &RSA_PSS_SHA256),
        rsa(Algorithm::PS384, &RSA_PSS_SHA384),
        rsa(Algorithm::PS512, &RSA_PSS_SHA512),
        curve(Algorithm::ES256, ("P-256", 32), &ECDSA_P256_SHA256_FIXED_SIGNING),
        curve(Algorithm::ES384, ("P-384", 48), &ECDSA_P384_SHA384_FIXED_SIGNING),
        edwards(),
    ]
}

fn issuer(jwk: &Value) -> Issuer {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("keys.json"), json!({"keys": [jwk]}).to_string()).unwrap();
    let entry = toml::from_str("issuer = \"i\"\naudience = \"a\"\njwks_file = \"keys.json\"\n");
    Issuer::load(&entry.unwrap(), directory.path()).unwrap()
}

fn claims(subject: &str) -> Value {
    let expiry = NOW.millis() / 1_000 + 60;
    json!({"iss": "i", "aud": "a", "sub": subject, "exp": expiry, "roles": ["sender"],
        "tenants": ["*"]})
}

#[test]
fn each_algorithm_is_verified() {
    for (algorithm, mut jwk, sign) in cases() {
        // A key of the set may say what it is for, and need not.
        for named in [false, true] {
            if named {
                jwk["alg"] = json!(algorithm);
            }
            let issuer = issuer(&jwk);
            let ask = |token: &str| issuer.identify(token.strip_prefix("Bearer ").unwrap(), NOW);
            let good = encode(&Header::new(algorithm), &claims("ada"), &sign);
            assert_eq!(&*ask(&good).unwrap().name, "i#ada", "{algorithm:?}");
            // The signature of other claims, one that lacks a bit, and none.
            let (text, signature) = good.rsplit_once('.').unwrap();
            let other = encode(&Header::new(algorithm), &claims("bea"), &sign);
            let other = other.rsplit_once('.').unwrap().0;
            let mut torn = URL_SAFE_NO_PAD.decode(signature).unwrap();
            torn[7] ^= 1;
            for bad in [
                format!("{other}.{signature}"),
                format!("{text}.{}", URL_SAFE_NO_PAD.encode(torn)),
                format!("{text}."),
            ] {
                assert_eq!(ask(&bad).unwrap_err(), Unverified::Signature, "{algorithm:?}");
            }
        }
    }
}

#[test]
fn a_token_of_one_algorithm_is_none_of_another() {
    let cases = cases();
    for (at, (algorithm, _jwk, sign)) in cases.iter().enumerate() {
        for (other, (_, jwk, _)) in cases.iter().enumerate() {
            // One RSA key stands in all of their cases, so a key that says no algorithm takes them
            // all.
            let mut jwk = jwk.clone();
            jwk["alg"] = json!(cases[other].0);
            let token = encode(&Header::new(*algorithm), &claims("ada"), sign);
            let identified = issuer(&jwk).identify(token.strip_prefix("Bearer ").unwrap(), NOW);
            assert_eq!(identified.is_ok(), at == other, "{algorithm:?} by {jwk}");
        }
    }
}

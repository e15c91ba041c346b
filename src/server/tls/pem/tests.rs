//! The files were made by OpenSSL 3 and OpenSSH, and hold nothing that is used anywhere.

use std::path::PathBuf;

use super::*;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/keys").join(name)
}

fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

#[test]
fn keys_are_read_in_each_form_of_pem() {
    for name in ["pkcs8", "pkcs1", "sec1", "sec1_with_parameters"] {
        let key = key(&file(name)).unwrap();
        assert!(signer(&file(name), &key).is_ok(), "{name}");
    }
    let text = std::fs::read_to_string(file("pkcs8")).unwrap();
    for text in [format!("\u{feff}{text}"), text.replace('\n', "\r\n"), format!("a note\n{text}")] {
        assert!(key(written(text.as_bytes()).path()).is_ok(), "{text}");
    }
}

#[test]
fn what_is_no_key_says_what_it_is() {
    for (name, expected) in [
        ("encrypted", "encrypted with a passphrase"),
        ("encrypted_old", "encrypted with a passphrase"),
        ("public", "a public key"),
        ("rsa_public", "a public key"),
        ("request", "a request for a certificate (CSR)"),
        ("certificate", "a certificate; are the files"),
        ("ec_parameters", "the parameters of a curve"),
        ("openssh", "OpenSSH's own form"),
        ("openssh.pub", "a public key of SSH"),
        ("bundle.p7b", "a bundle of PKCS#7"),
        ("pkcs8.der", "a private key in DER (PKCS#8)"),
        ("pkcs1.der", "a private key in DER (PKCS#1)"),
        ("sec1.der", "a private key in DER (SEC1)"),
        ("encrypted.der", "an encrypted private key in DER"),
        ("public.der", "a public key in DER"),
        ("certificate.der", "a certificate in DER"),
        ("request.der", "a request for a certificate (CSR) in DER"),
        ("bundle.p12", "a bundle of PKCS#12"),
        ("bundle.p7b.der", "a bundle of PKCS#7 in DER"),
    ] {
        let why = key(&file(name)).unwrap_err();
        assert!(why.contains(expected), "{name}: {why}");
        assert!(why.contains(&format!("{name}` holds no private key")), "{name}: {why}");
    }
    let text = std::fs::read_to_string(file("pkcs8")).unwrap();
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let bare: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    for (bytes, expected) in [
        (b"".to_vec(), "it is empty"),
        (b" \n".to_vec(), "it is empty"),
        (utf16, "text in UTF-16"),
        (bare.into_bytes(), "base64 without the lines"),
        (b"hello, world".to_vec(), "neither PEM"),
        (b"\xfe\xed\xfe\xed\x00".to_vec(), "a Java key store"),
        (text.replace("-----END", "END").into_bytes(), "torn"),
        (text.get(..80).unwrap().as_bytes().to_vec(), "torn"),
    ] {
        let why = key(written(&bytes).path()).unwrap_err();
        assert!(why.contains(expected), "{expected}: {why}");
    }
    assert!(key(&file("nowhere")).unwrap_err().starts_with("cannot read `"));
}

#[test]
fn what_is_no_certificate_says_what_it_is() {
    for (name, expected) in [
        ("pkcs8", "a private key; are the files"),
        ("encrypted", "encrypted with a passphrase"),
        ("request", "a request for a certificate (CSR)"),
        ("trusted", "OpenSSL's own form"),
        ("bundle.p7b", "a bundle of PKCS#7"),
        ("certificate.der", "openssl x509 -inform DER"),
        ("bundle.p12", "-nokeys"),
    ] {
        let why = certificates(&file(name)).unwrap_err();
        assert!(why.contains(expected), "{name}: {why}");
    }
    let text = std::fs::read_to_string(file("pkcs8")).unwrap();
    let mislabelled = text.replace("PRIVATE KEY", "CERTIFICATE");
    let why = certificates(written(mislabelled.as_bytes()).path()).unwrap_err();
    assert!(why.contains("block 1 is not a certificate of X.509"), "{why}");
}

#[test]
fn a_key_that_cannot_be_used_says_of_which_sort_it_is() {
    for (name, expected) in [
        ("rsa1024", "an RSA key of 1024 bits"),
        ("p521", "one on the curve P-521"),
        ("secp256k1", "one on the curve secp256k1"),
        ("ed448", "an Ed448 key"),
    ] {
        let key = key(&file(name)).unwrap();
        let why = signer(&file(name), &key).unwrap_err();
        assert!(why.contains(expected) && why.contains("are supported"), "{name}: {why}");
    }
}

#[test]
fn a_pair_that_does_not_go_together_says_why() {
    let check = |chain: &[CertificateDer<'_>], private: &str| {
        let (path, private) = (file(private), key(&file(private)).unwrap());
        check_pair((Path::new("chain.pem"), chain), (&path, &private))
    };
    let own = certificates(&file("certificate")).unwrap();
    let other = certificates(&file("certificate_of_pkcs1")).unwrap();
    for private in ["pkcs8", "sec1"] {
        check(&own, private).unwrap();
        check(&[own.clone(), other.clone()].concat(), private).unwrap();
        let why = check(&other, private).unwrap_err();
        assert!(why.contains("do not go together: the key is that of another"), "{why}");
        let why = check(&[other.clone(), own.clone()].concat(), private).unwrap_err();
        assert!(why.contains("the wrong order"), "{why}");
    }
    check(&other, "pkcs1").unwrap();
}

#[test]
fn what_clients_may_find_wrong_is_told() {
    let now = 1_800_000_000;
    let own = certificates(&file("certificate")).unwrap();
    assert_eq!(doubts(&own[0], now), [""; 0]);
    assert_eq!(doubts(&own[0], 0), ["it does not hold yet"]);
    assert_eq!(doubts(&own[0], 10 * now), ["it has expired"]);
    let authority = certificates(&file("certificate_of_pkcs1")).unwrap();
    let found = doubts(&authority[0], now);
    assert!(found[0].contains("CA:TRUE") && found[1].contains("subjectAltName"), "{found:?}");
}

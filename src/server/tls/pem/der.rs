//! Telling apart, by their first elements, the things that are written in DER.

use x509_parser::certificate::X509Certificate;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;

const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const NAME: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// The names of algorithms and curves, as DER has them, and what people call them.
const NAMES: [(&[u8], &str); 12] = [
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], "one on the curve P-521"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], "one on the curve P-384"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x21], "one on the curve P-224"),
    (&[0x2b, 0x81, 0x04, 0x00, 0x0a], "one on the curve secp256k1"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], "one on the curve P-256"),
    (&[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01], "one on a curve of Brainpool"),
    (&[0x2b, 0x65, 0x71], "an Ed448 key"),
    (&[0x2b, 0x65, 0x6e], "an X25519 key, which cannot sign"),
    (&[0x2b, 0x65, 0x6f], "an X448 key, which cannot sign"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], "a DSA key"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], "an RSA key for PSS alone"),
    (&[0x2b, 0x65, 0x70], "an Ed25519 key in a form that is not read"),
];

/// One element: its tag, its content, and the bytes after it.
struct Element<'a> {
    tag: u8,
    inside: &'a [u8],
    rest: &'a [u8],
}

fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (&tag, bytes) = bytes.split_first()?;
    let (&first, bytes) = bytes.split_first()?;
    let (length, bytes) = if first < 0x80 {
        (usize::from(first), bytes)
    } else {
        let (digits, bytes) = bytes.split_at_checked(usize::from(first & 0x7f))?;
        if digits.len() > 4 {
            return None;
        }
        (digits.iter().fold(0, |sum, digit| (sum << 8) | usize::from(*digit)), bytes)
    };
    let (inside, rest) = bytes.split_at_checked(length)?;
    Some(Element { tag, inside, rest })
}

/// The content of a sequence: at most the first four elements.
fn within(bytes: &[u8]) -> Vec<Element<'_>> {
    let Some(Element { tag: SEQUENCE, inside, .. }) = element(bytes) else { return Vec::new() };
    let mut rest = inside;
    let mut found = Vec::new();
    while let (Some(next), true) = (element(rest), found.len() < 4) {
        rest = next.rest;
        found.push(next);
    }
    found
}

/// The kind of a file that is not text.
pub(super) fn sort_of_file(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
        let how = "`keytool -importkeystore -deststoretype PKCS12`, then `openssl pkcs12 -nodes`";
        return Some(format!("it is a Java key store; convert it with {how}"));
    }
    if X509Certificate::from_der(bytes).is_ok() {
        return Some(in_pem("a certificate in DER", "openssl x509 -inform DER -in FILE"));
    }
    if X509CertificationRequest::from_der(bytes).is_ok() {
        return Some("it is a request for a certificate (CSR) in DER".to_owned());
    }
    let elements = within(bytes);
    let tags: Vec<u8> = elements.iter().map(|it| it.tag).collect();
    let version = elements.first().map(|it| it.inside);
    let as_key = |what: &str| in_pem(what, "openssl pkey -inform DER -in FILE");
    Some(match (&tags[..], version) {
        ([INTEGER, SEQUENCE, ..], Some([3])) => {
            let how = "openssl pkcs12 -nodes -in FILE";
            format!(
                "it is a bundle of PKCS#12 (.p12, .pfx); `{how} -nocerts` writes out the key, and \
                 `{how} -nokeys` the certificates"
            )
        }
        ([INTEGER, SEQUENCE, OCTETS, ..], Some([0 | 1])) => as_key("a private key in DER (PKCS#8)"),
        ([INTEGER, INTEGER, ..], Some([0])) => as_key("a private key in DER (PKCS#1)"),
        ([INTEGER, OCTETS, ..], Some([1])) => as_key("a private key in DER (SEC1)"),
        ([SEQUENCE, OCTETS], _) => as_key("an encrypted private key in DER"),
        ([SEQUENCE, BITS], _) => "it is a public key in DER".to_owned(),
        ([INTEGER, INTEGER], _) => "it is a public key in DER (PKCS#1)".to_owned(),
        ([NAME, ..], _) => {
            let how = "openssl pkcs7 -inform DER -print_certs -in FILE";
            format!("it is a bundle of PKCS#7 in DER; `{how}` writes out the certificates")
        }
        _ => return None,
    })
}

fn in_pem(what: &str, how: &str) -> String {
    format!("it is {what}, and PEM is needed: `{how}` writes it")
}

/// The kind of a private key, for people: PKCS#8, PKCS#1 or SEC1.
pub(super) fn sort_of_key(der: &[u8]) -> String {
    let has = |name: &[u8]| der.windows(name.len().saturating_add(2)).any(|it| is_name(it, name));
    if let Some((_name, says)) = NAMES.iter().find(|(name, _)| has(name)) {
        return (*says).to_owned();
    }
    match rsa_bits(der) {
        Some(bits) => format!("an RSA key of {bits} bits"),
        None => "of a sort that is not known".to_owned(),
    }
}

/// Whether an element is this name.
fn is_name(element: &[u8], name: &[u8]) -> bool {
    let [NAME, length, said @ ..] = element else { return false };
    usize::from(*length) >= name.len() && said == name
}

/// The length of an RSA key.
fn rsa_bits(der: &[u8]) -> Option<usize> {
    let elements = within(der);
    let modulus = match elements.get(1)? {
        Element { tag: INTEGER, inside, .. } => inside,
        // In PKCS#8 it stands within.
        Element { tag: SEQUENCE, .. } => return rsa_bits(elements.get(2)?.inside),
        _ => return None,
    };
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let spare = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
    modulus.len().checked_mul(8)?.checked_sub(spare)
}

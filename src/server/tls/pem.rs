//! Certificates and keys in files of PEM, and words for what is in a file instead: people are given
//! keys and certificates in a dozen forms, and the wrong one must say which it is.

mod der;

use std::path::Path;
use std::sync::Arc;

use rustls::sign::SigningKey;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

const BEGIN: &str = "-----BEGIN ";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const KEYS: &str = "RSA of 2048 to 8192 bits, P-256, P-384 and Ed25519 are supported";

/// Reads the certificates in a file, at least one.
///
/// # Errors
/// If there are none; the message names the file and says what is in it instead.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let bytes = read(path)?;
    let failed = |why: String| format!("`{}` holds no certificate: {why}", path.display());
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let read = read.map_err(|_torn| failed(instead(&bytes, false)))?;
    if read.is_empty() {
        return Err(failed(instead(&bytes, false)));
    }
    for (at, certificate) in read.iter().enumerate() {
        if X509Certificate::from_der(certificate).is_err() {
            let nth = at.saturating_add(1);
            return Err(format!("`{}`: block {nth} is not a certificate of X.509", path.display()));
        }
    }
    Ok(read)
}

/// Reads the private key in a file.
///
/// # Errors
/// If there is none that can be used; the message names the file and says what is in it instead.
pub fn key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let bytes = read(path)?;
    let failed = |why: String| format!("`{}` holds no private key: {why}", path.display());
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_none| failed(instead(&bytes, true)))
}

/// The signer of a key.
///
/// # Errors
/// If it is of a sort that is not supported; the message says of which.
pub(super) fn signer(path: &Path, key: &PrivateKeyDer<'_>) -> Result<Arc<dyn SigningKey>, String> {
    rustls::crypto::ring::sign::any_supported_type(key).map_err(|_unsupported| {
        let sort = der::sort_of_key(key.secret_der());
        format!("`{}` holds a private key that cannot be used, {sort}: {KEYS}", path.display())
    })
}

/// Whether a key and the first of some certificates belong together.
///
/// # Errors
/// If not; the message names both files and says what to look at.
pub fn check_pair(
    (certificates, chain): (&Path, &[CertificateDer<'_>]),
    (key, private): (&Path, &PrivateKeyDer<'_>),
) -> Result<(), String> {
    let signer = signer(key, private)?;
    let Some(own) = signer.public_key() else { return Ok(()) };
    let is_of = |certificate: &CertificateDer<'_>| {
        let parsed = X509Certificate::from_der(certificate);
        parsed.is_ok_and(|(_rest, it)| it.tbs_certificate.subject_pki.raw == own.as_ref())
    };
    let (certificates, key) = (certificates.display(), key.display());
    match chain.iter().position(is_of) {
        Some(0) => Ok(()),
        Some(_) => Err(format!(
            "`{certificates}` has its certificates in the wrong order: the one of the key in \
             `{key}` must be the first"
        )),
        None => Err(format!(
            "`{certificates}` and `{key}` do not go together: the key is that of another \
             certificate"
        )),
    }
}

/// The faults of a server's certificate that a client may reject. `now` is in seconds after 1970.
pub(super) fn doubts(certificate: &CertificateDer<'_>, now: i64) -> Vec<&'static str> {
    let Ok((_rest, certificate)) = X509Certificate::from_der(certificate) else {
        return Vec::new();
    };
    let validity = certificate.validity();
    let names = certificate.subject_alternative_name().ok().flatten();
    [
        (
            certificate.is_ca(),
            "it is an authority's own (CA:TRUE), which some clients take from no server; make one \
             with `-addext basicConstraints=critical,CA:FALSE`",
        ),
        (
            names.is_none(),
            "it names no host (subjectAltName), so that no client can check whose it is",
        ),
        (validity.not_after.timestamp() < now, "it has expired"),
        (validity.not_before.timestamp() > now, "it does not hold yet"),
    ]
    .into_iter()
    .filter_map(|(is_so, says)| is_so.then_some(says))
    .collect()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let read = std::fs::read(path);
    let mut bytes = read.map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    // Editors of Windows begin a text with it.
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(bytes)
}

/// The content of a file in which there should be a key or a certificate.
fn instead(bytes: &[u8], wants_key: bool) -> String {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return "it is empty".to_owned();
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return "it is text in UTF-16; save it in UTF-8".to_owned();
    }
    let text = String::from_utf8_lossy(bytes);
    let labels: Vec<&str> = text.lines().filter_map(label).collect();
    if labels.is_empty() {
        return der::sort_of_file(bytes).unwrap_or_else(|| without_labels(&text));
    }
    if text.contains("Proc-Type: 4,ENCRYPTED") {
        return ENCRYPTED.to_owned();
    }
    let mut sorts: Vec<&str> = labels.into_iter().map(|it| sort_of_label(it, wants_key)).collect();
    sorts.dedup();
    format!("it holds {}", sorts.join(", and "))
}

const ENCRYPTED: &str = "it holds a key that is encrypted with a passphrase, which a server cannot \
     ask for; write it out with `openssl pkey -in FILE -out PLAIN`, readable to the server alone";

/// The label of a line that begins a block.
fn label(line: &str) -> Option<&str> {
    line.trim().strip_prefix(BEGIN)?.strip_suffix("-----")
}

fn sort_of_label(label: &str, wants_key: bool) -> &str {
    match label {
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" if wants_key => {
            "a private key that is torn: its base64 or its last line is damaged"
        }
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => {
            "a private key; are the files of the certificate and of the key exchanged?"
        }
        "CERTIFICATE" if wants_key => {
            "a certificate; are the files of the certificate and of the key exchanged?"
        }
        "CERTIFICATE" => "a certificate that is torn: its base64 or its last line is damaged",
        "ENCRYPTED PRIVATE KEY" => ENCRYPTED.trim_start_matches("it holds "),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => {
            "a public key; the private key was made together with it"
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            "a request for a certificate (CSR); the authority makes a certificate from it"
        }
        "EC PARAMETERS" => "the parameters of a curve (EC PARAMETERS)",
        "DH PARAMETERS" => "parameters of Diffie-Hellman, which are not needed",
        "DSA PRIVATE KEY" => "a DSA key, which TLS no longer knows",
        "OPENSSH PRIVATE KEY" => {
            "a key in OpenSSH's own form; convert a copy with `ssh-keygen -p -m PKCS8 -f FILE`"
        }
        "SSH2 PUBLIC KEY" => "a public key of SSH",
        "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => {
            "a certificate in OpenSSL's own form; write it out with `openssl x509 -in FILE -out \
             CERT`"
        }
        "PKCS7" | "CMS" => {
            "a bundle of PKCS#7; take the certificates out with `openssl pkcs7 -print_certs -in \
             FILE`"
        }
        "X509 CRL" => "a list of revoked certificates (CRL)",
        _ => "something else than a certificate or a key",
    }
}

fn without_labels(text: &str) -> String {
    let trimmed = text.trim_start();
    if ["ssh-", "ecdsa-sha2-"].iter().any(|it| trimmed.starts_with(it)) {
        return "it holds a public key of SSH".to_owned();
    }
    let is_base64 = |it: char| it.is_ascii_alphanumeric() || "+/=\r\n".contains(it);
    if text.chars().all(is_base64) {
        return "it is base64 without the lines `-----BEGIN …-----` and `-----END …-----`"
            .to_owned();
    }
    "it is neither PEM, which begins with `-----BEGIN`, nor DER".to_owned()
}

#[cfg(test)]
mod tests;

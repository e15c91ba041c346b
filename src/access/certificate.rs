//! The identity in a client's certificate. The signature of its authority has been checked before.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

/// The peer of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peer {
    /// The names in its certificate, none without one: `CN:mailer`, `DNS:mailer.example.com`,
    /// `URI:spiffe://example.com/mailer`.
    pub names: Vec<String>,
}

impl Peer {
    /// The subject of a certificate, in DER.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        let Ok((_rest, certificate)) = X509Certificate::from_der(certificate) else {
            return Self::default();
        };
        let mut names = Vec::new();
        for common in certificate.subject().iter_common_name() {
            names.extend(common.as_str().ok().map(|name| format!("CN:{name}")));
        }
        let alternative = certificate.subject_alternative_name().ok().flatten();
        for name in alternative.iter().flat_map(|it| &it.value.general_names) {
            if let GeneralName::DNSName(name) = name {
                names.push(format!("DNS:{name}"));
            } else if let GeneralName::URI(uri) = name {
                names.push(format!("URI:{uri}"));
            }
        }
        Self { names }
    }
}

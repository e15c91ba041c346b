//! Certificates for a server and its clients.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use redis::ClientTlsConfig;
use redis::TlsCertificates;
use tempfile::TempDir;

use super::leftovers;

/// An authority, and what it has signed, as files in the PEM format.
#[derive(Clone, Debug)]
pub(crate) struct Certificates {
    directory: Arc<TempDir>,
}

impl Certificates {
    /// Makes an authority, a certificate for servers on this machine, and one for clients.
    pub(crate) fn make() -> Self {
        let directory = leftovers::directory();
        let write =
            |name: &str, text: String| fs::write(directory.path().join(name), text).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(DnType::CommonName, "an authority");
        write("ca.pem", authority.self_signed(&key).unwrap().pem());
        let issuer = Issuer::new(authority, key);
        for (name, hosts) in [("server", &["localhost", "127.0.0.1"][..]), ("client", &["client"])]
        {
            let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
            let mut params = CertificateParams::new(hosts).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            let key = KeyPair::generate().unwrap();
            write(&format!("{name}.pem"), params.signed_by(&key, &issuer).unwrap().pem());
            write(&format!("{name}.key"), key.serialize_pem());
        }
        Self { directory: Arc::new(directory) }
    }

    /// Who signs: what a client must trust.
    pub(crate) fn ca(&self) -> PathBuf {
        self.file("ca.pem")
    }

    /// A client's certificate and its key.
    pub(crate) fn client(&self) -> (PathBuf, PathBuf) {
        (self.file("client.pem"), self.file("client.key"))
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The lines of a server's configuration.
    pub(super) fn config(&self) -> [String; 4] {
        let path = |name| self.file(name).display().to_string();
        [
            format!("tls-cert-file {}", path("server.pem")),
            format!("tls-key-file {}", path("server.key")),
            format!("tls-ca-cert-file {}", path("ca.pem")),
            "tls-auth-clients yes".to_owned(),
        ]
    }

    pub(super) fn for_client(&self) -> TlsCertificates {
        let read = |path: PathBuf| fs::read(path).unwrap();
        let (certificate, key) = self.client();
        let (client_cert, client_key) = (read(certificate), read(key));
        let client_tls = Some(ClientTlsConfig { client_cert, client_key });
        TlsCertificates { client_tls, root_cert: Some(read(self.ca())) }
    }
}

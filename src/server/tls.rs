//! TLS at the API's port. The certificate, its key and the authority of clients are read again when
//! their files change; connections that are open stay as they are.

pub mod pem;

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;

use crate::model::Instant;

/// The files that TLS is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The server's certificate and those that sign it, in PEM.
    pub certificates: PathBuf,
    /// The private key, in PEM.
    pub key: PathBuf,
    /// The certificates that sign those of clients, in PEM. If unset, clients have none.
    pub client_authority: Option<PathBuf>,
}

/// The TLS configuration of new connections.
pub(super) type Current = Arc<ArcSwap<ServerConfig>>;

impl Files {
    /// The paths of all files.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let own = [self.certificates.clone(), self.key.clone()];
        own.into_iter().chain(self.client_authority.clone()).collect()
    }

    /// Whether they can be used.
    ///
    /// # Errors
    /// If not; the message names the file.
    pub fn check(&self) -> Result<(), String> {
        self.load().map(drop)
    }

    /// The faults of the certificate that clients may reject, if it can be read.
    #[must_use]
    pub fn doubts(&self, now: Instant) -> Vec<String> {
        let read = pem::certificates(&self.certificates).unwrap_or_default();
        let found = read.first().map(|own| pem::doubts(own, now.millis().div_euclid(1_000)));
        let shown = self.certificates.display();
        found.unwrap_or_default().iter().map(|says| format!("`{shown}`: {says}")).collect()
    }

    /// Reads them.
    pub(super) fn load(&self) -> Result<ServerConfig, String> {
        let certificates = pem::certificates(&self.certificates)?;
        let key = pem::key(&self.key)?;
        pem::check_pair((&self.certificates, &certificates), (&self.key, &key))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let builder = match &self.client_authority {
            None => builder.with_no_client_auth(),
            Some(path) => {
                let mut roots = RootCertStore::empty();
                for certificate in pem::certificates(path)? {
                    let added = roots.add(certificate);
                    added.map_err(|error| format!("`{}`: {error}", path.display()))?;
                }
                // A client without a certificate may still have a key or a token.
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                        .allow_unauthenticated()
                        .build();
                builder.with_client_cert_verifier(verifier.map_err(|error| error.to_string())?)
            }
        };
        let config = builder.with_single_cert(certificates, key);
        let mut config = config.map_err(|error| {
            let (certificates, key) = (self.certificates.display(), self.key.display());
            format!("`{certificates}` and `{key}` do not go together: {error}")
        })?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

//! The credentials of a command, and the way to verify the server.

use std::path::Path;
use std::path::PathBuf;

use tonic::Request;
use tonic::Status;
use tonic::metadata::Ascii;
use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Certificate;
use tonic::transport::Channel;
use tonic::transport::ClientTlsConfig;
use tonic::transport::Endpoint;
use tonic::transport::Identity;

use crate::cli::Error;
use crate::cli::place;
use crate::config::Hidden;

/// A connection that adds the caller's credential to every call.
pub(crate) type Connection = InterceptedService<Channel, SignedIn>;

/// How a command says who it is.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Sign-in")]
pub(crate) struct SignIn {
    /// The file with the caller's API key or token; COURTESY_API_KEY can hold the key itself
    #[arg(long, env = "COURTESY_API_KEY_FILE", value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// The API key itself; meant for the environment, since others see command lines
    #[arg(long, env = "COURTESY_API_KEY", hide_env_values = true, hide = true)]
    api_key: Option<Hidden>,
    /// The certificate authorities of the server, in PEM; by default those of the machine
    #[arg(long, env = "COURTESY_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// The caller's client certificate, in PEM
    #[arg(long, env = "COURTESY_CERT_FILE", value_name = "FILE", requires = "key_file")]
    cert_file: Option<PathBuf>,
    /// The private key of the client certificate, in PEM
    #[arg(long, env = "COURTESY_KEY_FILE", value_name = "FILE", requires = "cert_file")]
    key_file: Option<PathBuf>,
}

/// Adds a caller's key to every call.
#[derive(Clone)]
pub(crate) struct SignedIn(Option<MetadataValue<Ascii>>);

impl SignIn {
    /// The credential that is added to calls.
    pub(crate) fn key(&self) -> Result<SignedIn, Error> {
        let secret = match (&self.api_key_file, &self.api_key) {
            (Some(path), _) => Some(read(path)?),
            (None, Some(Hidden(secret))) => Some(secret.clone()),
            (None, None) => None,
        };
        let value = secret.map(|secret| {
            let mut value = MetadataValue::try_from(format!("Bearer {}", secret.trim()))
                .map_err(|_not_ascii| Error::Input("the API key is not a key".to_owned()))?;
            value.set_sensitive(true);
            Ok::<_, Error>(value)
        });
        Ok(SignedIn(value.transpose()?))
    }

    /// The endpoint with TLS, if its address asks for it.
    pub(crate) fn secure(&self, endpoint: Endpoint) -> Result<Endpoint, Error> {
        if endpoint.uri().scheme_str() != Some("https") {
            return Ok(endpoint);
        }
        let mut tls = ClientTlsConfig::new();
        tls = match &self.ca_file {
            Some(path) => {
                place::certificates(path)?;
                tls.ca_certificate(Certificate::from_pem(read(path)?))
            }
            None => tls.with_native_roots(),
        };
        if let (Some(certificate), Some(key)) = (&self.cert_file, &self.key_file) {
            place::check_pair(certificate, key)?;
            tls = tls.identity(Identity::from_pem(read(certificate)?, read(key)?));
        }
        endpoint.tls_config(tls).map_err(|error| {
            Error::Input(format!("TLS cannot be set up: {}", super::chain(&error)))
        })
    }
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path)
        .map_err(|source| Error::Read { path: path.display().to_string(), source })
}

impl Interceptor for SignedIn {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(key) = &self.0 {
            request.metadata_mut().insert("authorization", key.clone());
        }
        Ok(request)
    }
}

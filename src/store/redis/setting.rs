//! The settings of a Redis: its address, and its use by courtesy.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use redis::Client;
use redis::ClientTlsConfig;
use redis::ConnectionAddr;
use redis::IntoConnectionInfo;
use redis::RedisConnectionInfo;
use redis::RedisError;
use redis::TlsCertificates;
use redis::io::tcp::TcpSettings;

use super::address::Address;
use super::address::Host;
use super::address::Kind;
use super::router::Lane;
use crate::secret::Secret;

/// The settings of a Redis: its address, and its use by courtesy.
#[derive(Clone)]
pub struct Setting {
    /// Its address.
    pub address: Address,
    /// The user; `None` for the user `default`.
    pub user: Option<String>,
    /// The password, if one is wanted.
    pub password: Option<Password>,
    /// The user and the password for the Sentinels. `None` for those of the servers, if the
    /// Sentinels ask for them.
    pub sentinel: (Option<String>, Option<Password>),
    /// The trusted authorities and our own certificate, for TLS.
    pub certificates: Certificates,
    /// The prefix of every key.
    pub prefix: String,
    /// The secret with which ids in keys are hidden; `None` if they are not hidden.
    pub hide_ids: Option<Secret>,
    /// The number of replicas of each primary that must have a replicated write; `None` for all
    /// that the installation knows.
    pub replicas: Option<u32>,
    /// Whether a wish counts as written only when replicas have it, so that missing replicas are
    /// trouble.
    pub replicated: bool,
    /// Whether it is used only if its settings lose nothing that is acknowledged.
    pub strict: bool,
    /// The longest time for a call.
    pub patience: Duration,
}

/// Certificates, as PEM files hold them.
#[derive(Clone, Default)]
pub struct Certificates {
    /// The certificates that sign the servers' certificates; `None` for the machine's own.
    pub authorities: Option<Vec<u8>>,
    /// Our own certificate and its key.
    pub client: Option<(Vec<u8>, Vec<u8>)>,
}

/// A password, which may stand in a file. The file is read again for each connection, so that
/// another password needs no restart; one that cannot be read now is as it was.
#[derive(Clone)]
pub struct Password {
    file: Option<PathBuf>,
    last: Arc<Mutex<String>>,
}

impl Password {
    /// The password in a file, without the white space around it.
    ///
    /// # Errors
    /// If the file cannot be read, or is not text.
    pub fn read(file: PathBuf) -> io::Result<Self> {
        let last = Arc::new(Mutex::new(text(&file)?));
        Ok(Self { file: Some(file), last })
    }

    fn current(&self) -> String {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(now) = self.file.as_deref().and_then(|file| text(file).ok()) {
            *last = now;
        }
        last.clone()
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self { file: None, last: Arc::new(Mutex::new(text)) }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

fn text(file: &Path) -> io::Result<String> {
    Ok(fs::read_to_string(file)?.trim().to_owned())
}

impl Setting {
    /// A Redis without password, with keys that begin with `courtesy:`.
    #[must_use]
    pub fn new(address: Address) -> Self {
        Self {
            address,
            user: None,
            password: None,
            sentinel: (None, None),
            certificates: Certificates::default(),
            prefix: "courtesy:".to_owned(),
            hide_ids: None,
            replicas: None,
            replicated: true,
            strict: false,
            patience: Duration::from_millis(250),
        }
    }

    /// The client for a server of the installation.
    pub(super) fn client(&self, host: &Host, lane: Lane) -> Result<Client, RedisError> {
        let is_sentinel =
            matches!(self.address.kind, Kind::Sentinel(_)) && self.address.hosts.contains(host);
        let mut info = RedisConnectionInfo::default().set_skip_set_lib_name();
        // Many Sentinels know no passwords, and refuse those who sign in.
        let (user, password) = match (is_sentinel, &self.sentinel) {
            (false, _) => (&self.user, &self.password),
            (true, (user, Some(password))) => (user, &Some(password.clone())),
            (true, (_, None)) if lane == Lane::Signed => (&self.user, &self.password),
            (true, (_, None)) => (&None, &None),
        };
        if !is_sentinel {
            info = info.set_db(i64::from(self.address.database));
        }
        if let Some(user) = user {
            info = info.set_username(user);
        }
        if let Some(password) = password {
            info = info.set_password(password.current());
        }
        if host.is_socket() {
            let address = ConnectionAddr::Unix(host.name.clone().into()).into_connection_info()?;
            return Client::open(address.set_redis_settings(info));
        }
        let (host, port) = (host.name.clone(), host.port);
        let tcp = TcpSettings::default().set_nodelay(true);
        if !self.address.tls {
            let address = ConnectionAddr::Tcp(host, port).into_connection_info()?;
            return Client::open(address.set_redis_settings(info).set_tcp_settings(tcp));
        }
        let address = ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None };
        let address = address.into_connection_info()?;
        let address = address.set_redis_settings(info).set_tcp_settings(tcp);
        let Certificates { authorities, client } = self.certificates.clone();
        let client_tls =
            client.map(|(client_cert, client_key)| ClientTlsConfig { client_cert, client_key });
        Client::build_with_tls(address, TlsCertificates { client_tls, root_cert: authorities })
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setting").field("address", &self.address).finish_non_exhaustive()
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

//! How a Redis is reached, and how courtesy uses it.

use std::fmt;
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
use crate::secret::Secret;

/// How a Redis is reached, and how courtesy uses it.
#[derive(Clone)]
pub struct Setting {
    /// Where it is.
    pub address: Address,
    /// Who signs in; none is the user `default`.
    pub user: Option<String>,
    /// With which password, if one is wanted.
    pub password: Option<String>,
    /// Whom to trust, and who we are, over TLS.
    pub certificates: Certificates,
    /// What every key begins with.
    pub prefix: String,
    /// The secret with which ids in keys are hidden; none is that they are not.
    pub hide_ids: Option<Secret>,
    /// How many replicas of each primary have what is replicated; none is all that the installation
    /// knows.
    pub replicas: Option<u32>,
    /// How long a call may take.
    pub patience: Duration,
}

/// Certificates, as PEM files hold them.
#[derive(Clone, Default)]
pub struct Certificates {
    /// Those that sign servers' certificates; none are the machine's own.
    pub authorities: Option<Vec<u8>>,
    /// Our own certificate and its key.
    pub client: Option<(Vec<u8>, Vec<u8>)>,
}

impl Setting {
    /// A Redis without password, with keys that begin with `courtesy:`.
    #[must_use]
    pub fn new(address: Address) -> Self {
        Self {
            address,
            user: None,
            password: None,
            certificates: Certificates::default(),
            prefix: "courtesy:".to_owned(),
            hide_ids: None,
            replicas: None,
            patience: Duration::from_millis(250),
        }
    }

    /// What speaks to a server of the installation.
    pub(super) fn client(&self, host: &Host) -> Result<Client, RedisError> {
        let is_sentinel =
            matches!(self.address.kind, Kind::Sentinel(_)) && self.address.hosts.contains(host);
        let mut info = RedisConnectionInfo::default().set_skip_set_lib_name();
        // Sentinels sign nobody in with the servers' passwords.
        if !is_sentinel {
            info = info.set_db(i64::from(self.address.database));
            if let Some(user) = &self.user {
                info = info.set_username(user);
            }
            if let Some(password) = &self.password {
                info = info.set_password(password);
            }
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

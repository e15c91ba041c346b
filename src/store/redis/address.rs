//! The address of a Redis: the value of `--store`.

use std::fmt;
use std::str::FromStr;

/// The port of Redis where the address names none.
const PORT: u16 = 6_379;
/// The default port of a Sentinel.
const SENTINEL_PORT: u16 = 26_379;

/// The error for an address with a user or a password.
const SIGNS_IN: &str = "who signs in does not belong here, where others see it, but in \
                        --redis-user and --redis-password-file";

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    /// A name or an address; or the path of a socket on this machine, which begins with `/`.
    pub name: String,
    /// The port.
    pub port: u16,
}

/// The address of a Redis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The kind of installation.
    pub kind: Kind,
    /// Whether it is spoken to over TLS.
    pub tls: bool,
    /// The hosts to ask first: the server itself, or some of the cluster's nodes or of the
    /// Sentinels.
    pub hosts: Vec<Host>,
    /// The number of the database, 0 in a cluster.
    pub database: u16,
}

/// The sorts of installations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A single server.
    Standalone,
    /// A server that Sentinels watch, and what they call it.
    Sentinel(String),
    /// Servers that share the keys.
    Cluster,
}

/// The reason why a text is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0}; a Redis is written like redis://host:6379/0, redis+cluster://host:6379,host:6379, \
     redis+sentinel://host:26379,host:26379/name or unix:///run/redis.sock, with TLS like \
     rediss://host:6379, and a Valkey with valkey in place of redis"
)]
pub struct Malformed(String);

impl Address {
    /// Whether a text is meant to be an address and not a path: it has a scheme, or is a host with
    /// a port.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        let is_port = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        let is_host = |it: &str| it.rsplit_once(':').is_some_and(|(_, port)| is_port(port));
        let has_scheme = text.contains("://") || text.to_ascii_lowercase().starts_with("unix:");
        has_scheme || (!text.contains('/') && text.split(',').any(is_host))
    }

    /// A socket on this machine, and perhaps the number of a database: `/run/redis.sock?db=1`.
    fn socket(text: &str) -> Result<Self, Malformed> {
        let wrong = |what: &str| Malformed(what.to_owned());
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        if !path.starts_with('/') || path.ends_with('/') {
            return Err(wrong("a socket is written with its whole path"));
        }
        let database = match query.split_once('=') {
            None if query.is_empty() => 0,
            Some(("db", digits)) => {
                digits.parse().map_err(|_error| wrong("its database is not a number"))?
            }
            _ => return Err(wrong(SIGNS_IN)),
        };
        let hosts = vec![Host { name: path.to_owned(), port: 0 }];
        Ok(Self { kind: Kind::Standalone, tls: false, hosts, database })
    }

    /// The address of the same hosts as another kind of installation.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> Self {
        let database = if kind == Kind::Cluster { 0 } else { self.database };
        Self { kind, database, ..self.clone() }
    }
}

impl FromStr for Address {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |what: &str| Malformed(what.to_owned());
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("it has no `://`"))?;
        let scheme = scheme.to_ascii_lowercase();
        let strange =
            || wrong(&format!("`{scheme}` is not a scheme for Redis; use redis, rediss or unix"));
        let (secure, sort) = scheme.split_once('+').unwrap_or((&scheme, ""));
        let tls = match secure {
            "redis" | "valkey" => false,
            "rediss" | "valkeys" => true,
            "unix" if sort.is_empty() => false,
            _ => return Err(strange()),
        };
        if rest.contains('@') {
            return Err(wrong(SIGNS_IN));
        }
        match (secure, sort) {
            ("unix", _) | ("redis" | "valkey", "unix") => return Self::socket(rest),
            (_, "unix") => return Err(strange()),
            _ => {}
        }
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let port = if sort == "sentinel" { SENTINEL_PORT } else { PORT };
        let hosts = hosts.split(',').map(|host| Host::parse(host, port));
        let hosts = hosts.collect::<Option<Vec<Host>>>();
        let hosts = hosts.ok_or_else(|| wrong("one of its hosts cannot be read"))?;
        let (name, database) = match sort {
            "sentinel" => path.split_once('/').unwrap_or((path, "")),
            _ => ("", path),
        };
        let database = match database {
            "" => 0,
            digits => digits.parse().map_err(|_error| wrong("its database is not a number"))?,
        };
        let kind = match sort {
            "" if hosts.len() == 1 => Kind::Standalone,
            "" => return Err(wrong("several hosts are a cluster or Sentinels")),
            "cluster" if database == 0 => Kind::Cluster,
            "cluster" => return Err(wrong("a cluster has no database but 0")),
            "sentinel" if name.is_empty() => {
                return Err(wrong("it does not say what the Sentinels call the server"));
            }
            "sentinel" => Kind::Sentinel(name.to_owned()),
            _ => return Err(strange()),
        };
        Ok(Self { kind, tls, hosts, database })
    }
}

impl Host {
    /// Whether it is a socket on this machine.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.name.starts_with('/')
    }

    fn parse(text: &str, port: u16) -> Option<Self> {
        // The colons of an address of IPv6 stand in brackets.
        let (name, given) = match text.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => text.find(':').map_or((text, ""), |colon| text.split_at(colon)),
        };
        let port = match given.strip_prefix(':') {
            Some(digits) => digits.parse().ok()?,
            None if given.is_empty() => port,
            None => return None,
        };
        (!name.is_empty()).then(|| Self { name: name.to_owned(), port })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, port } = self;
        if self.is_socket() {
            return f.write_str(name);
        }
        if name.contains(':') { write!(f, "[{name}]:{port}") } else { write!(f, "{name}:{port}") }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [socket] = &self.hosts[..]
            && socket.is_socket()
        {
            let database = self.database;
            write!(f, "unix://{socket}")?;
            return if database == 0 { Ok(()) } else { write!(f, "?db={database}") };
        }
        let secure = if self.tls { "rediss" } else { "redis" };
        let hosts: Vec<String> = self.hosts.iter().map(Host::to_string).collect();
        let hosts = hosts.join(",");
        match &self.kind {
            Kind::Standalone => write!(f, "{secure}://{hosts}")?,
            Kind::Sentinel(name) => write!(f, "{secure}+sentinel://{hosts}/{name}")?,
            Kind::Cluster => write!(f, "{secure}+cluster://{hosts}")?,
        }
        if self.database == 0 { Ok(()) } else { write!(f, "/{}", self.database) }
    }
}

#[cfg(test)]
mod tests;

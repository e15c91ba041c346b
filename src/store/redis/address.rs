//! Where a Redis is: what `--store` says.

use std::fmt;
use std::str::FromStr;

/// Where Redis listens where nobody says.
const PORT: u16 = 6_379;
/// Where a Sentinel does.
const SENTINEL_PORT: u16 = 26_379;

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    /// A name or an address.
    pub name: String,
    /// The port.
    pub port: u16,
}

/// Where a Redis is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What is found there.
    pub kind: Kind,
    /// Whether it is spoken to over TLS.
    pub tls: bool,
    /// Who knows more: the server itself, or some of the cluster's nodes or of the Sentinels.
    pub hosts: Vec<Host>,
    /// The number of the database, 0 in a cluster.
    pub database: u16,
}

/// The sorts of installations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One server.
    Standalone,
    /// A server that Sentinels watch, and what they call it.
    Sentinel(String),
    /// Servers that share the keys.
    Cluster,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0}; a Redis is written like redis://host:6379/0, redis+cluster://host:6379,host:6379 or \
     redis+sentinel://host:26379,host:26379/name, and with TLS like rediss://host:6379"
)]
pub struct Malformed(String);

impl Address {
    /// Whether a text is meant to be the address of a Redis, and no directory.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.split_once("://").is_some_and(|(scheme, _)| scheme.starts_with("redis"))
    }
}

impl FromStr for Address {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |what: &str| Malformed(what.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("it has no `://`"))?;
        let (secure, sort) = scheme.split_once('+').unwrap_or((scheme, ""));
        let tls = match secure {
            "redis" => false,
            "rediss" => true,
            _ => return Err(wrong(&format!("`{scheme}` is no way to speak to a Redis"))),
        };
        if rest.contains('@') {
            return Err(wrong(
                "who signs in does not belong here, where others see it, but in --redis-user and \
                 --redis-password-file",
            ));
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
            digits => digits.parse().map_err(|_error| wrong("its database is no number"))?,
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
            _ => return Err(wrong(&format!("`{scheme}` is no way to speak to a Redis"))),
        };
        Ok(Self { kind, tls, hosts, database })
    }
}

impl Host {
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
        if name.contains(':') { write!(f, "[{name}]:{port}") } else { write!(f, "{name}:{port}") }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

//! The address of a port: an address and a number, or `localhost`.

use std::fmt;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use super::value::Written;

/// An address to listen on. Names are not looked up, except `localhost`, which is 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen(pub SocketAddr);

impl Listen {
    /// A port of this machine alone.
    #[must_use]
    pub const fn here(port: u16) -> Self {
        Self(SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self(address));
        }
        let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
        let port = port.parse::<u16>();
        match port {
            Ok(port) if host.eq_ignore_ascii_case("localhost") => Ok(Self::here(port)),
            Ok(port) if ["", "*"].contains(&host) => Err(format!(
                "an address stands before the port: 127.0.0.1:{port} is this machine alone, \
                 0.0.0.0:{port} every address of it, [::]:{port} those of IPv6 too"
            )),
            _ => Err(why(text)),
        }
    }
}

/// The error for a text that is not an address and port, and the way to write one.
fn why(text: &str) -> String {
    if text.is_empty() {
        return "nothing is written here; write an address and a port, such as 127.0.0.1:50051"
            .to_owned();
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return format!("`{scheme}://` is not written here; write the rest alone: {rest}");
    }
    if text.parse::<u16>().is_ok() {
        return format!(
            "a port alone says not where; write 127.0.0.1:{text} for this machine alone"
        );
    }
    let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
    if let Some((address, port)) = host.parse::<Ipv6Addr>().ok().zip(port.parse::<u16>().ok()) {
        return format!("an address of IPv6 stands in brackets; write [{address}]:{port}");
    }
    if let Ok(address) = text.trim_matches(['[', ']']).parse::<Ipv6Addr>() {
        return format!("no port is written; write [{address}]:50051 for port 50051");
    }
    let is_host = host.eq_ignore_ascii_case("localhost") || host.parse::<Ipv4Addr>().is_ok();
    if port.is_empty() && !is_host {
        return "it is not an address with a port; write both, such as 127.0.0.1:50051".to_owned();
    }
    if port.is_empty() {
        return format!("no port is written; write {host}:50051 for port 50051");
    }
    if port.parse::<u16>().is_err() {
        return format!(
            "`{port}` is not a port; a port is a number from 1 to 65535, or 0 for a free one"
        );
    }
    format!(
        "`{host}` is not an address, and names are not looked up, but for `localhost`; write the \
         address, or 0.0.0.0:{port} for every address of this machine"
    )
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Written for Listen {
    fn written(&self) -> String {
        self.to_string()
    }
}

impl Serialize for Listen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_localhost() {
        for (text, expected) in [
            ("localhost:50051", "127.0.0.1:50051"),
            ("LocalHost:0", "127.0.0.1:0"),
            ("127.0.0.1:1", "127.0.0.1:1"),
            ("[::1]:50051", "[::1]:50051"),
            ("0.0.0.0:9", "0.0.0.0:9"),
        ] {
            assert_eq!(text.parse::<Listen>().unwrap().to_string(), expected, "{text}");
        }
        for (text, expected) in [
            (":50051", "0.0.0.0:50051 every address"),
            ("*:50051", "127.0.0.1:50051 is this machine alone"),
            ("localhost", "no port is written; write localhost:50051 for"),
            ("localhost:", "no port is written; write localhost:50051 for"),
            ("127.0.0.1", "no port is written; write 127.0.0.1:50051 for"),
            ("localhost:65536", "`65536` is not a port"),
            ("localhost:http", "`http` is not a port"),
            ("example.com:50051", "names are not looked up, but for `localhost`"),
            ("50051", "write 127.0.0.1:50051 for"),
            ("on", "write both, such as 127.0.0.1:50051"),
            ("::1", "no port is written; write [::1]:50051 for"),
            ("[::1]", "no port is written; write [::1]:50051 for"),
            ("::1:9090", "in brackets; write [::1]:9090"),
            ("fe80:0:1:2:3:4:5:6:50051", "in brackets; write [fe80:0:1:2:3:4:5:6]:50051"),
            ("http://127.0.0.1:50051", "write the rest alone: 127.0.0.1:50051"),
            ("", "nothing is written here"),
        ] {
            let why = text.parse::<Listen>().unwrap_err();
            assert!(why.contains(expected), "{text}: {why}");
        }
    }
}

//! Where a port is: an address and a number, or `localhost`.

use std::fmt;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use super::value::Written;

/// Where to listen. Names are not looked up, but for `localhost`, which is 127.0.0.1.
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
                "an address stands before the port: 127.0.0.1:{port} is this machine alone, 0.0.0.0:{port} \
                 every address of it, [::]:{port} those of IPv6 too"
            )),
            _ => Err("it is an address and a port, such as 127.0.0.1:50051, [::1]:50051 or \
                      localhost:50051; other names are not looked up"
                .to_owned()),
        }
    }
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
            ("localhost", "an address and a port"),
            ("localhost:", "an address and a port"),
            ("localhost:65536", "an address and a port"),
            ("example.com:50051", "other names are not looked up"),
            ("50051", "an address and a port"),
            ("::1:50051:", "an address and a port"),
            ("", "an address and a port"),
        ] {
            let why = text.parse::<Listen>().unwrap_err();
            assert!(why.contains(expected), "{text}: {why}");
        }
    }
}

//! The address of a caller, also from behind a proxy.

use std::net::IpAddr;
use std::net::SocketAddr;

use http::HeaderMap;

use crate::network::Network;
use crate::network::subscriber;

/// The header in which each proxy appends the address that it forwards for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The source of a call: an address, or for IPv6 the network of one subscriber. Unset for a trusted
/// proxy that names no address: many clients may be behind it.
pub(in crate::server) type Source = Option<IpAddr>;

/// The source of a connection. Those of trusted proxies have none.
pub(super) fn of_connection(from: IpAddr, trusted: &[Network]) -> Source {
    (!is_among(from, trusted)).then(|| subscriber(from))
}

/// The source of a call: the last address that is not a trusted proxy's. Only a trusted proxy is
/// believed about the address that it forwards for.
pub(super) fn of_call(from: IpAddr, trusted: &[Network], headers: &HeaderMap) -> Source {
    if !is_among(from, trusted) {
        return Some(subscriber(from));
    }
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let lines = lines.map(|line| line.to_str().unwrap_or_default());
    let told = lines.flat_map(|line| line.rsplit(',')).map(|it| address(it.trim()));
    // An address that cannot be read was not written by a trusted proxy.
    let told = told.map_while(|it| it).find(|address| !is_among(*address, trusted));
    told.map(subscriber)
}

fn is_among(address: IpAddr, networks: &[Network]) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// An address, as proxies write it: some add a port.
fn address(text: &str) -> Option<IpAddr> {
    let alone = text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    alone.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(from: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "127.0.0.1"].map(|it| it.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let source = of_call(from.parse().unwrap(), &trusted, &headers);
        source.map_or_else(|| "unknown".to_owned(), |it| it.to_string())
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        for (from, forwarded, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.1.1.1", &["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
            ("10.1.1.1", &["203.0.113.9, 10.2.2.2"], "203.0.113.9"),
            ("10.1.1.1", &["198.51.100.1", "203.0.113.9:4711"], "203.0.113.9"),
            ("10.1.1.1", &["[2001:db8:1:2:3:4:5:6]:4711"], "2001:db8:1:2::"),
            ("10.1.1.1", &["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::"),
            ("10.1.1.1", &["198.51.100.1, junk"], "unknown"),
            ("10.1.1.1", &[], "unknown"),
            ("2001:db8:1:2:3:4:5:6", &[], "2001:db8:1:2::"),
        ] {
            assert_eq!(source(from, forwarded), expected, "{from} {forwarded:?}");
        }
    }

    #[test]
    fn the_connections_of_a_trusted_proxy_have_no_source() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(of_connection("10.1.1.1".parse().unwrap(), &trusted), None);
        let other: IpAddr = "203.0.113.9".parse().unwrap();
        assert_eq!(of_connection(other, &trusted), Some(other));
    }
}

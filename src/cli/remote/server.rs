//! The address of a server on the command line: `host:port` or a URL.

use std::net::Ipv6Addr;

/// The default port of a server.
const PORT: u16 = 50_051;

/// The URL of a server: what has no scheme is without TLS.
pub(super) fn url(text: &str) -> Result<String, String> {
    let text = text.trim();
    let (scheme, place) = match text.split_once("://") {
        Some((scheme, place)) => (Some(scheme), place),
        None => (None, text),
    };
    if let Some(scheme) = scheme.filter(|it| !["http", "https"].contains(it)) {
        return Err(format!("`{scheme}://` is not a scheme; write host:port, http:// or https://"));
    }
    let place = place.strip_suffix('/').unwrap_or(place);
    if let Some((place, path)) = place.split_once('/') {
        return Err(format!("a server has no path; leave `/{path}` out: {place}"));
    }
    let (host, port) = parts(place)?;
    if host.is_empty() {
        let port = port.unwrap_or_default();
        return Err(format!(
            "no host is written; write localhost:{}",
            number(port).unwrap_or(PORT)
        ));
    }
    match port {
        // A URL has a port of its own, 80 or 443, which nothing else has.
        None if scheme.is_none() => {
            return Err(format!(
                "no port is written; write {host}:{PORT}, or https://{host} for port 443"
            ));
        }
        Some(port) if number(port).is_none() => {
            return Err(format!("`{port}` is not a port; a port is a number from 1 to 65535"));
        }
        None | Some(_) => {}
    }
    let url = format!("{}://{place}", scheme.unwrap_or("http"));
    let host = url.parse::<http::Uri>().ok().and_then(|url| url.host().map(str::to_owned));
    host.filter(|host| !host.is_empty()).map(|_| url).ok_or_else(|| {
        "it is not a server; write host:port, such as localhost:50051, or a URL".to_owned()
    })
}

/// The host, in brackets if it is an address of IPv6, and the port, if one is written.
fn parts(place: &str) -> Result<(&str, Option<&str>), String> {
    if let Some(end) = place.find(']') {
        let (host, rest) = place.split_at(end + 1);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, written(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err("behind the brackets stand `:` and a port, such as [::1]:50051".to_owned()),
        };
    }
    let Some((host, port)) = place.rsplit_once(':') else { return Ok((place, None)) };
    if !host.contains(':') {
        return Ok((host, written(port)));
    }
    let (address, port) = match host.parse::<Ipv6Addr>() {
        Ok(_) => (host, number(port).unwrap_or(PORT)),
        Err(_no_address) => (place, PORT),
    };
    Err(format!("an address of IPv6 stands in brackets; write [{address}]:{port}"))
}

fn written(port: &str) -> Option<&str> {
    Some(port).filter(|port| !port.is_empty())
}

fn number(port: &str) -> Option<u16> {
    port.parse().ok().filter(|port| *port > 0)
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn a_server_is_a_host_and_a_port_or_a_url() {
        for (text, expected) in [
            ("localhost:50051", "http://localhost:50051"),
            (" 127.0.0.1:1 ", "http://127.0.0.1:1"),
            ("[::1]:50051", "http://[::1]:50051"),
            ("http://localhost:50051/", "http://localhost:50051"),
            ("https://courtesy.example", "https://courtesy.example"),
        ] {
            assert_eq!(url(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_the_way_out() {
        for (text, expected) in [
            ("localhost", "no port is written; write localhost:50051, or https://localhost"),
            ("[::1]", "no port is written; write [::1]:50051"),
            ("::1", "in brackets; write [::1]:50051"),
            ("::1:9090", "in brackets; write [::1]:9090"),
            ("http://::1:9090", "in brackets; write [::1]:9090"),
            ("[::1]9090", "behind the brackets"),
            (":9090", "no host is written; write localhost:9090"),
            ("", "no host is written; write localhost:50051"),
            ("http://", "no host is written"),
            ("localhost:", "no port is written; write localhost:50051"),
            ("localhost:http", "`http` is not a port"),
            ("localhost:65536", "`65536` is not a port"),
            ("localhost:0", "`0` is not a port"),
            ("grpc://localhost:50051", "`grpc://` is not a scheme"),
            ("localhost:50051/v1", "a server has no path; leave `/v1` out: localhost:50051"),
            ("a b:50051", "it is not a server"),
        ] {
            let why = url(text).unwrap_err();
            assert!(why.contains(expected), "{text}: {why}");
        }
    }
}

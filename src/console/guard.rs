//! The checks of every request: its host is ours, and a request that changes something comes from
//! our own page.

use axum::extract::Request;
use axum::extract::State;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::Method;
use http::StatusCode;
use http::header;
use maud::html;

use super::Console;
use super::frame;

/// The names under which the console may be asked for, with ports. A page of another site whose
/// name is made to lead here is refused by it.
#[derive(Clone, Debug)]
pub struct Hosts {
    port: u16,
    others: Vec<String>,
}

impl Hosts {
    /// Loopback's names, and `others`, such as `console.example.com`.
    #[must_use]
    pub const fn new(port: u16, others: Vec<String>) -> Self {
        Self { port, others }
    }

    /// Whether a request's host is one of the hosts.
    fn include(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => (name, port),
            _ => (host, ""),
        };
        let is_loopback =
            ["localhost", "127.0.0.1", "[::1]"].iter().any(|it| name.eq_ignore_ascii_case(it));
        let is_ours = port.parse() == Ok(self.port);
        (is_loopback && is_ours) || self.others.iter().any(|it| it.eq_ignore_ascii_case(host))
    }
}

/// Refuses what does not come from a page of ours.
pub(super) async fn guard(
    State(console): State<Console>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(|it| it.as_str()));
    if !host.is_some_and(|it| console.parts.hosts.include(it)) {
        let says = "This name is not the console's. Ask for it under the address that `courtesy \
                    serve` prints, or name it with the setting `console_url`.";
        return frame::plain(
            StatusCode::MISDIRECTED_REQUEST,
            "Wrong name",
            &html! { p { (says) } },
        );
    }
    let changes = ![Method::GET, Method::HEAD].contains(request.method());
    if changes && !is_own(headers, host.unwrap_or_default()) {
        let says = "This form was not sent from the console. Open the console and try again.";
        return frame::plain(StatusCode::FORBIDDEN, "Not from here", &html! { p { (says) } });
    }
    next.run(request).await
}

/// Whether a request that changes something comes from a page of this host. Browsers send that; a
/// request without it is refused.
fn is_own(headers: &HeaderMap, host: &str) -> bool {
    let said = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    match (said("sec-fetch-site"), said("origin")) {
        (Some(site), _) => ["same-origin", "none"].contains(&site),
        (None, Some(origin)) => {
            origin.split_once("://").is_some_and(|(_, it)| it.eq_ignore_ascii_case(host))
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_lead_here() {
        let hosts = Hosts::new(50_053, vec!["console.example.com".to_owned()]);
        for (host, expected) in [
            ("127.0.0.1:50053", true),
            ("LOCALHOST:50053", true),
            ("[::1]:50053", true),
            ("console.example.com", true),
            ("127.0.0.1:50054", false),
            ("127.0.0.1", false),
            ("localhost.example.com:50053", false),
            ("console.example.com:50053", false),
            ("evil.example:50053", false),
            ("", false),
        ] {
            assert_eq!(hosts.include(host), expected, "{host}");
        }
    }

    #[test]
    fn what_changes_something_comes_from_our_own_page() {
        for (said, expected) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:1")], false),
            (&[("origin", "http://127.0.0.1:1")], true),
            (&[("origin", "http://127.0.0.1:2")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in said {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(is_own(&headers, "127.0.0.1:1"), expected, "{said:?}");
        }
    }
}

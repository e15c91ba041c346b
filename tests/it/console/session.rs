//! Sessions, and who may send what from where.

use super::support::Console;
use crate::support::http;

#[test]
fn a_revoked_key_ends_its_sessions() {
    let console = Console::guarded();
    let visitor = console.signed_in("operator");
    assert_eq!(visitor.get("/pauses").status, 200);
    console.revoke("operator");
    let ended = loop {
        let answer = visitor.get("/pauses");
        if answer.status != 200 {
            break answer;
        }
        std::thread::yield_now();
    };
    assert!(ended.status == 303 && ended.head.contains("location: /sign-in"), "{}", ended.head);
    // The others go on.
    assert_eq!(console.signed_in("auditor").get("/pauses").status, 200);
}

#[test]
fn a_bad_key_and_a_forged_cookie_open_nothing() {
    let console = Console::guarded();
    let visitor = console.visitor();
    let key = console.key("crm");
    let (cut, other) = (key.get(..key.len() - 1).unwrap(), key.replace("courtesy_", "courtesy-"));
    for bad in ["", "courtesy_", cut, &other, "Bearer x", "\u{202e}", "ü"] {
        let answer = visitor.post("/sign-in", &[("key", bad)]);
        assert_eq!(answer.status, 403, "{bad}");
        assert!(answer.cookie.is_none() && !answer.body.contains(cut), "{bad}");
    }
    let good = console.signed_in("crm").cookie().to_owned();
    for forged in ["courtesy=", "courtesy=AAAA", &good.replace('A', "B"), &format!("{good}A")] {
        if forged == good {
            continue;
        }
        let header = format!("cookie: {forged}");
        let answer = http::get(&console.url("/customers"), &[&header]);
        assert_eq!(answer.status, 303, "{forged}");
    }
    // A proxy says who it is in its own header, on every request.
    let header = format!("authorization: Bearer {key}");
    assert_eq!(http::get(&console.url("/customers"), &[&header]).status, 200);
    assert_eq!(console.signed_in("crm").post("/sign-out", &[]).status, 303);
}

#[test]
fn a_form_comes_from_our_own_page_and_under_our_own_name() {
    let console = Console::open();
    let visitor = console.visitor();
    let fields = [("channel", "sms"), ("reason", "the carrier is down")];
    for headers in [
        &[][..],
        &["sec-fetch-site: cross-site"],
        &["sec-fetch-site: same-site"],
        &["origin: http://evil.example"],
        &["origin: null"],
        &["sec-fetch-site: cross-site", "origin: http://127.0.0.1"],
    ] {
        let answer = visitor.post_with("/pauses", &fields, headers);
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    assert!(visitor.get("/pauses").body.contains("Nothing is paused."));
    let address = console.url("");
    let own = format!("origin: {address}");
    assert_eq!(visitor.post_with("/pauses", &fields, &[&own]).status, 303);
    assert!(visitor.get("/pauses").body.contains("the carrier is down"));

    // Another site's name that is made to lead here reads nothing.
    let mut stream = std::net::TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    let port = stream.peer_addr().unwrap().port();
    let request =
        format!("GET / HTTP/1.1\r\nhost: evil.example:{port}\r\nconnection: close\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
}

#[test]
fn every_answer_has_the_headers_that_keep_others_out() {
    let console = Console::open();
    for path in
        ["/", "/customers", "/pauses", "/nowhere", "/console.css", "/console.js", "/sign-in"]
    {
        let answer = console.visitor().get(path);
        if answer.status == 303 {
            continue;
        }
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'",
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
        ] {
            assert!(answer.head.contains(header), "{path}: {header}: {}", answer.head);
        }
        assert!(!answer.head.contains("unsafe"), "{path}");
        assert!(!answer.body.contains(" style=") && !answer.body.contains(" onclick="), "{path}");
    }
}

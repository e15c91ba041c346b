//! The command about a customer, against a running server.

use super::product::Product;
use super::product::email;
use super::product::is_allowed;
use crate::support::Said;
use crate::support::courtesy;

fn customer(product: &Product, command: &str, args: &[&str]) -> Said {
    let server = format!("http://{}", product.address());
    let mut all = vec!["customer", command, "--server", &server, "--customer", "ada"];
    all.extend(args);
    courtesy(&all)
}

#[test]
fn a_suppression_is_set_and_lifted() {
    let product = Product::start();
    let said = customer(&product, "suppress", &["--purpose", "marketing", "--reason", "open_case"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    for word in ["purpose marketing", "open_case", "it is lifted", "cli"] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    assert!(!is_allowed(&product.check(email("ada")).unwrap()));
    let said = customer(&product, "unsuppress", &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--all"), "{}", said.err);
    let said = customer(&product, "unsuppress", &["--reason", "open_case"]);
    assert_eq!(said.out, "lifted: 1\nno suppression is in force\n");
}

#[test]
fn a_customer_is_shown_what_is_known_and_forgotten() {
    let product = Product::start();
    let said =
        customer(&product, "opt-out", &["--occasion", "mothers_day", "--evidence", "a call"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let said = customer(&product, "opt-out", &["--channel", "email", "--snooze", "30"]);
    assert!(said.out.contains("2026-12-22T12:00:00"), "{}", said.out);
    let said = customer(&product, "consent-events", &[]);
    assert!(said.out.contains("OPT_OUT") && said.out.contains("a call"), "{}", said.out);
    let said = customer(&product, "occasions", &[]);
    let line = said.out.lines().find(|line| line.trim_start().starts_with("mothers_day")).unwrap();
    assert!(line.contains("Mother's Day") && line.contains(" yes "), "{line}");
    let said = customer(&product, "export", &[]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["consentEvents"][1]["evidence"], "a call");

    let said = customer(&product, "erase", &[]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--yes"), "{}", said.err);
    let said = customer(&product, "erase", &["--yes"]);
    assert_eq!(said.out, "erased; the opt-outs stay, under a hash\n");
    let said = customer(&product, "erase", &["--yes"]);
    assert_eq!((said.code, said.out.as_str()), (0, "nothing was on record\n"));
}

#[test]
fn a_link_is_printed_to_try() {
    let product = Product::start();
    let server = format!("http://{}", product.address());
    let link = |args: &[&str]| {
        let mut all = vec!["link", "--server", &server, "--customer", "ada"];
        all.extend(args);
        let said = courtesy(&all);
        assert_eq!((said.code, said.err.as_str()), (0, ""));
        said.out.trim().to_owned()
    };
    for (args, path, title) in [
        (&[][..], "/preferences/", "<h1>How we may contact you</h1>"),
        (
            &["--preferences", "--channel", "email"],
            "/preferences/",
            "<h1>How we may contact you</h1>",
        ),
        (&["--unsubscribe", "--channel", "email"], "/unsubscribe/", "<h1>Unsubscribe?</h1>"),
    ] {
        let url = link(args);
        assert!(url.contains(path), "{url}");
        let page = crate::support::http::get(&url, &[]);
        assert!(page.status == 200 && page.body.contains(title), "{}", page.body);
    }
    let json: serde_json::Value = serde_json::from_str(&link(&["--json"])).unwrap();
    assert!(json["url"].as_str().unwrap().contains("/preferences/"), "{json}");
}

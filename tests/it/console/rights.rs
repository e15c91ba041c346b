//! Every screen and every form, for every role: each may do here what it may do over the API.

use courtesy::access::method::named;
use courtesy::access::role::Role;

use super::support::Console;
use super::support::ROLES;
use super::support::Visitor;

/// The screens, and the methods of which each needs one.
const SCREENS: &[(&str, &[&str])] = &[
    ("/", &["PolicyService/DescribePolicy"]),
    ("/customers", &["CustomerService/GetCustomer", "CustomerService/ExportCustomer"]),
    ("/policy", &["PolicyService/GetPolicy"]),
    ("/calendar", &["PolicyService/ListOccasions"]),
    ("/pauses", &["PolicyService/ListPauses"]),
    ("/decisions", &["PolicyService/WatchDecisions"]),
    ("/replies", &["CustomerService/ListUnclearMessages"]),
    ("/pressure", &["PolicyService/DescribePressure"]),
    ("/audit", &["PolicyService/ListAuditEvents"]),
];

/// A form, what is sent, and the method that it needs.
type Form = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// The forms of a customer's screen.
const CUSTOMER: &[Form] = &[
    ("opt-out", &[("channel", "push")], "CustomerService/OptOut"),
    ("suppress", &[("reason", "open_case"), ("days", "3")], "CustomerService/SuppressCustomer"),
    ("unsuppress", &[("reason", "open_case")], "CustomerService/UnsuppressCustomer"),
    ("link", &[], "CustomerService/IssuePreferenceLink"),
    ("export", &[], "CustomerService/ExportCustomer"),
    ("erase", &[("typed", "erase")], "CustomerService/EraseCustomer"),
];

fn may(role: &str, method: &str) -> bool {
    let role = Role::ALL.into_iter().find(|it| it.as_str() == role).unwrap();
    assert!(!named(method).roles.is_empty(), "{method} is a method");
    named(method).roles.contains(&role)
}

fn customer(visitor: &Visitor<'_>) -> String {
    let found = visitor.post("/customers", &[("customer_id", "ada")]);
    found.location.unwrap()
}

#[test]
fn a_screen_is_shown_to_callers_that_the_api_would_answer() {
    let console = Console::guarded();
    for role in ROLES {
        let visitor = console.signed_in(role);
        let menu = visitor.get("/").body;
        for (path, needs) in SCREENS {
            let shown = visitor.get(path);
            let expected = needs.iter().any(|it| may(role, it));
            assert_eq!(
                shown.status,
                if expected { 200 } else { 403 },
                "{role} {path}: {}",
                shown.body
            );
            let link = format!("<a href=\"{path}\"");
            assert_eq!(menu.contains(&link), expected, "{role}: {path} in the menu");
        }
        assert_eq!(visitor.get("/nowhere").status, 404);
    }
}

#[test]
fn a_form_is_shown_to_callers_that_the_api_would_obey_and_refused_to_others() {
    let console = Console::guarded();
    let path = customer(&console.signed_in("crm"));
    for role in ROLES {
        let visitor = console.signed_in(role);
        let looks = ["CustomerService/GetCustomer", "CustomerService/ExportCustomer"];
        let sees = looks.iter().any(|it| may(role, it));
        let shown = visitor.get(&path);
        assert_eq!(shown.status, if sees { 200 } else { 403 }, "{role}: {}", shown.body);
        for (form, fields, needs) in CUSTOMER {
            let expected = may(role, needs);
            // It is lifted where it is listed, and there is nothing to lift yet.
            if *form != "unsuppress" {
                let action = format!("action=\"{path}/{form}\"");
                assert_eq!(shown.body.contains(&action), expected && sees, "{role} {form}");
            }
            let sent = visitor.post(&format!("{path}/{form}"), fields);
            // Who may do it and may not look is told what became of it without the record.
            let obeyed = sent.status == 200 || (!sees && sent.status == 403 && expected);
            assert_eq!(obeyed, expected, "{role} {form}: {} {}", sent.status, sent.body);
        }
    }
}

#[test]
fn a_pause_takes_the_role_of_operators() {
    let console = Console::guarded();
    for role in ROLES {
        let visitor = console.signed_in(role);
        let expected = may(role, "PolicyService/PauseContacts");
        assert_eq!(visitor.get("/pauses").body.contains("Stop everything"), expected, "{role}");
        let fields = [("channel", "sms"), ("reason", "the carrier is down"), ("hours", "2")];
        let sent = visitor.post("/pauses", &fields);
        assert_eq!(sent.status, if expected { 303 } else { 403 }, "{role}: {}", sent.body);
        let sent = visitor.post("/pauses/resume", &[("name", "none")]);
        assert_eq!(sent.status == 403, !expected, "{role}: {}", sent.body);
        for path in ["/replies/answered", "/replies/resolved"] {
            let sent = visitor.post(path, &[("token", "forged"), ("what", "email")]);
            assert_eq!(sent.status, 404, "{role} {path}: a forged customer is none");
        }
    }
}

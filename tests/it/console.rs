//! The console, as a browser without scripts uses it: the real server, and what it sends.

mod calendar;
mod customer;
mod policy;
mod port;
mod rights;
mod screens;
mod session;
pub(crate) mod support;

use self::support::Console;

#[test]
fn a_screen_wants_a_key_and_a_role_where_callers_have_them() {
    let console = Console::open();
    assert_eq!(console.visitor().get("/customers").status, 200);
    let forged = console.visitor().post_with("/customers", &[("customer_id", "ada")], &[]);
    assert_eq!(forged.status, 403, "{}", forged.body);
    drop(console);

    let console = Console::guarded();
    let asked = console.visitor().get("/customers");
    assert!(asked.status == 303 && asked.head.contains("location: /sign-in"), "{}", asked.head);
    let shown = console.signed_in("auditor").get("/customers");
    assert!(shown.status == 200 && shown.body.contains("the auditor"), "{}", shown.body);
}

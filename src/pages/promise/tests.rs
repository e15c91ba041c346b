use std::sync::Arc;

use super::*;
use crate::model::Name;
use crate::policy::Source;
use crate::zone::Zones;

const SHOP: &str = "\
name: base
channels: {email: {kind: email}, kiosk: {kind: other}}
purposes: {
    news: {marketing: true}, receipts: {marketing: false}, code: {
        marketing: false, exempt: [opt_outs]
    }
}
";
const PLAIN: &str =
    "name: base\nchannels: {email: {kind: email}}\npurposes: {n: {marketing: false}}\n";

fn name(text: &str) -> Option<Name> {
    Some(Name::new(text).unwrap())
}

fn said(policy: &str, scope: &Scope, language: &str) -> String {
    let source = Source::new("base", policy);
    let (policy, _) = Policy::load(&[source], &Arc::new(Zones::bundled())).unwrap();
    let (promise, words) = (Promise::of(scope, &policy), Words::named(language).unwrap());
    format!("{} / {}", promise.stops(words), promise.comes(words).join(" "))
}

#[test]
fn a_promise_says_what_stops_and_what_comes() {
    let email = Scope { channel: name("email"), ..Scope::default() };
    let marketing = Scope { marketing: true, ..email.clone() };
    let kiosk = Scope { channel: name("kiosk"), marketing: true, ..Scope::default() };
    let topic = Scope { topic: name("spring_news"), brand: name("north"), ..marketing.clone() };
    let purpose = Scope { purpose: name("receipts"), ..email.clone() };
    let receipts = "Messages that are not advertising still come, such as receipts and passwords that \
                    you ask for.";
    let other = "What comes by other means does not change.";
    for (policy, scope, expected) in [
        (SHOP, &marketing, format!("advertising by e-mail / {receipts} {other}")),
        (SHOP, &kiosk, format!("advertising through “kiosk” / {receipts} {other}")),
        (
            SHOP,
            &topic,
            format!(
                "advertising by e-mail about “spring news” from “north” / {receipts} All other \
                 messages still come."
            ),
        ),
        (
            SHOP,
            &purpose,
            "messages of the kind “receipts” by e-mail / All other messages still come.".to_owned(),
        ),
        (
            SHOP,
            &email,
            format!(
                "any messages by e-mail / Only what has to be sent still comes, such as passwords \
                 that you ask for. {other}"
            ),
        ),
        (PLAIN, &email, format!("any messages by e-mail / There are no exceptions. {other}")),
        (PLAIN, &Scope::default(), "any messages / There are no exceptions.".to_owned()),
    ] {
        assert_eq!(said(policy, scope, "en"), expected);
    }
}

#[test]
fn every_language_says_it() {
    let marketing = Scope { channel: name("email"), marketing: true, ..Scope::default() };
    for (language, stops) in [
        ("es", "publicidad por correo electrónico"),
        ("fr", "de publicité par e-mail"),
        ("de", "keine Werbung per E-Mail"),
        ("pt", "publicidade por e-mail"),
        ("it", "pubblicità per e-mail"),
    ] {
        assert!(said(SHOP, &marketing, language).starts_with(stops), "{language}");
    }
}

#[test]
fn a_name_is_shown_by_its_title_and_else_as_it_is() {
    let policy = SHOP.replace(
        "email: {kind: email}",
        "email: {kind: email}, app: {title: {en: App, fr: Appli}}",
    );
    let policy = format!("{policy}pages: {{brands: {{north: {{name: North Store}}}}}}\n");
    let scope = |brand: &str| Scope {
        channel: name("app"),
        topic: name("<b>"),
        brand: name(brand),
        marketing: true,
        ..Scope::default()
    };
    let english = said(&policy, &scope("north"), "en");
    assert!(
        english.starts_with("advertising through “App” about “<b>” from “North Store” /"),
        "{english}"
    );
    let french = said(&policy, &scope("south"), "fr");
    assert!(
        french.starts_with("de publicité par « Appli » sur « <b> » de « south » /"),
        "{french}"
    );
}

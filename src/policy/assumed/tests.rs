use super::*;

#[test]
fn marketing_is_known_by_its_names_in_six_languages() {
    for name in [
        "marketing",
        "Email-Marketing",
        "emailMarketing",
        "promotions",
        "weekly_newsletter",
        "publicidad",
        "publicité",
        "Werbung",
        "werbemails",
        "promoções",
        "pubblicità",
    ] {
        assert!(names_marketing(name), "{name}");
    }
    for name in ["receipts", "security", "marketplace", "service_reply", "password_reset", "legal"]
    {
        assert!(!names_marketing(name), "{name}");
    }
}

#[test]
fn kinds_are_known_by_their_names_in_six_languages() {
    use ChannelKind::*;
    for (name, kind) in [
        ("email", Some(Email)),
        ("E-Mail", Some(Email)),
        ("correo_electrónico", Some(Email)),
        ("posta elettronica", Some(Email)),
        ("sms", Some(Text)),
        ("sms_us", Some(Text)),
        ("texts", Some(Text)),
        ("outbound_calls", Some(Call)),
        ("outboundCalls", Some(Call)),
        ("Anrufe", Some(Call)),
        ("téléphone", Some(Call)),
        ("push", Some(Push)),
        ("in_app", Some(Push)),
        ("whatsapp", Some(Messenger)),
        ("direct_mail", Some(Post)),
        ("post", Some(Post)),
        ("correo_postal", Some(Post)),
        // These tell nothing, or two things.
        ("mail", None),
        ("web", None),
        ("fax", None),
        ("sms_or_email", None),
    ] {
        assert_eq!(names_kind(name), kind, "{name}");
    }
}

use std::sync::Arc;

use crate::policy::Confidence;
use crate::policy::Policy;
use crate::policy::compile;
use crate::policy::document::tests::LANGUAGE;
use crate::policy::load;
use crate::policy::preset;
use crate::policy::problem::Problems;
use crate::policy::source::Source;
use crate::policy::suite::Suite;
use crate::zone::Zones;

/// Line 1 to 3 of every document below.
const HEAD: &str = "name: base\nchannels: {email: {}, sms: {}, voice: {}}\npurposes: {marketing: {}, receipt: {exempt: [budgets, quiet_hours, suppressions]}}\n";

#[test]
fn what_ships_and_the_language_are_accepted_without_a_warning() {
    accepts(preset::STARTER);
    accepts(LANGUAGE);
    // What rests on one vendor's word warns on purpose.
    let is_sure = |it: &&preset::Preset| it.about().confidence != Some(Confidence::Low);
    let all: Vec<&str> = preset::all().iter().filter(is_sure).map(|preset| preset.name).collect();
    accepts(&format!("{HEAD}include: [{}]", all.join(", ")));
}

#[test]
fn a_reaction_that_names_a_channel_is_warned_of() {
    warns(
        "reactions: [{on: bounced_hard, suppress: {channel: email}}]",
        "4:52 `bounced_hard` on any channel suppresses `email`, not only there / write `channel: same` to suppress the channel of the event",
    );
    accepts(&format!("{HEAD}reactions: [{{on: bounced_hard, suppress: {{channel: same}}}}]"));
    accepts(
        "name: base\nchannels: {email: {}}\npurposes: {news: {}}\nreactions: [{on: refused, suppress: {channel: email}}]",
    );
}

#[test]
fn a_reaction_that_selects_no_customer_is_warned_of() {
    for list in ["segments", "jurisdictions", "topics"] {
        let text = format!("{HEAD}reactions: [{{on: refused, suppress: {{{list}: []}}}}]");
        let (_, warnings) = load(&[&text]).unwrap();
        assert!(warnings.to_string().contains("suppresses nothing"), "{list}: {warnings}");
    }
}

#[test]
fn pages_offer_what_exists_and_what_is_kept() {
    for (text, expected) in [
        (
            "pages: {purposes: [marketng]}",
            "4:20 unknown purpose `marketng` / did you mean `marketing`?",
        ),
        (
            "pages: {channels: [fax]}",
            "4:20 unknown channel `fax` / declare it under `channels`, or write `email`, `sms` or `voice`",
        ),
        ("pages: {confirm: [emial]}", "4:19 unknown channel `emial` / did you mean `email`?"),
        (
            "pages: {occasions: [mothers_dya]}",
            "4:21 unknown occasion `mothers_dya` / did you mean `mothers_day`?",
        ),
        (
            "pages: {channels: [email], confirm: [sms]}",
            "4:38 `sms` is confirmed and not offered / add it to `channels`, or remove it here",
        ),
        (
            "pages: {colour: \"#ffff00\"}",
            "4:17 white text on `#ffff00` has a contrast of 1.07 to 1, and needs 4.50 to be readable / choose a darker colour",
        ),
        (
            "pages: {brands: {north: {name: North, colour: red}}}",
            "4:47 `red` is not a colour / write six digits: `\"#1a4fb4\"`",
        ),
        (
            "topics: [{name: news, title: {english: News}}]",
            "4:31 `english` is not a language / write a BCP 47 tag, such as `en` or `pt-BR`",
        ),
        (
            "topics: [{name: news, title: {en: <b>News</b>}}]",
            "4:35 a title is shown as it is written: there is no markup / remove `<` and `>`",
        ),
    ] {
        refuses(text, expected);
    }
    let exempt = "name: base\nchannels: {email: {}}\npurposes: {news: {}, code: {exempt: [opt_outs]}}\npages: {purposes: [news, code]}";
    let (problems, _) = (load(&[exempt]).unwrap_err(), ());
    assert!(
        problems.to_string().contains(
            "`code` is exempt from `opt_outs`: what a page offers to refuse must be kept"
        ),
        "{problems}"
    );
    accepts(&format!(
        "{HEAD}topics: [news, {{name: events, title: {{en: Events, pt-BR: Eventos}}}}]\npages: {{}}"
    ));
}

#[test]
fn names_are_unique() {
    let two = [
        "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\nspacing: [{name: s, least: 1h}]",
        "name: base\nchannels: {email: {}}\nspacing: [{name: s, least: 1h}]",
    ];
    check_all(
        &two,
        "error 1:7 two documents have the name `base` / the other is at 0.yaml:1:7; rename one; \
         error 2:12 two channels have the name `email` / the other is at 0.yaml:2:12; rename one; \
         error 3:18 two rules have the name `s` / the other is at 0.yaml:4:18; rename one",
    );
    refuses(
        "spacing: [{name: s, least: 1h}]\nbackoff: [{name: s, after: 1, base: 1d}]",
        "5:18 two rules have the name `s` / the other is at 0.yaml:4:18; rename one",
    );
    refuses(
        "spacing: [{name: s, least: 1h}]\nreactions: [{name: s, on: refused, suppress: {channel: same}}]",
        "5:20 two rules have the name `s` / the other is at 0.yaml:4:18; rename one",
    );
    refuses(
        "include: [us-fl, us-fl]\nspacing: [{name: us-fl-hours, least: 1h}]",
        "5:18 two rules have the name `us-fl-hours` / the other is at preset us-fl:17:11; rename one",
    );
    refuses(
        "occasions: [{name: eid_al_fitr, dates: [2026-01-01]}, {name: christmas, dates: [2026-01-01]}]",
        "4:20 an occasion with the name `eid_al_fitr` ships already / choose another name; error 4:62 an occasion with the name `christmas` ships already / choose another name",
    );
    refuses(
        "holiday_sets: [{name: IT, dates: [2026-01-01]}]",
        "4:23 a set of holidays with the name `IT` ships already / choose another name",
    );
    let same = ["name: base\nchannels: {same: {}}\npurposes: {marketing: {}}"];
    check_all(
        &same,
        "error 2:12 `same` is not a name for a channel: reactions mean the event's own by it / choose another name",
    );
}

#[test]
fn a_setting_is_made_once() {
    let settings = "settings: {time_zone: {assume: UTC}, jurisdictions: {assume: [US]}, week_starts: monday, history_retention: 30d}\nconversations: {window: 1h}";
    let two = [format!("{HEAD}{settings}"), format!("name: other\n{settings}")];
    let two: Vec<&str> = two.iter().map(String::as_str).collect();
    check_all(
        &two,
        "error 2:32 `time_zone.assume` is set by two documents / the other is at 0.yaml:4:32; keep one; \
         error 2:62 `jurisdictions` is set by two documents / the other is at 0.yaml:4:62; keep one; \
         error 2:82 `week_starts` is set by two documents / the other is at 0.yaml:4:82; keep one; \
         error 2:109 `history_retention` is set by two documents / the other is at 0.yaml:4:109; keep one; \
         error 3:16 `conversations` is set by two documents / the other is at 0.yaml:5:16; keep one",
    );
    let different = [
        format!("{HEAD}settings: {{time_zone: {{assume: UTC}}}}"),
        "name: other\nsettings: {time_zone: {unknown: strictest}}".to_owned(),
    ];
    let different: Vec<&str> = different.iter().map(String::as_str).collect();
    check_all(&different, "");
    refuses(
        "settings: {time_zone: {assume: UTC, unknown: deny}}",
        "4:46 `deny` has no meaning where a time zone is assumed / remove `unknown: deny`, or `assume`",
    );
}

#[test]
fn what_rules_name_exists() {
    let spacing =
        |selector: &str| format!("spacing: [{{name: s, least: 1h, for: {{{selector}}}}}]");
    refuses(&spacing("channels: [emial]"), "4:49 unknown channel `emial` / did you mean `email`?");
    refuses(
        &spacing("channels: [fax]"),
        "4:49 unknown channel `fax` / declare it under `channels`, or write `email`, `sms` or `voice`",
    );
    refuses(
        &spacing("purposes: [marketting]"),
        "4:49 unknown purpose `marketting` / did you mean `marketing`?",
    );
    refuses(
        &spacing("occasions: [mothersday]"),
        "4:50 unknown occasion `mothersday` / did you mean `mothers_day`?",
    );
    refuses(
        &spacing("occasions: [x]"),
        "4:50 unknown occasion `x` / `courtesy calendar` lists those that ship; declare others, with their dates, under `occasions`",
    );
    refuses(
        &spacing("jurisdictions: [UK]"),
        "4:54 there is no jurisdiction `UK` / did you mean `GB`?",
    );
    refuses(
        &spacing("jurisdictions: [US-ZZ]"),
        "4:54 there is no jurisdiction `US-ZZ` / write `US`, or one of its parts as ISO 3166-2 has them",
    );
    refuses(
        &spacing("jurisdictions: [ZZ]"),
        "4:54 there is no jurisdiction `ZZ` / write an ISO 3166 code, such as `US`, `US-FL` or `FR`",
    );
    accepts_in(&spacing("topics: [anything], campaigns: [x], brands: [y], segments: [z]"));
    refuses(
        &format!("topics: [newsletter]\n{}", spacing("topics: [newsleter]")),
        "5:47 unknown topic `newsleter` / did you mean `newsletter`?",
    );
    let budget = |keys: &str| format!("budgets: [{{name: b, limit: 1, per: 1d, {keys}}}]");
    refuses(
        &budget("cost: {fax: 2}"),
        "4:47 unknown channel `fax` / declare it under `channels`, or write `email`, `sms` or `voice`",
    );
    refuses(
        &budget("counts: {purposes: [x]}"),
        "4:60 unknown purpose `x` / declare it under `purposes`, or write `marketing` or `receipt`",
    );
    refuses(
        "budgets: [{name: b, limit: 1, per: {calendar: day, time_zone: Berlin}}]",
        "4:63 unknown time zone `Berlin` / did you mean `Europe/Berlin`?",
    );
    refuses(
        "settings: {time_zone: {assume: america/new_york}}",
        "4:32 unknown time zone `america/new_york` / did you mean `America/New_York`?",
    );
    refuses(
        "settings: {time_zone: {assume: PST}}",
        "4:32 unknown time zone `PST` / did you mean `America/Los_Angeles`?",
    );
    refuses(
        "settings: {time_zone: {assume: QQT}}",
        "4:32 unknown time zone `QQT` / write an IANA name such as `America/New_York`, or an offset such as `\"-06:00\"`",
    );
    refuses(
        "settings: {jurisdictions: {assume: [XX]}}",
        "4:37 there is no jurisdiction `XX` / write an ISO 3166 code, such as `US`, `US-FL` or `FR`",
    );
}

#[test]
fn what_hours_periods_and_reactions_name_exists() {
    let hours = |keys: &str| {
        format!("contact_hours: [{{name: h, open: [{{from: \"08:00\", to: \"20:00\"}}], {keys}}}]")
    };
    accepts_in(&hours(
        "time_zone: \"-06:00\", holidays: {of: [US, own], open: []}}]\nholiday_sets: [{name: own, dates: [2026-01-01]",
    ));
    refuses(
        &hours("holidays: {of: US-FL, open: []}"),
        "4:80 unknown set of holidays `US-FL` / `courtesy calendar` lists those that ship; declare others, with their dates, under `holiday_sets`",
    );
    refuses(
        &hours(
            "eves: {of: [IT, our_closing], open: []}}]\nholiday_sets: [{name: our_closings, dates: [2026-01-01]",
        ),
        "4:81 unknown set of holidays `our_closing` / did you mean `our_closings`?",
    );
    refuses(
        "quiet_periods: [{name: q, occasion: xmas}]",
        "4:37 unknown occasion `xmas` / `courtesy calendar` lists those that ship; declare others, with their dates, under `occasions`",
    );
    refuses(
        "reactions: [{on: refused, suppress: {channel: phone}}]",
        "4:47 unknown channel `phone` / declare it under `channels`, or write `email`, `sms` or `voice`",
    );
    refuses(
        "reactions: [{on: refused, suppress: {jurisdictions: [US-ZZ]}}]",
        "4:54 there is no jurisdiction `US-ZZ` / write `US`, or one of its parts as ISO 3166-2 has them",
    );
    refuses(
        "reactions: [{on: refused, suppress: {purposes: [x]}}]",
        "4:49 unknown purpose `x` / declare it under `purposes`, or write `marketing` or `receipt`",
    );
    refuses("include: [us-flo]", "4:11 there is no preset `us-flo` / did you mean `us-fl`?");
    refuses(
        "include: [florida-calls]",
        "4:11 there is no preset `florida-calls` / `courtesy policy presets` lists those that ship",
    );
}

#[test]
fn kinds_that_no_channel_and_no_purpose_has_match_nothing() {
    let spacing =
        |selector: &str| format!("spacing: [{{name: s, least: 1h, for: {{{selector}}}}}]");
    warns(
        &spacing("channel_kinds: [post]"),
        "4:53 this can never match: the policy has no channel of such a kind / give a channel this \
         `kind`, or name another",
    );
    warns(
        &spacing("purpose_kinds: [collection]"),
        "4:53 this can never match: the policy has no purpose of such a kind / say `marketing: true` \
         or `collection: true` of a purpose, or name another kind",
    );
    warns(
        &spacing("channel_kinds: []"),
        "4:53 this rule can never match: an empty list matches nothing / name something, or remove \
         the key to match all",
    );
    accepts_in(&spacing("channel_kinds: [email], purpose_kinds: [marketing, other]"));
}

/// A preset that applies to nothing in a policy protects no customer, and a whole reading says so.
#[test]
fn a_preset_that_does_nothing_is_told() {
    let told = |channels: &str, purposes: &str| {
        let kept = "quiet_periods: [{name: kept, occasion: any, who: opted_out}]";
        let text = format!(
            "name: base\nchannels: {channels}\npurposes: {purposes}\n{kept}\ninclude: [us-regf]"
        );
        let source = Source::new("0.yaml", &text);
        let (_, warnings) = Policy::load(&[source], &Arc::new(Zones::bundled())).unwrap();
        show(&warnings)
    };
    let nothing = "warning 5:11 `us-regf` does nothing here: its rules are about kinds of channels or \
                   purposes that the policy does not have / say `kind` of channels, `marketing: true` \
                   or `collection: true` of purposes, or remove it";
    let debts = "{debts: {marketing: false, collection: true}}";
    assert_eq!(told("{dialler: {kind: call}}", debts), "");
    assert_eq!(told("{letters: {kind: post}}", debts), nothing);
}

#[test]
fn a_preset_about_undeclared_channels_says_nothing() {
    let text = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\ninclude: [us-tcpa]";
    let (policy, warnings) = load(&[text]).unwrap();
    assert!(warnings.is_empty(), "{warnings}");
    assert!(policy.rules.is_empty());
    let text = "name: base\nchannels: {sms: {}}\npurposes: {marketing: {}}\ninclude: [us-tcpa]";
    let (policy, _) = load(&[text]).unwrap();
    assert!(!policy.rules.is_empty());
}

#[test]
fn there_is_a_most_of_everything() {
    let named = |count: usize, body: &str| -> String {
        (0..count).map(|number| format!("  n{number:04}: {body}\n")).collect()
    };
    let channels = |count| {
        format!("name: base\npurposes: {{marketing: {{}}}}\nchannels:\n{}", named(count, "{}"))
    };
    accepts(&channels(63));
    check_all(
        &[&channels(64)],
        "error 67:3 a policy has at most 63 channels and this is one more / remove what is not needed",
    );
    let purposes =
        |count| format!("name: base\nchannels: {{email: {{}}}}\npurposes:\n{}", named(count, "{}"));
    accepts(&purposes(63));
    check_all(
        &[&purposes(64)],
        "error 67:3 a policy has at most 63 purposes and this is one more / remove what is not needed",
    );
    let rules = |count: usize| -> String {
        let rules: String =
            (0..count).map(|number| format!("  - {{name: r{number}, least: 1h}}\n")).collect();
        format!("{HEAD}spacing:\n{rules}")
    };
    accepts(&rules(1_000));
    check_all(
        &[&rules(1_001)],
        "error 1005:5 a policy has at most 1000 rules, those of presets included, and this is one more / remove what is not needed",
    );
    let one_more = format!("{}budgets: [{{name: b, limit: 1, per: 1d}}]", rules(1_000));
    check_all(
        &[&one_more],
        "error 1004:12 a policy has at most 1000 rules, those of presets included, \
         and this is one more / remove what is not needed",
    );
}

#[test]
fn there_is_a_most_of_documents_and_calendars() {
    let documents = |count: usize| -> Vec<String> {
        let others = (1..count).map(|number| format!("name: d{number}"));
        std::iter::once(HEAD.to_owned()).chain(others).collect()
    };
    let all = documents(100);
    check_all(&all.iter().map(String::as_str).collect::<Vec<_>>(), "");
    let all = documents(101);
    check_all(
        &all.iter().map(String::as_str).collect::<Vec<_>>(),
        "error 1:1 a policy has at most 100 documents / put some of them together",
    );
    let occasions = |count: usize| -> String {
        (0..count).map(|number| format!("  - {{name: o{number}, dates: [2026-01-01]}}\n")).collect()
    };
    for key in ["occasions", "holiday_sets"] {
        accepts_in(&format!("{key}:\n{}", occasions(256)));
    }
    refuses(
        &format!("occasions:\n{}", occasions(257)),
        "261:12 a policy has at most 256 occasions of its own and this is one more / \
         remove what is not needed",
    );
}

#[test]
fn hostile_documents_are_refused_quickly() {
    let many = |count: usize, item: &str| -> String {
        (0..count).map(|number| item.replace('#', &number.to_string())).collect()
    };
    quickly(&many(15_000, "key#: 1\n"));
    quickly(&format!("{HEAD}include: [{}]", many(15_000, "preset#, ")));
    quickly(&format!("{HEAD}spacing: [{}]", many(5_000, "{name: s#, least: 1h}, ")));
    quickly(&format!(
        "{HEAD}contact_hours: [{}]",
        many(900, "{name: s#, open: [], time_zone: Europa/Z#}, ")
    ));
    quickly(&format!(
        "{HEAD}spacing: [{{name: s, least: 1h, for: {{channels: [{}]}}}}]",
        many(15_000, "emial#, ")
    ));
    quickly(&format!(
        "{HEAD}budgets: [{{name: s, limit: 1, per: 1d, cost: {{{}}}}}]",
        many(15_000, "emial#: 1, ")
    ));
    quickly(&format!(
        "{HEAD}content_rules: [{}]",
        many(5_000, "{name: s#, deny_when: 'contact.x'}, ")
    ));
    quickly(&format!(
        "{HEAD}budgets: [{{name: b, limit: 1, per: 1d, limits: [{}]}}]",
        many(15_000, "#, ")
    ));
    quickly(&format!("name: base\nchannels: {{{}}}", many(15_000, "c#: {}, ")));
    quickly(&format!("{HEAD}occasions: [{}]", many(5_000, "{name: o#, dates: [2026-01-01]}, ")));
}

#[test]
fn marketing_can_always_be_refused() {
    let purposes = |name: &str, keys: &str| {
        format!(
            "name: base\nchannels: {{email: {{}}}}\npurposes: {{{name}: {{{keys}}}}}\n\
             conversations: {{window: 24h}}"
        )
    };
    let own = |family: &str| {
        format!("remove `{family}`; give what must be sent all the same a purpose of its own")
    };
    let said = "marketing: true, ";
    let refused = [
        (
            "exempt: [opt_outs]",
            9,
            "`news` cannot be exempt from `opt_outs`".to_owned(),
            own("opt_outs"),
        ),
        (
            "exempt: [budgets, consent]",
            18,
            "`news` cannot be exempt from `consent`".to_owned(),
            own("consent"),
        ),
        (
            "exempt: [suppressions]",
            9,
            "`news` cannot be exempt from `suppressions`".to_owned(),
            own("suppressions"),
        ),
        (
            "replies: true",
            9,
            "`news` cannot be a reply: it is marketing".to_owned(),
            "remove `replies`; give answers to customers a purpose of their own".to_owned(),
        ),
        (
            "on_store_failure: allow",
            18,
            "`news` cannot be allowed while opt-outs cannot be looked up: it is marketing"
                .to_owned(),
            "write `on_store_failure: deny`, or remove it".to_owned(),
        ),
    ];
    for (keys, column, message, help) in refused {
        let column = column + 19 + said.len();
        let document = purposes("news", &format!("{said}{keys}"));
        check_all(&[&document], &format!("error 3:{column} {message} / {help}"));
        accepts(&purposes("news", keys));
        accepts(&purposes("marketing", &format!("marketing: false, {keys}")));
        // What was in force stays in force, with a warning.
        let source = Source::new("0.yaml", &document);
        let zones = Arc::new(Zones::bundled());
        let (_policy, warnings) = Policy::load_stored(&[source], &zones).unwrap();
        assert!(show(&warnings).contains(&format!("warning 3:{column} {message} / {help}")));
    }
    // The name tells where the document does not.
    for name in ["marketing", "Email-Marketing", "promotions", "Werbung", "publicité"] {
        check_all(
            &[&purposes(name, "exempt: [opt_outs]")],
            &format!(
                "error 3:{} `{name}` cannot be exempt from `opt_outs` / {}; if it is not marketing, \
                 write `marketing: false`",
                24 + name.chars().count(),
                own("opt_outs")
            ),
        );
    }
    accepts(&purposes("marketing", "exempt: [budgets, spacing], replies: false"));
    accepts(&purposes("legal_notice", "exempt: [opt_outs, consent]"));
}

/// What a whole reading warns of, of purposes and channels that say nothing.
#[test]
fn what_names_alone_tell_is_told() {
    let assumed = |text: &str| {
        let kept = "quiet_periods: [{name: kept, occasion: any, who: opted_out}]";
        let source = Source::new("0.yaml", &format!("{text}\n{kept}"));
        let (_, warnings) = Policy::load(&[source], &Arc::new(Zones::bundled())).unwrap();
        show(&warnings)
    };
    let of_purposes = "write `marketing: true` or `marketing: false` for each of them";
    let of_channels = "write `kind: email`, `text`, `call`, `push`, `messenger`, `post` or `other` for \
                       each of them";
    assert_eq!(
        assumed(
            "name: base\nchannels: {email: {}, outbound_calls: {}, kiosk: {}, fax: {kind: other}}\n\
             purposes: {promotions: {}, receipts: {}, alarms: {}, news: {marketing: true}}"
        ),
        format!(
            "warning 2:12 the names alone tell the kinds of channels: `kind: email` is assumed for \
             `email`, `kind: call` is assumed for `outbound_calls`, nothing is assumed for `kiosk` / \
             {of_channels}; \
             warning 3:12 the names alone tell what is marketing: `marketing: true` is assumed for \
             `promotions`, `marketing: false` is assumed for `receipts` and `alarms` / {of_purposes}"
        )
    );
    assert_eq!(
        assumed(
            "name: base\nchannels: {email: {kind: email}}\npurposes: {news: {marketing: true}}"
        ),
        ""
    );
    let starter = Source::new("starter", preset::STARTER);
    let (_, warnings) = Policy::load(&[starter], &Arc::new(Zones::bundled())).unwrap();
    assert_eq!(show(&warnings), "");
}

/// A customer who opts out of an occasion expects more than that what declares it is refused.
#[test]
fn occasions_that_are_offered_and_not_kept_are_told() {
    let warned = |periods: &str| {
        let text = format!(
            "name: base\nchannels: {{email: {{kind: email}}}}\npurposes: {{news: {{marketing: true}}}}\n\
             occasions: [{{name: our_day, dates: [2026-05-05]}}]\nquiet_periods: [{periods}]"
        );
        let source = Source::new("0.yaml", &text);
        let (policy, warnings) = Policy::load(&[source], &Arc::new(Zones::bundled())).unwrap();
        (policy.rules.len(), show(&warnings))
    };
    let (rules, warning) = warned("");
    let all = policy_occasions();
    assert_eq!(rules, 0);
    assert!(
        warning.starts_with(&format!("warning 1:7 customers can opt out of {all} occasions")),
        "{warning}"
    );
    assert!(warning.contains("occasion: any, who: opted_out, before: 3d"), "{warning}");
    let one = "{name: m, occasion: mothers_day, who: opted_out}";
    assert!(warned(one).1.contains(&format!("customers can opt out of {} occasions", all - 1)));
    let any = "{name: any, occasion: any, who: opted_out, before: 3d}";
    assert_eq!(warned(any), (all, String::new()), "one for each, the policy's own included");
    let shadow = "{name: any, occasion: any, who: opted_out, mode: shadow}";
    assert!(!warned(shadow).1.is_empty(), "what is tried out keeps nothing");
    for narrow in ["campaigns: [spring]", "segments: [vip]", "jurisdictions: [GB]"] {
        let narrow = format!("{{name: any, occasion: any, for: {{{narrow}}}}}");
        assert!(warned(&narrow).1.contains(&format!("opt out of {all} occasions")), "{narrow}");
    }
    refuses(
        "occasions: [{name: any, dates: [2026-01-01]}]",
        "4:20 `any` is not a name for an occasion: quiet periods mean every occasion by it / choose another name",
    );
}

/// How many ship, and the one of the test's policy.
fn policy_occasions() -> usize {
    crate::calendar::Occasion::all().len() + 1
}

#[test]
fn history_outlasts_every_window() {
    let retention =
        |days: u32, rules: &str| format!("settings: {{history_retention: {days}d}}\n{rules}");
    let budget = "budgets: [{name: b, limit: 1, per: 30d}]";
    accepts_in(&retention(30, budget));
    refuses(
        &retention(29, budget),
        "4:31 history is forgotten after 29d, but `b` needs it / write at least `30d`",
    );
    let yearly = "budgets: [{name: b, limit: 1, per: {calendar: year}}]";
    refuses(
        &retention(366, yearly),
        "4:31 history is forgotten after 366d, but `b` needs it / write at least `367d`",
    );
    accepts_in(&retention(367, yearly));
    refuses(
        &retention(1, "spacing: [{name: s, least: {calendar_days: 7}}]"),
        "4:31 history is forgotten after 1d, but `s` needs it / write at least `9d`",
    );
    refuses(
        &retention(1, "reactions: [{on: refused, suppress: {channel: same}, for: 2d}]"),
        "4:31 history is forgotten after 1d, but a reaction needs it / write at least `2d`",
    );
    // A row may take a year, and what it suppresses for comes on top.
    let row = "reactions: [{name: full, on: bounced_soft, times: 3, suppress: {channel: same}";
    accepts_in(&retention(365, &format!("{row}}}]")));
    refuses(
        &retention(364, &format!("{row}}}]")),
        "4:31 history is forgotten after 364d, but `full` needs it / write at least `365d`",
    );
    refuses(
        &retention(394, &format!("{row}, for: 30d}}]")),
        "4:31 history is forgotten after 394d, but `full` needs it / write at least `395d`",
    );
    refuses(
        &retention(1, "backoff: [{name: f, after: 1, base: 1d, most: 9d}]"),
        "4:31 history is forgotten after 1d, but `f` needs it / write at least `9d`",
    );
    let (policy, _) =
        load(&[&format!("{HEAD}budgets: [{{name: b, limit: 1, per: 500d}}]")]).unwrap();
    assert_eq!(policy.settings.history_retention.to_string(), "500d");
    let (policy, _) = load(&[HEAD]).unwrap();
    assert_eq!(policy.settings.history_retention.to_string(), "400d");
}

#[test]
fn budgets_make_sense() {
    let budget = |keys: &str| format!("budgets: [{{name: b, {keys}}}]");
    refuses(
        &budget("limit: 3, per: 1d, keep: [{priority_at_least: 80, slots: 4}]"),
        "4:78 4 slots cannot be kept of 3 / write at most `3`",
    );
    accepts_in(&budget("limit: 3, per: 1d, keep: [{priority_at_least: 80, slots: 3}]"));
    refuses(
        &budget("limit: 3, per: {calendar: day, week_starts: sunday}"),
        "4:65 `week_starts` has no meaning beside other stretches than a week / remove it, or write `calendar: week`",
    );
    refuses(
        &budget("limit: 3, per: 1d, refund_on: [sent]"),
        "4:52 `refund_on` cannot have `sent`: such a contact keeps its units / write `released`, `expired` or `bounced`",
    );
    warns(
        &budget("limit: 3, per: 1d, keep: [{priority_at_least: 0, slots: 1}]"),
        "4:67 every contact has this priority, so no slot is kept from any / write a higher priority",
    );
    warns(
        &budget(
            "limit: 3, per: 1d, limits: [{segments: [a, b], limit: 1}, {segments: [b], limit: 2}]",
        ),
        "4:91 this limit never holds: entries before it name the same segments / remove it, or move it up",
    );
}

#[test]
fn a_budget_that_can_never_deny_is_doubtful() {
    let budget = |keys: &str| format!("budgets: [{{name: b, per: 1d, {keys}}}]");
    let way_out = "lower the limit, or remove the budget";
    warns(
        &budget("distinct: channel, limit: 3"),
        &format!("4:56 this budget can never deny: it selects no more than 3 channels / {way_out}"),
    );
    accepts_in(&budget("distinct: channel, limit: 2"));
    warns(
        &budget("distinct: channel, limit: 1, for: {channels: [email]}"),
        &format!("4:56 this budget can never deny: it selects no more than 1 channels / {way_out}"),
    );
    accepts_in(&budget("limit: 1000"));
    warns(
        &budget("limit: 1001"),
        &format!(
            "4:37 this budget can never deny: no more than 1000 contacts are on record / {way_out}"
        ),
    );
    accepts_in(&budget("limit: 1001, cost: {email: 2}"));
    accepts_in(&budget("limit: 1001, limits: [{segments: [a], limit: 5}]"));
    warns(
        &budget("limit: 0, cost: {email: 0}, for: {channels: [email]}"),
        &format!("4:37 this budget can never deny: contacts cost nothing / {way_out}"),
    );
    warns(
        &budget("limit: 1, counts: {purposes: []}"),
        &format!(
            "4:37 this budget can never deny: nothing but the contact itself counts / {way_out}; \
             warning 4:59 an empty list matches nothing, so nothing counts / \
             name something, or remove the key to match all"
        ),
    );
}

#[test]
fn hours_make_sense() {
    let hours = |open: &str| format!("contact_hours: [{{name: h, open: [{open}]}}]");
    refuses(
        &hours("{days: [mon], from: \"08:00\", to: \"08:00\"}"),
        "4:67 these hours end where they begin / for a whole day write from `\"00:00\"` to `\"24:00\"`",
    );
    refuses(
        "quiet_hours: [{name: h, closed: [{from: \"00:00\", to: \"00:00\"}]}]",
        "4:54 these hours end where they begin / for a whole day write from `\"00:00\"` to `\"24:00\"`",
    );
    refuses(&hours("{from: \"08:00\", to: \"20:00\"}], holidays: {of: IT, open: [{from: \"10:00\", to: \"10:00\"}]}").replace("}]}]}]", "}]}}]"), "4:111 these hours end where they begin / for a whole day write from `\"00:00\"` to `\"24:00\"`");
    warns(
        &hours(""),
        "4:33 these hours never open / write the hours in which contacts may be made",
    );
    warns(
        &hours("{days: [], from: \"08:00\", to: \"20:00\"}"),
        "4:33 these hours never open / write the hours in which contacts may be made; warning 4:41 these hours are on no day / name a day, or remove `days` to mean all",
    );
    warns(
        &hours("{from: \"00:00\", to: \"24:00\"}"),
        "4:33 these hours are open day and night, so the rule never denies / narrow the hours, or remove the rule",
    );
    warns(
        &hours("{from: \"12:00\", to: \"06:00\"}, {from: \"05:00\", to: \"13:00\"}"),
        "4:33 these hours are open day and night, so the rule never denies / narrow the hours, or remove the rule",
    );
    accepts_in(&hours("{from: \"12:00\", to: \"06:00\"}, {from: \"06:01\", to: \"13:00\"}"));
    warns(
        "quiet_hours: [{name: h, closed: []}]",
        "4:33 nothing is ever closed, so the rule never denies / write the hours that are closed",
    );
    warns(
        "quiet_hours: [{name: h, closed: [{from: \"00:00\", to: \"24:00\"}]}]",
        "4:33 these hours never open: the whole week is closed / leave some hours open",
    );
}

#[test]
fn ends_come_after_beginnings() {
    let period = |keys: &str| format!("quiet_periods: [{{name: q, {keys}}}]");
    refuses(
        &period("dates: {from: 2026-12-03, to: 2026-12-01}"),
        "4:57 the period ends on 2026-12-01, before it begins on 2026-12-03 / write a later date, or change the two over",
    );
    accepts_in(&period("dates: {from: 2026-12-03, to: 2026-12-03}"));
    accepts_in(&period("yearly: {from: 12-24, to: 01-01}"));
    warns(
        &period("dates: {from: 2026-12-03, to: 2026-12-03}, effective: {until: 2026-12-02}"),
        "4:81 this rule can never match: its dates lie outside of `effective` / widen `effective`, or remove it",
    );
    warns(
        &period(
            "yearly: {from: 12-24, to: 01-01}, effective: {from: 2026-02-01, until: 2026-01-31}",
        ),
        "4:98 this rule can never match: it ends before 2026-02-01 / write a later date, or change the two over",
    );
    accepts_in(&period(
        "yearly: {from: 12-24, to: 01-01}, effective: {from: 2026-02-01, until: 2026-02-01}",
    ));
    refuses(
        "backoff: [{name: f, after: 1, base: 7d, most: 6d}]",
        "4:47 `most` is shorter than `base`, which is 7d / write a longer one, or remove it",
    );
    accepts_in("backoff: [{name: f, after: 1, base: 7d, most: 7d}]");
}

#[test]
fn a_rule_that_can_never_match_is_doubtful() {
    let budget = |keys: &str| format!("budgets: [{{name: b, limit: 1, per: 1d, {keys}}}]");
    let empty = "this rule can never match: an empty list matches nothing / name something, or remove the key to match all";
    warns(&budget("for: {channels: []}"), &format!("4:56 {empty}"));
    warns(&budget("for: {jurisdictions: []}"), &format!("4:61 {empty}"));
    accepts_in(&budget("mode: off, for: {channels: []}"));
    warns(
        &budget("for: {purposes: [receipt]}"),
        "4:56 this rule can never match: its purposes are all exempt from `budgets` / name another purpose, or remove an exemption",
    );
    accepts_in(&budget("for: {purposes: [receipt, marketing]}"));
    accepts_in("spacing: [{name: s, least: 1d, for: {purposes: [receipt]}}]");
    warns(
        &budget("for: {priority_at_least: 50, priority_below: 50}"),
        "4:85 this rule can never match: no priority lies between the two bounds / write a higher bound, or remove one of them",
    );
    accepts_in(&budget("for: {priority_at_least: 50, priority_below: 51}"));
    warns(
        "reactions: [{on: refused, suppress: {purposes: []}}]",
        "4:48 this reaction suppresses nothing: an empty list matches nothing / name something, or remove the key to match all",
    );
    warns(
        "reactions: [{on: refused, suppress: {purposes: [receipt]}}]",
        "4:37 this rule can never match: its purposes are all exempt from `suppressions` / name another purpose, or remove an exemption",
    );
}

#[test]
fn what_nothing_uses_is_doubtful() {
    check_all(
        &["name: base"],
        "warning 1:7 no `channels` are declared, so no contact is accepted / declare them under `channels`; \
        warning 1:7 no `purposes` are declared, so no contact is accepted / declare them under `purposes`",
    );
    check_all(
        &["name: base\nchannels: {email: {}}\npurposes: {reply: {replies: true}}"],
        "warning 3:12 no conversation ever opens for `reply` / write how long one stays open: `conversations: {window: 24h}`",
    );
}

#[test]
fn what_tests_name_exists() {
    let suite = |customer: &str, question: &str, answer: &str| {
        format!(
            "documents:\n  - {{name: d, channels: {{email: {{}}}}, purposes: {{marketing: {{}}}}, spacing: [{{name: rest, least: 1h}}]}}\ntests:\n  - name: t\n    now: 2026-01-01T00:00:00Z\n    customers: {{ada: {{{customer}}}}}\n    expect:\n      - contact: {{{question}}}\n        effect: ALLOW\n        {answer}\n"
        )
    };
    let ask = "customer: ada, channel: email, purpose: marketing";
    check_suite(&suite("", ask, "rules: [rest]"), "");
    check_suite(
        &suite("", "customer: eda, channel: email, purpose: marketing", ""),
        "error 8:29 unknown customer `eda` / did you mean `ada`?",
    );
    check_suite(
        &suite("", "customer: ada, channel: fax, purpose: marketing", ""),
        "error 8:43 unknown channel `fax` / declare it under `channels`, or write `email`",
    );
    check_suite(
        &suite("", "customer: ada, channel: email, purpose: x, occasions: [y]", ""),
        "error 8:59 unknown purpose `x` / declare it under `purposes`, or write `marketing`; error 8:74 unknown occasion `y` / `courtesy calendar` lists those that ship; declare others, with their dates, under `occasions`",
    );
    check_suite(
        &suite("", ask, "rules: [rset]"),
        "error 10:17 unknown rule `rset` / did you mean `rest`?",
    );
    check_suite(
        &suite("", ask, "remaining: {x: 1}"),
        "error 10:21 unknown rule `x` / write the name of a rule of the policy",
    );
    check_suite(
        &suite("time_zone: Mars, jurisdictions: [ZZ]", ask, ""),
        "error 6:34 unknown time zone `Mars` / write an IANA name such as `America/New_York`, or an offset such as `\"-06:00\"`; error 6:56 there is no jurisdiction `ZZ` / write an ISO 3166 code, such as `US`, `US-FL` or `FR`",
    );
    check_suite(
        &suite("opt_outs: [{channel: emial}]", ask, ""),
        "warning 6:44 the policy declares no channel `emial` / did you mean `email`?",
    );
    check_suite(
        &suite("contacts: [{at: 2025-12-31T00:00:00Z, channel: email, purpose: old}]", ask, ""),
        "warning 6:86 the policy declares no purpose `old` / declare it in the policy, unless it is meant to be forgotten",
    );
}

#[track_caller]
fn quickly(text: &str) {
    let zones = Arc::new(Zones::bundled());
    #[expect(clippy::disallowed_methods, reason = "the time it takes is what is tested")]
    let start = std::time::Instant::now();
    let problems = Policy::load(&[Source::new("hostile.yaml", text)], &zones).unwrap_err();
    let elapsed = start.elapsed();
    assert!(problems.has_errors());
    // What is not bounded takes minutes; the rest allows for a slow build on a busy machine.
    assert!(
        elapsed.as_secs() < 20,
        "took {elapsed:?}: {}",
        text.chars().take(100).collect::<String>()
    );
}

#[test]
fn what_a_document_in_shadow_declares_is_in_force_all_the_same() {
    let own = "warning 1:7 `mode` applies to rules only: what else this document declares is in force / \
               put channels, purposes, topics and settings into another document";
    check_all(&[&format!("{HEAD}mode: shadow\n")], own);
    check_all(&[HEAD, "name: trial\nmode: shadow\nspacing: [{name: s, least: 1h}]\n"], "");
}

#[track_caller]
fn accepts(text: &str) {
    check_all(&[text], "");
}

#[track_caller]
fn accepts_in(text: &str) {
    accepts(&format!("{HEAD}{text}"));
}

#[track_caller]
fn refuses(text: &str, expected: &str) {
    check_all(&[&format!("{HEAD}{text}")], &format!("error {expected}"));
}

#[track_caller]
fn warns(text: &str, expected: &str) {
    check_all(&[&format!("{HEAD}{text}")], &format!("warning {expected}"));
}

/// The problems of some documents, as `severity line:column message / help`, in one line.
#[track_caller]
fn check_all(texts: &[&str], expected: &str) {
    let problems = load(texts).map_or_else(|problems| problems, |(_, warnings)| warnings);
    assert_eq!(show(&problems), expected);
}

#[track_caller]
fn check_suite(text: &str, expected: &str) {
    let zones = Arc::new(Zones::bundled());
    let loaded = Suite::load(&Source::new("test.yaml", text), &[], &zones);
    let problems = loaded.map_or_else(|problems| problems, |(_, warnings)| warnings);
    assert_eq!(show(&problems), expected);
}

/// What is only taken for granted has tests of its own.
fn load(texts: &[&str]) -> Result<(Policy, Problems), Problems> {
    let named = texts.iter().enumerate();
    let sources: Vec<Source> =
        named.map(|(number, text)| Source::new(&format!("{number}.yaml"), text)).collect();
    let (zones, mut problems) = (Arc::new(Zones::bundled()), Problems::default());
    let own = load::own_documents(&sources, &mut problems);
    let (documents, problems) = load::checked(own, &zones, problems)?;
    Ok((compile::compile(&documents, &zones), problems))
}

fn show(problems: &Problems) -> String {
    let shown: Vec<String> = problems
        .iter()
        .map(|it| format!("{} {}:{} {} / {}", it.severity, it.line, it.column, it.message, it.help))
        .collect();
    shown.join("; ")
}

#[test]
fn a_ground_of_ones_own_may_be_a_slip_of_the_pen() {
    let rule = |grounds: &str| format!("consents: [{{name: c, grounds: [{grounds}]}}]");
    accepts(&format!("{HEAD}{}", rule("letter")));
    accepts(&format!("{HEAD}{}", rule("express, {ground: purchase, valid_for: 730d}")));
    warns(
        &rule("expres"),
        "4:32 `expres` is a ground of the policy's own / did you mean `express`?",
    );
    refuses(
        &rule("express, {ground: express, valid_for: 7d}"),
        "4:50 the ground `express` is named twice / keep one of them",
    );
}

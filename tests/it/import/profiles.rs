//! Exports of providers, as they come: what they stand for is on record afterwards.

use serde_json::Value;

use super::Desk;
use super::count;

/// What is on record, a line for each wish: `ann@x out email marketing 2026-03-09T16:20:00Z`.
fn wishes(desk: &Desk) -> Vec<String> {
    let mut all = Vec::new();
    for line in desk.export().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let text = |value: &Value, path: &str| {
            value.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned()
        };
        let id = text(&row, "/customerId");
        for out in row["optOuts"].as_array().into_iter().flatten() {
            let scope = &out["scope"];
            let what = match (scope["topic"].as_str(), scope["marketing"].as_bool()) {
                (Some(topic), _) => topic.to_owned(),
                (None, Some(true)) => "marketing".to_owned(),
                (None, _) => "all".to_owned(),
            };
            let (channel, time) = (text(scope, "/channel"), text(out, "/eventTime"));
            all.push(format!("{id} out {channel} {what} {time}"));
        }
        for yes in row["consents"].as_array().into_iter().flatten() {
            let (channel, time) = (text(yes, "/channel"), text(yes, "/eventTime"));
            all.push(format!("{id} yes {channel} {time}"));
            assert!(text(yes, "/evidence").contains(" export: "), "{yes}");
        }
    }
    all.sort();
    all
}

/// A text whose 9th of March is thirty days ago, and the 10th the day after: what is long ago is no
/// event any more.
fn lately(text: &str) -> String {
    let day = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 30);
    let next = day + jiff::SignedDuration::from_hours(24);
    let at: jiff::Timestamp = day.strftime("%Y-%m-%dT16:20:00Z").to_string().parse().unwrap();
    text.replace("2026-03-09", &day.strftime("%Y-%m-%d").to_string())
        .replace("2026-03-10", &next.strftime("%Y-%m-%d").to_string())
        .replace("Mon, 09 Mar 2026", &day.strftime("%a, %d %b %Y").to_string())
        .replace("1773073200", &at.as_second().to_string())
        .replace("1773076800", &(at.as_second() + 3_600).to_string())
}

/// Imports an export with `--as`, and checks what was recorded, how many events, and how many rows
/// were passed over.
#[track_caller]
fn check(told: &str, name: &str, content: &str, expected: &[&str], [events, passed]: [u64; 2]) {
    let desk = Desk::new();
    let content = lately(content);
    let said = desk.import(name, &content, &["--as", told, "--json"]);
    assert_eq!(said.code, 0, "{told}: {}{}", said.err, said.out);
    assert!(said.err.contains("is read as "), "{}", said.err);
    assert_eq!(count(&said, "events"), events, "{told}: {}", said.out);
    assert_eq!(count(&said, "passedOver"), passed, "{told}: {}", said.out);
    let expected: Vec<String> = expected.iter().map(|wish| lately(wish)).collect();
    let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    expected.sort_unstable();
    // What has no time in the export is recorded at the time of the import.
    let today = said_today(&expected, wishes(&desk));
    assert_eq!(today, expected, "{told}");
    let again = desk.import(name, &content, &["--as", told, "--json"]);
    assert_eq!((again.code, count(&again, "imported")), (0, 0), "{told}: {}", again.out);
}

/// The wishes, without times where none is expected.
fn said_today(expected: &[&str], wishes: Vec<String>) -> Vec<String> {
    let cut = |wish: String| match wish.rsplit_once(' ') {
        Some((rest, _)) if expected.contains(&rest) => rest.to_owned(),
        _ => wish,
    };
    wishes.into_iter().map(cut).collect()
}

#[test]
fn mailing_tools_are_read_as_they_export() {
    check(
        "mailchimp",
        "unsubscribed.csv",
        "\"Email Address\",\"First Name\",MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,UNSUB_REASON,LAST_CHANGED,NOTES\n\
         ann@x,Ann,2,\"2024-05-01 10:11:12\",\"2024-05-01 10:11:12\",\"2026-03-09 16:20:00\",NORMAL,\"2026-03-09 16:20:00\",\n\
         bob@x,Bob,2,,,\"2026-03-10 08:00:01\",\"NO LONGER, I did not ask\",\"2026-03-10 08:00:01\",\"\"\"vip\"\"\"\n",
        &[
            "ann@x out email marketing 2026-03-09T16:20:00Z",
            "bob@x out email marketing 2026-03-10T08:00:01Z",
        ],
        [0, 0],
    );
    check(
        "mailchimp",
        "cleaned.csv",
        "Email Address,MEMBER_RATING,CLEAN_TIME,LAST_CHANGED\nann@x,1,2026-03-09 16:20:00,2026-03-09 16:20:00\n",
        &[],
        [1, 0],
    );
    check(
        "auto",
        "subscribed.csv",
        "Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED\n\
         ann@x,1,,2026-03-09 16:20:00,\nbob@x,2,,,\n",
        &["ann@x yes email 2026-03-09T16:20:00Z"],
        [0, 1],
    );
    check(
        "klaviyo",
        "profiles.csv",
        "Email,Klaviyo ID,Phone Number,Email Marketing Consent,Email Marketing Consent Timestamp,SMS Marketing Consent,Email Suppressions\n\
         ann@x,1,,UNSUBSCRIBED,2026-03-09 16:20:00,,[]\n\
         bob@x,2,+44,NEVER_SUBSCRIBED,,SUBSCRIBED,\"[\"\"USER_SUPPRESSED\"\"]\"\n\
         cy@x,3,,NEVER_SUBSCRIBED,,NEVER_SUBSCRIBED,\n\
         dee@x,4,,SUBSCRIBED,2026-03-09T16:20:00Z,,\"[\"\"HARD_BOUNCE\"\"]\"\n",
        &[
            "ann@x out email marketing 2026-03-09T16:20:00Z",
            "bob@x out email marketing",
            "bob@x yes sms",
            "dee@x yes email 2026-03-09T16:20:00Z",
        ],
        [1, 1],
    );
}

#[test]
fn further_mailing_tools_are_read_as_they_export() {
    check(
        "iterable",
        "users.jsonl",
        "{\"email\":\"ann@x\",\"unsubscribedChannelIds\":[7]}\n{\"email\":\"bob@x\",\"unsubscribedChannelIds\":[]}\n",
        &["ann@x out email marketing"],
        [0, 1],
    );
    check(
        "iterable",
        "emailUnsubscribe.csv",
        "email,createdAt,unsubSource\nann@x,2026-03-09 16:20:00 +00:00,EmailLink\n",
        &["ann@x out email marketing 2026-03-09T16:20:00Z"],
        [0, 0],
    );
    check(
        "brevo",
        "contacts.json",
        "{\"contacts\":[{\"email\":\"ann@x\",\"emailBlacklisted\":true,\"smsBlacklisted\":false},\
         {\"email\":\"bob@x\",\"emailBlacklisted\":false,\"smsBlacklisted\":true}],\"count\":2}",
        &["ann@x out email marketing", "bob@x out sms marketing"],
        [0, 0],
    );
    check(
        "brevo",
        "contacts.csv",
        "EMAIL;EMAIL_MARKETING;SMS_MARKETING\nann@x;unsubscribed;\nbob@x;subscribed;\n",
        &["ann@x out email marketing"],
        [0, 1],
    );
}

#[test]
fn crm_systems_are_read_as_they_export() {
    check(
        "hubspot",
        "09.csv",
        "Recipient,Portal Bounce,Portal Unsubscribe,Portal Spam Report,Global Bounce,Marketing Information,\"Product news, and offers\"\n\
         ann@x,,TRUE,,,TRUE,TRUE\nbob@x,,,TRUE,,,\ncyd@x,,,,,TRUE,\ndee@x,550 no such user,,,TRUE,,\n",
        &[
            "ann@x out email marketing",
            "ann@x out email Marketing Information",
            "ann@x out email Product news, and offers",
            "bob@x out email marketing",
            "cyd@x out email Marketing Information",
        ],
        [2, 0],
    );
    check(
        "auto",
        "contacts.csv",
        "Record ID,Email,First Name,Unsubscribed from all email,Opted out of email: One to One,Time Zone\n\
         1,ann@x,Ann,true,,us_slash_eastern\n2,bob@x,Bob,false,Yes,us_slash_eastern\n3,cy@x,Cy,,,\n",
        &["ann@x out email marketing", "bob@x out email One to One"],
        [0, 1],
    );
    check(
        "salesforce",
        "contact.csv",
        "\"Id\",\"Email\",\"HasOptedOutOfEmail\",\"DoNotCall\",\"HasOptedOutOfFax\",\"LastModifiedDate\"\n\
         \"a1\",\"ann@x\",\"true\",\"true\",\"false\",\"2026-03-09T16:20:00.000Z\"\n\
         \"a2\",\"bob@x\",\"false\",\"true\",\"false\",\"2026-03-09T16:20:00.000+0000\"\n",
        &["a1 out email marketing", "a1 out voice all", "a2 out voice all"],
        [0, 0],
    );
    check(
        "salesforce/consent",
        "consent.csv",
        "Id,ContactPointId,PrivacyConsentStatus,CaptureContactPointType,CaptureDate\n\
         1,p1,OptOut,Email,2026-03-09T16:20:00.000+0000\n2,p2,OptIn,Phone,2026-03-09T16:20:00.000+0000\n\
         3,p3,NotSeen,Email,\n",
        &["p1 out email marketing 2026-03-09T16:20:00Z", "p2 yes voice 2026-03-09T16:20:00Z"],
        [0, 1],
    );
}

#[test]
fn platforms_of_customer_data_are_read_as_they_export() {
    check(
        "segment",
        "identify.jsonl",
        "{\"type\":\"identify\",\"userId\":\"u1\",\"timestamp\":\"2026-03-09T16:20:00Z\",\"traits\":{\"unsubscribed\":true}}\n\
         {\"type\":\"identify\",\"userId\":\"u2\",\"timestamp\":\"2026-03-09T16:20:00Z\",\"traits\":{\"name\":\"Bob\"}}\n",
        &["u1 out email marketing 2026-03-09T16:20:00Z"],
        [0, 1],
    );
    check(
        "customerio",
        "people.csv",
        "id,email,unsubscribed\n1,ann@x,true\n2,bob@x,false\n",
        &["1 out email marketing"],
        [0, 1],
    );
}

#[test]
fn senders_of_mail_are_read_as_they_export() {
    check(
        "sendgrid",
        "global_unsubscribes.csv",
        "email,created\nann@x,1773073200\nbob@x,1773076800\n",
        &["ann@x out email all 2026-03-09T16:20:00Z", "bob@x out email all 2026-03-09T17:20:00Z"],
        [0, 0],
    );
    let bounces = "created,email,reason,status\n1773073200,ann@x,550 no such user,5.1.1\n";
    check("sendgrid/bounces", "a.csv", bounces, &[], [1, 0]);
    check("sendgrid", "suppression_blocks.csv", bounces, &[], [1, 0]);
    let spam = "created,email,ip\n1773073200,ann@x,192.0.2.1\n";
    let out = ["ann@x out email marketing 2026-03-09T16:20:00Z"];
    check("sendgrid", "spam.csv", spam, &out, [1, 0]);
    check("sendgrid", "x.csv", "created,email,reason\n1773073200,a,no domain\n", &[], [1, 0]);
    check(
        "sendgrid",
        "g.json",
        "[{\"email\":\"ann@x\",\"group_name\":\"News\",\"created_at\":1773073200}]",
        &["ann@x out email News 2026-03-09T16:20:00Z"],
        [0, 0],
    );
}

#[test]
fn further_senders_of_mail_are_read_as_they_export() {
    check(
        "ses",
        "suppressed.json",
        "{\"SuppressedDestinationSummaries\": [\n\
         {\"EmailAddress\": \"ann@x\", \"Reason\": \"COMPLAINT\", \"LastUpdateTime\": \"2026-03-09T16:20:00.123000+00:00\"},\n\
         {\"EmailAddress\": \"bob@x\", \"Reason\": \"BOUNCE\", \"LastUpdateTime\": 1773073200.5}]}",
        &["ann@x out email marketing 2026-03-09T16:20:00.123Z"],
        [2, 0],
    );
    check(
        "postmark",
        "dump.json",
        "{\"Suppressions\":[{\"EmailAddress\":\"ann@x\",\"SuppressionReason\":\"ManualSuppression\",\"Origin\":\"Recipient\",\"CreatedAt\":\"2026-03-09T11:20:00-05:00\"},\
         {\"EmailAddress\":\"bob@x\",\"SuppressionReason\":\"HardBounce\",\"Origin\":\"Recipient\",\"CreatedAt\":\"2026-03-09T16:20:00Z\"}]}",
        &["ann@x out email marketing 2026-03-09T16:20:00Z"],
        [1, 0],
    );
    check(
        "mailgun",
        "unsubscribes.json",
        "{\"items\":[{\"address\":\"ann@x\",\"tags\":[\"*\"],\"created_at\":\"Mon, 09 Mar 2026 16:20:00 UTC\"}],\"paging\":{\"next\":\"x\"}}",
        &["ann@x out email marketing 2026-03-09T16:20:00Z"],
        [0, 0],
    );
    check(
        "mailgun",
        "bounces.csv",
        "address,code,error,created_at\nann@x,550,no such user,\"Mon, 09 Mar 2026 16:20:00 GMT\"\n",
        &[],
        [1, 0],
    );
}

#[test]
fn senders_of_texts_and_pushes_are_read_as_they_export() {
    check(
        "twilio",
        "opt_outs.csv",
        "From,OptOutType,DateSent\n+447700900123,STOP,\"Mon, 09 Mar 2026 16:20:00 +0000\"\n\
         +447700900124,START,\"Mon, 09 Mar 2026 16:20:00 +0000\"\n+447700900125,HELP,\n",
        &[
            "+447700900123 out sms all 2026-03-09T16:20:00Z",
            "+447700900124 yes sms 2026-03-09T16:20:00Z",
        ],
        [0, 1],
    );
    check(
        "braze",
        "users.jsonl",
        "{\"external_id\":\"u1\",\"email_subscribe\":\"unsubscribed\",\"push_subscribe\":\"opted_in\",\"email_unsubscribed_at\":\"2026-03-09T16:20:00Z\",\"custom_attributes\":{\"a\":1}}\n\
         {\"external_id\":\"u2\",\"email_subscribe\":\"subscribed\",\"push_subscribe\":\"subscribed\"}\n",
        &["u1 out email marketing 2026-03-09T16:20:00Z", "u1 yes push"],
        [0, 1],
    );
    check(
        "auto",
        "suppression_global_unsubscribes.csv",
        "email,created\nann@x,1773073200\n",
        &["ann@x out email all 2026-03-09T16:20:00Z"],
        [0, 0],
    );
    check(
        "braze",
        "users.csv",
        "user_id,Braze ID,email,unsubscribed_from_emails_at,language\nu1,b1,ann@x,2026-03-09 16:20:00 UTC,fr\nu2,b2,bob@x,,en\n",
        &["u1 out email marketing 2026-03-09T16:20:00Z"],
        [0, 1],
    );
    check(
        "onesignal",
        "users.csv",
        "id,identifier,device_type,invalid_identifier,external_user_id,notification_types\n\
         1,tok,1,f,u1,-2\n2,ann@x,11,f,u2,-2\n3,tok3,0,t,u3,1\n4,tok4,0,f,u4,1\n",
        &["u1 out push marketing", "u2 out email marketing"],
        [1, 1],
    );
    check(
        "attentive",
        "events.csv",
        "type,timestamp,phone,email,subscription_channel\n\
         SUBSCRIPTION_OPTED_OUT,2026-03-09 16:20:00,+15550001,,TEXT\nCLICK,2026-03-09 16:20:00,+15550002,,\n",
        &["+15550001 out sms marketing 2026-03-09T16:20:00Z"],
        [0, 1],
    );
}

#[test]
fn a_file_that_fits_no_export_or_several_says_so() {
    let desk = Desk::new();
    let refuse = |told: &str, content: &str, needles: &[&str]| {
        let said = desk.import("list.csv", content, &["--as", told]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
        for needle in needles {
            assert!(said.err.contains(needle), "`{needle}` is not in: {}", said.err);
        }
    };
    let bounces = "created,email,reason,status\n1773073200,ann@x,no,5.1.1\n";
    refuse("sendgrid", bounces, &["sendgrid/bounces and of sendgrid/blocks"]);
    refuse("mailchimp", "Email Address\nann@x\n", &["mailchimp/unsubscribed lacks `UNSUB_TIME`"]);
    refuse(
        "auto",
        "email,created\nann@x,1773073200\n",
        &["has the columns of sendgrid/global_unsubscribes", "--as says what it is"],
    );
    refuse("auto", "email,since\nann@x,1773073200\n", &["is not a known export"]);
    refuse("mailchump", "a\nb\n", &["did you mean `mailchimp`?", "--profiles"]);
    refuse("ses/lists", "a\nb\n", &["there are: suppressed"]);
    assert!(desk.ids().is_empty());
    let said = desk.serving.ask(&["import", "--profiles"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for needle in ["sendgrid/spam_reports", "not verified: ", "from https://", "attentive"] {
        assert!(said.out.contains(needle), "{needle}");
    }
}

#[test]
fn a_profile_of_ones_own_works_as_well() {
    let desk = Desk::new();
    let mine = desk.file(
        "mine.yaml",
        "name: mine\ntitle: Our CRM\nsource: [the wiki]\nexports:\n- name: wishes\n  about: stops\n  \
         recognise: [Nr, Werbung]\n  id: [Nr]\n  time_zone: Europe/Berlin\n  time_formats: ['%d.%m.%Y']\n  columns:\n    \
         Werbung:\n      words: {gesperrt: 'opt_out:channel=email;marketing', erlaubt: nothing}\n      time: Am\n",
    );
    let list = "Nr;Werbung;Am;Egal\n1;Gesperrt;09.03.2026;x\n2;erlaubt;;\n3;vielleicht;;\n";
    let said = desk.import("c.csv", list, &["--as", &mine, "--json"]);
    assert_eq!((said.code, count(&said, "passedOver")), (1, 1), "{}", said.err);
    assert!(said.err.contains("line 4, Werbung: is none of the words"), "{}", said.err);
    assert!(said.err.contains("is read as mine/wishes: stops"), "{}", said.err);
    assert_eq!(wishes(&desk), ["1 out email marketing 2026-03-08T23:00:00Z"]);
}

#[test]
fn flags_say_what_a_profile_would() {
    let desk = Desk::new();
    let wish = ["--wish", "channel=email", "--id", "Email"];
    assert_eq!(desk.import("plain.csv", "Email\nann@x\nbob@x\n", &wish).code, 0);
    let said = said_today(&["ann@x out email all", "bob@x out email all"], wishes(&desk));
    assert_eq!(said, ["ann@x out email all", "bob@x out email all"]);

    let desk = Desk::new();
    let args = [
        "--id",
        "Nr",
        "--ignore-other-columns",
        "--time-zone",
        "Europe/Paris",
        "--time-format",
        "%d/%m/%Y %H:%M",
        "--map",
        "\"No mail, please\"=opt_out:channel=email,\"No calls\"=opt_out:channel=voice,When=time",
    ];
    let list = "Nr,id,\"No mail, please\",No calls,When,Shoe size\n\
                1,x,Oui,N,09/03/2026 17:20,44\n2,y,off,opted-out,09/03/2026 17:20,45\n3,z,maybe,,,1\n";
    let said = desk.import("c.csv", list, &args);
    assert_eq!(said.code, 1, "{}", said.err);
    let told = "line 4, No mail, please: is neither yes nor no: write for yes yes, y, true";
    assert!(said.err.contains(told), "{}", said.err);
    assert_eq!(
        wishes(&desk),
        ["1 out email all 2026-03-09T16:20:00Z", "2 out voice all 2026-03-09T16:20:00Z"]
    );

    let desk = Desk::new();
    let object = "{\"user\":{\"id\":\"u1\"},\"stop\":true,\"x\":1}\n{\"user\":{\"id\":\"u2\"},\"stop\":false}\n";
    let map = ["--map", "user.id=customer_id,stop=opt_out:channel=email", "--ignore-other-columns"];
    assert_eq!(desk.import("c.jsonl", object, &map).code, 0);
    assert_eq!(said_today(&["u1 out email all"], wishes(&desk)), ["u1 out email all"]);
    let said = desk.import("c.jsonl", object, &["--map", "user.id=customer_id,stop=-"]);
    assert!(said.code == 1 && said.err.contains("line 1 there is a column `x`"), "{}", said.err);
}

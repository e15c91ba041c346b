use std::collections::BTreeMap;
use std::collections::BTreeSet;

use bytes::Bytes;
use jiff::civil::Weekday;
use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::FieldDescriptor;

use super::Decoded;
use super::Unreadable;
use super::newer_format;
use super::pause as pauses;
use super::policy::Documents;
use super::policy::PolicyValue;
use super::read_for_decision;
use crate::model::Answer;
use crate::model::Contact;
use crate::model::Day;
use crate::model::EventKind;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Jurisdiction;
use crate::model::Labels;
use crate::model::Name;
use crate::model::Profile;
use crate::model::Record;
use crate::model::Scope;
use crate::model::Span;
use crate::model::Weekdays;
use crate::model::consent_event::ConsentEvent;
use crate::model::consent_event::ConsentKind;
use crate::model::decision::Code;
use crate::model::decision::Remaining;
use crate::model::history::Malformed;
use crate::model::history::State;
use crate::model::pause::Pause;
use crate::model::pause::Selection;
use crate::model::reply::Awaiting;
use crate::model::request::ErasedRequest;
use crate::model::request::Request;
use crate::model::revision::About;
use crate::model::revision::Change;
use crate::model::size::RECORD_BYTES_MAX;
use crate::model::wish::Cadence;
use crate::model::wish::CalendarUnit;
use crate::model::wish::Consent;
use crate::model::wish::Cycle;
use crate::model::wish::MonthDay;
use crate::model::wish::OptIn;
use crate::model::wish::OptOut;
use crate::model::wish::Quiet;
use crate::model::wish::QuietHours;
use crate::model::wish::Suppression;
use crate::proto::DESCRIPTORS;
use crate::proto::store::v1;

/// A record of format 1, as the first version wrote it. It is never written again: later versions
/// must read it.
const FORMAT_1: &[u8] = include_bytes!("tests/record-format-1.bin");

#[test]
fn a_record_of_the_first_format_stays_readable() {
    let decoded = Decoded::read(&Bytes::from_static(FORMAT_1)).unwrap();
    assert_eq!(decoded.record, full_record());
}

/// The same of format 2.
const FORMAT_2: &[u8] = include_bytes!("tests/record-format-2.bin");

#[test]
fn a_record_of_the_second_format_stays_readable() {
    let decoded = Decoded::read(&Bytes::from_static(FORMAT_2)).unwrap();
    assert_eq!(decoded.record, later_record());
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let records = [Record::default(), full_record(), later_record(), repeatable_record()];
    for record in records.into_iter().chain([narrow_record(), crowded_record()]) {
        let bytes = Decoded::default().write(&record);
        assert_eq!(Decoded::read(&bytes).unwrap().record, record);
    }
}

/// What a decision is not made of, by the fields' numbers.
const NOT_FOR_DECISION: [u32; 9] = [9, 10, 11, 14, 17, 18, 20, 21, 22];

#[test]
fn what_a_decision_is_made_of_can_be_read_alone() {
    for (bytes, mut record) in [(FORMAT_1, full_record()), (FORMAT_2, later_record())] {
        record.requests.clear();
        record.consent_events.clear();
        record.opt_ins.clear();
        assert_eq!(read_for_decision(bytes).unwrap(), record);
    }
}

#[test]
fn a_decision_is_made_of_every_other_field() {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let fields = |message: &str| -> BTreeSet<(u32, String, String)> {
        let message = pool.get_message_by_name(message).unwrap();
        let field = |it: FieldDescriptor| {
            (it.number(), it.name().to_owned(), format!("{:?} {:?}", it.kind(), it.cardinality()))
        };
        message.fields().map(field).collect()
    };
    let mut whole = fields("courtesy.store.v1.Record");
    whole.retain(|(number, ..)| !NOT_FOR_DECISION.contains(number));
    assert_eq!(fields("courtesy.store.v1.RecordForDecision"), whole);
}

#[test]
fn an_event_keeps_the_contact_that_it_is_about() {
    let mut record = full_record();
    let sms = name("sms");
    record.history.add_event_about(Some(7), EventKind::BouncedSoft, at(8), Some(&sms)).unwrap();
    let bytes = Decoded::default().write(&record);
    let read = Decoded::read(&bytes).unwrap().record;
    assert_eq!(read.history.events().last().unwrap().contact, Some(7));
    assert_eq!(read, record);
    assert!(bytes.len() <= record.size());
}

#[test]
fn a_record_is_never_larger_than_its_size_says() {
    let records = [Record::default(), full_record(), later_record(), repeatable_record()];
    for record in records.into_iter().chain([narrow_record(), crowded_record()]) {
        let written = Decoded::default().write(&record).len();
        assert!(written <= record.size(), "{written} > {}", record.size());
    }
}

#[test]
fn a_thousand_contacts_fit() {
    let crowded = crowded_record();
    assert!(crowded.fits(), "{} bytes", crowded.size());
    let written = Decoded::default().write(&crowded).len();
    assert!(written < RECORD_BYTES_MAX / 2, "{written} bytes");
}

#[test]
fn what_a_newer_version_added_survives() {
    let mut message = v1::Record::decode(FORMAT_1).unwrap().encode_to_vec();
    // Field 900 of the record and of its first contact, with the text `new`.
    let added = [0xa2, 0x38, 3, b'n', b'e', b'w'];
    message.extend(added);
    let mut profile = full_record_message().profile.unwrap().encode_to_vec();
    profile.extend(added);
    message.extend([0x12, u8::try_from(profile.len()).unwrap()]);
    message.extend(&profile);
    let mut opt_out = full_record_message().opt_outs[0].encode_to_vec();
    opt_out.extend(added);
    message.extend([0x1a, u8::try_from(opt_out.len()).unwrap()]);
    message.extend(&opt_out);

    let decoded = Decoded::read(&Bytes::from(message)).unwrap();
    let mut record = decoded.record.clone();
    record.opt_outs.remove(0);
    record.profile.locale = None;
    let written = decoded.write(&record);
    assert_eq!(Decoded::read(&written).unwrap().record, record);
    let kept = written.windows(added.len()).filter(|window| *window == added).count();
    assert_eq!(kept, 3, "of the record, the profile and the opt-out");
}

#[test]
fn what_is_no_record_is_refused() {
    let check = |bytes: Vec<u8>, expected: &Unreadable| {
        let error = Decoded::read(&Bytes::from(bytes)).unwrap_err();
        assert_eq!(error, *expected);
    };
    let changed = |change: fn(&mut v1::Record)| {
        let mut message = full_record_message();
        change(&mut message);
        message.encode_to_vec()
    };
    check(b"no protobuf at all".to_vec(), &Unreadable::Damaged);
    check(FORMAT_1[..FORMAT_1.len() - 1].to_vec(), &Unreadable::Damaged);
    check(Vec::new(), &Unreadable::Field("format"));
    check(changed(|it| it.format = 5), &Unreadable::Newer(5));
    check(changed(|it| it.opt_outs[0].scope = None), &Unreadable::Field("scope"));
    check(changed(|it| it.cadence[0].per = None), &Unreadable::Field("per"));
    check(
        changed(|it| it.history.as_mut().unwrap().entries[0].channel = 9),
        &Unreadable::History(Malformed::Dangling),
    );
    check(
        changed(|it| it.history.as_mut().unwrap().entries[0].at_ms = i64::MAX),
        &Unreadable::History(Malformed::Unordered),
    );
    check(
        changed(|it| it.history.as_mut().unwrap().entries[0].state = 5),
        &Unreadable::Field("state"),
    );
    check(changed(|it| it.consent_events[0].kind = 3), &Unreadable::Field("kind"));
}

#[test]
fn columns_that_do_not_fit_together_are_refused() {
    let check = |change: fn(&mut v1::Contacts), expected: &Unreadable| {
        let mut message = v1::Record::decode(FORMAT_2).unwrap();
        change(message.history.as_mut().unwrap().contacts.as_mut().unwrap());
        let error = Decoded::read(&message.encode_to_vec().into()).unwrap_err();
        assert_eq!(error, *expected);
    };
    check(|it| it.sort.truncate(1), &Unreadable::Field("contacts"));
    check(|it| it.step_ms.push(1), &Unreadable::Field("contacts"));
    check(|it| it.sort[0] = 99, &Unreadable::Field("sort"));
    check(|it| it.number_step = vec![-9; it.step_ms.len()], &Unreadable::Field("number"));
    check(|it| it.campaign[0] = 1 << 20, &Unreadable::Field("campaign"));
    check(|it| it.sorts[0].state = 5, &Unreadable::Field("state"));
    check(|it| it.sorts[0].channel = 9, &Unreadable::History(Malformed::Dangling));
    check(|it| it.step_ms[1] = -1, &Unreadable::History(Malformed::Unordered));
}

#[test]
fn a_policy_is_read_as_it_was_written() {
    let policy = Documents {
        revision: 7,
        documents: vec![("base".to_owned(), "name: base # as it is\n".to_owned())],
        about: About {
            applied: Instant::from_millis(1_800_000_000_000),
            author: Some(Box::from("grace")),
            note: None,
            restored: Some(2),
            changes: vec![Change { subject: "b".to_owned(), text: "b: limit 3 → 2".to_owned() }],
            effective: Some(Instant::from_millis(1_800_000_000_001)),
            cancelled: Some(Instant::from_millis(1_800_000_000_002)),
        },
    };
    assert_eq!(Documents::read(&policy.write()).unwrap(), policy);
    let later = Documents { revision: 8, ..policy.clone() };
    let directory = Some([7; 32]);
    let stored =
        PolicyValue { written: policy.clone(), scheduled: Some(later), cancelled: 6, directory };
    assert_eq!(PolicyValue::read(&stored.write()).unwrap(), stored);
    // A release that knows no schedules reads what is in force.
    assert_eq!(Documents::read(&stored.write()).unwrap(), policy);
    let newer = v1::Policy { format: 2, ..v1::Policy::default() }.encode_to_vec();
    assert_eq!(Documents::read(&newer.into()).unwrap_err(), Unreadable::Newer(2));
}

fn full_record_message() -> v1::Record {
    v1::Record::decode(FORMAT_1).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn at(hours: u32) -> Instant {
    Instant::from_millis(1_800_000_000_000).plus(Span::from_hours(hours))
}

fn cadence(channel: Option<Name>, limit: u32, per: Cycle) -> Cadence {
    Cadence { channel, purposes: Vec::new(), topics: Vec::new(), limit, per }
}

fn every_day(from_secs: u32, to_secs: u32) -> QuietHours {
    QuietHours { from_secs, to_secs, days: Weekdays::ALL, channels: Vec::new() }
}

/// What versions before format 3 would take for wider wishes.
fn narrow_record() -> Record {
    let mut record = full_record();
    let weekly = cadence(None, 1, Cycle::Sliding(Span::from_days(7)));
    let (purposes, topics) = (vec![name("marketing")], vec![name("offers"), name("news")]);
    record.cadence.push(Cadence { purposes, topics, ..weekly });
    let (days, channels) = (Weekdays::of([Weekday::Saturday]), vec![name("sms")]);
    record.quiet.push(Quiet::Hours(QuietHours { days, channels, ..every_day(0, 36_000) }));
    let scope = Scope { occasion: None, ..narrow_scope() };
    record.consents.push(Consent { scope, at: None, confirmed: true, ground: Ground::EXPRESS });
    record
}

/// Earlier versions would answer as if a consent to one brand were one to all, and refuse on every
/// day what the customer wants quiet on one. A record of format 3 they refuse to read.
#[test]
fn narrow_wishes_are_hidden_from_versions_that_would_misread_them() {
    let full = narrow_record();
    let plain = full_record();
    let format =
        |record: &Record| v1::Record::decode(&*Decoded::default().write(record)).unwrap().format;
    assert_eq!(format(&plain), 2);
    let (cadence, quiet, consents) = (full.cadence, full.quiet, full.consents);
    for record in [
        Record { cadence, ..full_record() },
        Record { quiet, ..full_record() },
        Record { consents, ..full_record() },
    ] {
        assert_eq!(format(&record), 3);
    }
}

/// One of everything that a record can hold.
#[expect(clippy::too_many_lines, reason = "it is a list")]
fn full_record() -> Record {
    let mut record = Record {
        profile: Profile {
            time_zone: Some(name("Europe/Paris")),
            time_zones: vec![name("America/Chicago")],
            jurisdictions: vec![Jurisdiction::new("US-FL").unwrap().unwrap()],
            locale: Some(name("fr-FR")),
            segments: vec![name("vip")],
            attributes: BTreeMap::from([(name("tier"), "gold".to_owned())]),
        },
        opt_outs: vec![
            OptOut {
                scope: Scope::default(),
                at: None,
                until: Some(at(9)),
                source: None,
                stop: None,
            },
            OptOut {
                scope: narrow_scope(),
                at: Some(at(1)),
                until: None,
                source: Some(name("crm")),
                stop: None,
            },
        ],
        consents: vec![Consent {
            scope: Scope {
                channel: Some(name("sms")),
                purpose: Some(name("marketing")),
                ..Scope::default()
            },
            at: Some(at(2)),
            confirmed: true,
            ground: Ground::EXPRESS,
        }],
        suppressions: vec![Suppression {
            scope: narrow_scope(),
            reason: Some(name("open_case")),
            at: None,
            until: Some(at(90)),
            source: None,
        }],
        cadence: vec![
            cadence(None, 2, Cycle::Sliding(Span::from_days(7))),
            cadence(Some(name("email")), 1, Cycle::Calendar(CalendarUnit::Month)),
        ],
        quiet: vec![
            Quiet::Days { first: Day::from_number(-1), last: Day::from_number(20_000) },
            Quiet::Yearly { date: MonthDay { month: 2, day: 29 }, around: 3 },
            Quiet::Hours(every_day(75_600, 86_400)),
        ],
        ..Record::default()
    };
    record.requests.push(Request {
        id: "send-1".into(),
        body: u64::MAX,
        answered: at(4),
        contact: Some(0),
        chosen: Some(3),
        answer: Some(Answer {
            remaining: vec![Remaining { rule: name("weekly"), units: 2 }],
            next_allowed_time: Some(at(7)),
            valid_until: Some(at(8)),
            ..Answer::refusal(Code::HistoryFull, 12, "2026e")
        }),
        hold_until: Some(at(5)),
        contact_body: None,
        last_use: None,
        reply_until: None,
        late: false,
    });
    record.consent_events.push(ConsentEvent {
        heard: at(3),
        kind: ConsentKind::PendingOptIn,
        ground: Ground::EXPRESS,
        scope: narrow_scope(),
        at: at(2),
        until: Some(at(9)),
        source: Some(name("form")),
        evidence: Some("yes, please".into()),
    });
    add_history(&mut record);
    record
}

/// The same with what repeated requests are decided by, which the first formats did not keep.
fn repeatable_record() -> Record {
    let mut record = full_record();
    for request in &mut record.requests {
        request.contact_body = Some(7);
        request.last_use = Some(at(6));
    }
    record.erased_requests.push(ErasedRequest { mark: 9, body: Some(7), forgotten: at(10) });
    record.erased_requests.push(ErasedRequest { mark: 8, body: None, forgotten: at(11) });
    record
}

/// What later versions have added to format 1 as well.
fn later_record() -> Record {
    let mut record = full_record();
    record.erased = Some(at(1));
    record.opt_ins.push(OptIn { scope: narrow_scope(), at: at(1) });
    record.opt_ins.push(OptIn { scope: Scope::default(), at: at(2) });
    for suppression in &mut record.suppressions {
        suppression.at = Some(at(8));
        suppression.source = Some(name("desk"));
    }
    record
}

fn add_history(record: &mut Record) {
    let contact = Contact {
        labels: Labels {
            topic: Some(name("newsletter")),
            campaign: Some(name("spring")),
            brand: Some(name("north")),
        },
        occasions: vec![name("mothers_day"), name("easter")],
        priority: 70,
        ..Contact::new(name("email"), name("marketing"))
    };
    let number = record.history.add_contact(&contact, at(4), State::Reserved).unwrap();
    record.history.hold(number, at(5));
    let other = Contact::new(name("sms"), name("service"));
    record.history.add_contact(&other, at(6), State::Bounced).unwrap();
    record.history.add_event(EventKind::Complained, at(6), Some(&name("sms"))).unwrap();
    record.history.add_event(EventKind::Opened, at(7), None).unwrap();
}

fn narrow_scope() -> Scope {
    Scope {
        channel: Some(name("email")),
        purpose: Some(name("marketing")),
        topic: Some(name("newsletter")),
        brand: Some(name("north")),
        occasion: Some(name("mothers_day")),
        marketing: false,
    }
}

/// As many contacts as a record may hold, with all their parts.
fn crowded_record() -> Record {
    let mut record = Record::default();
    for number in 0..1_000_u32 {
        let contact = Contact {
            labels: Labels {
                topic: Some(name("newsletter")),
                campaign: Some(name(&format!("campaign-{}", number % 50))),
                brand: Some(name("north")),
            },
            occasions: vec![name("easter")],
            priority: 90,
            ..Contact::new(name("email"), name("marketing"))
        };
        let entry = record.history.add_contact(&contact, at(number), State::Reserved).unwrap();
        record.history.hold(entry, at(number + 1));
    }
    let awaits = |channel| Awaiting { channel, since: at(7), id: Box::from("message-7") };
    record.awaiting = ["sms", "email"].map(name).map(awaits).into();
    record
}

#[test]
fn pauses_survive_their_writing_and_none_is_left_out() {
    let pause = Pause {
        name: name("outage"),
        selection: Selection {
            channels: vec![name("sms"), name("push")],
            jurisdictions: Jurisdiction::new("US-FL").unwrap().into_iter().collect(),
            priority_below: Some(50),
            ..Selection::default()
        },
        reason: Box::from("the carrier is down"),
        from: None,
        until: Some(Instant::from_millis(1_800_000_000_000)),
        author: Some(Box::from("grace")),
        set: Instant::from_millis(1_700_000_000_000),
    };
    let words = "channels sms, push; jurisdictions US-FL; priority below 50";
    assert_eq!(pause.selection.to_string(), words);
    let written = pauses::write(&[pause.clone(), Pause { name: name("second"), ..pause.clone() }]);
    let read = pauses::read(&written).unwrap();
    assert_eq!((read.len(), &read[0]), (2, &pause));
    let mut message = v1::Pauses::decode(written).unwrap();
    message.pauses[1].name = String::new();
    let damaged = message.encode_to_vec().into();
    assert_eq!(pauses::read(&damaged), Err(Unreadable::Field("name")));
    message.format = 2;
    assert_eq!(pauses::read(&message.encode_to_vec().into()), Err(Unreadable::Newer(2)));
}

#[test]
fn a_record_of_a_later_format_is_not_read_by_all() {
    let record = Decoded::default().write(&full_record());
    assert_eq!(newer_format(&record), None);
    let mut later = record.to_vec();
    assert_eq!(later[..2], [8, 2]);
    later[1] = 3;
    assert_eq!(newer_format(&later), Some(3));
    assert_eq!(newer_format(&[]), None);
}

//! Additions of later formats to a record. They must not mislead a release that does not know them.

use prost::Message;

use super::*;
use crate::model::Contact;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Scope;
use crate::model::history::State;
use crate::model::record::TakenOver;
use crate::model::request::Request;
use crate::model::stop::Retraction;
use crate::model::stop::Stop;
use crate::model::stop::Width;
use crate::model::unclear::Unclear;
use crate::model::wish::Consent;
use crate::model::wish::OptOut;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn consent(ground: &str) -> Consent {
    Consent {
        scope: Scope { channel: Some(name("email")), ..Scope::default() },
        at: Some(Instant::from_millis(5)),
        confirmed: true,
        ground: Ground::new(name(ground)),
    }
}

#[test]
fn what_is_inferred_is_not_where_old_versions_look_for_the_customers_word() {
    let consents = ["express", "letter", "purchase"].map(consent).to_vec();
    let record = Record { consents, ..Record::default() };
    let written = Decoded::default().write(&record);
    let message = v1::Record::decode(&*written).unwrap();
    assert_eq!((message.consents.len(), message.grounded_consents.len()), (1, 2));
    assert_eq!(message.consents[0].ground, None);
    assert_eq!(Decoded::read(&written).unwrap().record, record);
    assert_eq!(read_for_decision(&written).unwrap().consents, record.consents);
}

/// docs/redis.md tells of these numbers.
#[test]
fn a_reservation_takes_9_to_17_bytes_more_than_another_request() {
    let at = Instant::from_millis(1_764_000_000_000);
    let size = |id: &str, contact_body, last_use| {
        let request = Request {
            id: id.into(),
            body: u64::MAX,
            answered: at,
            contact: Some(30),
            chosen: None,
            answer: None,
            hold_until: None,
            contact_body,
            last_use,
            reply_until: None,
            late: false,
        };
        Decoded::default().write(&Record { requests: vec![request], ..Record::default() }).len()
    };
    for id in ["a-request-id-of-some-26-by", &"long".repeat(24)] {
        let other = size(id, None, None);
        let booked = at.plus(crate::model::Span::from_days(30));
        let more = [None, Some(booked)].map(|last_use| size(id, Some(1), last_use) - other);
        assert!(more[0] == 9 && (16..=17).contains(&more[1]), "{more:?}");
    }
}

#[test]
fn what_was_taken_over_is_known_again() {
    let taken = TakenOver { id: "ann ".into(), incarnation: u64::MAX, counter: 300 };
    let record = Record { taken_over: vec![taken], ..Record::default() };
    let written = Decoded::default().write(&record);
    assert!(written.len() <= record.size());
    assert_eq!(Decoded::read(&written).unwrap().record, record);
}

#[test]
fn an_attempt_stays_one() {
    let mut record = Record::default();
    let call = Contact::new(name("voice"), name("marketing"));
    for millis in [10, 20, 30] {
        let at = Instant::from_millis(millis);
        let number = record.history.add_contact(&call, at, State::Sent).unwrap();
        if millis == 20 {
            record.history.leave_unanswered(number);
        }
    }
    let written = Decoded::default().write(&record);
    assert!(written.len() <= record.size());
    let read = Decoded::read(&written).unwrap().record;
    let unanswered: Vec<bool> = read.history.entries().iter().map(|it| it.unanswered).collect();
    assert_eq!(unanswered, [false, true, false]);
    assert_eq!(read, record);
}

#[test]
fn what_a_start_can_take_back_is_of_a_format_that_older_versions_refuse() {
    let sms = Scope { channel: Some(name("sms")), ..Scope::default() };
    let no = |width: Width, except: &[Scope]| OptOut {
        scope: Scope::default(),
        at: Some(Instant::from_millis(5)),
        until: None,
        source: Some(name("inbound:sms")),
        stop: Some(Stop { except: except.to_vec(), ..Stop::new(name("sms"), width) }),
    };
    let opt_outs = vec![no(Width::Policy, &[]), no(Width::Words, std::slice::from_ref(&sms))];
    let retractions = vec![Retraction { scope: sms, at: Instant::from_millis(6) }];
    let record = Record { opt_outs, retractions, ..Record::default() };
    let written = Decoded::default().write(&record);
    assert_eq!(newer_format(&written), Some(FORMAT_OF_STOPS));
    assert!(written.len() <= record.size());
    assert_eq!(Decoded::read(&written).unwrap().record, record);
    assert_eq!(read_for_decision(&written).unwrap().opt_outs, record.opt_outs);
}

#[test]
fn a_message_to_look_at_is_kept_in_a_record_that_every_version_reads() {
    let unclear = |resolved| Unclear {
        id: "sms-1".into(),
        heard: Instant::from_millis(6),
        at: Instant::from_millis(5),
        scope: Scope { channel: Some(name("sms")), ..Scope::default() },
        doubt: name("wrong_person"),
        words: "wrong number".into(),
        resolved,
    };
    let unclear = vec![unclear(None), unclear(Some(Instant::from_millis(7)))];
    let record = Record { unclear, ..Record::default() };
    let written = Decoded::default().write(&record);
    assert_eq!(newer_format(&written), None);
    assert!(written.len() <= record.size());
    assert_eq!(Decoded::read(&written).unwrap().record, record);
}

use prost::Message;

use super::*;
use crate::codec::Decoded;
use crate::codec::read_for_decision;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Record;
use crate::proto::store::v1;

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

fn name(text: &str) -> Option<Name> {
    Some(Name::new(text).unwrap())
}

fn mails() -> Scope {
    Scope { channel: name("email"), ..Scope::default() }
}

fn record() -> Record {
    let scope = Scope { marketing: true, ..mails() };
    let source = name("one-click");
    let texts = Scope { channel: name("sms"), ..Scope::default() };
    let no = |scope: Scope| OptOut {
        scope,
        at: Some(at(5)),
        until: None,
        source: source.clone(),
        stop: None,
    };
    Record {
        opt_outs: vec![no(scope.clone()), no(texts.clone())],
        opt_ins: vec![OptIn { scope, at: at(3) }, OptIn { scope: texts, at: at(2) }],
        ..Record::default()
    }
}

/// What an instance reads and writes that does not know the lists of their own.
fn as_read_before(bytes: &[u8]) -> v1::Record {
    let known = v1::Record::decode(bytes).unwrap();
    v1::Record { marketing_opt_outs: Vec::new(), marketing_opt_ins: Vec::new(), ..known }
}

#[test]
fn wishes_about_marketing_are_read_as_they_were_written() {
    let written = Decoded::default().write(&record());
    assert_eq!(Decoded::read(&written).unwrap().record, record());
    assert_eq!(read_for_decision(&written).unwrap().opt_outs, record().opt_outs);
    assert!(written.len() <= record().size());
}

#[test]
fn an_older_instance_takes_a_no_for_more_and_a_yes_for_nothing() {
    let before = as_read_before(&Decoded::default().write(&record()));
    let before = Decoded::read(&before.encode_to_vec().into()).unwrap().record;
    assert_eq!(before.opt_outs.len(), 2);
    assert!(before.opt_outs.iter().any(|it| it.scope == mails() && it.at == Some(at(5))));
    assert_eq!(before.opt_ins, record().opt_ins[1..]);
}

#[test]
fn what_an_older_instance_has_ended_or_widened_stays_so() {
    let written = v1::Record::decode(Decoded::default().write(&record())).unwrap();
    let read =
        |message: &v1::Record| Decoded::read(&message.encode_to_vec().into()).unwrap().record;
    // An opt-in has ended it there.
    let mut ended = written.clone();
    ended.opt_outs.retain(|it| it.scope.as_ref().unwrap().channel.as_deref() != Some("email"));
    assert_eq!(read(&ended).opt_outs, record().opt_outs[1..]);
    // A later opt-out of all e-mails has taken its place.
    let mut widened = written;
    for it in &mut widened.opt_outs {
        it.event_ms = Some(7);
    }
    let opt_outs = read(&widened).opt_outs;
    assert!(opt_outs.iter().any(|it| it.scope == mails() && it.at == Some(at(7))));
    assert!(opt_outs.iter().all(|it| !it.scope.marketing));
}

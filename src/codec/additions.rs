//! What later formats of a record add must mean nothing wrong to those who do not know it.

use prost::Message;

use super::*;
use crate::model::Contact;
use crate::model::Ground;
use crate::model::Instant;
use crate::model::Name;
use crate::model::Scope;
use crate::model::history::State;
use crate::model::wish::Consent;

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

//! What customers say, in every order: the record must end as if it had been heard in the order in
//! which it was said. The reference below is the sentence of the specification: a no stands unless
//! a yes that is later and at least as wide ends it.

use std::collections::BTreeSet;

use courtesy::model::Contact;
use courtesy::model::Ground;
use courtesy::model::Instant;
use courtesy::model::Labels;
use courtesy::model::Name;
use courtesy::model::Record;
use courtesy::model::Scope;
use courtesy::model::Span;
use courtesy::model::consent_event::ConsentKind;
use courtesy::model::stop::Stop;
use courtesy::model::stop::Width;
use courtesy::model::wish::OptOut;
use courtesy::operation::Context;
use courtesy::operation::wish::Wish;
use courtesy::operation::wish::take;
use courtesy::policy::Policy;
use courtesy::policy::Source;
use courtesy::zone::Zones;

use crate::dice::Dice;

const SEQUENCES: u64 = 3_000;
const ORDERS: usize = 6;
/// The hour in which everything is heard.
const NOW: u32 = 10_000;

#[test]
fn wishes_end_the_same_in_every_order() {
    let policy = policy();
    for seed in 0..SEQUENCES {
        let mut dice = Dice::new(seed);
        let mut said: Vec<Wish> = (0..2 + dice.below(8)).map(|_| wish(&mut dice)).collect();
        let first = hear(&policy, &said);
        check(&first, &said, seed);
        for _ in 0..ORDERS {
            shuffle(&mut dice, &mut said);
            // A caller who got no answer says it again.
            let again = said[dice.below(said.len())].clone();
            let mut heard = said.clone();
            heard.insert(dice.below(heard.len()), again);
            let other = hear(&policy, &heard);
            assert_eq!(other.opt_outs, first.opt_outs, "seed {seed}: {said:#?}");
            assert_eq!(other.consents, first.consents, "seed {seed}: {said:#?}");
            assert_eq!(other.opt_ins, first.opt_ins, "seed {seed}: {said:#?}");
            assert_eq!(other.retractions, first.retractions, "seed {seed}: {said:#?}");
        }
    }
}

fn hear(policy: &Policy, said: &[Wish]) -> Record {
    let mut record = Record::default();
    for wish in said {
        take(Context { policy, now: hour(NOW) }, &mut record, wish).unwrap();
    }
    record
}

/// What stands refuses what the reference refuses, at every time, and neither more nor less.
fn check(record: &Record, said: &[Wish], seed: u64) {
    let of = |kind: ConsentKind| said.iter().filter(move |wish| wish.kind == kind);
    let ended = |no: &Wish| {
        let mut said = of(ConsentKind::OptIn).filter(|yes| yes.ground.is_express());
        said.any(|yes| yes.at > no.at && yes.scope.contains(&no.scope))
    };
    let standing: Vec<&Wish> = of(ConsentKind::OptOut).filter(|no| !ended(no)).collect();
    for contact in contacts() {
        for hours in [NOW, NOW + 5, NOW + 15, NOW + 25, NOW + 1_000] {
            let at = hour(hours);
            let holds = |until: Option<Instant>| until.is_none_or(|until| at < until);
            let marketing = *contact.purpose == *"marketing";
            let expected = standing.iter().any(|no| {
                let taken_back =
                    of(ConsentKind::OptIn).any(|start| takes_back(start, no, &contact));
                no.scope.matches(&contact, marketing) && holds(no.until) && !taken_back
            });
            let refuses = |no: &OptOut| no.refuses(&contact, marketing) && holds(no.until);
            let found = record.opt_outs.iter().any(refuses);
            assert_eq!(found, expected, "seed {seed}, {contact:?}, hour {hours}: {said:#?}");
        }
    }
    // A yes to a channel is a consent to what it names, and to nothing else.
    let given: BTreeSet<(Scope, Ground)> = said.iter().filter_map(given).collect();
    for about in &given {
        let is_own = |wish: &&Wish| self::given(wish).as_ref() == Some(about);
        let weight = |wish: &Wish| (wish.kind == ConsentKind::OptIn, wish.at);
        let expected = said.iter().filter(is_own).map(weight).max();
        let (scope, ground) = about;
        let mut consents = record.consents.iter();
        let found = consents.find(|it| it.scope == *scope && it.ground == *ground);
        let found = found.map(|it| (it.confirmed, it.at));
        assert_eq!(found, expected, "seed {seed}: {said:#?}");
    }
    assert_eq!(record.consents.len(), given.len(), "seed {seed}: {said:#?}");
}

/// Whether a START opens for a contact what a no that was written refuses: all that the policy
/// refused by it, and of what the customer's words refused its own channel.
fn takes_back(start: &Wish, no: &Wish, contact: &Contact) -> bool {
    let Some(stop) = &no.stop else { return false };
    let Scope { channel, topic, brand, .. } = &start.scope;
    let part = |wanted: &Option<Name>, of: &Option<Name>| wanted.is_none() || wanted == of;
    start.takes_back
        && start.at > no.at
        && *channel == Some(stop.channel.clone())
        && (stop.width == Width::Policy || *channel == Some(contact.channel.clone()))
        && part(topic, &contact.labels.topic)
        && part(brand, &contact.labels.brand)
}

/// What a yes is a consent to, if to anything. Of the policy's purposes one is marketing.
fn given(wish: &Wish) -> Option<(Scope, Ground)> {
    let scope = &wish.scope;
    if wish.kind == ConsentKind::OptOut || scope.channel.is_none() || scope.occasion.is_some() {
        return None;
    }
    let marketing = || Name::new("marketing").ok();
    let purpose = if scope.marketing { marketing() } else { scope.purpose.clone() };
    Some((Scope { purpose, marketing: false, ..scope.clone() }, wish.ground.clone()))
}

/// Times and scopes are few, so that ties and scopes within others are common.
fn wish(dice: &mut Dice) -> Wish {
    let kinds = [ConsentKind::OptOut, ConsentKind::OptIn, ConsentKind::PendingOptIn];
    let kind = if dice.percent(55) { ConsentKind::OptOut } else { dice.one(&kinds) };
    let part = |dice: &mut Dice, names: &[&str]| {
        let chosen = dice.percent(40).then(|| dice.one(names));
        chosen.map(|text| Name::new(text).unwrap())
    };
    let scope = Scope {
        channel: part(dice, &["email", "sms"]),
        purpose: part(dice, &["marketing"]),
        topic: part(dice, &["news"]),
        brand: part(dice, &["acme"]),
        occasion: part(dice, &["mothers_day", "easter"]),
        marketing: false,
    };
    let marketing = scope.purpose.is_none() && dice.percent(30);
    let scope = Scope { marketing, ..scope };
    let ends = [None, None, Some(NOW - 100), Some(NOW + 10), Some(NOW + 20)];
    let until = if kind == ConsentKind::OptOut { dice.one(&ends) } else { None };
    let inferred = kind != ConsentKind::OptOut && dice.percent(30);
    let widths = [Width::Policy, Width::Words];
    let stop = (kind == ConsentKind::OptOut && dice.percent(50))
        .then(|| Stop::new(dice.one(&channels()), dice.one(&widths)));
    let takes_back = kind == ConsentKind::OptIn && !inferred && dice.percent(50);
    let scope = if takes_back {
        let channel = Some(dice.one(&channels()));
        Scope { channel, purpose: None, occasion: None, marketing: false, ..scope }
    } else {
        scope
    };
    Wish {
        request: None,
        kind,
        ground: if inferred { purchase() } else { Ground::EXPRESS },
        scope,
        at: Some(hour(u32::try_from(dice.below(5)).unwrap())),
        until: until.map(hour),
        source: dice.one(&[None, Some("crm"), Some("web")]).map(|it| Name::new(it).unwrap()),
        evidence: Some("said so".into()),
        stop,
        takes_back,
    }
}

fn purchase() -> Ground {
    Ground::new(Name::new("purchase").unwrap())
}

fn channels() -> [Name; 2] {
    ["email", "sms"].map(|text| Name::new(text).unwrap())
}

fn contacts() -> Vec<Contact> {
    let name = |text: &str| Name::new(text).unwrap();
    let mut contacts = Vec::new();
    for channel in channels() {
        for purpose in ["marketing", "service"] {
            let plain = Contact::new(channel.clone(), name(purpose));
            let labels = Labels { topic: Some(name("news")), ..Labels::NONE };
            let occasions = vec![name("mothers_day")];
            contacts.push(Contact { labels: labels.clone(), ..plain.clone() });
            contacts.push(Contact { occasions: occasions.clone(), ..plain.clone() });
            contacts.push(Contact { labels, occasions, ..plain.clone() });
            contacts.push(plain);
        }
    }
    contacts
}

fn shuffle<T>(dice: &mut Dice, items: &mut [T]) {
    for end in (1..items.len()).rev() {
        items.swap(end, dice.below(end + 1));
    }
}

fn hour(hours: u32) -> Instant {
    Instant::from_millis(1_700_000_000_000).plus(Span::from_hours(hours))
}

fn policy() -> Policy {
    let text =
        "name: base\nchannels: {email: {}, sms: {}}\npurposes: {marketing: {}, service: {}}\n";
    let zones = std::sync::Arc::new(Zones::bundled());
    Policy::load(&[Source::new("base", text)], &zones).unwrap().0
}

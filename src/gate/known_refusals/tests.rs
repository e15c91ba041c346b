use super::*;
use crate::model::Name;
use crate::model::Scope;
use crate::model::wish::OptOut;
use crate::store::Space;

fn key() -> Key {
    let tenant = Name::new("default").unwrap();
    Key { space: Space::Customers, tenant, id: Box::from("ada") }
}

fn version(incarnation: u64, counter: u64) -> Version {
    Version { incarnation, counter }
}

fn refused(channels: &[&str]) -> Record {
    let opt_out = |channel: &&str| {
        let scope = Scope { channel: Some(Name::new(channel).unwrap()), ..Scope::default() };
        OptOut { scope, at: None, until: None, source: None, stop: None }
    };
    Record { opt_outs: channels.iter().map(opt_out).collect(), ..Record::default() }
}

fn known(seen: &KnownRefusals) -> usize {
    seen.known.get(&key()).map_or(0, |known| known.refusals.opt_outs.len())
}

/// Notes a read, and returns whether the store has lost something by it, and how many refusals it
/// has.
fn read(
    seen: &KnownRefusals,
    since: Since,
    version: Option<Version>,
    record: &Record,
) -> (bool, usize) {
    let mut record = record.clone();
    let read = Read { since, version, now: Instant::from_millis(0) };
    (seen.note_read(&key(), &read, &mut record), record.opt_outs.len())
}

#[test]
fn a_read_that_began_before_a_write_does_not_forget_it() {
    let seen = KnownRefusals::new();
    for before in [None, Some(version(1, 1)), Some(version(7, 9))] {
        seen.clear();
        let since = seen.begin();
        seen.note_written(&key(), version(1, 2), &refused(&["email"]));
        assert_eq!(read(&seen, since, before, &Record::default()), (false, 0), "{before:?}");
        assert_eq!(known(&seen), 1, "{before:?}");
    }
}

#[test]
fn a_newer_version_counts_whenever_its_read_began() {
    let seen = KnownRefusals::new();
    let since = seen.begin();
    seen.note_written(&key(), version(1, 2), &refused(&["email"]));
    assert_eq!(read(&seen, since, Some(version(1, 3)), &Record::default()), (false, 0));
    assert_eq!(known(&seen), 0);
}

#[test]
fn a_write_that_comes_home_late_does_not_undo_a_newer_one() {
    let seen = KnownRefusals::new();
    seen.note_written(&key(), version(1, 3), &refused(&["email", "sms"]));
    seen.note_written(&key(), version(1, 2), &refused(&["email"]));
    assert_eq!(known(&seen), 2);
}

#[test]
fn a_store_that_has_lost_a_refusal_gets_it_back_from_here() {
    let seen = KnownRefusals::new();
    for lost in [None, Some(version(1, 1))] {
        seen.clear();
        seen.note_written(&key(), version(1, 2), &refused(&["email"]));
        assert_eq!(read(&seen, seen.begin(), lost, &Record::default()), (true, 1), "{lost:?}");
        assert_eq!(read(&seen, seen.begin(), lost, &refused(&["email"])), (false, 1), "{lost:?}");
        assert_eq!(known(&seen), 1);
    }
}

#[test]
fn an_erasure_by_another_instance_is_no_loss() {
    let seen = KnownRefusals::new();
    seen.note_written(&key(), version(1, 2), &refused(&["email", "sms"]));
    let left = Record { erased: Some(Instant::from_millis(1)), ..refused(&["email"]) };
    assert_eq!(read(&seen, seen.begin(), None, &left), (false, 1));
    assert_eq!(known(&seen), 1);
    // What it left is known by now, and must not go either.
    assert_eq!(read(&seen, seen.begin(), None, &Record::default()), (true, 1));
}

#[test]
fn what_may_not_have_been_written_is_no_loss() {
    let seen = KnownRefusals::new();
    for before in [None, Some(version(1, 1))] {
        seen.clear();
        let since = seen.begin();
        seen.note_doubtful(&key(), before, (&Record::default(), &refused(&["email"])));
        assert_eq!(known(&seen), 1);
        assert_eq!(read(&seen, since, before, &Record::default()), (false, 0));
        assert_eq!(known(&seen), 1, "that began before");
        assert_eq!(read(&seen, seen.begin(), before, &Record::default()), (false, 0));
        assert_eq!(known(&seen), 0);
    }
}

#[test]
fn refusals_that_have_ended_are_no_loss() {
    let seen = KnownRefusals::new();
    let mut record = refused(&["email"]);
    let end = Instant::from_millis(0).minus(crate::model::Span::from_days(2));
    record.opt_outs.iter_mut().for_each(|it| it.until = Some(end));
    seen.note_written(&key(), version(1, 2), &record);
    assert_eq!(read(&seen, seen.begin(), None, &Record::default()), (false, 0));
}

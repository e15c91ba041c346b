use super::Broken;
use super::Event;
use super::Head;
use super::Link;
use super::Verifier;
use crate::model::Instant;
use crate::model::Name;

fn log(tenant: &str, count: u64) -> Vec<Link> {
    let tenant = Name::new(tenant).unwrap();
    let mut head = Head::EMPTY;
    let link = |number: u64| {
        let event = Event { details: format!("event {number}"), ..Event::default() };
        let at = Instant::from_millis(i64::try_from(number).unwrap());
        let (next, link) = head.next(&tenant, &event, at);
        head = next;
        link
    };
    (1..=count).map(link).collect()
}

/// What is wrong with links that stand under these numbers.
fn broken(newest: u64, links: &[(u64, Option<&Link>)]) -> Vec<Broken> {
    let mut verifier = Verifier::new("a", newest);
    let mut broken = Vec::new();
    for (sequence, link) in links.iter().rev() {
        broken.extend(verifier.look(*sequence, *link));
    }
    broken.extend(verifier.finish());
    broken
}

fn numbered(links: &[Link]) -> Vec<(u64, Option<&Link>)> {
    (1..).zip(links.iter().map(Some)).collect()
}

#[test]
fn a_log_as_it_was_written_is_whole() {
    for count in 0..5 {
        assert_eq!(broken(count, &numbered(&log("a", count))), []);
    }
}

#[test]
fn links_survive_their_writing() {
    for link in log("a", 3) {
        assert_eq!(Link::read(&link.write()).unwrap(), link);
    }
    let placed = log("a", 2)[1].placed().unwrap();
    assert_eq!((placed.sequence, placed.event.details.as_str()), (2, "event 2"));
}

#[test]
fn an_event_that_was_changed_is_found() {
    let mut links = log("a", 4);
    let other = log("a", 9)[8].event.clone();
    links[1].event = other;
    let found = broken(4, &numbered(&links));
    assert_eq!(found, [Broken::Changed(2), Broken::Elsewhere(2, 9, "a".to_owned())]);
    // A forger who makes its hash fit breaks the next.
    links[1].hash = super::chained(&links[1].previous_hash, &links[1].event);
    assert!(broken(4, &numbered(&links)).contains(&Broken::Unlinked(2, 3)));
}

#[test]
fn an_event_that_is_missing_is_found_wherever_it_stood() {
    let links = log("a", 4);
    for absent in 1..=4 {
        let mut left = numbered(&links);
        left.remove(absent - 1);
        let absent = u64::try_from(absent).unwrap();
        assert_eq!(broken(4, &left), [Broken::Missing(absent, absent)]);
    }
    assert_eq!(broken(4, &[]), [Broken::Missing(1, 4)]);
}

#[test]
fn events_that_were_swapped_are_found() {
    let mut links = log("a", 4);
    links.swap(1, 2);
    let found = broken(4, &numbered(&links));
    assert!(found.contains(&Broken::Elsewhere(2, 3, "a".to_owned())), "{found:?}");
    assert!(found.contains(&Broken::Elsewhere(3, 2, "a".to_owned())), "{found:?}");
    let stranger = log("b", 4);
    let mut links = numbered(&links[..1]);
    links.push((2, Some(&stranger[1])));
    assert!(broken(2, &links).contains(&Broken::Elsewhere(2, 2, "b".to_owned())));
}

#[test]
fn an_event_that_cannot_be_read_is_found() {
    let links = log("a", 3);
    let mut left = numbered(&links);
    left[1].1 = None;
    assert_eq!(broken(3, &left), [Broken::Unreadable(2)]);
}

#[test]
fn a_first_event_with_something_before_it_is_found() {
    let links = log("a", 3);
    let later: Vec<(u64, Option<&Link>)> = (1..).zip(links[1..].iter().map(Some)).collect();
    assert!(broken(2, &later).contains(&Broken::NotFirst));
}

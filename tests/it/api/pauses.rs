//! Pauses: what operators stop at once.

use courtesy::proto::v1;
use tonic::Code;
use tonic::Status;

use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::reservation;
use super::product::timestamp;
use super::revisions::THREE;
use crate::support::Said;
use crate::support::courtesy;

const CRISIS: &str = "a death in the news";

pub(super) fn everything(name: &str) -> v1::PauseContactsRequest {
    v1::PauseContactsRequest {
        name: name.to_owned(),
        reason: CRISIS.to_owned(),
        ..Default::default()
    }
}

pub(super) fn pause(
    product: &Product,
    request: v1::PauseContactsRequest,
) -> Result<v1::Pause, Status> {
    let answer = product.wait(product.policies().pause_contacts(request))?;
    Ok(answer.into_inner().pause.unwrap())
}

fn resume(product: &Product, names: &[&str]) -> v1::ResumeContactsResponse {
    let names = names.iter().map(ToString::to_string).collect();
    let request = v1::ResumeContactsRequest { names, ..Default::default() };
    product.wait(product.policies().resume_contacts(request)).unwrap().into_inner()
}

fn list(product: &Product) -> Vec<v1::Pause> {
    let listed = product.wait(product.policies().list_pauses(v1::ListPausesRequest::default()));
    listed.unwrap().into_inner().pauses
}

fn only(change: impl FnOnce(&mut v1::ContactSelector)) -> v1::PauseContactsRequest {
    let mut selector = v1::ContactSelector::default();
    change(&mut selector);
    v1::PauseContactsRequest { selector: Some(selector), ..everything("some") }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn a_pause_holds_at_once_everywhere_and_until_its_end() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let end = "2026-11-22T18:00:00Z";
    let request =
        v1::PauseContactsRequest { end_time: Some(timestamp(end)), ..everything("crisis") };
    let set = pause(&product, request).unwrap();
    assert_eq!(set.set_time, Some(timestamp("2026-11-22T12:00:00Z")));
    let decision = product.check(email("ada")).unwrap();
    assert_eq!(codes(&decision), ["PAUSED"]);
    assert_eq!(decision.reasons[0].cause, "a pause: a death in the news");
    assert_eq!(decision.reasons[0].until_time, Some(timestamp(end)));
    assert_eq!(decision.next_allowed_time, Some(timestamp(end)));
    let reserved = product.reserve(reservation("ada", "1")).unwrap();
    assert_eq!(codes(&reserved.decision.unwrap()), ["PAUSED"]);
    let plan = v1::PlanContactRequest {
        contact: Some(v1::Contact { channel: String::new(), ..email("ada") }),
        ..Default::default()
    };
    let plan = product.wait(product.contacts().plan_contact(plan)).unwrap().into_inner();
    let shown = format!("{plan:?}");
    assert!(shown.contains(&format!("{:?}", timestamp(end))), "{shown}");

    // A contact after its end is allowed, one before it is refused after a restart too.
    let later = v1::Contact { contact_time: Some(timestamp(end)), ..email("ada") };
    assert!(is_allowed(&product.check(later).unwrap()));
    let product = product.restart();
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["PAUSED"]);
    product.hand.set(at(end));
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    assert!(list(&product).is_empty(), "what is over is not listed");
}

#[test]
fn a_pause_stops_what_its_selector_matches() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let sms = v1::Contact { channel: "sms".to_owned(), ..email("ada") };
    let spring = v1::Contact { campaign: Some("spring".to_owned()), ..email("ada") };
    let north = v1::Contact { brand: Some("north".to_owned()), ..email("ada") };
    let news = v1::Contact { topic: Some("news".to_owned()), ..email("ada") };
    let mothers = v1::Contact { occasions: names(&["mothers_day"]), ..email("ada") };
    let urgent = v1::Contact { priority: Some(90), ..email("ada") };
    let all = [&email("ada"), &sms, &spring, &north, &news, &mothers, &urgent];
    let check = |request: v1::PauseContactsRequest, stopped: &[&v1::Contact]| {
        pause(&product, request.clone()).unwrap();
        for contact in all {
            let decision = product.check(contact.clone()).unwrap();
            assert_eq!(
                !is_allowed(&decision),
                stopped.contains(&contact),
                "{request:?} {contact:?}"
            );
        }
        assert_eq!(resume(&product, &["some"]).ended.len(), 1);
    };
    check(only(|it| it.channels = names(&["sms"])), &[&sms]);
    check(only(|it| it.purposes = names(&["marketing"])), &all);
    check(only(|it| it.campaigns = names(&["spring", "summer"])), &[&spring]);
    check(only(|it| it.brands = names(&["north"])), &[&north]);
    check(only(|it| it.topics = names(&["news"])), &[&news]);
    check(only(|it| it.occasions = names(&["mothers_day"])), &[&mothers]);
    check(only(|it| it.priority_at_least = Some(60)), &[&urgent]);
    check(only(|it| it.priority_below = Some(60)), &all[..6]);
    check(only(|it| it.segments = names(&["vip"])), &[]);
    check(only(|it| it.jurisdictions = names(&["FR"])), &[]);
    check(
        only(|it| {
            it.channels = names(&["sms"]);
            it.brands = names(&["north"]);
        }),
        &[],
    );
}

#[test]
fn a_pause_of_a_name_takes_its_place_and_can_be_repeated() {
    let product = Product::start();
    let request = everything("crisis");
    let first = pause(&product, request.clone()).unwrap();
    assert_eq!(pause(&product, request).unwrap(), first);
    let planned = v1::PauseContactsRequest {
        start_time: Some(timestamp("2026-11-23T00:00:00Z")),
        end_time: Some(timestamp("2026-11-24T00:00:00Z")),
        author: Some("grace".to_owned()),
        ..everything("crisis")
    };
    pause(&product, planned).unwrap();
    let decision = product.check(email("ada")).unwrap();
    assert!(is_allowed(&decision));
    assert_eq!(decision.valid_until_time, Some(timestamp("2026-11-23T00:00:00Z")));
    pause(&product, everything("another")).unwrap();
    let listed = list(&product);
    let listed_names: Vec<&str> = listed.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(listed_names, ["another", "crisis"]);
    assert_eq!(listed[1].author.as_deref(), Some("grace"));
    let resumed = resume(&product, &["another", "absent"]);
    assert_eq!((resumed.ended.len(), resumed.pauses.len()), (1, 1));
    let again = resume(&product, &["another"]);
    assert_eq!((again.ended.len(), again.pauses.len()), (0, 1));
    assert_eq!(list(&product.restart()).len(), 1);
}

#[test]
fn pauses_stay_while_policies_come_and_go() {
    let product = Product::start();
    pause(&product, only(|it| it.channels = names(&["sms"]))).unwrap();
    let sms = v1::Contact { channel: "sms".to_owned(), ..email("ada") };
    assert!(codes(&product.check(sms.clone()).unwrap()).contains(&"PAUSED".to_owned()));
    // In this one the channel stands elsewhere.
    product.apply(&THREE.replace("email: {}, sms: {}", "sms: {}, email: {}"), 0).unwrap();
    assert_eq!(codes(&product.check(sms.clone()).unwrap()), ["PAUSED"]);
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    // Without the channel nothing is left to stop, and nothing else is stopped.
    product.apply(&THREE.replace(", sms: {}", ""), 1).unwrap();
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    product.apply(THREE, 2).unwrap();
    assert_eq!(codes(&product.check(sms).unwrap()), ["PAUSED"]);
}

#[test]
fn a_tenant_pauses_its_own_contacts() {
    let product = Product::start();
    let request =
        v1::PauseContactsRequest { tenant: Some("other".to_owned()), ..everything("crisis") };
    pause(&product, request).unwrap();
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
    let request = v1::CheckContactRequest {
        contact: Some(email("ada")),
        tenant: Some("other".to_owned()),
        ..Default::default()
    };
    let answer = product.wait(product.contacts().check_contact(request)).unwrap().into_inner();
    assert_eq!(codes(&answer.decision.unwrap()), ["PAUSED"]);
}

#[test]
fn what_cannot_be_meant_is_refused_at_once_and_whole() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let refused = |request: v1::PauseContactsRequest, expected: &[&str]| {
        let status = pause(&product, request).unwrap_err();
        assert_eq!((status.code(), fields(&status)), (Code::InvalidArgument, names(expected)));
    };
    let request = v1::PauseContactsRequest {
        name: String::new(),
        reason: "x".repeat(257),
        start_time: Some(timestamp("2026-11-23T00:00:00Z")),
        end_time: Some(timestamp("2026-11-23T00:00:00Z")),
        ..only(|it| {
            it.channels = names(&["email", "fax"]);
            it.occasions = names(&["payday"]);
            it.jurisdictions = names(&["US", "XX-1"]);
            it.priority_at_least = Some(101);
            it.priority_below = Some(0);
        })
    };
    let expected = [
        "name",
        "selector.jurisdictions[1]",
        "selector.priority_at_least",
        "selector.priority_below",
        "reason",
        "end_time",
        "selector.channels[1]",
        "selector.occasions[0]",
    ];
    refused(request, &expected);
    refused(only(|it| it.purposes = names(&["spam"])), &["selector.purposes[0]"]);
    let past = Some(timestamp("2026-11-22T11:00:00Z"));
    refused(v1::PauseContactsRequest { end_time: past, ..everything("p") }, &["end_time"]);
    assert!(list(&product).is_empty());
}

#[test]
fn a_tenant_has_a_bounded_number_of_pauses() {
    let product = Product::start();
    for number in 0..100 {
        pause(&product, everything(&format!("p{number}"))).unwrap();
    }
    let status = pause(&product, everything("one more")).unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::FailedPrecondition, "TOO_MANY_PAUSES")
    );
    pause(&product, everything("p7")).unwrap();
    assert_eq!(list(&product).len(), 100);
}

#[test]
fn the_command_pauses_and_resumes() {
    let product = Product::start();
    let server = format!("http://{}", product.address());
    let ask = |args: &[&str]| -> Said { courtesy(&[args, &["--server", &server]].concat()) };
    let said = ask(&["pauses"]);
    assert_eq!((said.code, said.out.as_str()), (0, "nothing is paused\n"));
    let until = ["--until", "2026-11-22T18:00:00Z", "--reason", "the carrier is down"];
    let said = ask(&[&["pause", "sms-outage", "--channel", "sms"][..], &until].concat());
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let said = ask(&["pauses"]);
    for part in ["sms-outage", "channels sms", "2026-11-22T18:00:00", "the carrier is down"] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let said = ask(&["check", "--customer", "ada", "--channel", "sms", "--purpose", "marketing"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("a pause: the carrier is down"), "{}", said.out);
    let said = ask(&["resume", "sms-outage"]);
    assert_eq!(said.out, "ended: 1\nnothing is paused\n");
    let said = ask(&["resume", "sms-outage"]);
    assert_eq!(said.code, 1, "it is not there any more");
    let expected = "there is no pause `sms-outage`; what is paused: nothing";
    assert!(said.err.contains(expected), "{}", said.err);
    assert_eq!(ask(&["pause", "x"]).code, 2, "a pause has a reason");
    assert_eq!(ask(&["pause", "xmas", "--reason", "y"]).code, 0);
    let said = ask(&["resume", "xmass"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("did you mean `xmas`?"), "{}", said.err);
    assert_eq!(ask(&["resume", "--all"]).out, "ended: 1\nnothing is paused\n");
}

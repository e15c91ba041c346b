//! What a human has to look at, in a Redis and in copies of it; and what a START takes back, where
//! older instances may run.

use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;

use super::served::Desk;
use super::served::apply;
use super::server::Server;
use crate::api::product::is_allowed;
use crate::api::product::timestamp;
use crate::crash::process::Process;
use crate::support::courtesy;
use crate::wait::PATIENCE;
use crate::wait::until;

const POLICY: &str = "name: base\nchannels: {sms: {}, email: {}}\npurposes: {marketing: {}}\n\
                      inbound_messages: {stop: everything}\n";

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Seconds of a day on which nothing else happened.
fn second(number: u8) -> prost_types::Timestamp {
    timestamp(&format!("2024-01-01T00:00:{number:02}Z"))
}

fn write(process: &Process, text: &str, number: u8) -> v1::HandleInboundMessageResponse {
    let request = v1::HandleInboundMessageRequest {
        customer_id: "ada".to_owned(),
        channel: "sms".to_owned(),
        text: text.to_owned(),
        request_id: format!("sms-{number}"),
        event_time: Some(second(number)),
        ..Default::default()
    };
    let handled = wait(async {
        CustomerServiceClient::new(process.connect()).handle_inbound_message(request).await
    });
    handled.unwrap().into_inner()
}

fn may(process: &Process, channel: &str) -> bool {
    let contact = v1::Contact {
        customer_id: "ada".to_owned(),
        channel: channel.to_owned(),
        purpose: "marketing".to_owned(),
        ..Default::default()
    };
    let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
    let answer =
        wait(async { ContactServiceClient::new(process.connect()).check_contact(request).await });
    is_allowed(&answer.unwrap().into_inner().decision.unwrap())
}

/// What `courtesy unclear` prints.
fn unclear(process: &Process, args: &[&str]) -> String {
    let said = courtesy(&[&["unclear"], args, &["--server", process.api()]].concat());
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    said.out
}

/// How many messages are listed, in all buckets.
fn entries(server: &Server) -> u32 {
    (0..16).map(|it| server.get::<u32>(&["ZCARD", &format!("courtesy:w:default:u:{it}")])).sum()
}

#[test]
fn the_list_outlives_copies_in_either_direction() {
    let server = Server::start(&[]);
    let desk = Desk::new();
    let (first, second) = (desk.path("first"), desk.path("second"));
    let mut process = desk.serve(&first);
    apply(&process, POLICY);
    write(&process, "wrong number", 1);
    assert!(unclear(&process, &["list"]).contains("wrong_person"));
    process.terminate();
    assert!(process.ended().success());

    let copied = courtesy(&["copy", "--from", &first, "--to", &server.url()]);
    assert_eq!((copied.code, copied.err.as_str()), (0, ""), "{}", copied.out);
    let process = desk.serve(&server.url());
    assert!(unclear(&process, &["list"]).contains("sms-1"));
    assert_eq!(entries(&server), 1, "the first start makes the index anew");
    let copied = courtesy(&["copy", "--from", &server.url(), "--to", &second]);
    assert_eq!(copied.code, 0, "{}{}", copied.out, copied.err);
    let said = unclear(&process, &["resolve", "sms-1", "--customer", "ada"]);
    assert!(said.contains("resolved one message"), "{said}");
    assert!(unclear(&process, &["list"]).contains("nothing is unclear"));
    assert_eq!(entries(&server), 0);
    // A copy over a store takes from its list who is resolved.
    let copied = courtesy(&["copy", "--overwrite", "--from", &server.url(), "--to", &second]);
    assert_eq!(copied.code, 0, "{}{}", copied.out, copied.err);
    drop(process);
    let process = desk.serve(&second);
    assert!(unclear(&process, &["list"]).contains("nothing is unclear"));
}

#[test]
fn the_list_is_made_anew_of_what_a_loss_has_left() {
    let server = Server::start(&[]);
    let desk = Desk::new();
    let process = desk.serve(&server.url());
    apply(&process, POLICY);
    write(&process, "wrong number", 1);
    assert_eq!(entries(&server), 1);
    for pattern in ["courtesy:n:courtesy:mark *", "courtesy:w:*"] {
        for key in server.get::<Vec<String>>(&["KEYS", pattern]) {
            assert_eq!(server.get::<u32>(&["DEL", &key]), 1);
        }
    }
    let accept = ["store", "accept", "--reason", "a drill", "--server", process.api()];
    until(PATIENCE, "the loss is accepted", || {
        courtesy(&accept).out.contains("holds nothing of this installation").then_some(())
    });
    until(PATIENCE, "it is listed again", || (entries(&server) == 1).then_some(()));
    assert!(unclear(&process, &["list"]).contains("sms-1"));
}

/// An older instance would forget what is kept beneath a STOP.
#[test]
fn a_start_takes_back_a_wide_stop_only_once_the_store_is_upgraded() {
    let server = Server::start(&[]);
    // A caller has used it before there were marks.
    assert_eq!(server.get::<String>(&["SET", "courtesy:c:default:old", "x"]), "OK");
    let desk = Desk::new();
    let process = desk.serve(&server.url());
    apply(&process, POLICY);
    write(&process, "STOP", 1);
    let start = write(&process, "START", 2);
    assert!(!start.opted_in && start.reply_until_time.is_none());
    assert_eq!(start.opt_outs.len(), 1, "the answer says what still refuses");
    assert!(!may(&process, "sms"));
    let upgraded = courtesy(&["store", "upgrade", "--server", process.api()]);
    assert_eq!((upgraded.code, upgraded.err.as_str()), (0, ""), "{}", upgraded.out);
    write(&process, "STOP", 3);
    let start = write(&process, "START", 4);
    assert!(!start.opted_in, "what was written before it stands");
    let opt_in = v1::OptInRequest {
        customer_id: "ada".to_owned(),
        evidence: "form".to_owned(),
        event_time: Some(second(5)),
        ..Default::default()
    };
    wait(async { CustomerServiceClient::new(process.connect()).opt_in(opt_in).await }).unwrap();
    write(&process, "STOP", 6);
    assert!(!may(&process, "sms") && !may(&process, "email"));
    let start = write(&process, "START", 7);
    assert!(start.opted_in && start.opt_outs.is_empty(), "{start:?}");
    assert!(may(&process, "sms") && may(&process, "email"));
}

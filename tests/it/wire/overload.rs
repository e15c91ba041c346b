//! More calls than the server works on at once, and a call that meets a defect.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use courtesy::proto::v1;
use courtesy::store::Key;
use prost::Message;
use tokio::sync::Notify;
use tokio::time::timeout;
use tonic::Code;
use tonic::Status;
use tonic_types::StatusExt;

use super::caller::Answer;
use super::caller::CHECK;
use super::caller::Caller;
use super::caller::DIALECTS;
use super::caller::Dialect;
use super::caller::Held;
use super::caller::RESERVE;
use super::caller::call;
use super::caller::frame;
use super::through::Step;
use super::through::Through;
use crate::api::product::Product;
use crate::api::product::email;
use crate::api::product::reason;
use crate::api::product::reservation;
use crate::wait::PATIENCE;

const PROBE: &str = "/grpc.health.v1.Health/Check";
const OPT_OUT: &str = "/courtesy.v1.CustomerService/OptOut";
const WATCH: &str = "/grpc.health.v1.Health/Watch";

/// How many calls one connection has open: half of those that it may have, so that there is room to
/// ask.
const PER_CONNECTION: usize = 128;

/// How many calls are sent on one connection at once where that is to be too much.
const TOO_MANY: usize = 250;

fn check_of(customer_id: &str) -> Vec<u8> {
    let contact = Some(email(customer_id));
    v1::CheckContactRequest { contact, ..Default::default() }.encode_to_vec()
}

/// So few calls arrive at once that a thread is never behind with them.
const AT_ONCE: usize = 32;

/// Opens so many calls of which none gets its whole request.
async fn hold(product: &Product, path: &str, count: usize) -> Vec<(Caller, Vec<Held>)> {
    let mut held = Vec::new();
    for _ in 0..count.div_ceil(PER_CONNECTION) {
        let mut caller = Caller::connect(product.address()).await;
        let mut calls = Vec::new();
        for _ in 0..PER_CONNECTION / AT_ONCE {
            for _ in 0..AT_ONCE {
                calls.push(caller.hold(Dialect::Grpc.head(path)).await);
            }
            // An answer says that whatever was sent before has arrived.
            caller.send(Dialect::Grpc.head(PROBE), &frame(0, b"")).await;
        }
        held.push((caller, calls));
    }
    held
}

/// Asks again until a call ends so.
async fn ask_until(product: &Product, code: Code) -> Answer {
    let message = check_of("ada");
    let asking = async {
        loop {
            let answer = call(product.address(), Dialect::Grpc, CHECK, &message).await;
            if Dialect::Grpc.code(&answer) == code {
                break answer;
            }
        }
    };
    timeout(PATIENCE, asking).await.unwrap()
}

#[test]
fn calls_beyond_the_bound_are_refused_at_once_and_for_a_while() {
    let product = Product::start();
    product.wait(async {
        let held = hold(&product, CHECK, 3_072).await;
        let answer = ask_until(&product, Code::ResourceExhausted).await;
        let status = Status::from_header_map(&answer.headers).unwrap();
        assert_eq!(reason(&status), "OVERLOADED");
        let retry = status.get_details_retry_info().unwrap().retry_delay.unwrap();
        assert!(retry > Duration::ZERO);
        for dialect in DIALECTS {
            let answer = call(product.address(), dialect, CHECK, &check_of("ada")).await;
            assert_eq!(dialect.code(&answer), Code::ResourceExhausted, "{dialect:?}");
        }
        let answer = call(product.address(), Dialect::Grpc, PROBE, b"").await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::Ok, "who asks whether we live is answered");
        drop(held);
        ask_until(&product, Code::Ok).await;
    });
}

#[test]
fn checks_are_refused_first_and_opt_outs_last() {
    let product = Product::start();
    product.wait(async {
        let reservation = reservation("ada", "one").encode_to_vec();
        let opt_out = v1::OptOutRequest { customer_id: "ada".to_owned(), ..Default::default() };
        let asked =
            [(CHECK, check_of("bob")), (RESERVE, reservation), (OPT_OUT, opt_out.encode_to_vec())];
        let refused = async || {
            let mut refused = Vec::new();
            for (path, message) in &asked {
                let answer = call(product.address(), Dialect::Grpc, path, message).await;
                refused.push(Dialect::Grpc.code(&answer) == Code::ResourceExhausted);
            }
            refused
        };
        let mut held = Vec::new();
        for (path, count, expected) in [
            (CHECK, 3_072, [true, false, false]),
            (RESERVE, 512, [true, true, false]),
            (OPT_OUT, 512, [true, true, true]),
        ] {
            held.push(hold(&product, path, count).await);
            let settled = async { while refused().await != expected {} };
            let settled = timeout(PATIENCE, settled).await;
            assert!(settled.is_ok(), "{path}: refused are {:?}", refused().await);
        }
    });
}

/// Sends calls without waiting for answers, and returns the codes that they get.
async fn codes_of(caller: &mut Caller, path: &str, messages: Vec<Vec<u8>>) -> Vec<Code> {
    let mut sent = Vec::new();
    for message in messages {
        let (response, mut body) = caller.hold(Dialect::Grpc.head(path)).await;
        body.send_data(Bytes::from(frame(0, &message)), true).unwrap();
        sent.push((response, body));
    }
    let mut codes = Vec::new();
    for (response, _body) in sent {
        let response = timeout(PATIENCE, response).await.unwrap().unwrap();
        let refused = Status::from_header_map(response.headers());
        codes.push(refused.map_or(Code::Ok, |status| status.code()));
    }
    codes
}

/// Keeps the thread from everything else.
#[expect(clippy::disallowed_methods, reason = "a call that takes long is what is tested")]
fn work_for(time: Duration) {
    std::thread::sleep(time);
}

#[test]
fn a_thread_that_is_behind_refuses_checks_and_no_opt_outs() {
    let directory = tempfile::tempdir().unwrap();
    let product = Product::start_on(directory, |store| {
        Through::before(store, |step, _| {
            if step == Step::Load {
                work_for(Duration::from_millis(1));
            }
            Box::pin(std::future::ready(()))
        })
    });
    product.wait(async {
        let mut caller = Caller::connect(product.address()).await;
        let number = 0..TOO_MANY;
        let checks = number.map(|number| check_of(&number.to_string())).collect();
        let codes = codes_of(&mut caller, CHECK, checks).await;
        let count = |code| codes.iter().filter(|it| **it == code).count();
        let (answered, refused) = (count(Code::Ok), count(Code::ResourceExhausted));
        assert_eq!(answered + refused, codes.len(), "{codes:?}");
        assert!(answered >= 64 && refused >= 32, "{answered} answered, {refused} refused");

        let opt_outs = (0..TOO_MANY).map(|number| {
            let customer_id = number.to_string();
            v1::OptOutRequest { customer_id, ..Default::default() }.encode_to_vec()
        });
        let codes = codes_of(&mut caller, OPT_OUT, opt_outs.collect()).await;
        assert!(codes.iter().all(|code| *code == Code::Ok), "{codes:?}");
        let codes = codes_of(&mut caller, CHECK, vec![check_of("ada")]).await;
        assert_eq!(codes, [Code::Ok], "and it has recovered");
    });
}

#[test]
fn callers_who_run_out_of_patience_keep_their_connection() {
    let busy = Arc::new(Notify::new());
    let directory = tempfile::tempdir().unwrap();
    let product = Product::start_on(directory, |store| {
        let busy = Arc::clone(&busy);
        Through::before(store, move |step, key| {
            if step == Step::Load && &*key.id == "slow" {
                busy.notify_one();
                work_for(Duration::from_millis(500));
            }
            Box::pin(std::future::ready(()))
        })
    });
    product.wait(async {
        let mut caller = Caller::connect(product.address()).await;
        let (slow, mut body) = caller.hold(Dialect::Grpc.head(CHECK)).await;
        body.send_data(Bytes::from(frame(0, &check_of("slow"))), true).unwrap();
        timeout(PATIENCE, busy.notified()).await.unwrap();
        // The thread looks at none of these before all of them are given up.
        let mut given_up = Vec::new();
        for _ in 0..TOO_MANY {
            given_up.push(caller.hold(Dialect::Grpc.head(CHECK)).await);
        }
        // What is not yet sent would not be given up, but never be sent.
        for _ in 0..TOO_MANY {
            tokio::task::yield_now().await;
        }
        for (_, body) in &mut given_up {
            body.send_reset(h2::Reason::CANCEL);
        }
        assert!(timeout(PATIENCE, slow).await.unwrap().is_ok());
        // A check might find the thread behind. This asks for nothing but the connection.
        let answer = caller.send(Dialect::Grpc.head(PROBE), &frame(0, b"")).await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::Ok);
    });
}

#[test]
fn watchers_are_bounded_apart_from_calls() {
    let product = Product::start();
    product.wait(async {
        let (mut callers, mut held) = (Vec::new(), Vec::new());
        for _ in 0..1_024 / PER_CONNECTION {
            let mut caller = Caller::connect(product.address()).await;
            // A caller with a good credential is not a stranger.
            caller.send(Dialect::Grpc.head(CHECK), &frame(0, &check_of("ada"))).await;
            for _ in 0..PER_CONNECTION {
                let (response, mut body) = caller.hold(Dialect::Grpc.head(WATCH)).await;
                body.send_data(Bytes::from(frame(0, b"")), true).unwrap();
                held.push(response.await.unwrap());
            }
            callers.push(caller);
        }
        let mut one_more = Caller::connect(product.address()).await;
        one_more.send(Dialect::Grpc.head(CHECK), &frame(0, &check_of("ada"))).await;
        let answer = one_more.send(Dialect::Grpc.head(WATCH), &frame(0, b"")).await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::ResourceExhausted);
        let answer = call(product.address(), Dialect::Grpc, CHECK, &check_of("ada")).await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::Ok);
        drop((callers, held));
    });
}

/// A defect in whatever is done with a value.
fn meet_defect(step: Step, key: &Key) {
    let meant = matches!((step, &*key.id), (Step::Load, "eve") | (Step::Replace, "bob"));
    assert!(!meant, "this defect is meant");
}

#[test]
fn a_panic_ends_its_own_call_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let product = Product::start_on(directory, |store| {
        Through::before(store, |step, key| {
            meet_defect(step, key);
            Box::pin(std::future::ready(()))
        })
    });
    product.wait(async {
        let mut caller = Caller::connect(product.address()).await;
        for dialect in DIALECTS {
            let ask = |id: &str| (dialect.head(CHECK), dialect.body(CHECK, &check_of(id)));
            let (head, body) = ask("eve");
            let answer = caller.send(head, &body).await;
            assert_eq!(dialect.code(&answer), Code::Internal, "{dialect:?}");
            let told = String::from_utf8_lossy(&answer.body);
            assert!(!told.contains("defect is meant") && !told.contains("eve"), "{told}");
            let (head, body) = ask("ada");
            let answer = caller.send(head, &body).await;
            assert_eq!(dialect.code(&answer), Code::Ok, "{dialect:?}: on the same connection");
        }
    });
    let reserve = |id: &str| product.reserve(reservation(id, "1"));
    for _ in 0..2 {
        let status = reserve("bob").unwrap_err();
        let found = (status.code(), reason(&status));
        assert_eq!(found, (Code::Internal, "INTERNAL".to_owned()), "no lock is left behind");
    }
    reserve("ada").unwrap();
    assert!(product.metrics.encode().unwrap().contains("grpc_code=\"Internal\""));
}

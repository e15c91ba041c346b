//! Who has changed, for systems that follow it.

use std::net::SocketAddr;
use std::sync::mpsc;

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use tonic::Code;
use tonic::Response;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::connect;
use super::product::fields;

fn request(token: Option<&str>, wait_secs: i64) -> v1::ListChangedCustomersRequest {
    v1::ListChangedCustomersRequest {
        page_token: token.map(str::to_owned),
        wait: Some(prost_types::Duration { seconds: wait_secs, nanos: 0 }),
        ..Default::default()
    }
}

fn ask(
    product: &Product,
    request: &v1::ListChangedCustomersRequest,
) -> v1::ListChangedCustomersResponse {
    loop {
        let mut customers = product.customers();
        match product.wait(customers.list_changed_customers(request.clone())) {
            Ok(answer) => return answer.into_inner(),
            // The index of a new store is being made.
            Err(status) => assert_eq!(status.code(), Code::Unavailable, "{status:?}"),
        }
    }
}

fn follow(product: &Product, token: &str) -> v1::ListChangedCustomersResponse {
    ask(product, &request(Some(token), 20))
}

fn ids(answer: &v1::ListChangedCustomersResponse) -> Vec<&str> {
    answer.customers.iter().map(|it| it.customer_id.as_str()).collect()
}

fn opt_out(product: &Product, id: &str) {
    let scope = Some(v1::Scope { channel: Some("email".to_owned()), ..Default::default() });
    let customer_id = id.to_owned();
    product.opt_out(v1::OptOutRequest { customer_id, scope, ..Default::default() }).unwrap();
}

#[test]
fn a_change_is_told_as_the_customer_stands() {
    let product = Product::start();
    let first = ask(&product, &request(None, 0));
    assert!(first.full && first.customers.is_empty() && !first.next_page_token.is_empty());
    opt_out(&product, "ada");
    let told = follow(&product, &first.next_page_token);
    assert!(!told.full);
    assert_eq!(ids(&told), ["ada"]);
    let ada = &told.customers[0];
    assert_eq!(ada.customer.as_ref().unwrap().opt_outs.len(), 1);
    assert_eq!(ada.last_consent_event.as_ref().unwrap().kind(), v1::ConsentKind::OptOut);
    assert!(!ada.erased && !ada.unreadable && !ada.customer.as_ref().unwrap().version.is_empty());
    // What has been told is not told again, and what is not a wish is no change.
    let quiet = ask(&product, &request(Some(&told.next_page_token), 0));
    assert_eq!((ids(&quiet), quiet.full), (Vec::new(), false));
    // An older token tells it again.
    assert_eq!(ids(&follow(&product, &first.next_page_token)), ["ada"]);
    // A later beginner gets the same, and is told to read everything.
    let late = ask(&product, &request(None, 0));
    assert!(late.full);
    assert_eq!(ids(&late), ["ada"]);
}

#[test]
fn everything_that_is_wished_is_told_and_an_erasure_too() {
    let product = Product::start();
    let mut token = ask(&product, &request(None, 0)).next_page_token;
    let mut customers = product.customers();
    let mut told = |what: &str| -> v1::ChangedCustomer {
        let mut answer = follow(&product, &token);
        assert_eq!(ids(&answer), ["ada"], "{what}");
        token = std::mem::take(&mut answer.next_page_token);
        answer.customers.remove(0)
    };
    let ada = || "ada".to_owned();
    let email = Some(v1::Scope { channel: Some("email".to_owned()), ..Default::default() });
    let (scope, evidence) = (email.clone(), "form".to_owned());
    let opt_in = v1::OptInRequest { customer_id: ada(), scope, evidence, ..Default::default() };
    product.wait(customers.opt_in(opt_in)).unwrap();
    assert_eq!(told("opt-in").customer.unwrap().consents.len(), 1);
    let suppress =
        v1::SuppressCustomerRequest { customer_id: ada(), scope: email, ..Default::default() };
    product.wait(customers.suppress_customer(suppress)).unwrap();
    assert_eq!(told("suppression").customer.unwrap().suppressions.len(), 1);
    let limit = v1::Cadence {
        limit: Some(2),
        window: Some(v1::cadence::Window::Calendar(i32::from(v1::CalendarUnit::Week))),
        ..Default::default()
    };
    let customer = v1::Customer { customer_id: ada(), cadence: vec![limit], ..Default::default() };
    let update = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
    product.wait(customers.update_customer(update)).unwrap();
    assert_eq!(told("cadence").customer.unwrap().cadence.len(), 1);
    opt_out(&product, "ada");
    assert_eq!(told("opt-out").customer.unwrap().opt_outs.len(), 1);
    let erase = v1::EraseCustomerRequest { customer_id: ada(), ..Default::default() };
    product.wait(customers.erase_customer(erase.clone())).unwrap();
    let erased = told("erasure");
    assert!(erased.erased);
    let left = erased.customer.unwrap();
    assert_eq!((left.opt_outs.len(), left.consents.len(), left.cadence.len()), (1, 0, 0));
    // Erasing again tells it again: the first may have been broken off.
    product.wait(customers.erase_customer(erase)).unwrap();
    assert!(told("another erasure").erased);
    opt_out(&product, "ada");
    assert!(!told("a new customer").erased);
}

/// Waits on a connection of its own, which the thread that waits drives.
async fn asking(
    address: SocketAddr,
    token: &str,
) -> Result<Response<v1::ListChangedCustomersResponse>, Status> {
    let mut client = CustomerServiceClient::new(connect(address));
    client.list_changed_customers(request(Some(token), 20)).await
}

#[test]
fn a_call_waits_until_something_happens() {
    let product = Product::start();
    let token = ask(&product, &request(None, 0)).next_page_token;
    let address = product.address();
    let (sender, answers) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let asked = async { asking(address, &token).await };
        sender.send(runtime.block_on(asked).unwrap().into_inner()).unwrap();
    });
    opt_out(&product, "ada");
    assert_eq!(ids(&answers.recv().unwrap()), ["ada"]);
    thread.join().unwrap();
}

#[test]
fn the_end_of_the_server_ends_the_waiting() {
    let mut product = Product::start();
    let token = ask(&product, &request(None, 0)).next_page_token;
    let address = product.address();
    let (sender, answers) = mpsc::channel();
    let (begun, begins) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        begun.send(()).unwrap();
        sender.send(runtime.block_on(async { asking(address, &token).await })).unwrap();
    });
    begins.recv().unwrap();
    product.ask_to_stop();
    // It is answered, or it came too late to be taken; it is never cut off after its deadline.
    match answers.recv().unwrap() {
        Ok(answer) => {
            let answer = answer.into_inner();
            assert!(answer.customers.is_empty() && !answer.next_page_token.is_empty());
        }
        Err(status) => assert_ne!(status.code(), Code::DeadlineExceeded, "{status:?}"),
    }
    thread.join().unwrap();
}

#[test]
fn pages_lose_no_customer_and_old_tokens_begin_anew() {
    let product = Product::start();
    let first = ask(&product, &request(None, 0)).next_page_token;
    let wanted: Vec<String> = (0..25).map(|number| format!("c-{number:02}")).collect();
    wanted.iter().for_each(|id| opt_out(&product, id));
    for page_size in [1, 7, 1_000] {
        let mut token = first.clone();
        let mut found = Vec::new();
        loop {
            let asked = v1::ListChangedCustomersRequest {
                page_size: Some(page_size),
                ..request(Some(&token), 0)
            };
            let answer = ask(&product, &asked);
            if answer.customers.is_empty() {
                break;
            }
            found.extend(answer.customers.into_iter().map(|it| it.customer_id));
            token = answer.next_page_token;
        }
        assert_eq!(found, wanted, "pages of {page_size}");
    }
    product.hand.set(at(NOW).plus(Span::from_days(6)));
    assert!(!ask(&product, &request(Some(&first), 0)).full);
    product.hand.set(at(NOW).plus(Span::from_days(8)));
    let late = ask(&product, &request(Some(&first), 0));
    assert!(late.full && !late.next_page_token.is_empty());
    assert!(!ask(&product, &request(Some(&late.next_page_token), 0)).full);
}

#[test]
fn what_makes_no_sense_is_refused_and_tenants_are_apart() {
    let product = Product::start();
    let refused = |request: v1::ListChangedCustomersRequest| {
        let asked = product.wait(product.customers().list_changed_customers(request));
        let status = asked.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        fields(&status)
    };
    assert_eq!(refused(request(Some("nonsense"), 0)), ["page_token"]);
    assert_eq!(refused(request(Some("a.b"), 0)), ["page_token"]);
    assert_eq!(refused(request(None, 21)), ["wait"]);
    assert_eq!(refused(request(None, -1)), ["wait"]);
    let none = v1::ListChangedCustomersRequest { page_size: Some(0), ..request(None, 0) };
    assert_eq!(refused(none), ["page_size"]);
    opt_out(&product, "ada");
    let tenant = Some("other".to_owned());
    let other = v1::ListChangedCustomersRequest { tenant, ..request(None, 0) };
    assert_eq!(ids(&ask(&product, &other)), [""; 0]);
}

//! Two instances on one Redis: one of them tells the webhook, whichever took the wish, and
//! followers of either hear of it.

use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;

use super::served::Desk;
use super::server::Server;
use crate::crash::process::Process;
use crate::support::courtesy;
use crate::support::receiver::Receiver;
use crate::wait::until;

/// Longer than the lease of an instance that was killed.
const PATIENCE: Duration = Duration::from_secs(120);

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn opt_out(process: &Process, id: &str) {
    let scope = Some(v1::Scope { channel: Some("email".to_owned()), ..Default::default() });
    let request = v1::OptOutRequest { customer_id: id.to_owned(), scope, ..Default::default() };
    wait(async { CustomerServiceClient::new(process.connect()).opt_out(request).await }).unwrap();
}

fn hears_of(receiver: &Receiver, who: &str) {
    let heard = || receiver.events().iter().any(|it| it.customer() == who).then_some(());
    until(PATIENCE, who, heard);
}

#[test]
fn another_instance_goes_on_telling_where_one_was_killed() {
    let (redis, desks) = (Server::start(&[]), [Desk::new(), Desk::new()]);
    let receiver = Receiver::start("204 no content");
    let directory = tempfile::tempdir().unwrap();
    let file = receiver.file(directory.path(), "");
    let serve = |desk: &Desk| desk.serve_with(&redis.url(), &["--webhooks-file", &file]);
    let mut first = serve(&desks[0]);
    // What was before a webhook's first look is not told to it.
    until(PATIENCE, "the first event", || {
        opt_out(&first, "ada");
        (!receiver.events().is_empty()).then_some(())
    });
    let second = serve(&desks[1]);
    opt_out(&second, "bob");
    hears_of(&receiver, "bob");
    first.kill();
    opt_out(&second, "carl");
    hears_of(&receiver, "carl");
    let said = courtesy(&["webhooks", "list", "--server", second.api()]);
    assert!(said.out.contains("delivering"), "{}", said.out);
}

/// The last change of a follower that waits on one instance is taken by another.
#[test]
fn a_follower_hears_of_what_another_instance_takes() {
    let (redis, desks) = (Server::start(&[]), [Desk::new(), Desk::new()]);
    let [first, second] = desks.each_ref().map(|desk| desk.serve(&redis.url()));
    let ask = |page_token: Option<String>, seconds: i64| {
        let wait_for = Some(prost_types::Duration { seconds, nanos: 0 });
        let request =
            v1::ListChangedCustomersRequest { page_token, wait: wait_for, ..Default::default() };
        let asked = async {
            CustomerServiceClient::new(first.connect()).list_changed_customers(request).await
        };
        wait(asked).map(tonic::Response::into_inner)
    };
    let begun = until(PATIENCE, "the agenda", || ask(None, 0).ok());
    let told = std::thread::scope(|scope| {
        let asked = scope.spawn(|| ask(Some(begun.next_page_token), 20));
        opt_out(&second, "ada");
        asked.join().unwrap()
    });
    let told = told.unwrap();
    let ids: Vec<&str> = told.customers.iter().map(|it| it.customer_id.as_str()).collect();
    assert_eq!(ids, ["ada"]);
}

//! The preference page of a server that is killed between a form and its answer: the same form,
//! sent again to the next one, gives the page that the first would have given.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;

use super::process::Process;
use crate::support::form;
use crate::support::http;
use crate::support::http::Answer;

const POLICY: &str =
    "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\ntopics: [news, offers]\n";
/// A busy machine is not a failure.
const ARGS: [&str; 6] =
    ["--pages", "127.0.0.1:0", "--store-timeout", "20s", "--deadline-max", "30s"];

async fn link(process: &Process, customer_id: &str) -> String {
    let request = v1::IssuePreferenceLinkRequest {
        customer_id: customer_id.to_owned(),
        ..Default::default()
    };
    let mut customers = CustomerServiceClient::new(process.connect());
    customers.issue_preference_link(request).await.unwrap().into_inner().url
}

async fn apply(process: &Process) {
    let request = v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument { text: POLICY.to_owned(), ..Default::default() }],
        expected_revision: Some(0),
        ..Default::default()
    };
    PolicyServiceClient::new(process.connect()).apply_policy(request).await.unwrap();
}

async fn refuses(process: &Process, customer_id: &str) -> usize {
    let request =
        v1::GetCustomerRequest { customer_id: customer_id.to_owned(), ..Default::default() };
    let mut customers = CustomerServiceClient::new(process.connect());
    let answer = customers.get_customer(request).await.unwrap().into_inner();
    answer.customer.unwrap().opt_outs.len()
}

/// The same page under the address of another process.
fn moved(url: &str, to: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap();
    let origin: Vec<&str> = to.splitn(4, '/').take(3).collect();
    format!("{}/{path}", origin.join("/"))
}

/// What a page says first, and how its form stands.
fn said(answer: &Answer) -> (String, Vec<(String, String)>) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let status = answer.body.split_once("role=\"status\"").unwrap().1;
    let status = form::text(status.split_once("</div>").unwrap().0);
    let mut fields = form::fields(&answer.body);
    fields.retain(|it| it.0 != "shown");
    (status, fields)
}

fn chosen(page: &Answer) -> String {
    let mut fields = form::fields(&page.body);
    form::without(&mut fields, "topic", "news");
    form::with(&mut fields, "do", "save");
    form::encode(&fields)
}

/// Sends a form and does not wait for its answer.
fn throw(url: &str, body: &str) -> TcpStream {
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let (length, kind) = (body.len(), form::TYPE);
    write!(
        stream,
        "POST /{path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n{kind}\r\n\r\n{body}"
    )
    .unwrap();
    stream
}

#[tokio::test]
async fn a_form_that_was_not_answered_is_sent_again_and_gives_the_same_page() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("store");
    let mut process = Process::start(&store, &ARGS).unwrap();
    apply(&process).await;
    let control = link(&process, "control").await;
    let answered = http::post(&control, &[form::TYPE], &chosen(&http::get(&control, &[])));
    let expected = said(&answered);
    assert!(expected.0.contains("No more: News."), "{}", expected.0);
    for delay in [0, 1, 2, 4, 8, 16, 32] {
        let customer_id = format!("killed-after-{delay}");
        let url = link(&process, &customer_id).await;
        let body = chosen(&http::get(&url, &[]));
        let stream = throw(&url, &body);
        tokio::time::sleep(Duration::from_millis(delay)).await;
        process.kill();
        drop(stream);
        process = Process::start(&store, &ARGS).unwrap();
        let url = moved(&url, &link(&process, &customer_id).await);
        for _ in 0..2 {
            let again = http::post(&url, &[form::TYPE], &body);
            assert_eq!(said(&again), expected, "killed after {delay} ms");
            assert_eq!(refuses(&process, &customer_id).await, 1, "it is noted once");
        }
    }
}

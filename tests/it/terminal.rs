//! What customers write does not steer a terminal, and reaches a file as it was written.

use std::process::Command;
use std::process::Stdio;

use courtesy::proto::v1;
use courtesy::proto::v1::customer_service_client::CustomerServiceClient;

use crate::crash::process::Process;
use crate::support::courtesy;

#[test]
fn an_export_to_a_terminal_shows_what_would_steer_it() {
    let store = tempfile::tempdir().unwrap();
    let process = Process::start(store.path(), &["--deadline-max", "30s"]).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let request = v1::HandleInboundMessageRequest {
        customer_id: "ada".to_owned(),
        channel: "email".to_owned(),
        text: "Please stop texting me \u{1b}[31mAPPROVED".to_owned(),
        request_id: "message-1".to_owned(),
        ..Default::default()
    };
    runtime.block_on(async {
        let mut customers = CustomerServiceClient::new(process.connect());
        customers.handle_inbound_message(request).await.unwrap();
    });
    let args = ["export", "--format", "csv", "--server", process.api()];
    let piped = courtesy(&args);
    assert!(piped.out.contains("texting me \u{1b}[31mAPPROVED"), "{piped:?}");
    // Runs it on a terminal of its own.
    let command = [&[env!("CARGO_BIN_EXE_courtesy")][..], &args].concat().join(" ");
    let mut script = Command::new("script");
    let shown = script.args(["-qec", &command, "/dev/null"]).stdin(Stdio::null()).output();
    let shown = String::from_utf8(shown.unwrap().stdout).unwrap();
    assert!(shown.contains("texting me \\u001b[31mAPPROVED"), "{shown:?}");
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}

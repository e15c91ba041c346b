//! The shop's sender, which continues while the demonstration is served, so that the screen of
//! decisions has something to show.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use tonic::transport::Channel;
use tonic::transport::Endpoint;

use super::dice::Dice;
use crate::proto::v1;
use crate::proto::v1::Effect;
use crate::proto::v1::contact_service_client::ContactServiceClient;

/// The number of contacts that it asks about at the beginning.
const AT_FIRST: u32 = 240;
/// The longest pause between two contacts.
const WAIT_MAX: Duration = Duration::from_secs(3);
/// Its contacts, the commonest most often.
const SENDS: [(&str, &str, &str); 8] = [
    ("email", "marketing", "winter-preview"),
    ("email", "marketing", "weekly-offers"),
    ("push", "marketing", "new-arrivals"),
    ("sms", "marketing", "vinyl-friday"),
    ("email", "transactional", "receipt"),
    ("sms", "transactional", "on-its-way"),
    ("email", "service_reply", "answer"),
    ("voice", "marketing", "call-back"),
];

/// Starts it, beside the server and as long as that. It ends where the server is gone.
pub(super) fn start(listen: SocketAddr, seed: u64) {
    let work = move || {
        let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = built else { return };
        if let Err(error) = runtime.block_on(send(listen, Dice::new(seed, u64::MAX))) {
            tracing::debug!(%error, "the demonstration's sender has ended");
        }
    };
    let started = thread::Builder::new().name("sender".to_owned()).spawn(work);
    if let Err(error) = started {
        tracing::warn!(%error, "the demonstration has no sender");
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[expect(clippy::disallowed_methods, reason = "a sender that sends now and then")]
async fn send(listen: SocketAddr, mut dice: Dice) -> Result<(), Failed> {
    let channel = Endpoint::from_shared(format!("http://{listen}"))?.connect().await?;
    let mut client = ContactServiceClient::new(channel);
    // Requests of an earlier run are no repetitions of these.
    let run = crate::cli::remote::request_id();
    for number in 0_u64.. {
        one(&mut client, &mut dice, format!("sender-{run}-{number}")).await?;
        if number > u64::from(AT_FIRST) {
            let millis = u32::try_from(WAIT_MAX.as_millis()).unwrap_or(u32::MAX);
            tokio::time::sleep(Duration::from_millis(u64::from(dice.below(millis)))).await;
        }
    }
    Ok(())
}

/// Asks about one contact, and makes it if it may be made.
async fn one(
    client: &mut ContactServiceClient<Channel>,
    dice: &mut Dice,
    request_id: String,
) -> Result<(), Failed> {
    let customer_id = format!("c-{:04}", 10 + dice.below(1_990));
    let send = dice.one_of(&SENDS).copied().unwrap_or(SENDS[0]);
    let (channel, purpose, campaign) = send;
    let contact = v1::Contact {
        customer_id: customer_id.clone(),
        channel: channel.to_owned(),
        purpose: purpose.to_owned(),
        campaign: Some(campaign.to_owned()),
        brand: Some("northwind".to_owned()),
        ..Default::default()
    };
    let request = v1::ReserveContactRequest {
        contact: Some(contact),
        request_id: request_id.clone(),
        hold: Some(prost_types::Duration { seconds: 600, nanos: 0 }),
        ..Default::default()
    };
    let answer = client.reserve_contact(request).await?.into_inner();
    // Some of what is allowed waits to be sent.
    if answer.decision.is_some_and(|it| it.effect() == Effect::Allow) && dice.happens(800) {
        let request = v1::ConfirmContactRequest { customer_id, request_id, ..Default::default() };
        client.confirm_contact(request).await?;
    }
    Ok(())
}

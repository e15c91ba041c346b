//! Makes the store: a server on a free port of this machine, whose clock runs through eight weeks
//! while it is sent the history.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tonic::transport::Endpoint;

use super::caller::Caller;
use super::people;
use super::policies;
use super::story;
use crate::cli::Error;
use crate::cli::signals::Signal;
use crate::clock::Clock;
use crate::clock::Setter;
use crate::model::Instant;
use crate::model::Span;
use crate::server;
use crate::server::Ready;
use crate::server::StorePlace;
use crate::zone::Zones;

/// The length of the history.
pub(super) const WEEKS: u32 = 8;
/// The longest that a call may take: the machine may be busy, and a chunk is large.
const PATIENCE: Duration = Duration::from_secs(60);

/// The numbers of things that were made.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Made {
    pub(super) customers: u64,
    pub(super) contacts: u64,
    pub(super) wishes: u64,
    pub(super) messages: u64,
    pub(super) revision: u64,
}

/// Makes it in an empty directory. A signal breaks it off.
pub(super) fn make(
    directory: &Path,
    (now, seed): (Instant, u64),
    zones: Arc<Zones>,
    mut signals: UnboundedReceiver<Signal>,
) -> Result<Made, Error> {
    let (clock, hand) = Clock::manual(now.minus(Span::from_days(WEEKS * 7)));
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let config = server::Config {
        listen: free,
        operations: None,
        pages: None,
        store: StorePlace::Embedded(directory.to_owned(), None),
        clock,
        deadline_max: PATIENCE,
        store_timeout: PATIENCE,
        ..server::Config::new(Arc::clone(&zones))
    };
    let (tell, told) = oneshot::channel();
    let mut started = Ok(());
    let ready = |ready: &Ready| {
        let listen = ready.listen;
        let work = move || {
            // Without a receiver the making was broken off.
            if let Err(unheard) = tell.send(told_to(listen, hand, (now, seed), &zones)) {
                tracing::debug!(done = unheard.is_ok(), "the making was broken off");
            }
        };
        started = thread::Builder::new().name("demo".to_owned()).spawn(work).map(drop);
    };
    let mut made = Err(Error::Input("the making was broken off".to_owned()));
    let finished = async {
        tokio::select! {
            Ok(done) = told => made = done,
            Some(_) = signals.recv() => {}
            else => {}
        }
    };
    server::run(&config, ready, finished)?;
    started?;
    made
}

fn told_to(
    listen: SocketAddr,
    hand: Setter,
    (now, seed): (Instant, u64),
    zones: &Zones,
) -> Result<Made, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let endpoint = Endpoint::from_shared(format!("http://{listen}"));
        let endpoint = endpoint.map_err(|error| Error::Input(error.to_string()))?;
        let channel = endpoint.connect().await;
        let channel = channel.map_err(|error| Error::Input(error.to_string()))?;
        history(&mut Caller::new(channel, hand), (now, seed), zones).await
    })
}

/// Eight weeks, in their order: the first policy and the customers, what happened to some of them,
/// and then the many contacts that others were sent, which are imported.
async fn history(
    caller: &mut Caller,
    (now, seed): (Instant, u64),
    zones: &Zones,
) -> Result<Made, Error> {
    let people = people::people(seed, now, zones)?;
    let customers = u64::try_from(people.len()).unwrap_or(u64::MAX);
    let revision = policies::first(caller, now).await?;
    let mut made = Made { customers, revision, ..Made::default() };
    people::introduce(caller, &people).await?;
    let mut events = story::events(now, zones)?;
    events.extend(policies::changes(now));
    events.sort_by_key(|(at, _)| *at);
    for (at, event) in events {
        caller.at(at);
        story::happen(caller, event, &mut made).await?;
    }
    caller.at(now);
    made.contacts = made.contacts.saturating_add(people::remember(caller, &people).await?);
    made.wishes = made.wishes.saturating_add(people::wish(caller, &people).await?);
    story::winter_preview(caller, &people).await?;
    Ok(made)
}

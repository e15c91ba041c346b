//! News of changed policies and pauses, and of changes in agendas, pushed by the instance that
//! makes a change. A message that is missed does no harm: every reader polls too.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::timeout;

use super::Shared;
use super::agenda::CHANGED;
use super::router::Lane;

/// The time for a server to accept the subscription.
const CONNECT_MAX: Duration = Duration::from_secs(1);
/// The pause before it subscribes again.
const PAUSE: Duration = Duration::from_secs(1);

impl Shared {
    /// Listens for as long as it is asked for, to one server after another.
    pub(super) async fn listen(self: Arc<Self>) {
        let mut pace = interval(PAUSE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            if let Err(why) = self.listen_once().await {
                tracing::debug!(why, "news of policies come by polling for now");
            }
        }
    }

    async fn listen_once(&self) -> Result<(), String> {
        let topology = self.router.topology.load_full();
        let shard = topology.shards.first().ok_or("no server is known")?;
        let setting = &self.router.setting;
        let client =
            setting.client(&shard.primary, Lane::Quick).map_err(|error| error.to_string())?;
        let listening = timeout(CONNECT_MAX, client.get_async_pubsub()).await;
        let listening = listening.map_err(|_elapsed| "it does not answer in time")?;
        let mut listening = listening.map_err(|error| error.to_string())?;
        let subscribed = listening.subscribe(self.layout.news()).await;
        subscribed.map_err(|error| error.to_string())?;
        let mut messages = listening.on_message();
        // Messages from before the subscription are not heard.
        self.changed.notify_one();
        while let Some(message) = messages.next().await {
            match message.get_payload_bytes() {
                CHANGED => self.changed.notify_one(),
                _ => self.news.notify_one(),
            }
        }
        Err("the connection has ended".to_owned())
    }
}

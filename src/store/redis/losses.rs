//! The keys that primaries throw away.

use futures_util::future::join_all;
use redis::Pipeline;

use super::Shared;
use super::address::Host;
use super::watch::line;
use super::watch::text;
use crate::store::Error;
use crate::store::Evictions;
use crate::store::Losses;
use crate::store::Why;

/// The policy by which a server throws nothing away.
const NONE: &str = "noeviction";

impl Shared {
    pub(super) async fn losses(&self) -> Result<Losses, Error> {
        let topology = self.router.topology.load_full();
        let asked = topology.shards.iter().map(|shard| self.evictions(&shard.primary));
        let (mut evictions, mut unsaid) = (Vec::new(), None);
        // A server that is away evicts nothing that could be asked for.
        for said in join_all(asked).await {
            match said {
                Ok(said) => evictions.push(said),
                Err(why) => unsaid = Some(why.text),
            }
        }
        if evictions.is_empty() {
            let why = unsaid.unwrap_or_else(|| "no server is known".to_owned());
            return Err(Error::Unavailable(why));
        }
        Ok(Losses { gone: None, evictions, unsaid })
    }

    async fn evictions(&self, host: &Host) -> Result<Evictions, Why> {
        let mut commands = Pipeline::new();
        for section in ["server", "stats", "memory"] {
            commands.cmd("INFO").arg(section);
        }
        let replies = self.ask(host, &commands).await?.into_iter();
        let said: Vec<String> = replies.map(|reply| text(Some(reply))).collect::<Result<_, _>>()?;
        let said = said.concat();
        let policy = line(&said, "maxmemory_policy").filter(|policy| policy != NONE);
        let keys = line(&said, "evicted_keys").and_then(|it| it.parse().ok());
        Ok(Evictions {
            server: host.to_string(),
            run: line(&said, "run_id").unwrap_or_default(),
            keys: keys.unwrap_or_default(),
            policy,
        })
    }
}

//! A stream of events beside the records, on one server.

use redis::Value;

use super::address::Kind;
use super::link::Breaks;
use super::link::Door;
use super::link::Link;
use super::router::Lane;
use super::setting::Setting;

/// A stream, which keeps about a given number of events.
#[derive(Debug)]
pub struct Stream {
    link: Link,
    key: String,
    length_max: u64,
}

impl Stream {
    /// The stream of this name behind the installation's prefix. Nothing is connected yet.
    ///
    /// # Errors
    /// If the address is not one server's.
    pub fn new(setting: &Setting, name: &str, length_max: u64) -> Result<Self, String> {
        let (Kind::Standalone, [host]) = (&setting.address.kind, &setting.address.hosts[..]) else {
            return Err("a stream is on one server, redis:// or rediss://".to_owned());
        };
        let door = Door { setting: setting.clone(), host: host.clone(), lane: Lane::Quick };
        let link = Link::new(door, Vec::new(), Breaks::default());
        Ok(Self { link, key: format!("{}{name}", setting.prefix), length_max })
    }

    /// Appends events, in one round trip. Nothing is sent again: what got no answer may be there.
    ///
    /// # Errors
    /// If not every one of them is known to be there.
    pub async fn append(&self, events: &[Vec<u8>]) -> Result<(), String> {
        let mut commands = redis::pipe();
        for event in events {
            let add = commands.cmd("XADD").arg(&self.key).arg("MAXLEN").arg("~");
            add.arg(self.length_max).arg("*").arg("event").arg(event);
        }
        let replies = self.link.send(&commands).await.map_err(|it| it.why().to_owned())?;
        let refused = replies.into_iter().find_map(|reply| Value::extract_error(reply).err());
        refused.map_or(Ok(()), |error| Err(error.to_string()))
    }
}

//! The servers and their keys.

use redis::FromRedisValue;
use redis::Value;

use super::address::Host;

/// The number of slots of a cluster's keys.
const SLOTS: usize = 16_384;

/// The servers and their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Topology {
    /// The primaries, in the order of their first slots.
    pub(super) shards: Vec<Shard>,
    /// The position of the shard of each slot; empty if one shard has all.
    slots: Vec<Option<u16>>,
}

/// A primary and those that can take its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// The primary.
    pub(super) primary: Host,
    /// The number of replicas, including those that do not answer now.
    pub(super) replicas: u32,
}

impl Topology {
    /// One primary that has all keys.
    pub(super) fn of_one(shard: Shard) -> Self {
        Self { shards: vec![shard], slots: Vec::new() }
    }

    /// The position of the shard that has a key; `None` if no server has its slot.
    pub(super) fn position(&self, key: &[u8]) -> Option<usize> {
        if self.slots.is_empty() {
            return (!self.shards.is_empty()).then_some(0);
        }
        self.slots.get(slot(key)).copied().flatten().map(usize::from)
    }

    /// Whether every key has a server.
    pub(super) fn is_complete(&self) -> bool {
        !self.shards.is_empty() && self.slots.iter().all(Option::is_some)
    }

    /// Every server that `CLUSTER SHARDS` names.
    pub(super) fn hosts(reply: &Value, asked: &Host, tls: bool) -> Vec<Host> {
        let shards = Vec::<Value>::from_redis_value(reply.clone()).unwrap_or_default();
        let nodes = shards.iter().filter_map(|shard| field(shard, "nodes"));
        let nodes = nodes.filter_map(|it| Vec::<Value>::from_redis_value(it).ok()).flatten();
        nodes.filter_map(|node| host(&node, asked, tls)).collect()
    }

    /// Reads what `CLUSTER SHARDS` answers. A server that does not know its own address is where it
    /// was `asked`.
    pub(super) fn of_cluster(reply: Value, asked: &Host, tls: bool) -> Option<Self> {
        let mut found = Vec::new();
        for shard in Vec::<Value>::from_redis_value(reply).ok()? {
            let ranges = Vec::<usize>::from_redis_value(field(&shard, "slots")?).ok()?;
            let mut primary = None;
            let mut replicas = 0;
            for node in Vec::<Value>::from_redis_value(field(&shard, "nodes")?).ok()? {
                let text = |name| String::from_redis_value(field(&node, name)?).ok();
                match text("role")?.as_str() {
                    // The one that has failed is still listed beside the one that took its place.
                    "master" if text("health").as_deref() != Some("fail") => {
                        primary = Some(host(&node, asked, tls)?);
                    }
                    _ => replicas += 1,
                }
            }
            let ranges: Vec<(usize, usize)> = ranges
                .chunks_exact(2)
                .filter_map(|range| Some((*range.first()?, *range.last()?)))
                .collect();
            if let (Some(primary), Some(first)) = (primary, ranges.first()) {
                found.push((*first, ranges, Shard { primary, replicas }));
            }
        }
        found.sort_by_key(|(first, _, _)| *first);
        let mut topology = Self { shards: Vec::new(), slots: vec![None; SLOTS] };
        for (position, (_, ranges, shard)) in found.into_iter().enumerate() {
            for (from, to) in ranges {
                let slots = topology.slots.get_mut(from..=to)?;
                slots.fill(Some(u16::try_from(position).ok()?));
            }
            topology.shards.push(shard);
        }
        Some(topology)
    }
}

/// A field of a reply that is a map, or a list of names and values.
pub(super) fn field(reply: &Value, name: &str) -> Option<Value> {
    let is_it = |key: &Value| matches!(key, Value::BulkString(it) if it == name.as_bytes());
    let (_, value) = reply.as_map_iter()?.find(|(key, _)| is_it(key))?;
    Some(value.clone())
}

fn host(node: &Value, asked: &Host, tls: bool) -> Option<Host> {
    let name = field(node, "endpoint").and_then(|it| String::from_redis_value(it).ok());
    let name = name.filter(|name| !name.is_empty() && name != "?");
    let port = if tls { field(node, "tls-port") } else { None }.or_else(|| field(node, "port"));
    let name = name.unwrap_or_else(|| asked.name.clone());
    Some(Host { name, port: u16::from_redis_value(port?).ok()? })
}

/// The slot of a key: CRC-16/XMODEM of what stands in the first braces, or of all of it.
pub(super) fn slot(key: &[u8]) -> usize {
    let open = key.iter().position(|byte| *byte == b'{');
    let hashed = open.and_then(|open| {
        let rest = key.get(open + 1..)?;
        let close = rest.iter().position(|byte| *byte == b'}')?;
        rest.get(..close).filter(|tag| !tag.is_empty())
    });
    usize::from(crc16::State::<crc16::XMODEM>::calculate(hashed.unwrap_or(key))) % SLOTS
}

//! More shards carry more. Each primary gets a small part of a core, and the customers that are
//! asked about are on one, two or all three of them.

use crate::Effort;
use crate::ask;
use crate::ask::About;
use crate::ask::Line;
use crate::cluster;
use crate::cluster::Cluster;
use crate::group::Group;
use crate::table;

/// What a primary may use, in thousandths of a core.
const PART: u64 = 20;
/// How many instances ask them.
const INSTANCES: usize = 3;
/// How many calls are in flight for each shard.
const IN_FLIGHT_EACH: usize = 32;

pub(crate) async fn measure(effort: Effort) -> String {
    let cluster = Cluster::start().await;
    let (_places, instances) = cluster.instances(INSTANCES).await;
    let primaries = cluster.servers.iter().take(cluster::PRIMARIES.into());
    let primaries: Vec<_> = primaries.map(|it| &it.process).collect();
    let limits: Vec<Group> = primaries.iter().map(|it| Group::limit(it, PART)).collect();
    let lines = (1..=cluster::PRIMARIES).map(|shards| {
        let there = (0..cluster::CUSTOMERS).filter(|it| Cluster::primary_of(*it) < shards);
        Line {
            cells: vec![shards.to_string()],
            servers: instances.iter().collect(),
            redis: primaries.clone(),
            about: About::These(there.collect::<Vec<u64>>().leak()),
            in_flight: IN_FLIGHT_EACH * usize::from(shards),
        }
    });
    let lines: Vec<Line<'_>> = lines.collect();
    let results = ask::all(&lines, effort).await;
    drop(limits);
    let heads = [format!("shards, each primary {} % of a core", PART / 10)];
    table::rates(&heads.each_ref().map(String::as_str), &lines, &results)
}

//! More instances in front of one cluster answer more. Here all of them share a few cores, so each
//! gets a small part of one, as if a machine of its own were so slow; Redis gets what it wants.

use crate::Effort;
use crate::ask;
use crate::ask::About;
use crate::ask::Line;
use crate::cluster;
use crate::cluster::Cluster;
use crate::group::Group;
use crate::servers::Redis;
use crate::table;

const INSTANCES: [usize; 4] = [1, 2, 4, 6];
/// What an instance may use, in thousandths of a core.
const PART: u64 = 60;
/// How many calls each instance has in flight.
const IN_FLIGHT_EACH: usize = 16;

pub(crate) async fn measure(effort: Effort) -> String {
    let cluster = Cluster::start().await;
    let most = INSTANCES.into_iter().max().unwrap();
    let (_places, instances) = cluster.instances(most).await;
    let lines = INSTANCES.map(|count| Line {
        cells: vec![count.to_string()],
        servers: instances.iter().take(count).collect(),
        redis: cluster.servers.iter().map(|it: &Redis| &it.process).collect(),
        about: About::Of { tenant: "default".to_owned(), customers: cluster::CUSTOMERS },
        in_flight: IN_FLIGHT_EACH * count,
    });
    let heads = ["instances, as much as they want"];
    let unlimited = table::rates(&heads, &lines, &ask::all(&lines, effort).await);
    let limits: Vec<Group> = instances.iter().map(|it| Group::limit(&it.process, PART)).collect();
    let heads = [format!("instances, each {} % of a core", PART / 10)];
    let heads = heads.each_ref().map(String::as_str);
    let limited = table::rates(&heads, &lines, &ask::all(&lines, effort).await);
    drop(limits);
    limited + "\n" + &unlimited
}

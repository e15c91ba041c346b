//! How many instances and shards a load needs: what was measured, times the load, with room to spare.
//!
//! Integers only, and rounded up: a plan is never smaller than what it says it is for.

mod cost;
mod count;
#[cfg(test)]
mod tests;

pub use count::count;

use crate::model::history::CONTACTS_MAX;

/// How busy a core may be, in percent: the rest is for peaks, and for when something is broken.
pub const PROCESSOR_PERCENT: u64 = 50;
/// How full the memory of a shard may be, in percent.
pub const MEMORY_PERCENT: u64 = 75;
/// How busy the network of a shard may be, in percent.
pub const NETWORK_PERCENT: u64 = 50;
/// What a shard's network carries each way, in bytes a second: one Gbit/s, which is an assumption.
pub const SHARD_NETWORK: u64 = 125_000_000;
/// One instance may fail, or be replaced.
pub const INSTANCES_SPARE: u64 = 1;
/// One shard may be emptied into the others.
pub const SHARDS_SPARE: u64 = 1;
/// A cluster of fewer primaries cannot agree on who takes over.
pub const SHARDS_MIN: u64 = 3;
/// How many hours of a day contacts fall into where nobody says how many there are a second. An assumption.
pub const SENDING_HOURS: u64 = 8;
/// Each contact is written twice: reserved, and confirmed. A confirmation is taken to cost what a
/// reservation does, which has not been measured.
pub const WRITES_PER_CONTACT: u64 = 2;
/// What a call and its answer weigh between caller and instance, in bytes. An assumption.
pub const CALL_BYTES: u64 = 1_024;
/// How many days a month has.
pub const MONTH_DAYS: u64 = 30;

const GIB: u64 = 1 << 30;
const NANOSECONDS: u64 = 1_000_000_000;
const CUSTOMERS_MAX: u64 = 100_000_000_000;
const CONTACTS_PER_MONTH_MAX: u64 = 10_000;
const RATE_MAX: u64 = 1_000_000_000;

/// What is to be carried, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// How many customers are on record.
    pub customers: u64,
    /// How many contacts each has in 30 days.
    pub contacts_per_month: u64,
    /// How many checks come in a second, at the peak.
    pub checks_per_second: u64,
    /// How many reservations come in a second, at the peak; none is the contacts of a day in eight hours.
    pub reservations_per_second: Option<u64>,
    /// How far the policy looks back, in days.
    pub retention_days: u64,
    /// How many cores an instance has.
    pub cores_per_instance: u64,
    /// The `maxmemory` of a shard, in GiB.
    pub shard_gib: u64,
    /// How many replicas a primary has.
    pub replicas: u64,
}

/// What decides how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Processor time.
    Processor,
    /// Memory for records.
    Memory,
    /// The network between Redis, instances and replicas.
    Network,
    /// The load is so small that it is the fewest there may be.
    Fewest,
}

/// What a load needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many contacts a customer has on record.
    pub contacts_kept: u64,
    /// What a customer takes in Redis, in bytes.
    pub record_bytes: u64,
    /// How many reservations a second are planned for.
    pub reservations_per_second: u64,
    /// How many cores the instances need, without the spare instance.
    pub cores: u64,
    /// How many instances, with the spare one.
    pub instances: u64,
    /// What decides it.
    pub instances_limit: Limit,
    /// How many shards the processor time of Redis needs, one core each.
    pub shards_for_processor: u64,
    /// How many shards the records need.
    pub shards_for_memory: u64,
    /// How many shards the network needs.
    pub shards_for_network: u64,
    /// How many shards, with the spare one.
    pub shards: u64,
    /// What decides it.
    pub shards_limit: Limit,
    /// How many Redis servers: primaries and replicas.
    pub redis_servers: u64,
    /// What all records take, in bytes, on primaries only.
    pub records_bytes: u64,
    /// The memory of a machine that has one Redis server, in GiB.
    pub machine_gib: u64,
    /// What goes between callers and instances, in bytes a second.
    pub callers_network: u64,
    /// What all primaries send, to instances and replicas, in bytes a second.
    pub redis_network: u64,
    /// What all primaries append to their logs in a day, in bytes; replicas append the same.
    pub log_bytes_per_day: u64,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A number that is too small or too large.
    #[error("{what} must be from {min} to {max}, not {found}")]
    Range {
        /// Which number.
        what: &'static str,
        /// The least it may be.
        min: u64,
        /// The most it may be.
        max: u64,
        /// What it is.
        found: u64,
    },
    /// More contacts than a record holds.
    #[error(
        "a record holds at most {CONTACTS_MAX} contacts, and {contacts_per_month} a month for \
         {retention_days} days are {kept}: look back for less"
    )]
    Contacts {
        /// How many there are in a month.
        contacts_per_month: u64,
        /// How many days are kept.
        retention_days: u64,
        /// How many that is.
        kept: u64,
    },
    /// A rate that does not make the contacts that were named.
    #[error(
        "{rate} reservations a second are at most {most} a day, but the customers have {contacts} \
         contacts a day"
    )]
    Reservations {
        /// Reservations a second.
        rate: u64,
        /// How many that is in a day.
        most: u64,
        /// How many contacts there are in a day.
        contacts: u64,
    },
}

/// What a load needs.
///
/// # Errors
/// If a number is out of its bounds, or two of them contradict each other.
pub fn plan(load: &Load) -> Result<Plan, Error> {
    check(load)?;
    let contacts_kept = (load.contacts_per_month * load.retention_days).div_ceil(MONTH_DAYS);
    if contacts_kept > u64::try_from(CONTACTS_MAX).unwrap_or(u64::MAX) {
        let (contacts_per_month, retention_days) = (load.contacts_per_month, load.retention_days);
        return Err(Error::Contacts { contacts_per_month, retention_days, kept: contacts_kept });
    }
    let contacts_per_day = (load.customers * load.contacts_per_month).div_ceil(MONTH_DAYS);
    let reservations = reservations(load, contacts_per_day)?;
    let writes = reservations * WRITES_PER_CONTACT;
    let record_bytes = cost::record_bytes(contacts_kept, load.contacts_per_month);

    let server = load.checks_per_second * cost::SERVER_CHECK.at(contacts_kept)
        + writes * cost::SERVER_WRITE.at(contacts_kept);
    let redis = load.checks_per_second * cost::REDIS_CHECK.at(contacts_kept)
        + writes * cost::REDIS_WRITE.at(contacts_kept);
    let cores = shares(server, NANOSECONDS, PROCESSOR_PERCENT);
    let carrying = cores.div_ceil(load.cores_per_instance);

    // A check reads a record; a write reads one, and sends the new one to each replica.
    let redis_network = (load.checks_per_second + writes + writes * load.replicas) * record_bytes;
    let records_bytes = load.customers * record_bytes;
    let shards_for_processor = shares(redis, NANOSECONDS, PROCESSOR_PERCENT);
    let shards_for_memory = shares(records_bytes, load.shard_gib * GIB, MEMORY_PERCENT);
    let shards_for_network = shares(redis_network, SHARD_NETWORK, NETWORK_PERCENT);
    let most = shards_for_processor.max(shards_for_memory).max(shards_for_network);
    let shards = (most + SHARDS_SPARE).max(SHARDS_MIN);

    Ok(Plan {
        contacts_kept,
        record_bytes,
        reservations_per_second: reservations,
        cores,
        instances: carrying + INSTANCES_SPARE,
        instances_limit: if carrying == 1 { Limit::Fewest } else { Limit::Processor },
        shards_for_processor,
        shards_for_memory,
        shards_for_network,
        shards,
        shards_limit: if most + SHARDS_SPARE < SHARDS_MIN {
            Limit::Fewest
        } else if shards_for_memory == most {
            Limit::Memory
        } else if shards_for_processor == most {
            Limit::Processor
        } else {
            Limit::Network
        },
        redis_servers: shards * (1 + load.replicas),
        records_bytes,
        machine_gib: load.shard_gib * 2,
        callers_network: (load.checks_per_second + writes) * CALL_BYTES,
        redis_network,
        log_bytes_per_day: contacts_per_day * WRITES_PER_CONTACT * record_bytes,
    })
}

/// The bounds keep every product below what 64 bits hold.
fn check(load: &Load) -> Result<(), Error> {
    let rate = load.reservations_per_second.unwrap_or(0);
    for (what, found, min, max) in [
        ("customers", load.customers, 1, CUSTOMERS_MAX),
        ("contacts per month", load.contacts_per_month, 0, CONTACTS_PER_MONTH_MAX),
        ("checks per second", load.checks_per_second, 0, RATE_MAX),
        ("reservations per second", rate, 0, RATE_MAX),
        ("retention days", load.retention_days, 1, 3_650),
        ("cores per instance", load.cores_per_instance, 1, 1_024),
        ("GiB per shard", load.shard_gib, 1, 4_096),
        ("replicas", load.replicas, 1, 5),
    ] {
        if found < min || found > max {
            return Err(Error::Range { what, min, max, found });
        }
    }
    Ok(())
}

fn reservations(load: &Load, contacts_per_day: u64) -> Result<u64, Error> {
    let Some(rate) = load.reservations_per_second else {
        return Ok(contacts_per_day.div_ceil(SENDING_HOURS * 3_600));
    };
    let most = rate * 86_400;
    if most < contacts_per_day {
        return Err(Error::Reservations { rate, most, contacts: contacts_per_day });
    }
    Ok(rate)
}

/// How many of something carry an amount if each carries a part of what it could; at least one.
const fn shares(amount: u64, each: u64, percent: u64) -> u64 {
    let shares = amount.div_ceil(each / 100 * percent);
    if shares == 0 { 1 } else { shares }
}

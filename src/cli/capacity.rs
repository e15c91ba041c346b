//! `courtesy capacity`: how many instances and Redis servers a load needs.

use std::io;
use std::io::Write;

use serde_json::Value;
use serde_json::json;

use crate::capacity;
use crate::capacity::Limit;
use crate::capacity::Load;
use crate::capacity::Plan;
use crate::capacity::count;
use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::output;
use crate::cli::output::grouped;

/// The command's arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many customers are on record, such as 200e6, 200M or 200_000_000
    #[arg(long, value_name = "COUNT", value_parser = count)]
    customers: u64,
    /// How many contacts each customer has in 30 days
    #[arg(long, value_name = "COUNT", value_parser = count)]
    contacts_per_month: u64,
    /// How many checks come in a second, at the peak
    #[arg(long, value_name = "COUNT", value_parser = count)]
    checks_per_second: u64,
    /// How many reservations come in a second, at the peak; without it, the contacts of a day in
    /// eight hours
    #[arg(long, value_name = "COUNT", value_parser = count)]
    reservations_per_second: Option<u64>,
    /// How many days the policy looks back
    #[arg(long, value_name = "DAYS", value_parser = count, default_value = "90")]
    retention_days: u64,
    /// How many cores an instance has
    #[arg(long, value_name = "COUNT", value_parser = count, default_value = "4")]
    cores_per_instance: u64,
    /// The `maxmemory` of each Redis server, in GiB; its machine has twice that
    #[arg(long, value_name = "GIB", value_parser = count, default_value = "16")]
    shard_gib: u64,
    /// How many replicas each primary has
    #[arg(long, value_name = "COUNT", value_parser = count, default_value = "1")]
    replicas: u64,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Outcome, Error> {
    let load = Load {
        customers: args.customers,
        contacts_per_month: args.contacts_per_month,
        checks_per_second: args.checks_per_second,
        reservations_per_second: args.reservations_per_second,
        retention_days: args.retention_days,
        cores_per_instance: args.cores_per_instance,
        shard_gib: args.shard_gib,
        replicas: args.replicas,
    };
    let plan = capacity::plan(&load).map_err(|error| Error::Input(error.to_string()))?;
    if args.json {
        output::write_json(&to_json(&load, &plan), out)?;
    } else {
        write_load(&load, &plan, out)?;
        write_plan(&load, &plan, out)?;
        write_basis(out)?;
    }
    Ok(Outcome::Yes)
}

fn write_load(load: &Load, plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} customers with {} contacts a month; {} on record in {} days, {} bytes in Redis",
        grouped(load.customers),
        grouped(load.contacts_per_month),
        grouped(plan.contacts_kept),
        grouped(load.retention_days),
        grouped(plan.record_bytes),
    )?;
    writeln!(
        out,
        "{} checks and {} reservations a second at the peak, each of these confirmed\n",
        grouped(load.checks_per_second),
        grouped(plan.reservations_per_second),
    )
}

fn write_plan(load: &Load, plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let mut table = output::table(["WHAT", "NEEDED", "DETAIL", "DECIDED BY"]);
    table.add_row([
        "instances".to_owned(),
        grouped(plan.instances),
        format!("{} cores each; {} cores carry it", load.cores_per_instance, grouped(plan.cores)),
        limit(plan.instances_limit).to_owned(),
    ]);
    table.add_row([
        "shards".to_owned(),
        grouped(plan.shards),
        format!(
            "processor {}, memory {}, network {}; one spare",
            grouped(plan.shards_for_processor),
            grouped(plan.shards_for_memory),
            grouped(plan.shards_for_network),
        ),
        limit(plan.shards_limit).to_owned(),
    ]);
    let of_shard =
        format!("{} primaries, replicas of each: {}", grouped(plan.shards), load.replicas);
    let rest = [
        ("Redis servers", grouped(plan.redis_servers), of_shard),
        (
            "memory per server",
            format!("{} GiB", plan.machine_gib),
            format!(
                "maxmemory {} GiB; records {} in all",
                load.shard_gib,
                size(plan.records_bytes)
            ),
        ),
        (
            "network, callers",
            format!("{}/s", size(plan.callers_network)),
            "calls and answers".to_owned(),
        ),
        (
            "network, Redis",
            format!("{}/s", size(plan.redis_network)),
            format!("{}/s from each primary", size(plan.redis_network.div_ceil(plan.shards))),
        ),
        (
            "log per day",
            size(plan.log_bytes_per_day),
            format!(
                "{} on each server, before rewriting",
                size(plan.log_bytes_per_day.div_ceil(plan.shards))
            ),
        ),
    ];
    for (what, needed, detail) in rest {
        table.add_row([what.to_owned(), needed, detail, String::new()]);
    }
    output::write_table(&table, out)
}

/// What the numbers stand on, so that nobody takes them for more.
fn write_basis(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\nProcessors at {} %, memory at {} %, a network of 1 Gbit/s at {} %; one instance may \
         fail,\none shard may be emptied. Calls one by one, as docs/performance.md measured them on two \
         cores.\nInstances and shards are taken to add up: six and three did, on one machine\n(docs/scaling.md); \
         nobody has tried more.",
        capacity::PROCESSOR_PERCENT,
        capacity::MEMORY_PERCENT,
        capacity::NETWORK_PERCENT,
    )
}

fn to_json(load: &Load, plan: &Plan) -> Value {
    json!({
        "load": {
            "customers": load.customers,
            "contacts_per_month": load.contacts_per_month,
            "checks_per_second": load.checks_per_second,
            "reservations_per_second": plan.reservations_per_second,
            "retention_days": load.retention_days,
        },
        "record": {"contacts": plan.contacts_kept, "bytes": plan.record_bytes},
        "instances": {
            "count": plan.instances,
            "cores_each": load.cores_per_instance,
            "cores_needed": plan.cores,
            "decided_by": limit(plan.instances_limit),
        },
        "shards": {
            "count": plan.shards,
            "for_processor": plan.shards_for_processor,
            "for_memory": plan.shards_for_memory,
            "for_network": plan.shards_for_network,
            "decided_by": limit(plan.shards_limit),
            "replicas_each": load.replicas,
            "servers": plan.redis_servers,
            "maxmemory_gib": load.shard_gib,
            "machine_gib": plan.machine_gib,
            "records_bytes": plan.records_bytes,
        },
        "network": {
            "callers_bytes_per_second": plan.callers_network,
            "redis_bytes_per_second": plan.redis_network,
        },
        "log_bytes_per_day": plan.log_bytes_per_day,
    })
}

const fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::Processor => "processor",
        Limit::Memory => "memory",
        Limit::Network => "network",
        Limit::Fewest => "fewest",
    }
}

/// Bytes in the largest unit of which there are ten or more, rounded up.
fn size(bytes: u64) -> String {
    let mut amount = bytes;
    for unit in ["B", "kB", "MB", "GB"] {
        if amount < 10_000 {
            return format!("{} {unit}", grouped(amount));
        }
        amount = amount.div_ceil(1_000);
    }
    format!("{} TB", grouped(amount))
}

//! The arithmetic against numbers worked out by hand, and the constants against the documents.

use std::fs;
use std::path::Path;

use super::Error;
use super::Limit;
use super::Load;
use super::cost;
use super::cost::Cost;
use super::count;
use super::plan;

const LOAD: Load = Load {
    customers: 200_000_000,
    contacts_per_month: 12,
    checks_per_second: 50_000,
    reservations_per_second: None,
    retention_days: 90,
    cores_per_instance: 4,
    shard_gib: 16,
    replicas: 1,
};

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// The medians of server and Redis in a row of the table, in nanoseconds.
fn measured(text: &str, contender: &str, history: u64) -> (u64, u64) {
    let begin = format!("| {contender} | {history} | 16 |");
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with(&begin)).collect();
    assert_eq!(rows.len(), 1, "{begin}: {rows:?}");
    let cells: Vec<_> = rows[0].split('|').map(str::trim).collect();
    let nanoseconds = |cell: &str| {
        let (whole, tenths) = cell.split(' ').next().unwrap().split_once('.').unwrap();
        assert_eq!(tenths.len(), 1, "{cell}");
        format!("{whole}{tenths}00").parse().unwrap()
    };
    (nanoseconds(cells[7]), nanoseconds(cells[9]))
}

#[test]
fn costs_are_those_that_were_measured() {
    let text = document("performance.md");
    let header = text.lines().find(|line| line.starts_with("| contender |")).unwrap();
    let columns: Vec<_> = header.split('|').map(str::trim).collect();
    assert_eq!((columns[7], columns[9]), ("server µs/contact", "Redis µs/contact"));
    for (contender, server, redis) in [
        ("redis: check, allowed", cost::SERVER_CHECK, cost::REDIS_CHECK),
        ("redis: reserve, allowed", cost::SERVER_WRITE, cost::REDIS_WRITE),
    ] {
        let short = (server.short, redis.short);
        assert_eq!(short, measured(&text, contender, cost::SHORT), "{contender}");
        let long = (server.long, redis.long);
        assert_eq!(long, measured(&text, contender, cost::LONG), "{contender}");
    }
}

#[test]
fn sizes_are_those_of_the_runbook() {
    let text = document("redis.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        format!(
            "A customer with {} contacts and 3 opt-outs takes **{} bytes**",
            cost::SHORT,
            cost::RECORD_BYTES
        ),
        format!("for the key and Redis's own, {} for each contact", cost::CONTACT_BYTES),
        format!(
            "For {} hours each request id that was named takes {} bytes more",
            cost::REQUEST_HOURS,
            cost::REQUEST_BYTES
        ),
    ] {
        assert!(text.contains(&words), "docs/redis.md does not say: {words}");
    }
}

#[test]
fn a_cost_follows_the_line_through_what_was_measured() {
    let cost = Cost { short: 1_000, long: 1_270 };
    for (contacts, expected) in [(0, 1_000), (30, 1_000), (31, 1_001), (300, 1_270), (570, 1_540)] {
        assert_eq!(cost.at(contacts), expected, "{contacts} contacts");
    }
}

#[test]
fn a_record_grows_with_contacts_and_recent_requests() {
    // 408 with 30 contacts; five for each that is more or less; 49 for each contact of two days.
    for (kept, per_month, bytes) in
        [(30, 0, 408), (0, 0, 258), (36, 0, 438), (36, 12, 438 + 40), (300, 100, 1_758 + 327)]
    {
        assert_eq!(cost::record_bytes(kept, per_month), bytes, "{kept} kept, {per_month} a month");
    }
}

/// 36 contacts on record. Courtesy: 50,000 × 43.000 µs + 5,556 × 70.216 µs = 2.54 s of processor each second, twice that
/// is 6 cores, two instances and a spare. Redis: 50,000 × 7.514 µs + 5,556 × 23.178 µs = 0.50 s, 2 shards.
/// Records: 200 million × 478 bytes = 95.6 GB in shares of 12 GiB, 8 shards and a spare.
#[test]
fn the_example_is_what_one_works_out_by_hand() {
    let plan = plan(&LOAD).unwrap();
    assert_eq!((plan.contacts_kept, plan.record_bytes), (36, 478));
    // 80 million contacts a day in 28,800 seconds.
    assert_eq!(plan.reservations_per_second, 2_778);
    assert_eq!((plan.cores, plan.instances, plan.instances_limit), (6, 3, Limit::Processor));
    let shards =
        (plan.shards_for_processor, plan.shards_for_memory, plan.shards_for_network, plan.shards);
    assert_eq!(shards, (2, 8, 1, 9));
    assert_eq!((plan.shards_limit, plan.redis_servers), (Limit::Memory, 18));
    assert_eq!(plan.records_bytes, 95_600_000_000);
    assert_eq!(plan.redis_network, (50_000 + 2 * 5_556) * 478);
    assert_eq!(plan.callers_network, 55_556 * 1_024);
    assert_eq!(plan.log_bytes_per_day, 160_000_000 * 478);
}

#[test]
fn what_is_scarce_decides() {
    // Per case: the load; instances and what decides them; shards and what decides them.
    let small = Load { customers: 1_000, checks_per_second: 10, ..LOAD };
    let asked = Load { customers: 1_000_000, checks_per_second: 500_000, ..LOAD };
    let wide =
        Load { customers: 1_000_000, contacts_per_month: 300, checks_per_second: 300_000, ..LOAD };
    for (name, load, instances, shards) in [
        // One core in reserve; two shards would do, and a cluster needs three.
        ("small", small, (2, Limit::Fewest), (3, Limit::Fewest)),
        // 500,000 × 43.000 µs is 21.5 s, 44 cores with the writes; Redis 500,000 × 7.514 µs, 3.76 s, 8 shards.
        ("asked", asked, (12, Limit::Processor), (9, Limit::Processor)),
        // 900 contacts on record, 5,738 bytes each. Courtesy: 26.0 s, 53 cores; Redis: 2.9 s, 6 shards;
        // 301,392 × 5,738 bytes are 1.73 GB/s, 28 networks half busy.
        ("wide", wide, (15, Limit::Processor), (29, Limit::Network)),
    ] {
        let plan = plan(&load).unwrap();
        assert_eq!((plan.instances, plan.instances_limit), instances, "{name}: {plan:?}");
        assert_eq!((plan.shards, plan.shards_limit), shards, "{name}: {plan:?}");
    }
}

#[test]
fn more_of_anything_never_needs_less() {
    let before = plan(&LOAD).unwrap();
    for load in [
        Load { customers: 400_000_000, ..LOAD },
        Load { contacts_per_month: 24, ..LOAD },
        Load { checks_per_second: 100_000, ..LOAD },
        Load { reservations_per_second: Some(20_000), ..LOAD },
        Load { retention_days: 365, ..LOAD },
        Load { replicas: 2, ..LOAD },
    ] {
        let after = plan(&load).unwrap();
        assert!(after.instances >= before.instances, "{load:?}: {after:?}");
        assert!(after.shards >= before.shards, "{load:?}: {after:?}");
        assert!(after.redis_network >= before.redis_network, "{load:?}: {after:?}");
        assert_ne!(after, before, "{load:?} changes nothing");
    }
}

#[test]
fn the_largest_load_does_not_overflow() {
    let load = Load {
        customers: 100_000_000_000,
        contacts_per_month: 10_000,
        checks_per_second: 1_000_000_000,
        retention_days: 3,
        cores_per_instance: 1,
        shard_gib: 1,
        replicas: 5,
        ..LOAD
    };
    let most = plan(&load).unwrap();
    assert_eq!(most.contacts_kept, 1_000);
    assert!(most.log_bytes_per_day > 1 << 60, "{most:?}");
}

#[test]
fn what_cannot_be_is_refused() {
    for (load, words) in [
        (Load { customers: 0, ..LOAD }, "customers must be from 1 to 100000000000, not 0"),
        (Load { replicas: 0, ..LOAD }, "replicas must be from 1 to 5, not 0"),
        (Load { retention_days: 4_000, ..LOAD }, "retention days must be from 1 to 3650, not 4000"),
        (
            Load { contacts_per_month: 400, ..LOAD },
            "a record holds at most 1000 contacts, and 400 a month for 90 days are 1200: look back \
             for less",
        ),
        (
            Load { reservations_per_second: Some(10), ..LOAD },
            "10 reservations a second are at most 864000 a day, but the customers have 80000000 \
             contacts a day",
        ),
    ] {
        assert_eq!(plan(&load).map_err(|it: Error| it.to_string()), Err(words.to_owned()));
    }
}

#[test]
fn counts_are_read_as_people_write_them() {
    for (text, expected) in [
        ("0", 0),
        ("12", 12),
        ("200e6", 200_000_000),
        ("200M", 200_000_000),
        ("200_000_000", 200_000_000),
        ("1.5e6", 1_500_000),
        ("1.5k", 1_500),
        ("2G", 2_000_000_000),
        ("12e0", 12),
    ] {
        assert_eq!(count(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_count_is_refused() {
    let how = "write a count such as 200000000, 200_000_000, 200e6 or 200M";
    for (text, words) in [
        ("", how),
        ("many", how),
        ("-5", how),
        ("1e", how),
        ("1e-3", how),
        ("e6", how),
        ("1.", how),
        (".5M", how),
        ("1.2.3M", how),
        ("200 M", how),
        ("0.5", "it is no whole number"),
        ("1.2345k", "it is no whole number"),
        ("1e30", "it is too large"),
        ("99999999999999999999", "it is too large"),
    ] {
        assert_eq!(count(text), Err(words.to_owned()), "{text:?}");
    }
}

//! Metrics of the process's use of its machine, under the names that every dashboard for processes
//! knows, and of its store's use of the disk. Both are read when metrics are scraped. A value that
//! the system does not give is left out.

use std::fmt;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::encoding::EncodeMetric;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// The number of milliseconds of one of the system's ticks: a hundred are a second for every
/// program.
const TICK_MILLIS: u64 = 10;
/// The most directories of a store that are looked into.
const DIRECTORIES_MAX: usize = 10_000;

/// The directory of an embedded store, once that is known.
pub(super) type StoreDirectory = Arc<OnceLock<PathBuf>>;

/// Registers both. The directory can be set later.
pub(super) fn register(registry: &mut Registry) -> StoreDirectory {
    let directory = StoreDirectory::default();
    registry.register_collector(Box::new(Process));
    registry.register_collector(Box::new(Disk(Arc::clone(&directory))));
    directory
}

#[derive(Debug)]
struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        if let Some(cpu) = stat(CPU_USER).zip(stat(CPU_SYSTEM)) {
            let ticks = cpu.0.saturating_add(cpu.1);
            let seconds = Duration::from_millis(ticks.saturating_mul(TICK_MILLIS)).as_secs_f64();
            let counter = ConstCounter::new(seconds);
            let help = "Time of processors that the process has taken";
            let kind = counter.metric_type();
            counter.encode(encoder.encode_descriptor(
                "process_cpu_seconds",
                help,
                None,
                kind,
            )?)?;
        }
        let began = stat(STARTED).zip(booted()).map(|(ticks, boot)| {
            let millis = ticks.saturating_mul(TICK_MILLIS);
            boot.saturating_add(millis / 1_000)
        });
        let gauges = [
            (
                "process_resident_memory_bytes",
                "Memory that the process has in use",
                kibibytes("VmRSS:"),
            ),
            (
                "process_virtual_memory_bytes",
                "Memory that the process can address",
                kibibytes("VmSize:"),
            ),
            ("process_open_fds", "Files and connections that are open", open_files()),
            ("process_max_fds", "Files and connections that may be open", files_max()),
            ("process_threads", "Threads of the process", stat(THREADS)),
            ("process_start_time_seconds", "When the process began, since 1970", began),
        ];
        gauges.into_iter().try_for_each(|it| gauge(&mut encoder, it))
    }
}

#[derive(Debug)]
struct Disk(StoreDirectory);

impl Collector for Disk {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(directory) = self.0.get() else { return Ok(()) };
        let disk = rustix::fs::statvfs(directory).ok();
        let bytes = |blocks: u64, size: u64| blocks.saturating_mul(size);
        let free = disk.as_ref().map(|it| bytes(it.f_bavail, it.f_frsize));
        let all = disk.as_ref().map(|it| bytes(it.f_blocks, it.f_frsize));
        let gauges = [
            ("courtesy_store_bytes", "Size of the embedded store's files", Some(size(directory))),
            (
                "courtesy_store_disk_free_bytes",
                "Room that is left on the embedded store's disk",
                free,
            ),
            ("courtesy_store_disk_bytes", "Size of the embedded store's disk", all),
        ];
        gauges.into_iter().try_for_each(|it| gauge(&mut encoder, it))
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    (name, help, value): (&str, &str, Option<u64>),
) -> fmt::Result {
    let Some(value) = value else { return Ok(()) };
    let gauge = ConstGauge::new(value);
    gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)
}

/// Places in `/proc/self/stat` behind the name of the program, which may hold spaces.
const CPU_USER: usize = 11;
const CPU_SYSTEM: usize = 12;
const THREADS: usize = 17;
const STARTED: usize = 19;

fn stat(place: usize) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind) = text.rsplit_once(')')?;
    behind.split_whitespace().nth(place)?.parse().ok()
}

fn kibibytes(name: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let count: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    count.checked_mul(1_024)
}

fn booted() -> Option<u64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    text.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

fn open_files() -> Option<u64> {
    let count = fs::read_dir("/proc/self/fd").ok()?.count();
    u64::try_from(count).ok()
}

fn files_max() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/limits").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The bytes of all files below a directory.
fn size(directory: &Path) -> u64 {
    let mut open = vec![directory.to_owned()];
    let (mut bytes, mut seen) = (0_u64, 0);
    while let Some(directory) = open.pop() {
        seen += 1;
        if seen > DIRECTORIES_MAX {
            break;
        }
        let Ok(entries) = fs::read_dir(directory) else { continue };
        for entry in entries.flatten() {
            match entry.metadata() {
                Ok(about) if about.is_dir() => open.push(entry.path()),
                Ok(about) => bytes = bytes.saturating_add(about.len()),
                // The entry was removed meanwhile.
                Err(_) => {}
            }
        }
    }
    bytes
}

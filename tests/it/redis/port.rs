//! Ports that no other process has.

use std::net::TcpListener;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering;

/// Below what the system gives to outgoing connections, so that a server that is killed finds its
/// port free again.
const FIRST: u16 = 10_000;
const COUNT: u16 = 22_000;

/// A port on which no process listens. Another process may be faster; then the server says so.
pub(crate) fn free() -> u16 {
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    let id = u16::try_from(std::process::id() % u32::from(COUNT)).unwrap();
    let next = NEXT.get_or_init(|| AtomicU16::new(id.wrapping_mul(37)));
    (0..COUNT)
        .map(|_| FIRST + next.fetch_add(1, Ordering::Relaxed) % COUNT)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}

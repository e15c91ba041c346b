//! A network of its own for each node, which can be cut off from the others and from here.
//!
//! A node lives in a network namespace, held open by a process that does nothing, and is joined to
//! a bridge by a pair of links. To cut it off is to let its link down: packets vanish, nothing is
//! closed.

use std::fs;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use tempfile::TempDir;

use super::leftovers;
use crate::wait::PATIENCE;
use crate::wait::until;

/// A bridge and what hangs on it. It is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Network {
    bridge: String,
    /// The first three parts of its addresses.
    subnet: String,
    ends: Vec<End>,
    /// The bridge of those that are cut off together.
    island: String,
    /// Says how to remove the bridges.
    _directory: TempDir,
}

#[derive(Debug)]
struct End {
    holder: Child,
    link: String,
}

impl Network {
    /// Makes a bridge, which this process can reach.
    pub(crate) fn start() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let (id, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let bridge = format!("cy{id}n{number}");
        let subnet = free_subnet(id.wrapping_add(number));
        let directory = leftovers::directory();
        let island = format!("{bridge}i");
        let undo = format!("ip link delete {bridge}; ip link delete {island}");
        leftovers::undo(directory.path(), &undo);
        for name in [&bridge, &island] {
            ip(&["link", "add", name, "type", "bridge"]);
        }
        ip(&["link", "set", &island, "up"]);
        ip(&["address", "add", &format!("{subnet}.1/24"), "dev", &bridge]);
        ip(&["link", "set", &bridge, "up"]);
        Self { bridge, subnet, ends: Vec::new(), island, _directory: directory }
    }

    /// Adds an end, and returns its address and what starts a program there.
    pub(crate) fn add(&mut self) -> (String, Vec<String>) {
        let index = self.ends.len();
        let (link, address) =
            (format!("{}.{index}", self.bridge), format!("{}.{}", self.subnet, index + 2));
        let holder = Command::new("unshare")
            .args(["--net", "cat"])
            // It ends with this process, whose end of the pipe is closed then.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{NEEDS}: unshare: {error}"));
        let of = |pid: &str| fs::read_link(Path::new("/proc").join(pid).join("ns/net")).ok();
        let pid = holder.id().to_string();
        self.ends.push(End { holder, link: link.clone() });
        until(PATIENCE, NEEDS, || of(&pid).filter(|it| Some(it) != of("self").as_ref()));
        ip(&["link", "add", &link, "type", "veth", "peer", "name", "eth0", "netns", &pid]);
        ip(&["link", "set", &link, "master", &self.bridge, "up"]);
        let inside = self.inside(index);
        let run = |words: &[&str]| {
            let words: Vec<&str> =
                inside.iter().map(String::as_str).chain(words.iter().copied()).collect();
            must(&words);
        };
        run(&["ip", "address", "add", &format!("{address}/24"), "dev", "eth0"]);
        run(&["ip", "link", "set", "lo", "up"]);
        run(&["ip", "link", "set", "eth0", "up"]);
        (address, inside)
    }

    /// The words before a command that is to run where a node is, on its side of every cut.
    pub(crate) fn inside(&self, index: usize) -> Vec<String> {
        let pid = self.ends[index].holder.id().to_string();
        ["nsenter", "--net", "--target", &pid].map(str::to_owned).to_vec()
    }

    /// From now on no packet reaches the node or leaves it.
    pub(crate) fn cut(&self, index: usize) {
        ip(&["link", "set", &self.ends[index].link, "down"]);
    }

    /// Packets pass again.
    pub(crate) fn heal(&self, index: usize) {
        ip(&["link", "set", &self.ends[index].link, "up"]);
    }

    /// From now on these reach each other and no others, until they `join` again.
    pub(crate) fn strand(&self, indices: &[usize]) {
        for index in indices {
            ip(&["link", "set", &self.ends[*index].link, "master", &self.island]);
        }
    }

    /// Reconnects members that were stranded.
    pub(crate) fn join(&self, indices: &[usize]) {
        for index in indices {
            ip(&["link", "set", &self.ends[*index].link, "master", &self.bridge]);
        }
    }

    /// Another way between this process and a node, which no cut concerns. Returns the node's
    /// address on it.
    pub(crate) fn side_door(&self, index: usize) -> String {
        let here = format!("{}.{index}d", self.bridge);
        let third = self.subnet.rsplit('.').next().unwrap();
        let address = |last: usize| format!("198.19.{third}.{}", 4 * index + last);
        let pid = self.ends[index].holder.id().to_string();
        ip(&["link", "add", &here, "type", "veth", "peer", "name", "door", "netns", &pid]);
        ip(&["address", "add", &format!("{}/30", address(1)), "dev", &here]);
        ip(&["link", "set", &here, "up"]);
        let inside = self.inside(index);
        let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
        let there = format!("{}/30", address(2));
        must(&[&inside[..], &["ip", "address", "add", &there, "dev", "door"]].concat());
        must(&[&inside[..], &["ip", "link", "set", "door", "up"]].concat());
        address(2)
    }
}

const NEEDS: &str = "to cut nodes off, this test needs network namespaces: run it as root (or with \
                     CAP_SYS_ADMIN and CAP_NET_ADMIN), with `ip` from iproute2 and `unshare` from \
                     util-linux";

/// A subnet in the range for measuring networks (RFC 2544) that is used for nothing else here.
fn free_subnet(first: u32) -> String {
    let used = must(&["ip", "-4", "-oneline", "address", "show"]);
    (0..256)
        .map(|offset| format!("198.18.{}", first.wrapping_add(offset) % 256))
        .find(|subnet| !used.contains(&format!(" {subnet}.")))
        .unwrap()
}

fn ip(args: &[&str]) {
    must(&[&["ip"], args].concat());
}

/// Runs a command that must succeed, and returns what it has said.
fn must(words: &[&str]) -> String {
    let (program, args) = words.split_first().unwrap();
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("{NEEDS}: {program}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{NEEDS}: {words:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

impl Drop for Network {
    fn drop(&mut self) {
        for end in &mut self.ends {
            end.holder.kill().unwrap();
            end.holder.wait().unwrap();
        }
        // The links' other ends may have gone with the namespaces, and take these along.
        for link in self.ends.iter().map(|end| &end.link).chain([&self.bridge, &self.island]) {
            Command::new("ip").args(["link", "delete", link]).output().unwrap();
        }
    }
}

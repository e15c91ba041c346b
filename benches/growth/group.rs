//! Processes that may use only a part of a processor, so that a few cores can stand for many:
//! control groups of Linux. What was measured was measured with version 1; version 2, whose root
//! must hand on `cpu` in `cgroup.subtree_control`, was not at hand.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use crate::process::Process;

/// Within so many microseconds a group gets its part: short, so that calls do not wait for long,
/// but Linux gives no part of less than a millisecond.
const PERIOD_MICROS: u64 = 50_000;

/// A group, which is removed when it is dropped.
pub(crate) struct Group(PathBuf);

impl Group {
    /// Lets a process use so many thousandths of one core from now on.
    pub(crate) fn limit(process: &Process, thousandths: u64) -> Self {
        let id = process.id().to_string();
        let quota = (PERIOD_MICROS * thousandths / 1_000).to_string();
        let period = PERIOD_MICROS.to_string();
        let first = Path::new("/sys/fs/cgroup/cpu");
        let (root, settings) = if first.is_dir() {
            (first, vec![("cpu.cfs_period_us", period), ("cpu.cfs_quota_us", quota)])
        } else {
            (Path::new("/sys/fs/cgroup"), vec![("cpu.max", format!("{quota} {period}"))])
        };
        let group = Self(root.join(format!("courtesy-bench-{id}")));
        fs::create_dir(&group.0).expect("control groups can be made: run it as root");
        for (name, value) in settings {
            fs::write(group.0.join(name), value).expect(
                "a group's processor time can be limited: version 2 needs `cpu` in subtree_control",
            );
        }
        fs::write(group.0.join("cgroup.procs"), id).unwrap();
        group
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A group can only be removed when nothing is in it.
        let parent = self.0.parent().unwrap().join("cgroup.procs");
        let members = fs::read_to_string(self.0.join("cgroup.procs")).unwrap_or_default();
        for id in members.lines() {
            // One that has ended meanwhile is not in it any more.
            drop(fs::write(&parent, id));
        }
        drop(fs::remove_dir(&self.0));
    }
}

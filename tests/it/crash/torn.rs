//! Files that were cut off, changed or removed after a kill.

use std::collections::BTreeMap;
use std::fs;
use std::fs::OpenOptions;
use std::path::Path;
use std::path::PathBuf;

use super::audit::audit;
use super::disk;
use super::kill::Campaign;
use super::kill::wait;
use super::process::Process;
use crate::support::courtesy;

/// What names a type or a place in our source, and not what is wrong.
const NOT_FOR_PEOPLE: [&str; 8] =
    ["Error", "panicked", "::", "unwrap", ".rs", "Some(", "RUST_BACKTRACE", "{ "];

#[derive(Clone, Copy, Debug)]
enum Harm {
    /// Cut off at this place.
    Cut(u64),
    /// A byte changed at this place.
    Flip(u64),
    Remove,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// It does not start, and says why.
    Refused,
    /// It serves, and says of some customers that their records are damaged.
    Partly,
    Everything,
}

impl Harm {
    fn apply(self, file: &Path) {
        match self {
            Self::Cut(place) => {
                OpenOptions::new().write(true).open(file).unwrap().set_len(place).unwrap();
            }
            Self::Flip(place) => {
                let mut bytes = fs::read(file).unwrap();
                if let Some(byte) = bytes.get_mut(usize::try_from(place).unwrap()) {
                    *byte ^= 0x10;
                }
                fs::write(file, bytes).unwrap();
            }
            Self::Remove => fs::remove_file(file).unwrap(),
        }
    }
}

/// Where to harm a file of which so much was written.
fn harms(written: u64) -> Vec<Harm> {
    let last = written.saturating_sub(1);
    vec![
        Harm::Cut(0),
        Harm::Cut(written / 2),
        Harm::Cut(last),
        Harm::Flip(0),
        Harm::Flip(written / 2),
        Harm::Flip(last.saturating_sub(3)),
        Harm::Remove,
    ]
}

#[test]
fn a_harmed_file_never_means_silently_less() {
    let mut campaign = Campaign::begin("torn");
    // What was only buffered may go with the journal's end, so all of it is synced here. The last
    // load follows a clean end, so that there is a journal which is not the first.
    for acknowledgements in [300, 300] {
        let mut process = campaign.start("synced");
        campaign.load_of(&mut process, acknowledgements);
    }
    let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
    for file in disk::files(campaign.store()) {
        for harm in harms(disk::written(&campaign.store().join(&file))) {
            let outcome = suffer(&campaign, &file, harm);
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    eprintln!("torn: {outcomes:?}");
    assert!(outcomes.get(&Outcome::Refused).is_some_and(|count| *count > 5), "{outcomes:?}");
}

/// Does harm to a copy, and serves it.
fn suffer(campaign: &Campaign, file: &PathBuf, harm: Harm) -> Outcome {
    let what = format!("{} {harm:?}", file.display());
    let copy = tempfile::tempdir().unwrap();
    disk::copy(campaign.store(), copy.path());
    harm.apply(&copy.path().join(file));
    let process = match Process::start(copy.path(), &[]) {
        Ok(process) => process,
        Err(refused) => {
            assert_eq!(refused.code, Some(2), "{what}: {}", refused.err);
            let says = refused.err.lines().find_map(|line| line.strip_prefix("error: "));
            let says = says.unwrap_or_else(|| panic!("{what}: {}", refused.err));
            check_words(&what, says, copy.path());
            assert!(!refused.err.contains("panicked"), "{what}: {}", refused.err);
            // Which secret is the right one only the whole service can tell.
            if says.contains("this is not the secret") || says.contains("is gone: without it") {
                return Outcome::Refused;
            }
            // The diagnosis is the same, and looking has not changed it.
            let store = copy.path().to_str().unwrap();
            let doctor = courtesy(&["doctor", "--listen", "127.0.0.1:0", "--store", store]);
            assert_eq!(doctor.code, 1, "{what}: {}", doctor.out);
            assert!(doctor.out.contains(says), "{what}: {says}\n{}", doctor.out);
            return Outcome::Refused;
        }
    };
    let mut ledger = campaign.ledger.borrow().clone();
    let everyone = ledger.customers.keys().cloned().collect();
    let findings = wait(audit(&process, &mut ledger, everyone));
    assert!(findings.lost.is_empty() && findings.wrong.is_empty(), "{what}: {findings:#?}");
    if findings.unreadable > 0 { Outcome::Partly } else { Outcome::Everything }
}

/// A message is for people: where, what, and what to do.
#[track_caller]
fn check_words(what: &str, says: &str, store: &Path) {
    assert!(says.contains(store.to_str().unwrap()), "{what}: {says}");
    let words = says.replace(store.to_str().unwrap(), "");
    for word in NOT_FOR_PEOPLE {
        assert!(!words.contains(word), "{what}: `{word}` in {says}");
    }
    let advice = [
        "Restore the directory from a backup",
        "put back the one that was in use",
        "put the file back",
        "Put it back",
    ];
    assert!(advice.iter().any(|it| words.contains(it)), "{what}: {says}");
}

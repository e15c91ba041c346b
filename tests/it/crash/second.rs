//! A second process on the same directory.

use super::kill::Campaign;
use super::process::Process;
use crate::support::courtesy;

#[test]
fn a_second_process_is_refused_and_the_first_unharmed() {
    let mut campaign = Campaign::begin("second");
    let mut first = campaign.start("synced");
    let store = campaign.store().to_owned();
    let refuse = || {
        let refused = Process::start(&store, &[]).err().unwrap();
        assert_eq!(refused.code, Some(2), "{}", refused.err);
        let says = format!("{} is in use by another courtesy process; stop it", store.display());
        assert!(refused.err.contains(&says), "{}", refused.err);
    };
    refuse();
    let doctor =
        courtesy(&["doctor", "--listen", "127.0.0.1:0", "--store", store.to_str().unwrap()]);
    assert_eq!(doctor.code, 1, "{}", doctor.out);
    assert!(doctor.out.contains("is in use by another courtesy process"), "{}", doctor.out);
    campaign.load_of(&mut first, 300);
    let first = campaign.start("synced");
    refuse();
    campaign.audit(&first, true).assert_none("beside a second process");
}

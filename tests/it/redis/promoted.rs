//! Sentinels let a replica take over while callers opt out.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use super::sentinel::Sentinels;
use super::service::Service;
use crate::api::product::codes;
use crate::wait::PATIENCE;
use crate::wait::until;

#[test]
fn sentinels_promote_and_no_acknowledged_opt_out_is_lost() {
    let mut bed = Sentinels::start(1);
    let service = Service::start(&bed.address(), &["--wish-durability", "replicated"]);
    let watcher = Service::start(&bed.address(), &[]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let opting_out = scope.spawn(|| {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let customer = format!("customer-{number}");
                if service.opt_out(&customer).is_ok() {
                    acknowledged.push(customer);
                }
            }
            acknowledged
        });
        let primary = bed.primary();
        let known = || watcher.check("customer-0");
        until(PATIENCE, "the first is known", || (codes(&known()) == ["OPTED_OUT"]).then_some(()));
        bed.nodes[primary].kill();
        bed.wait_for_another(primary);
        let limit = Sentinels::DOWN_AFTER + PATIENCE;
        until(limit, "decisions go on", || (!known().degraded).then_some(()));
        // Alone, the new primary has no replica that could keep a wish: so it acknowledges none,
        // until the dead one is back and follows.
        assert!(watcher.opt_out("another").is_err());
        bed.nodes[primary].restart();
        bed.wait_until_ok();
        until(PATIENCE, "opt-outs go on", || watcher.opt_out("witness").ok());
        over.store(true, Ordering::Relaxed);
        let acknowledged = opting_out.join().unwrap();
        for customer in &acknowledged {
            let decision = until(PATIENCE, "it is known", || {
                Some(watcher.check(customer)).filter(|it| !it.degraded)
            });
            assert_eq!(codes(&decision), ["OPTED_OUT"], "{customer}: {decision:?}");
        }
        assert!(!acknowledged.is_empty());
    });
}

//! Records that cannot be read affect no other customers.

use courtesy::proto::v1;
use tonic::Code;

use super::product::Product;
use super::product::codes;
use super::product::email;
use super::product::is_allowed;
use super::product::reason;
use super::product::reservation;
use super::reservations::ONE_A_WEEK;

#[test]
fn a_damaged_or_newer_record_denies_that_customer_only() {
    let product = Product::start();
    product.apply(ONE_A_WEEK, 0).unwrap();
    // No protobuf; a format that no release writes yet.
    for bytes in [&b"\xff\xff\xff"[..], &[0x08, 99]] {
        product.seed_bytes("ada", bytes::Bytes::copy_from_slice(bytes));
        let refused = product.check(email("ada")).unwrap();
        assert_eq!(codes(&refused), ["RECORD_UNREADABLE"]);
        let refused = product.reserve(reservation("ada", "1")).unwrap().decision.unwrap();
        assert_eq!(codes(&refused), ["RECORD_UNREADABLE"]);
        let no = v1::OptOutRequest { customer_id: "ada".to_owned(), ..Default::default() };
        let status = product.opt_out(no).unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::DataLoss, "RECORD_UNREADABLE")
        );
        assert!(!status.message().contains("ada"));

        let request = v1::BatchCheckContactsRequest {
            contacts: vec![email("bob"), email("ada"), email("eve")],
            ..Default::default()
        };
        let batch = product.wait(product.contacts().batch_check_contacts(request)).unwrap();
        let effects = batch.into_inner().results.into_iter().map(|result| match result.result {
            Some(v1::batch_check_result::Result::Decision(decision)) => is_allowed(&decision),
            other => panic!("{other:?}"),
        });
        assert_eq!(effects.collect::<Vec<_>>(), [true, false, true]);
    }
    let metrics = product.metrics.encode().unwrap();
    let counted = metrics.lines().find(|it| it.starts_with("courtesy_records_unreadable_total"));
    assert!(counted.is_some_and(|line| !line.ends_with(" 0")), "{metrics}");
    let denied = "courtesy_decisions_total{channel=\"email\",purpose=\"marketing\",decision=\"DENY\",reason=\"RECORD_UNREADABLE\"}";
    assert!(metrics.contains(denied), "{metrics}");
}

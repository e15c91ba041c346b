//! ImportCustomers and ExportCustomers over the wire.

use courtesy::proto::v1;
use courtesy::proto::v1::import_customers_request::Part;
use tonic::Code;
use tonic::Status;

use super::product::Product;
use super::product::at;
use super::product::fields;
use super::product::timestamp;

/// Sends parts, and returns all answers, or the error in which they end.
pub(super) fn import(
    product: &Product,
    parts: Vec<Part>,
) -> (Vec<v1::ImportCustomersResponse>, Result<(), Status>) {
    let requests = parts.into_iter().map(|part| v1::ImportCustomersRequest { part: Some(part) });
    let requests: Vec<_> = requests.collect();
    product.wait(async {
        let asked = tokio_stream::iter(requests);
        let mut answers = product.customers().import_customers(asked).await.unwrap().into_inner();
        let mut heard = Vec::new();
        loop {
            match answers.message().await {
                Ok(Some(answer)) => heard.push(answer),
                Ok(None) => return (heard, Ok(())),
                Err(status) => return (heard, Err(status)),
            }
        }
    })
}

fn options() -> Part {
    Part::Options(v1::ImportOptions::default())
}

fn chunk(rows: impl IntoIterator<Item = (u64, v1::CustomerRow)>) -> Part {
    let row = |(row_number, row)| v1::ImportRow { row_number, customer: Some(row) };
    Part::Chunk(v1::ImportChunk { rows: rows.into_iter().map(row).collect() })
}

fn customer(id: &str) -> v1::CustomerRow {
    v1::CustomerRow { customer_id: id.to_owned(), ..Default::default() }
}

fn in_zone(id: &str, zone: &str) -> v1::CustomerRow {
    v1::CustomerRow { time_zone: Some(zone.to_owned()), ..customer(id) }
}

pub(super) fn export(
    product: &Product,
    request: v1::ExportCustomersRequest,
) -> v1::ExportCustomersResponse {
    product.wait(async {
        let mut pages = product.customers().export_customers(request).await.unwrap().into_inner();
        let mut all = v1::ExportCustomersResponse::default();
        while let Some(page) = pages.message().await.unwrap() {
            all.customers.extend(page.customers);
            all.unreadable_customer_ids.extend(page.unreadable_customer_ids);
            if !page.resume_token.is_empty() {
                all.resume_token = page.resume_token;
            }
        }
        all
    })
}

fn ids(export: &v1::ExportCustomersResponse) -> Vec<&str> {
    export.customers.iter().map(|it| it.customer_id.as_str()).collect()
}

#[test]
fn each_chunk_is_acknowledged_and_its_wrong_rows_are_named() {
    let product = Product::start();
    let parts = vec![
        options(),
        chunk([(2, in_zone("ada", "Europe/Paris")), (3, in_zone("bob", "Mars"))]),
        chunk([(7, in_zone("ada", "UTC")), (9, in_zone("ada", "Europe/Rome")), (11, customer(""))]),
    ];
    let (answers, ended) = import(&product, parts);
    ended.unwrap();
    let acknowledged: Vec<u64> = answers.iter().map(|it| it.acknowledged_row_number).collect();
    assert_eq!(acknowledged, [0, 3, 11]);
    let refused = |answer: &v1::ImportCustomersResponse| -> Vec<(u64, String)> {
        let rows = answer.refused_rows.iter();
        rows.map(|row| (row.row_number, row.violations[0].field.clone())).collect()
    };
    assert_eq!(refused(&answers[1]), [(3, "time_zone".to_owned())]);
    assert_eq!(refused(&answers[2]), [(11, "customer_id".to_owned())]);
    let counts = answers[2].counts.unwrap();
    assert_eq!((counts.imported, counts.unchanged, counts.refused), (3, 0, 2));
    let export = export(&product, v1::ExportCustomersRequest::default());
    assert_eq!(export.customers, [in_zone("ada", "Europe/Rome")], "the last row of ada's counts");
}

#[test]
fn a_stream_that_does_not_keep_to_its_form_is_ended() {
    #[track_caller]
    fn check(parts: Vec<Part>, field: &str) {
        let product = Product::start();
        let status = import(&product, parts).1.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(fields(&status), [field]);
    }
    check(Vec::new(), "options");
    check(vec![chunk([(1, customer("ada"))])], "options");
    check(vec![options(), options()], "options");
    check(vec![options(), chunk([])], "chunk.rows");
    check(vec![options(), chunk((1..=1_001).map(|n| (n, customer("ada"))))], "chunk.rows");
    let twice = chunk([(5, customer("ada")), (5, customer("bob"))]);
    check(vec![options(), twice], "chunk.rows[1].row_number");
    check(vec![options(), chunk([(0, customer("ada"))])], "chunk.rows[0].row_number");
    let future = Some(timestamp("2027-01-01T00:00:00Z"));
    let wrong = v1::ImportOptions { event_time: future, ..Default::default() };
    check(vec![Part::Options(wrong)], "options.event_time");
    let wrong = v1::ImportOptions { evidence: Some(String::new()), ..Default::default() };
    check(vec![Part::Options(wrong)], "options.evidence");
    let wrong = v1::ImportOptions { tenant: Some(String::new()), ..Default::default() };
    check(vec![Part::Options(wrong)], "tenant");
}

#[test]
fn rows_in_any_order_of_time_end_in_the_same_state() {
    let opt_out = |time: &str| v1::CustomerRow {
        opt_outs: vec![v1::RowOptOut { event_time: Some(timestamp(time)), ..Default::default() }],
        ..customer("ada")
    };
    let times = ["2026-03-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"];
    let mut ends = Vec::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let product = Product::start();
        let rows = (1_u64..).zip(order.map(|position| opt_out(times[position])));
        import(&product, vec![options(), chunk(rows)]).1.unwrap();
        ends.push(export(&product, v1::ExportCustomersRequest::default()));
    }
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
    assert_eq!(ends[0].customers[0].opt_outs.len(), 1);
}

#[test]
fn a_wish_without_a_time_is_said_when_the_import_says_and_once() {
    let product = Product::start();
    let rows = || {
        let opt_outs = vec![v1::RowOptOut::default()];
        chunk([(1, v1::CustomerRow { opt_outs, ..customer("ada") })])
    };
    let day = timestamp("2026-10-01T00:00:00Z");
    let dated = v1::ImportOptions { event_time: Some(day), ..Default::default() };
    import(&product, vec![Part::Options(dated), rows()]).1.unwrap();
    product.hand.set(at("2026-11-23T00:00:00Z"));
    let (answers, _) = import(&product, vec![options(), rows()]);
    assert_eq!(answers[1].counts.unwrap().unchanged, 1);
    let export = export(&product, v1::ExportCustomersRequest::default());
    assert_eq!(export.customers[0].opt_outs[0].event_time, Some(day));
}

#[test]
fn an_export_has_all_customers_of_its_tenant_in_order_and_names_who_cannot_be_read() {
    let product = Product::start();
    let all: Vec<String> = (0..700).map(|n| format!("customer-{n:04}")).collect();
    let rows = (1_u64..).zip(all.iter().rev().map(|id| in_zone(id, "UTC")));
    import(&product, vec![options(), chunk(rows)]).1.unwrap();
    let of_other = v1::ImportOptions { tenant: Some("default2".to_owned()), ..Default::default() };
    import(&product, vec![Part::Options(of_other), chunk([(1, customer("eve"))])]).1.unwrap();
    product.seed_bytes("customer-0300", bytes::Bytes::from_static(b"\xff"));

    let exported = export(&product, v1::ExportCustomersRequest::default());
    let readable: Vec<&str> =
        all.iter().map(String::as_str).filter(|id| *id != "customer-0300").collect();
    assert_eq!(ids(&exported), readable);
    assert_eq!(exported.unreadable_customer_ids, ["customer-0300"]);
    let resume_token = Some(exported.resume_token);
    let rest = v1::ExportCustomersRequest { resume_token, ..Default::default() };
    let rest = ids(&export(&product, rest)).join(" ");
    assert!(readable.join(" ").ends_with(&rest) && rest.len() < 700 * 14, "{rest}");
    let resume_token = Some("no such place".to_owned());
    let nowhere = v1::ExportCustomersRequest { resume_token, ..Default::default() };
    let status = product.wait(async {
        let mut pages = product.customers().export_customers(nowhere).await?.into_inner();
        pages.message().await
    });
    assert_eq!(status.unwrap_err().code(), Code::InvalidArgument);
    let tenant = Some("unused".to_owned());
    let other = v1::ExportCustomersRequest { tenant, ..Default::default() };
    assert!(export(&product, other).customers.is_empty());
}

#[test]
fn what_a_customer_says_during_an_import_is_not_lost() {
    let product = Product::start();
    let zones = ["Europe/Paris", "UTC"];
    let chunks = (0..60_u64).map(|chunk_number| {
        let row = |n: u64| {
            let zone = zones[usize::try_from(chunk_number % 2).unwrap()];
            (chunk_number * 20 + n + 1, in_zone(&format!("c{n}"), zone))
        };
        chunk((0..20).map(row))
    });
    let parts = std::iter::once(options()).chain(chunks);
    let requests = parts.map(|part| v1::ImportCustomersRequest { part: Some(part) });
    let requests: Vec<_> = requests.collect();
    product.wait(async {
        let asked = tokio_stream::iter(requests);
        let mut answers = product.customers().import_customers(asked).await.unwrap().into_inner();
        let import = async { while answers.message().await.unwrap().is_some() {} };
        let say = async {
            for n in 0..100 {
                let topic = Some(format!("t{n}"));
                let request = v1::OptOutRequest {
                    customer_id: format!("c{}", n % 4),
                    scope: Some(v1::Scope { topic, ..Default::default() }),
                    ..Default::default()
                };
                product.customers().opt_out(request).await.unwrap();
            }
        };
        tokio::join!(import, say);
    });
    let export = export(&product, v1::ExportCustomersRequest::default());
    assert_eq!(export.customers.iter().map(|it| it.opt_outs.len()).sum::<usize>(), 100);
    assert!(export.customers.iter().all(|it| it.time_zone.as_deref() == Some("UTC")));
}

#[test]
fn an_import_does_not_touch_a_record_that_cannot_be_read() {
    let product = Product::start();
    product.seed_bytes("ada", bytes::Bytes::from_static(b"\xff"));
    let rows = chunk([(1, in_zone("ada", "UTC")), (2, in_zone("bob", "UTC"))]);
    let (answers, ended) = import(&product, vec![options(), rows]);
    ended.unwrap();
    assert_eq!(answers[1].refused_rows[0].row_number, 1);
    assert_eq!(answers[1].counts.unwrap().imported, 1);
}

#[test]
fn a_customer_who_was_erased_is_not_brought_back_by_an_import() {
    let product = Product::start();
    let consent = |event_time: Option<&str>| {
        let evidence = Some("a form".to_owned());
        let email = v1::RowConsent { channel: "email".to_owned(), evidence, ..Default::default() };
        let consents = vec![v1::RowConsent { event_time: event_time.map(timestamp), ..email }];
        chunk([(1, v1::CustomerRow { consents, ..in_zone("ada", "UTC") })])
    };
    let opt_out = v1::OptOutRequest { customer_id: "ada".to_owned(), ..Default::default() };
    product.wait(product.customers().opt_out(opt_out)).unwrap();
    import(&product, vec![options(), chunk([(1, in_zone("ada", "UTC"))])]).1.unwrap();
    let erase = v1::EraseCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    product.wait(product.customers().erase_customer(erase)).unwrap();
    let allowing = || v1::ImportOptions { allow_opt_in: Some(true), ..Default::default() };

    for (event_time, withheld) in [(None, 1), (Some("2026-01-01T00:00:00Z"), 0)] {
        let parts = vec![Part::Options(allowing()), consent(event_time)];
        let (answers, ended) = import(&product, parts);
        ended.unwrap();
        let counts = answers[1].counts.unwrap();
        assert_eq!((counts.opt_ins_withheld, counts.opt_outs_ended), (withheld, 0));
        let known = export(&product, v1::ExportCustomersRequest::default());
        assert_eq!(known.customers[0].opt_outs.len(), 1, "{event_time:?}");
        assert_eq!(known.customers[0].consents, []);
    }
    product.hand.set(at("2026-11-24T12:00:00Z"));
    let parts = vec![Part::Options(allowing()), consent(Some("2026-11-24T00:00:00Z"))];
    import(&product, parts).1.unwrap();
    let known = export(&product, v1::ExportCustomersRequest::default());
    assert_eq!(known.customers[0].consents.len(), 1, "said after the erasure");
}

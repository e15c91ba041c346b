//! DescribePressure over the wire, and `courtesy pressure`. What is counted is tested beside it.

use courtesy::model::Record;
use courtesy::policy::Source;
use courtesy::proto::v1;
use courtesy::proto::v1::describe_pressure_response::Part;
use courtesy::zone::Zones;
use tonic::Code;
use tonic::Status;

use super::product::Product;
use super::product::fields;
use super::product::timestamp;
use super::revisions::THREE;
use crate::support::courtesy;

fn customer(text: &str) -> Record {
    let loaded = Record::load(&Source::new("customer.yaml", text), &Zones::bundled());
    loaded.unwrap_or_else(|it| panic!("{it}"))
}

/// Marketing e-mails in the morning of these days of November 2026.
fn mailed(days: &[u8]) -> Record {
    let contact = |day| {
        format!("  - {{at: 2026-11-{day:02}T09:00:00Z, channel: email, purpose: marketing}}\n")
    };
    customer(&format!("contacts:\n{}", days.iter().map(contact).collect::<String>()))
}

/// What is said on the way, and at the end.
fn describe(
    product: &Product,
    request: v1::DescribePressureRequest,
) -> Result<(Vec<u64>, v1::PressureReport), Status> {
    product.wait(async {
        let mut answers = product.policies().describe_pressure(request).await?.into_inner();
        let (mut seen, mut report) = (Vec::new(), None);
        while let Some(answer) = answers.message().await? {
            assert!(report.is_none(), "the report is the last answer");
            match answer.part.unwrap() {
                Part::Progress(progress) => seen.push(progress.customers_seen),
                Part::Report(it) => report = Some(it),
            }
        }
        Ok((seen, report.unwrap()))
    })
}

fn counts(buckets: &[v1::PressureBucket]) -> Vec<u64> {
    buckets.iter().map(|bucket| bucket.count).collect()
}

/// 150 customers, each with three e-mails this week, one of them opted out, and three others.
fn product() -> Product {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    for number in 0..150 {
        product.seed(&format!("c{number:03}"), &mailed(&[17, 19, 21]));
    }
    product.seed("calm", &mailed(&[2]));
    product.seed("never", &Record::default());
    product.seed_bytes("damaged", bytes::Bytes::from_static(b"\xff\xff"));
    let request = v1::OptOutRequest {
        customer_id: "c000".to_owned(),
        scope: Some(v1::Scope { channel: Some("email".to_owned()), ..Default::default() }),
        evidence: Some("a letter".to_owned()),
        ..Default::default()
    };
    product.wait(product.customers().opt_out(request)).unwrap();
    product
}

#[test]
fn it_tells_how_much_customers_hear() {
    let product = product();
    product.hand.set(courtesy::model::Instant::parse("2026-11-22T12:00:01Z").unwrap());
    let (seen, report) = describe(&product, v1::DescribePressureRequest::default()).unwrap();
    assert!(!seen.is_empty() && seen.is_sorted(), "{seen:?}");
    assert_eq!((report.customers_seen, report.customers_unreadable), (153, 1));
    assert_eq!((report.weeks, report.contacts, report.revision), (8, 451, 1));
    assert_eq!(report.start_time, Some(timestamp("2026-09-27T12:00:01Z")));
    // 152 readable customers have 1,216 weeks.
    let expected = [1_065, 1, 0, 150, 0, 0, 0, 0, 0];
    assert_eq!(counts(&report.customer_weeks), expected);
    let ranges: Vec<(u32, Option<u32>)> =
        report.customer_weeks.iter().map(|it| (it.contacts_min, it.contacts_max)).collect();
    assert_eq!((ranges[6], ranges[8]), ((6, Some(10)), (21, None)));
    let email = report.channels.iter().find(|it| it.channel == "email").unwrap();
    assert_eq!((email.contacts, counts(&email.customer_weeks)), (451, expected.to_vec()));
    let [budget] = report.budgets.as_slice() else { panic!("{:?}", report.budgets) };
    assert_eq!(budget.rule, "marketing-weekly");
    assert_eq!((budget.customers, budget.customers_at_limit, budget.would_refuse), (152, 150, 0));
    assert_eq!(counts(&report.opt_outs), [0, 0, 0, 1, 0, 0, 0, 0, 0]);

    let days = v1::DescribePressureRequest { days: Some(3), ..Default::default() };
    let (_, report) = describe(&product, days).unwrap();
    assert_eq!((report.weeks, report.contacts), (0, 150));
    let tenant = Some("other".to_owned());
    let other = v1::DescribePressureRequest { tenant, ..Default::default() };
    assert_eq!(describe(&product, other).unwrap().1.customers_seen, 0);
}

#[test]
fn days_have_bounds_and_it_is_in_the_audit_log() {
    let product = Product::start();
    for days in [0, 401] {
        let request = v1::DescribePressureRequest { days: Some(days), ..Default::default() };
        let refused = describe(&product, request).unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(fields(&refused), ["days"]);
    }
    for days in [1, 400] {
        let request = v1::DescribePressureRequest { days: Some(days), ..Default::default() };
        describe(&product, request).unwrap();
    }
    let request = v1::ListAuditEventsRequest {
        actions: vec!["DescribePressure".to_owned()],
        ..Default::default()
    };
    let listed = product.wait(product.policies().list_audit_events(request)).unwrap().into_inner();
    let details: Vec<&str> = listed.events.iter().map(|it| it.details.as_str()).collect();
    assert_eq!(details, ["400 days", "1 days"]);
}

#[test]
fn the_command_shows_tables() {
    let product = product();
    product.hand.set(courtesy::model::Instant::parse("2026-11-22T12:00:01Z").unwrap());
    let server = format!("http://{}", product.address());
    let said = courtesy(&["pressure", "--server", &server]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    for part in [
        "451 contacts with 152 customers in 56 days, since 2026-09-27T12:00:01Z\n",
        "the records of 1 customers cannot be read\n",
        "share of 1,216 customer-weeks in %, by number of contacts:\n",
        "marketing-weekly",
        "150 (98.6 %)",
        "1 (100.0 %)",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let row = said.out.lines().find(|line| line.trim_start().starts_with("email")).unwrap();
    let cells: Vec<&str> = row.split_whitespace().collect();
    let expected = ["email", "87.5", "0.0", "0.0", "12.3", "0.0", "0.0", "0.0", "0.0", "0.0"];
    assert_eq!(cells, expected);
    let said = courtesy(&["pressure", "--days", "4w", "--json", "--server", &server]);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((json["weeks"].as_u64(), json["contacts"].as_str()), (Some(4), Some("451")));
    assert!(!said.out.contains("c000"), "it names no customer");
    assert_eq!(courtesy(&["pressure", "--days", "401"]).code, 2);
}

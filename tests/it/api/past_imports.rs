//! ImportContacts over the wire: contacts that were made before courtesy was asked.

use courtesy::model::Span;
use courtesy::proto::v1;
use courtesy::proto::v1::import_contacts_request::Part;
use courtesy::rpc::convert::time::timestamp as timestamp_of;
use tonic::Code;
use tonic::Status;

use super::product::NOW;
use super::product::Product;
use super::product::at;
use super::product::codes;
use super::product::email;
use super::product::fields;
use super::product::seconds;

const POLICY: &str = "\
name: base
channels: {email: {}, sms: {}}
purposes: {marketing: {}, receipt: {exempt: [budgets]}}
topics: [news]
settings: {history_retention: 40d}
budgets: [{name: weekly, for: {purposes: [marketing]}, limit: 3, per: 7d}]
";

fn product() -> Product {
    let product = Product::start();
    product.apply(POLICY, 0).unwrap();
    product
}

/// A row of a contact so many hours ago.
fn row(row_number: u64, customer: &str, hours: u32) -> v1::ContactRow {
    let contact_time = Some(timestamp_of(at(NOW).minus(Span::from_hours(hours))));
    let contact = Some(v1::Contact { contact_time, ..email(customer) });
    v1::ContactRow { row_number, contact, unanswered: None }
}

fn changed(row: v1::ContactRow, change: impl FnOnce(&mut v1::Contact)) -> v1::ContactRow {
    let mut row = row;
    change(row.contact.as_mut().unwrap());
    row
}

/// Imports chunks, and returns the answers to them and how the call ended.
fn import(
    product: &Product,
    dry_run: bool,
    chunks: Vec<Vec<v1::ContactRow>>,
) -> (Vec<v1::ImportContactsResponse>, Result<(), Status>) {
    let options = v1::ImportContactsOptions { dry_run: Some(dry_run), tenant: None };
    let parts = chunks.into_iter().map(|rows| Part::Chunk(v1::ImportContactsChunk { rows }));
    send(product, std::iter::once(Part::Options(options)).chain(parts).collect())
}

fn send(
    product: &Product,
    parts: Vec<Part>,
) -> (Vec<v1::ImportContactsResponse>, Result<(), Status>) {
    let asked = parts.into_iter().map(|part| v1::ImportContactsRequest { part: Some(part) });
    let asked = tokio_stream::iter(asked.collect::<Vec<_>>());
    product.wait(async {
        let mut answers = product.customers().import_contacts(asked).await.unwrap().into_inner();
        let mut all = Vec::new();
        loop {
            match answers.message().await {
                Ok(Some(answer)) => all.push(answer),
                Ok(None) => return (all, Ok(())),
                Err(status) => return (all, Err(status)),
            }
        }
    })
}

fn counts(answers: &[v1::ImportContactsResponse]) -> v1::ImportContactsCounts {
    answers.last().unwrap().counts.unwrap()
}

#[test]
fn what_was_sent_before_counts_and_is_added_once() {
    let product = product();
    let rows = vec![
        row(1, "ada", 1),
        row(2, "bob", 2),
        row(3, "ada", 30),
        row(4, "ada", 50),
        // Twice in the list: once on record.
        row(5, "bob", 2),
        changed(row(6, "bob", 2), |it| it.topic = Some("news".to_owned())),
        v1::ContactRow { unanswered: Some(true), ..row(7, "cyd", 3) },
    ];
    let (answers, ended) = import(&product, false, vec![rows.clone()]);
    ended.unwrap();
    assert_eq!(answers[1].refused_rows, []);
    let expected =
        v1::ImportContactsCounts { recorded: 6, unchanged: 1, customers: 3, ..Default::default() };
    assert_eq!(counts(&answers), expected);
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["BUDGET_SPENT"]);
    assert!(codes(&product.check(email("bob")).unwrap()).is_empty());
    let times: Vec<_> = product.list("ada").iter().map(|it| it.contact_time.unwrap()).collect();
    let hours = [1, 30, 50].map(|it| timestamp_of(at(NOW).minus(Span::from_hours(it))));
    assert_eq!(times, hours, "the newest first");
    assert!(product.list("cyd")[0].unanswered);
    assert!(product.list("ada").iter().all(|it| it.state() == v1::ContactState::Sent));

    let before = ["ada", "bob", "cyd"].map(|it| product.list(it));
    let (again, ended) = import(&product, false, vec![rows]);
    ended.unwrap();
    let expected = v1::ImportContactsCounts { unchanged: 7, customers: 3, ..Default::default() };
    assert_eq!(counts(&again), expected);
    assert_eq!(["ada", "bob", "cyd"].map(|it| product.list(it)), before);
}

#[test]
fn the_same_is_the_same_time_and_labels() {
    let product = product();
    let first = changed(row(1, "ada", 5), |it| {
        it.topic = Some("news".to_owned());
        it.campaign = Some("spring".to_owned());
        it.brand = Some("north".to_owned());
        it.occasions = vec!["christmas".to_owned(), "mothers_day".to_owned()];
    });
    let other_order = changed(first.clone(), |it| it.occasions.reverse());
    let priority = changed(first.clone(), |it| it.priority = Some(9));
    let others: [fn(&mut v1::Contact); 7] = [
        |it| it.channel = "sms".to_owned(),
        |it| it.purpose = "receipt".to_owned(),
        |it| it.topic = None,
        |it| it.campaign = Some("autumn".to_owned()),
        |it| it.brand = None,
        |it| it.occasions.truncate(1),
        |it| it.contact_time = Some(timestamp_of(at(NOW).minus(Span::from_hours(6)))),
    ];
    let others = others.into_iter().map(|change| changed(first.clone(), change));
    let rows = [first.clone(), other_order, priority].into_iter().chain(others);
    let rows = (1..).zip(rows).map(|(row_number, row)| v1::ContactRow { row_number, ..row });
    let (answers, ended) = import(&product, false, vec![rows.collect()]);
    ended.unwrap();
    let expected =
        v1::ImportContactsCounts { recorded: 8, unchanged: 2, customers: 1, ..Default::default() };
    assert_eq!(counts(&answers), expected, "{:?}", answers[1].refused_rows);
    assert_eq!(product.list("ada").len(), 8);
}

/// A reservation that was given back was no contact, whatever its time; one that stands is.
#[test]
fn what_was_given_back_is_not_on_record() {
    let product = product();
    for (customer, release) in [("ada", true), ("bob", false)] {
        let request = v1::ReserveContactRequest {
            contact: Some(v1::Contact {
                contact_time: row(1, customer, 1).contact.unwrap().contact_time,
                ..email(customer)
            }),
            request_id: "spring".to_owned(),
            hold: Some(seconds(600)),
            ..Default::default()
        };
        product.reserve(request).unwrap();
        if release {
            let request = v1::ReleaseContactRequest {
                customer_id: customer.to_owned(),
                request_id: "spring".to_owned(),
                tenant: None,
            };
            product.wait(product.contacts().release_contact(request)).unwrap();
        }
    }
    let (answers, ended) = import(&product, false, vec![vec![row(1, "ada", 1), row(2, "bob", 1)]]);
    ended.unwrap();
    let expected =
        v1::ImportContactsCounts { recorded: 1, unchanged: 1, customers: 2, ..Default::default() };
    assert_eq!(counts(&answers), expected);
    assert_eq!(product.list("ada").len(), 2);
}

#[test]
fn a_row_that_is_wrong_is_named_and_the_others_land() {
    let product = product();
    let rows = vec![
        row(2, "ada", 1),
        changed(row(3, "", 1), |it| it.channel = String::new()),
        changed(row(4, "ada", 2), |it| it.contact_time = None),
        changed(row(5, "ada", 2), |it| {
            it.contact_time = Some(timestamp_of(at(NOW).plus(Span::from_hours(1))));
        }),
        changed(row(6, "ada", 2), |it| it.channel = "fax".to_owned()),
        v1::ContactRow { row_number: 7, ..Default::default() },
        row(8, "ada", 41 * 24),
        changed(row(9, "ada", 2), |it| it.contact_time.as_mut().unwrap().seconds -= 500 * 86_400),
    ];
    let (answers, ended) = import(&product, false, vec![rows]);
    ended.unwrap();
    let refused: Vec<(u64, Vec<&str>)> = answers[1]
        .refused_rows
        .iter()
        .map(|row| {
            let fields = row.violations.iter().map(|it| it.field.as_str());
            (row.row_number, fields.collect())
        })
        .collect();
    let nothing = vec!["contact_time", "channel", "customer_id", "purpose"];
    let expected = [
        (3, vec!["channel", "customer_id"]),
        (4, vec!["contact_time"]),
        (5, vec!["contact_time"]),
        (6, vec!["channel"]),
        (7, nothing),
    ];
    assert_eq!(refused, expected);
    let what = &answers[1].refused_rows[2].violations[0].description;
    assert!(what.contains("not in the future"), "{what}");
    let expected = v1::ImportContactsCounts {
        recorded: 1,
        refused: 5,
        too_old: 2,
        customers: 1,
        ..Default::default()
    };
    assert_eq!(counts(&answers), expected);
    assert_eq!(product.list("ada").len(), 1);
}

#[test]
fn a_dry_run_tells_who_would_stand_at_a_limit_and_changes_nothing() {
    let product = product();
    let cadence = v1::Cadence {
        channel: Some("sms".to_owned()),
        limit: Some(1),
        window: Some(v1::cadence::Window::Sliding(seconds(86_400))),
        ..Default::default()
    };
    let customer = v1::Customer {
        customer_id: "cyd".to_owned(),
        cadence: vec![cadence],
        ..Default::default()
    };
    let request = v1::UpdateCustomerRequest { customer: Some(customer), ..Default::default() };
    product.wait(product.customers().update_customer(request)).unwrap();
    // One of ada's is on record already.
    import(&product, false, vec![vec![row(1, "ada", 5)]]).1.unwrap();
    let sms = |row| changed(row, |it| it.channel = "sms".to_owned());
    let receipt = |row| changed(row, |it| it.purpose = "receipt".to_owned());
    let chunks = vec![
        vec![row(1, "ada", 1), row(2, "ada", 2), row(3, "bob", 1), row(4, "bob", 2)],
        vec![sms(row(5, "cyd", 3)), sms(row(6, "dee", 3))],
        (0..5).map(|it| receipt(row(7 + it, "eli", 1 + u32::try_from(it).unwrap()))).collect(),
    ];
    let (answers, ended) = import(&product, true, chunks.clone());
    ended.unwrap();
    let expected = v1::ImportContactsCounts {
        recorded: 11,
        customers: 5,
        customers_at_limit: 2,
        ..Default::default()
    };
    assert_eq!(counts(&answers), expected);
    let limits: Vec<(Option<&str>, u64)> =
        answers[3].reached_limits.iter().map(|it| (it.rule.as_deref(), it.customers)).collect();
    assert_eq!(limits, [(None, 1), (Some("weekly"), 1)]);
    assert_eq!(product.list("bob").len() + product.list("cyd").len(), 0);
    // What it told is what the engine says afterwards.
    let (answers, ended) = import(&product, false, chunks);
    ended.unwrap();
    assert_eq!((counts(&answers).customers_at_limit, answers[3].reached_limits.len()), (0, 0));
    assert_eq!(codes(&product.check(email("ada")).unwrap()), ["BUDGET_SPENT"]);
    assert!(codes(&product.check(email("bob")).unwrap()).is_empty());
    let to_cyd = v1::Contact { channel: "sms".to_owned(), ..email("cyd") };
    assert_eq!(codes(&product.check(to_cyd).unwrap()), ["PERSONAL_CADENCE"]);
}

#[test]
fn a_full_record_keeps_the_newest_and_adds_nothing_again() {
    let product = product();
    // More than a record keeps, the newest first, over two chunks.
    let rows: Vec<v1::ContactRow> = (0..1_100).map(|it| minutes_ago(it + 1)).collect();
    let chunks: Vec<Vec<v1::ContactRow>> = rows.chunks(1_000).map(<[_]>::to_vec).collect();
    let (answers, ended) = import(&product, false, chunks.clone());
    ended.unwrap();
    let first = counts(&answers);
    assert_eq!(first.recorded + first.too_old, 1_100);
    let before = product.list("ada");
    assert_eq!(before[0].contact_time, minutes_ago(1).contact.unwrap().contact_time);
    let (answers, ended) = import(&product, false, chunks);
    ended.unwrap();
    let again = counts(&answers);
    assert_eq!((again.recorded, again.unchanged + again.too_old), (0, 1_100), "{again:?}");
    assert_eq!(product.list("ada"), before);
}

fn minutes_ago(minutes: u64) -> v1::ContactRow {
    let ago = Span::from_secs(60 * u32::try_from(minutes).unwrap());
    let contact_time = Some(timestamp_of(at(NOW).minus(ago)));
    let contact = Some(v1::Contact { contact_time, ..email("ada") });
    v1::ContactRow { row_number: minutes, contact, unanswered: None }
}

#[test]
fn what_was_sent_before_an_erasure_is_not_known_again() {
    let product = product();
    import(&product, false, vec![vec![row(1, "ada", 5)]]).1.unwrap();
    let request = v1::EraseCustomerRequest { customer_id: "ada".to_owned(), ..Default::default() };
    product.wait(product.customers().erase_customer(request)).unwrap();
    let (answers, ended) = import(&product, false, vec![vec![row(1, "ada", 5)]]);
    ended.unwrap();
    let expected = v1::ImportContactsCounts { erased: 1, customers: 1, ..Default::default() };
    assert_eq!(counts(&answers), expected);
    assert_eq!(product.list("ada"), []);
}

#[test]
fn a_call_has_its_form() {
    let product = product();
    let chunk = |rows| Part::Chunk(v1::ImportContactsChunk { rows });
    let options = || Part::Options(v1::ImportContactsOptions::default());
    let twice = vec![row(1, "ada", 1), row(1, "bob", 1)];
    let many = (1..=1_001).map(|number| row(number, "ada", 1)).collect();
    for (parts, field) in [
        (vec![], "options"),
        (vec![chunk(vec![row(1, "ada", 1)])], "options"),
        (vec![options(), options()], "options"),
        (vec![options(), chunk(vec![])], "chunk.rows"),
        (vec![options(), chunk(many)], "chunk.rows"),
        (vec![options(), chunk(vec![row(0, "ada", 1)])], "chunk.rows[0].row_number"),
        (vec![options(), chunk(twice)], "chunk.rows[1].row_number"),
    ] {
        let status = send(&product, parts).1.unwrap_err();
        assert_eq!(
            (status.code(), fields(&status)),
            (Code::InvalidArgument, vec![field.to_owned()])
        );
    }
    assert_eq!(product.list("ada"), []);
}

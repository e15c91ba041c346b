//! The notes of explanations: every family with every result, as they are read over the wire.

use std::collections::BTreeMap;
use std::path::Path;

use courtesy::model::Instant;
use courtesy::model::Record;
use courtesy::policy::Source;
use courtesy::proto::v1;
use courtesy::proto::v1::FindingResult;
use courtesy::rpc::convert::time::timestamp;
use courtesy::zone::Zones;

use super::pauses::pause;
use super::product::Product;
use super::product::at;

/// A server with one rule of each family.
fn product() -> Product {
    let product = Product::start();
    product.apply(&read("policy.yaml"), 0).unwrap();
    product
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/api/explained");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// A finding about a customer of this record, asked for as a line of `notes.txt` asks for it.
fn found(product: &Product, record: &str, question: &[&str], now: Instant) -> v1::Finding {
    let [cause, id, channel, purpose, ..] = question else { panic!("{question:?}") };
    product
        .seed(id, &Record::load(&Source::new("customer.yaml", record), &Zones::bundled()).unwrap());
    product.hand.set(now);
    let (channel, marked) = channel.split_once('+').unwrap_or((*channel, ""));
    let attributes = (!marked.is_empty()).then(|| (marked.to_owned(), "1".to_owned()));
    let contact = v1::Contact {
        customer_id: (*id).to_owned(),
        channel: channel.to_owned(),
        purpose: (*purpose).to_owned(),
        campaign: Some("spring".to_owned()),
        attributes: attributes.into_iter().collect(),
        ..Default::default()
    };
    let request = v1::CheckContactRequest {
        contact: Some(contact),
        detail: v1::DetailLevel::Full.into(),
        ..Default::default()
    };
    let answer = product.wait(product.contacts().check_contact(request)).unwrap();
    let trace = answer.into_inner().decision.unwrap().detail.unwrap().trace;
    let denies_not = |it: &v1::Finding| it.result() != FindingResult::Denies;
    assert!(trace.is_sorted_by_key(denies_not), "what denies comes first: {trace:#?}");
    let finding = trace.iter().find(|finding| finding.cause == *cause);
    finding.unwrap_or_else(|| panic!("no {cause}: {trace:#?}")).clone()
}

#[test]
fn every_note_reads_right_for_its_result() {
    let product = product();
    let notes = read("notes.txt");
    let lines: Vec<&str> = notes.lines().filter(|line| !line.starts_with('#')).collect();
    let named: BTreeMap<&str, &str> =
        lines.iter().filter_map(|line| line.split_once(" = ")).collect();
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for line in &lines {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [_, customer, _, _, time, result, note] = cells.as_slice() else { continue };
        let now = at(named.get(time).unwrap_or(time));
        let finding = found(&product, named[customer], &cells, now);
        if (finding.result().as_str_name(), finding.note.as_str())
            != (format!("FINDING_RESULT_{result}").as_str(), *note)
        {
            wrong.push(format!("{line}\n  {}: {}", finding.result().as_str_name(), finding.note));
        }
        asked += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 50, "{asked}");
}

#[test]
fn a_pause_is_told_with_its_reason_and_its_end() {
    let product = product();
    let now = at("2026-11-23T12:00:00Z");
    product.hand.set(now);
    let request = v1::PauseContactsRequest {
        name: "fault".to_owned(),
        reason: "a fault".to_owned(),
        end_time: Some(timestamp(at("2026-11-23T15:00:00.2Z"))),
        ..Default::default()
    };
    pause(&product, request).unwrap();
    let question = ["a pause: a fault", "ada", "email", "notice"];
    let finding = found(&product, "{time_zone: Europe/Paris}", &question, now);
    let note = "a fault: until 2026-11-23T15:00:01Z (2026-11-23 16:00:01 Europe/Paris)";
    assert_eq!((finding.result(), finding.note.as_str()), (FindingResult::Denies, note));
}

//! Every case that ships, asked over the wire, one by one and as a batch.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use courtesy::model::Contact;
use courtesy::model::Instant;
use courtesy::model::Labels;
use courtesy::model::Span;
use courtesy::policy::Policy;
use courtesy::policy::Source;
use courtesy::policy::Suite;
use courtesy::policy::selector::Mask;
use courtesy::policy::selector::Selector;
use courtesy::policy::suite::Expectation;
use courtesy::policy::suite::Stated;
use courtesy::policy::suite::Test;
use courtesy::proto::v1;
use courtesy::rpc::convert::time::timestamp;
use courtesy::zone::Zones;

use super::pauses::pause;
use super::product::Product;
use super::product::codes;
use super::product::is_allowed;
use crate::support::files;

#[test]
fn every_case_gets_its_answer_over_the_wire() {
    let product = Product::start();
    let zones = Arc::new(Zones::bundled());
    let (mut revision, mut asked, mut pauses) = (0, 0, 0);
    for file in files("tests/cases") {
        let text = fs::read_to_string(&file).unwrap();
        let documents = inline_documents(&text);
        assert!(!documents.is_empty(), "{file}");
        revision = replace_policy(&product, documents, revision);
        let (suite, _) = Suite::load(&Source::new(&file, &text), &[], &zones).unwrap();
        for test in &suite.tests {
            for (name, record) in &test.customers {
                product.seed(name, record);
            }
            let paused = set_pauses(&product, &suite.policy, test);
            for expected in &test.expectations {
                check(&product, test, expected, &format!("{file}:{}", expected.line));
                asked += 1;
            }
            pauses += paused.len();
            if !paused.is_empty() {
                resume(&product, &paused);
            }
        }
    }
    assert!(asked > 150, "only {asked} questions were asked");
    assert!(pauses > 0, "no case has a pause");
}

/// Sets the pauses of a test, before the first of its questions and of their beginnings, and names
/// them.
fn set_pauses(product: &Product, policy: &Policy, test: &Test) -> Vec<String> {
    let begin = test.pauses.iter().filter_map(|pause| pause.from);
    let questions = test.expectations.iter().map(|expected| expected.at);
    let Some(first) = begin.chain(questions).min() else { return Vec::new() };
    product.hand.set(first.minus(Span::from_hours(1)));
    let numbered = test.pauses.iter().enumerate();
    numbered
        .map(|(number, it)| {
            let name = format!("pause-{number}");
            let request = v1::PauseContactsRequest {
                name: name.clone(),
                selector: Some(selector(policy, &it.selector)),
                reason: it.reason.clone(),
                start_time: it.from.map(timestamp),
                end_time: it.until.map(timestamp),
                ..Default::default()
            };
            pause(product, request).unwrap();
            name
        })
        .collect()
}

fn resume(product: &Product, names: &[String]) {
    let request = v1::ResumeContactsRequest { names: names.to_vec(), ..Default::default() };
    product.wait(product.policies().resume_contacts(request)).unwrap();
}

/// A selector as it was before it was compiled.
fn selector(policy: &Policy, selector: &Selector) -> v1::ContactSelector {
    fn listed(names: Option<&Vec<impl ToString>>) -> Vec<String> {
        names.into_iter().flatten().map(ToString::to_string).collect()
    }
    let members = |mask: Mask, names: Vec<String>| -> Vec<String> {
        if mask == Mask::ALL {
            return Vec::new();
        }
        let numbered = names.into_iter().enumerate();
        let members = numbered.filter(|(position, _)| mask.meets(Mask::of(Some(*position))));
        members.map(|(_, name)| name).collect()
    };
    let channels = policy.channels.iter().map(|channel| channel.name.to_string());
    let purposes = policy.purposes.iter().map(|purpose| purpose.name.to_string());
    v1::ContactSelector {
        channels: members(selector.channels, channels.collect()),
        purposes: members(selector.purposes, purposes.collect()),
        topics: listed(selector.labels.topic.as_ref()),
        campaigns: listed(selector.labels.campaign.as_ref()),
        brands: listed(selector.labels.brand.as_ref()),
        occasions: listed(selector.occasions.as_ref()),
        jurisdictions: listed(selector.jurisdictions.as_ref()),
        segments: listed(selector.segments.as_ref()),
        priority_at_least: selector.priority_at_least.map(u32::from),
        priority_below: selector.priority_below.map(u32::from),
    }
}

fn check(product: &Product, test: &Test, expected: &Expectation, place: &str) {
    let place = format!("{place}: {}", test.name);
    product.hand.set(expected.at);
    let contact = message(expected);
    let decision = product.check(contact.clone()).unwrap_or_else(|it| panic!("{place}: {it}"));
    assert_eq!(decision.effect().as_str_name(), format!("EFFECT_{}", expected.effect), "{place}");
    if let Some(reasons) = &expected.reasons {
        let found: BTreeSet<String> = codes(&decision).into_iter().collect();
        let stated: BTreeSet<String> = reasons.iter().map(ToString::to_string).collect();
        assert_eq!(found, stated, "{place}");
    }
    if let Some(rules) = &expected.rules {
        let stated: Vec<String> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(decision.determining_rules, stated, "{place}");
    }
    time(&expected.next_allowed_time, decision.next_allowed_time, &place);
    time(&expected.valid_until, decision.valid_until_time, &place);
    for (rule, units) in &expected.remaining {
        let found = decision.remaining.iter().find(|it| it.rule == rule.as_str());
        assert_eq!(found.map(|it| it.units), *units, "{place}: {rule}");
    }
    assert_eq!(is_allowed(&decision), decision.reasons.is_empty(), "{place}");

    let request = v1::BatchCheckContactsRequest {
        contacts: vec![contact.clone(), contact],
        ..Default::default()
    };
    let batch = product.wait(product.contacts().batch_check_contacts(request)).unwrap();
    for result in batch.into_inner().results {
        let single = v1::batch_check_result::Result::Decision(decision.clone());
        assert_eq!(result.result, Some(single), "{place}");
    }
}

fn time(stated: &Stated<Instant>, found: Option<prost_types::Timestamp>, place: &str) {
    match stated {
        Stated::Value(at) => assert_eq!(found, Some(timestamp(*at)), "{place}"),
        Stated::Unset => assert_eq!(found, None, "{place}"),
        Stated::Nothing => {}
    }
}

fn message(expected: &Expectation) -> v1::Contact {
    let Contact { channel, purpose, labels, occasions, priority, attributes } = &expected.contact;
    let Labels { topic, campaign, brand } = labels;
    v1::Contact {
        customer_id: expected.customer.to_string(),
        channel: channel.to_string(),
        purpose: purpose.to_string(),
        topic: topic.as_ref().map(ToString::to_string),
        campaign: campaign.as_ref().map(ToString::to_string),
        brand: brand.as_ref().map(ToString::to_string),
        occasions: occasions.iter().map(ToString::to_string).collect(),
        priority: Some(u32::from(*priority)),
        attributes: attributes.iter().map(|(name, it)| (name.to_string(), it.clone())).collect(),
        contact_time: None,
    }
}

/// Puts these documents in force, and no others.
fn replace_policy(product: &Product, texts: Vec<String>, revision: u64) -> u64 {
    let names: Vec<String> = texts.iter().map(|text| name_of(text).to_owned()).collect();
    let get = v1::GetPolicyRequest::default();
    let policy = product.wait(product.policies().get_policy(get)).unwrap().into_inner().policy;
    let old = policy.unwrap().documents.into_iter().map(|document| document.name);
    let request = v1::ApplyPolicyRequest {
        documents: texts
            .into_iter()
            .map(|text| v1::PolicyDocument { text, name: String::new() })
            .collect(),
        remove_documents: if revision == 0 {
            Vec::new()
        } else {
            old.filter(|name| !names.contains(name)).collect()
        },
        expected_revision: Some(revision),
        ..Default::default()
    };
    product.wait(product.policies().apply_policy(request)).unwrap().into_inner().revision
}

fn name_of(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("name: ")).unwrap()
}

/// The documents of a test file, each moved to the margin.
fn inline_documents(text: &str) -> Vec<String> {
    let lines = text.lines().skip_while(|line| *line != "documents:").skip(1);
    let mut documents: Vec<String> = Vec::new();
    for line in lines.take_while(|line| line.is_empty() || line.starts_with([' ', '#'])) {
        if let Some(first) = line.strip_prefix("  - ") {
            documents.push(format!("{first}\n"));
        } else if let Some(document) = documents.last_mut() {
            document.push_str(line.strip_prefix("    ").unwrap_or_else(|| line.trim_start()));
            document.push('\n');
        }
    }
    documents
}

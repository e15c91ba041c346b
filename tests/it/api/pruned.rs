//! Exactly these documents, a document that was renamed, and the very documents that are in force.

use courtesy::proto::v1;
use tonic::Status;
use tonic_types::StatusExt;

use super::product::Product;
use super::product::fields;

const BASE: &str = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\n";
const SHOP: &str = "name: shop\nbudgets: [{name: weekly, limit: 3, per: 7d}]\n";

fn request(texts: &[&str], expected: u64) -> v1::ApplyPolicyRequest {
    let document =
        |text: &&str| v1::PolicyDocument { text: (*text).to_owned(), name: String::new() };
    v1::ApplyPolicyRequest {
        documents: texts.iter().map(document).collect(),
        expected_revision: Some(expected),
        ..Default::default()
    }
}

fn apply(
    product: &Product,
    request: v1::ApplyPolicyRequest,
) -> Result<v1::ApplyPolicyResponse, Status> {
    Ok(product.wait(product.policies().apply_policy(request))?.into_inner())
}

fn names(product: &Product) -> Vec<String> {
    let got = product.wait(product.policies().get_policy(v1::GetPolicyRequest::default()));
    let policy = got.unwrap().into_inner().policy.unwrap();
    policy.documents.into_iter().map(|document| document.name).collect()
}

#[test]
fn what_is_in_force_makes_no_revision() {
    let product = Product::start();
    assert_eq!(apply(&product, request(&[BASE, SHOP], 0)).unwrap().revision, 1);
    for same in [request(&[BASE, SHOP], 1), request(&[SHOP], 1)] {
        let answer = apply(&product, same).unwrap();
        assert_eq!((answer.revision, answer.changes.len()), (1, 0));
    }
    let pruned = v1::ApplyPolicyRequest { prune: Some(true), ..request(&[SHOP, BASE], 1) };
    assert_eq!(apply(&product, pruned).unwrap().revision, 1);
    let back = v1::RollbackPolicyRequest {
        revision: Some(1),
        expected_revision: Some(1),
        ..Default::default()
    };
    let back = product.wait(product.policies().rollback_policy(back)).unwrap();
    assert_eq!(back.into_inner().revision, 1);
    let listed = v1::ListPolicyRevisionsRequest::default();
    let listed = product.wait(product.policies().list_policy_revisions(listed)).unwrap();
    assert_eq!(listed.into_inner().revisions.len(), 1);
    // A word in a comment is another text, which is kept verbatim.
    let commented = format!("# a word\n{SHOP}");
    assert_eq!(apply(&product, request(&[&commented], 1)).unwrap().revision, 2);
}

#[test]
fn what_is_not_named_is_removed_with_prune() {
    let product = Product::start();
    apply(&product, request(&[BASE, SHOP], 0)).unwrap();
    let pruned = v1::ApplyPolicyRequest { prune: Some(true), ..request(&[BASE], 1) };
    let validated = v1::ValidatePolicyRequest {
        documents: pruned.documents.clone(),
        prune: Some(true),
        ..Default::default()
    };
    let validated = product.wait(product.policies().validate_policy(validated)).unwrap();
    let told = validated.into_inner().changes.into_iter().map(|it| it.text);
    assert_eq!(told.collect::<Vec<_>>(), ["removes document shop", "removes the budget weekly"]);
    let answer = apply(&product, pruned.clone()).unwrap();
    assert_eq!((answer.revision, answer.changes.len()), (2, 2));
    assert_eq!(names(&product), ["base"]);
    let both = v1::ApplyPolicyRequest {
        remove_documents: vec!["base".to_owned()],
        expected_revision: Some(2),
        ..pruned.clone()
    };
    assert_eq!(fields(&apply(&product, both).unwrap_err()), ["remove_documents"]);
    let none = v1::ApplyPolicyRequest { documents: Vec::new(), ..pruned };
    assert_eq!(fields(&apply(&product, none).unwrap_err()), ["documents"]);
}

#[test]
fn a_renamed_document_is_recognised() {
    let product = Product::start();
    apply(&product, request(&[BASE, SHOP], 0)).unwrap();
    let store = SHOP.replace("name: shop", "name: store");
    let status = apply(&product, request(&[&store], 1)).unwrap_err();
    let violations = status.get_details_bad_request().unwrap().field_violations;
    assert_eq!(violations.len(), 1, "{violations:?}");
    let told = &violations[0].description;
    assert!(told.contains("replaces `shop`?") && told.contains("--remove shop"), "{told}");
    let replaced = v1::ApplyPolicyRequest {
        remove_documents: vec!["shop".to_owned()],
        ..request(&[&store], 1)
    };
    assert_eq!(apply(&product, replaced).unwrap().revision, 2);
    assert_eq!(names(&product), ["base", "store"]);
    // Whatever else is wrong is told as ever.
    let wrong = apply(&product, request(&["name: third\nbudgets: [{name: b, limt: 3}]\n"], 2));
    let wrong = wrong.unwrap_err().get_details_bad_request().unwrap().field_violations;
    assert!(wrong.iter().all(|it| !it.description.contains("replaces")), "{wrong:?}");
}

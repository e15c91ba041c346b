//! The life of a policy: what changed, who changed it, and the way back.

use courtesy::proto::v1;
use tonic::Code;
use tonic::Status;

use super::product::Product;
use super::product::email;
use super::product::fields;
use super::product::is_allowed;
use super::product::reason;
use super::product::timestamp;
use crate::support::File;
use crate::support::courtesy;

pub(super) const THREE: &str = "\
name: base
# as it was written
channels: {email: {}, sms: {}}
purposes: {marketing: {}}
budgets: [{name: marketing-weekly, limit: 3, per: 7d}]
";

pub(super) fn two() -> String {
    THREE.replace("limit: 3", "limit: 2")
}

fn edit(text: &str, expected: u64) -> v1::ApplyPolicyRequest {
    v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument { text: text.to_owned(), name: String::new() }],
        expected_revision: Some(expected),
        ..Default::default()
    }
}

fn apply(product: &Product, request: v1::ApplyPolicyRequest) -> v1::ApplyPolicyResponse {
    product.wait(product.policies().apply_policy(request)).unwrap().into_inner()
}

fn rollback(
    product: &Product,
    revision: u64,
    expected: u64,
) -> Result<v1::RollbackPolicyResponse, Status> {
    let request = v1::RollbackPolicyRequest {
        revision: Some(revision),
        expected_revision: Some(expected),
        note: Some("too few".to_owned()),
        ..Default::default()
    };
    Ok(product.wait(product.policies().rollback_policy(request))?.into_inner())
}

fn get(product: &Product, revision: Option<u64>) -> Result<v1::Policy, Status> {
    let request = v1::GetPolicyRequest { revision, ..Default::default() };
    Ok(product.wait(product.policies().get_policy(request))?.into_inner().policy.unwrap())
}

fn list(product: &Product, size: u32, token: &str) -> v1::ListPolicyRevisionsResponse {
    let request = v1::ListPolicyRevisionsRequest {
        page_size: Some(size),
        page_token: Some(token.to_owned()),
        ..Default::default()
    };
    product.wait(product.policies().list_policy_revisions(request)).unwrap().into_inner()
}

fn texts(changes: &[v1::PolicyChange]) -> Vec<&str> {
    changes.iter().map(|change| change.text.as_str()).collect()
}

#[test]
fn every_revision_is_kept_with_who_when_why_and_what() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    product.hand.set(super::product::at("2026-11-22T13:00:00Z"));
    let request = v1::ApplyPolicyRequest {
        author: Some("grace".to_owned()),
        note: Some("fewer before the holidays".to_owned()),
        ..edit(&two(), 1)
    };
    let tried = v1::ApplyPolicyRequest { validate_only: Some(true), ..request.clone() };
    let expected = ["marketing-weekly: limit 3 → 2"];
    assert_eq!(texts(&apply(&product, tried).changes), expected);
    assert_eq!(texts(&apply(&product, request).changes), expected);

    // What was replaced is as it was, also after a restart.
    let product = product.restart();
    let listed = list(&product, 10, "");
    assert_eq!(listed.next_page_token, "");
    let [second, first] = listed.revisions.as_slice() else { panic!("{listed:?}") };
    assert_eq!((second.revision, second.in_force, first.in_force), (2, true, false));
    assert_eq!(second.author.as_deref(), Some("grace"));
    assert_eq!(second.note.as_deref(), Some("fewer before the holidays"));
    assert_eq!(second.apply_time, Some(timestamp("2026-11-22T13:00:00Z")));
    assert_eq!(texts(&second.changes), expected);
    assert_eq!(second.changes[0].subject, "marketing-weekly");
    assert_eq!((first.revision, first.author.as_deref()), (1, None));
    assert_eq!(first.apply_time, Some(timestamp("2026-11-22T12:00:00Z")));
    assert_eq!(texts(&first.changes)[..2], ["adds document base", "removes document starter"]);
    let old = get(&product, Some(1)).unwrap();
    assert_eq!((old.revision, old.documents[0].text.as_str()), (1, THREE));
    assert_eq!(get(&product, Some(2)).unwrap().author.as_deref(), Some("grace"));
    assert_eq!(get(&product, None).unwrap().revision, 2);
}

#[test]
fn revisions_are_listed_page_by_page() {
    let product = Product::start();
    assert!(list(&product, 10, "").revisions.is_empty(), "the starter policy is not a revision");
    for number in 0..5 {
        let text = THREE.replace("limit: 3", &format!("limit: {}", 10 + number));
        product.apply(&text, number).unwrap();
    }
    let (mut numbers, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(&product, 2, &token);
        assert!(page.revisions.len() <= 2);
        numbers.extend(page.revisions.iter().map(|it| it.revision));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
}

#[test]
fn a_rollback_is_a_new_revision_with_old_documents() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    product.apply(&two(), 1).unwrap();
    let stale = rollback(&product, 1, 1).unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "REVISION_MOVED"));
    let absent = rollback(&product, 7, 2).unwrap_err();
    assert_eq!((absent.code(), reason(&absent).as_str()), (Code::NotFound, "REVISION_NOT_FOUND"));
    let absent = get(&product, Some(7)).unwrap_err();
    assert_eq!((absent.code(), reason(&absent).as_str()), (Code::NotFound, "REVISION_NOT_FOUND"));
    assert_eq!(fields(&rollback(&product, 0, 2).unwrap_err()), ["revision"]);

    let done = rollback(&product, 1, 2).unwrap();
    assert_eq!(done.revision, 3);
    assert_eq!(texts(&done.changes), ["marketing-weekly: limit 2 → 3"]);
    let policy = get(&product, None).unwrap();
    assert_eq!((policy.revision, policy.restored_revision), (3, Some(1)));
    assert_eq!(policy.note.as_deref(), Some("too few"));
    assert_eq!(policy.documents[0].text, THREE, "verbatim");
    let remaining = product.check(email("ada")).unwrap().remaining;
    assert_eq!(remaining[0].units, 3);
    // A rollback can be rolled back.
    assert_eq!(rollback(&product, 2, 3).unwrap().revision, 4);
    assert_eq!(get(&product, Some(3)).unwrap().restored_revision, Some(1));
}

#[test]
fn documents_are_validated_whatever_is_in_force() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let validate = |text: &str| {
        let documents = edit(text, 0).documents;
        let request = v1::ValidatePolicyRequest { documents, ..Default::default() };
        product.wait(product.policies().validate_policy(request)).unwrap().into_inner()
    };
    let fine = validate(&two());
    assert_eq!((fine.errors.len(), fine.revision), (0, 1));
    assert_eq!(texts(&fine.changes), ["marketing-weekly: limit 3 → 2"]);
    let wrong = validate("name: more\nbudgets: [{name: b, limt: 0, per: 1d}]\n");
    let problem = wrong.errors.iter().find(|it| it.help == "did you mean `limit`?").unwrap();
    assert_eq!((problem.document.as_str(), problem.line, problem.column), ("more", 2, 21));
    assert!(wrong.changes.is_empty());
    let doubtful = validate("name: more\nbudgets: [{name: b, limit: 0, per: 1d, mode: off}]\n");
    assert!(doubtful.errors.is_empty());
    assert_eq!(get(&product, None).unwrap().revision, 1);
}

#[test]
fn presets_are_listed_with_their_texts() {
    let product = Product::start();
    let list = |size, token: &str| {
        let request =
            v1::ListPresetsRequest { page_size: Some(size), page_token: Some(token.to_owned()) };
        product.wait(product.policies().list_presets(request)).unwrap().into_inner()
    };
    let all = list(1_000, "");
    let florida = all.presets.iter().find(|it| it.name == "us-fl").unwrap();
    assert!(florida.text.contains("name: us-fl") && !florida.description.is_empty());
    let first = list(2, "");
    let second = list(1_000, &first.next_page_token);
    assert_eq!([first.presets, second.presets].concat(), all.presets);
}

#[test]
fn two_operators_cannot_overwrite_each_other() {
    let product = Product::start();
    product.apply(THREE, 0).unwrap();
    let attempts = (0..8).map(|number| {
        let text = THREE.replace("limit: 3", &format!("limit: {}", 10 + number));
        let mut policies = product.policies();
        async move { policies.apply_policy(edit(&text, 1)).await }
    });
    let results = product.wait(futures_util::future::join_all(attempts));
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 7));
    assert!(lost.into_iter().all(|it| it.unwrap_err().code() == Code::Aborted));
    assert_eq!(get(&product, None).unwrap().revision, 2);
}

#[test]
fn the_command_shows_and_undoes_changes() {
    let product = Product::start();
    let server = format!("http://{}", product.address());
    let policy = |args: &[&str]| {
        let mut all = vec!["policy"];
        all.extend(args);
        all.extend(["--server", &server]);
        courtesy(&all)
    };
    let three = File::new("three.yaml", THREE);
    let fewer = File::new("two.yaml", &two());
    assert_eq!(policy(&["apply", three.path(), "--yes", "--author", "ada l."]).code, 0);
    let said = policy(&["diff", fewer.path()]);
    assert_eq!((said.code, said.out.as_str()), (1, "marketing-weekly: limit 3 → 2\n"));
    let said = policy(&["apply", fewer.path(), "--yes", "--note", "fewer, please"]);
    assert_eq!(said.out, "marketing-weekly: limit 3 → 2\nrevision 2 is in force\n");
    let said = policy(&["history"]);
    for part in ["revision 2, 2026-11-22T12:00:00", "in force", "“fewer, please”", "by ada l."]
    {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let said = policy(&["diff", "--from", "2", "--to", "1"]);
    assert_eq!(said.out, "marketing-weekly: limit 2 → 3\n", "{}", said.err);
    let said = policy(&["show", "--revision", "1"]);
    assert_eq!(said.out, THREE);
    let said = policy(&["rollback", "1", "--dry-run"]);
    assert!(said.out.ends_with("it could be done, as revision 3\n"), "{}", said.out);
    let said = policy(&["rollback", "1"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""), "no terminal to ask at");
    assert!(said.err.contains("--yes") && said.err.contains("--dry-run"), "{}", said.err);
    let said = policy(&["rollback", "1", "--yes"]);
    let end = "revision 3 is in force, with the documents of revision 1\n";
    assert!(said.out.ends_with(end), "{}{}", said.out, said.err);
    let said = policy(&["rollback", "9", "--yes"]);
    assert_eq!(said.code, 1);
    let told = "no revision 9 of the policy; `courtesy policy history` lists those there are";
    assert!(said.err.contains(told), "{}", said.err);
    let wrong = File::new("wrong.yaml", "name: base\nbudgets: [{name: b, limt: 1, per: 1d}]\n");
    let said = policy(&["diff", wrong.path()]);
    assert_eq!((said.code, said.out.as_str()), (2, ""), "it is no difference");
    assert!(said.err.contains("did you mean `limit`?"), "{}", said.err);
    assert!(is_allowed(&product.check(email("ada")).unwrap()));
}

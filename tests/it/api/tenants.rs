//! Tenants exist before they answer: a caller that misspells one is told, and never finds an empty
//! record.

use courtesy::model::Name;
use courtesy::proto::v1;
use courtesy::store::Store;
use tonic::Code;

use super::product::Product;
use super::product::codes;
use super::product::email;
use super::product::is_allowed;
use super::product::reason;
use super::product::violations;
use crate::support::courtesy;

const BASE: &str = "name: base\nchannels: {email: {}, sms: {}}\npurposes: {marketing: {}}\n";
const LESS: &str = "name: base\nchannels: {sms: {}}\npurposes: {marketing: {}}\n";

fn only_default(config: &mut courtesy::server::Config) {
    config.tenants = [Name::new("default").unwrap()].into();
}

fn check_for(product: &Product, tenant: &str) -> Result<v1::Decision, tonic::Status> {
    let (contact, tenant) = (Some(email("ada")), Some(tenant.to_owned()));
    let request = v1::CheckContactRequest { contact, tenant, ..Default::default() };
    let answer = product.wait(product.contacts().check_contact(request))?;
    Ok(answer.into_inner().decision.unwrap())
}

fn create(product: &Product, tenant: &str) -> Result<bool, tonic::Status> {
    let request = v1::CreateTenantRequest { tenant: tenant.to_owned(), author: None };
    Ok(product.wait(product.policies().create_tenant(request))?.into_inner().created)
}

#[test]
fn a_tenant_that_was_not_created_is_refused_by_every_method() {
    let product = Product::start_with(only_default);
    product.opt_out(v1::OptOutRequest { customer_id: "ada".into(), ..Default::default() }).unwrap();
    let status = check_for(&product, "Default").unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "TENANT_NOT_FOUND"));
    assert!(status.message().contains("did you mean `default`"), "{status}");
    let status = check_for(&product, "acme").unwrap_err();
    assert!(status.message().contains("courtesy tenant create"), "{status}");
    let tenant = || Some("acme".to_owned());
    let customer_id = || "ada".to_owned();
    let refused = [
        product
            .opt_out(v1::OptOutRequest {
                customer_id: customer_id(),
                tenant: tenant(),
                ..Default::default()
            })
            .map(drop),
        product
            .wait(product.customers().get_customer(v1::GetCustomerRequest {
                customer_id: customer_id(),
                tenant: tenant(),
            }))
            .map(drop),
        product
            .wait(
                product
                    .policies()
                    .get_policy(v1::GetPolicyRequest { tenant: tenant(), ..Default::default() }),
            )
            .map(drop),
        product
            .wait(product.policies().validate_policy(v1::ValidatePolicyRequest {
                documents: vec![v1::PolicyDocument { text: BASE.to_owned(), ..Default::default() }],
                tenant: tenant(),
                ..Default::default()
            }))
            .map(drop),
        product
            .wait(product.policies().list_audit_events(v1::ListAuditEventsRequest {
                tenant: tenant(),
                ..Default::default()
            }))
            .map(drop),
    ];
    for status in refused {
        assert_eq!(reason(&status.unwrap_err()), "TENANT_NOT_FOUND");
    }
}

#[test]
fn a_tenant_is_made_by_itself_by_a_policy_or_by_what_is_on_record() {
    let product = Product::start_with(only_default);
    assert!(create(&product, "acme").unwrap());
    assert!(!create(&product, "acme").unwrap(), "it is there already");
    assert!(is_allowed(&check_for(&product, "acme").unwrap()));
    assert_eq!(check_for(&product, "acme").unwrap().policy_revision, 0);
    let apply = v1::ApplyPolicyRequest {
        documents: vec![v1::PolicyDocument { text: BASE.to_owned(), ..Default::default() }],
        expected_revision: Some(0),
        tenant: Some("north".to_owned()),
        ..Default::default()
    };
    product.wait(product.policies().apply_policy(apply.clone())).unwrap();
    assert_eq!(check_for(&product, "north").unwrap().policy_revision, 1);
    // A tenant that was made and has no policy yet gets its first.
    let first = v1::ApplyPolicyRequest { tenant: Some("acme".to_owned()), ..apply };
    product.wait(product.policies().apply_policy(first)).unwrap();
    assert_eq!(check_for(&product, "acme").unwrap().policy_revision, 1);

    // Those of the settings exist for as long as they are named; one with records exists.
    let directory = tempfile::tempdir().unwrap();
    let named = |config: &mut courtesy::server::Config| {
        config.tenants = ["default", "south", "west"].map(|it| Name::new(it).unwrap()).into();
    };
    let product = Product::start_as(directory, named, |store| store);
    let request = v1::OptOutRequest {
        customer_id: "ada".to_owned(),
        tenant: Some("south".to_owned()),
        ..Default::default()
    };
    product.opt_out(request).unwrap();
    let tenants = product.wait(product.store.tenants()).unwrap();
    assert!(tenants.contains(&Name::new("south").unwrap()), "{tenants:?}");
    let product = product.restart_with(only_default);
    assert_eq!(codes(&check_for(&product, "south").unwrap()), ["OPTED_OUT"]);
    assert_eq!(reason(&check_for(&product, "west").unwrap_err()), "TENANT_NOT_FOUND");
}

#[test]
fn the_commands_refuse_and_make_tenants() {
    let product = Product::start_with(only_default);
    let server = format!("http://{}", product.address());
    let ask = |args: &[&str]| courtesy(&[args, &["--server", &server]].concat());
    let check = ["check", "--customer", "ada", "--channel", "email", "--purpose", "marketing"];
    let said = ask(&[&check[..], &["--tenant", "defalt"]].concat());
    assert_eq!(said.code, 2);
    assert!(said.err.contains("did you mean `default`"), "{}", said.err);
    let said = ask(&["tenant", "create", "acme"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(ask(&[&check[..], &["--tenant", "acme"]].concat()).code, 0);
    assert!(ask(&["tenant", "create", "acme"]).out.contains("already"));
    let file = crate::support::File::new("tenants.yaml", BASE);
    let said = ask(&["policy", "apply", file.path(), "--yes", "--tenant", "north"]);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn a_policy_has_a_channel_and_a_purpose() {
    let product = Product::start();
    product.apply(BASE, 0).unwrap();
    let remove = v1::ApplyPolicyRequest {
        remove_documents: vec!["base".to_owned()],
        expected_revision: Some(1),
        ..Default::default()
    };
    let status = product.wait(product.policies().apply_policy(remove)).unwrap_err();
    assert_eq!(reason(&status), "INVALID_POLICY", "{status}");
    assert!(violations(&status)[0].contains("declares no channel and no purpose"), "{status}");
    let status = product.apply("name: base\nchannels: {email: {}}\npurposes: {}\n", 1).unwrap_err();
    assert!(violations(&status)[0].contains("declares no purpose"), "{status}");
    assert_eq!(product.check(email("ada")).unwrap().policy_revision, 1);
}

#[test]
fn what_had_contacts_lately_is_not_removed_without_a_word() {
    let product = Product::start();
    product.apply(BASE, 0).unwrap();
    let validate = |text: &str| {
        let documents = vec![v1::PolicyDocument { text: text.to_owned(), ..Default::default() }];
        let request = v1::ValidatePolicyRequest { documents, ..Default::default() };
        let answer = product.wait(product.policies().validate_policy(request)).unwrap();
        let warnings = answer.into_inner().warnings.into_iter();
        warnings.map(|it| it.message).filter(|it| it.contains("is removed")).collect::<Vec<_>>()
    };
    assert!(validate(LESS).is_empty(), "no customer was contacted");
    product.record("1", email("ada"));
    let warned = validate(LESS);
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].contains("`email`") && warned[0].contains("30 days"), "{warned:?}");
}

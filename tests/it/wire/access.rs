//! Who may call what: every method, by every role, for its own tenant and another.

use std::path::PathBuf;

use courtesy::access::key::NewKey;
use courtesy::proto::DESCRIPTORS;
use courtesy::server;
use prost::Message;
use prost_reflect::DescriptorPool;
use prost_reflect::DynamicMessage;
use prost_reflect::MessageDescriptor;
use prost_reflect::Value;
use tonic::Code;

use super::caller::CHECK;
use super::caller::DIALECTS;
use super::caller::Dialect;
use super::caller::call;
use super::caller::send;
use crate::api::product::Product;

const ROLES: [&str; 5] = ["sender", "crm", "operator", "auditor", "privacy"];

/// A server that knows one caller for each role, all for the tenant `north`, and their keys.
pub(super) struct Guarded {
    pub(super) product: Product,
    keys: Vec<(&'static str, String)>,
    _directory: tempfile::TempDir,
}

impl Guarded {
    fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// The same, set up otherwise.
    pub(super) fn start_with(change: impl FnOnce(&mut server::Config)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path: PathBuf = directory.path().join("credentials.toml");
        let mut text = String::new();
        let keys = ROLES.map(|role| {
            let key = NewKey::make().unwrap();
            let caller = format!(
                "[[caller]]\nname = \"the {role}\"\nroles = [\"{role}\"]\ntenants = [\"north\"]\n\
                 [[caller.key]]\nid = \"{}\"\nsha256 = \"{}\"\n",
                key.id, key.hash
            );
            text.push_str(&caller);
            (role, key.secret)
        });
        std::fs::write(&path, text).unwrap();
        let product = Product::start_with(|config| {
            config.credentials = Some(path);
            change(config);
        });
        Self { product, keys: keys.into(), _directory: directory }
    }

    /// The key of the caller with a role.
    pub(super) fn key(&self, role: &str) -> &str {
        &self.keys.iter().find(|(it, _)| *it == role).unwrap().1
    }

    async fn call(
        &self,
        dialect: Dialect,
        path: &str,
        key: &str,
        message: &[u8],
    ) -> (Code, String) {
        let head = dialect.head(path).header("authorization", format!("Bearer {key}"));
        let answer = send(self.product.address(), head, &dialect.body(path, message)).await;
        let code = dialect.code(&answer);
        let reason = if code == Code::Ok { String::new() } else { dialect.reason(&answer) };
        (code, reason)
    }
}

/// Whether a role may call a method, as the design says it.
fn may(role: &str, service: &str, method: &str) -> bool {
    let is_private = matches!(method, "ExportCustomer" | "ExportCustomers" | "EraseCustomer");
    if method == "DescribePolicy" {
        return true;
    }
    let reads = ["Check", "BatchCheck", "Plan", "Get", "List", "Validate", "Describe", "Watch"];
    match role {
        "sender" => {
            let links = ["IssueUnsubscribeLink", "IssuePreferenceLink"];
            service == "ContactService" || links.contains(&method)
        }
        "crm" => {
            let asks = ["CheckContact", "BatchCheckContacts", "PlanContact", "ListOccasions"];
            (service == "CustomerService" && !is_private) || asks.contains(&method)
        }
        "operator" => {
            let shared = ["ListOverdueReplies", "MarkAnswered"];
            let is_shared = method.contains("UnclearMessage") || shared.contains(&method);
            service == "PolicyService" || is_shared
        }
        "auditor" => reads.iter().any(|it| method.starts_with(it)) || method == "SimulatePolicy",
        "privacy" => is_private,
        _ => panic!("{role}"),
    }
}

/// A message in which nothing is said but the tenant, wherever it is said.
fn naming(descriptor: &MessageDescriptor, tenant: &str) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    if descriptor.get_field_by_name("tenant").is_some() {
        message.set_field_by_name("tenant", Value::String(tenant.to_owned()));
        // Who watches is answered for ever, unless the request is refused.
        if descriptor.get_field_by_name("backlog").is_some() {
            message.set_field_by_name("backlog", Value::U32(u32::MAX));
        }
    } else if let Some(field) = descriptor.get_field_by_name("options") {
        let inner = naming(field.kind().as_message().unwrap(), tenant);
        message.set_field(&field, Value::Message(inner));
    }
    message
}

#[test]
fn every_method_is_for_its_roles_and_for_the_tenants_of_its_caller() {
    let guarded = Guarded::start();
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    // The clock is set beside `courtesy run` alone: no other server has that service.
    let served = |name: &str| name.starts_with("courtesy.v1.") && !name.ends_with(".ClockService");
    let api = pool.services().filter(|it| served(it.full_name()));
    let mut tried = 0;
    for method in api.flat_map(|it| it.methods().collect::<Vec<_>>()) {
        let service = method.parent_service().name().to_owned();
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        // Presets are the same for every tenant.
        let has_tenant = naming(&method.input(), "north").encode_to_vec().len() > 1;
        for (role, key) in &guarded.keys {
            for tenant in ["north", "south", "default"] {
                let message = naming(&method.input(), tenant).encode_to_vec();
                let called = guarded.call(Dialect::Grpc, &path, key, &message);
                let (code, reason) = guarded.product.wait(called);
                let denied = code == Code::PermissionDenied && reason == "NOT_ALLOWED";
                // The store and the webhooks belong to all tenants.
                let is_of_all = matches!(method.name(), "AcceptStore" | "UpgradeStore")
                    || method.name().contains("Webhook");
                let expected = may(role, &service, method.name())
                    && (tenant == "north" || !has_tenant)
                    && !is_of_all;
                assert_eq!(!denied, expected, "{role} {path} {tenant}: {code:?} {reason}");
                assert_ne!(code, Code::Unauthenticated, "{role} {path}");
                tried += 1;
            }
        }
        let message = naming(&method.input(), "north").encode_to_vec();
        for key in ["", "courtesy_00000000_0000"] {
            let called = guarded.call(Dialect::Grpc, &path, key, &message);
            let (code, reason) = guarded.product.wait(called);
            assert_eq!((code, &*reason), (Code::Unauthenticated, "UNAUTHENTICATED"), "{path}");
        }
    }
    assert!(tried >= 36 * 15, "{tried}");
}

#[test]
fn each_dialect_is_asked_who_calls() {
    let guarded = Guarded::start();
    let key = &guarded.keys[0].1;
    guarded.product.wait(async {
        for dialect in DIALECTS {
            let answer = call(guarded.product.address(), dialect, CHECK, &[]).await;
            assert_eq!(dialect.code(&answer), Code::Unauthenticated, "{dialect:?}");
            assert_eq!(dialect.reason(&answer), "UNAUTHENTICATED");
            // With a key the request itself is looked at.
            let path = CHECK;
            let tenant = [42, 5, b'n', b'o', b'r', b't', b'h'];
            let (code, reason) = guarded.call(dialect, path, key, &tenant).await;
            assert_ne!(code, Code::Unauthenticated, "{dialect:?} {reason}");
        }
        // Whether we are alive is not a secret.
        let health = "/grpc.health.v1.Health/Check";
        let answer = call(guarded.product.address(), Dialect::Grpc, health, &[]).await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::Ok);
    });
}

#[test]
fn services_that_are_switched_off_are_not_there() {
    let product = Product::start_with(|config| {
        (config.reflection, config.admin) = (false, false);
    });
    product.wait(async {
        for path in [
            "/courtesy.v1.PolicyService/GetPolicy",
            "/courtesy.v1.PolicyService/ApplyPolicy",
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        ] {
            let answer = call(product.address(), Dialect::Grpc, path, &[]).await;
            assert_eq!(Dialect::Grpc.code(&answer), Code::Unimplemented, "{path}");
        }
        let answer = call(product.address(), Dialect::Grpc, CHECK, &[]).await;
        assert_eq!(Dialect::Grpc.code(&answer), Code::InvalidArgument);
    });
}

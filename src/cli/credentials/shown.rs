//! The callers of a file of credentials, for people and for programs. No secret is among it.

use comfy_table::Table;
use serde_json::Value;
use serde_json::json;

use crate::access::credentials::File;
use crate::cli::clocks::Clocks;
use crate::cli::output::table;
use crate::model::Instant;
use crate::rpc::convert::time::timestamp;

/// A row for each key and each certificate.
pub(super) fn to_table(file: &File) -> Table {
    let mut shown = table(["caller", "roles", "tenants", "proves it by", "since"]);
    for caller in &file.callers {
        let roles: Vec<&str> = caller.roles.iter().map(|role| role.as_str()).collect();
        let about = [caller.name.clone(), roles.join(", "), caller.tenants.join(", ")];
        let keys = caller
            .keys
            .iter()
            .map(|key| (format!("key {}", key.id), since(key.created.as_deref())));
        let certificates = caller.certificates.iter().map(|name| (name.clone(), String::new()));
        let mut by: Vec<(String, String)> = keys.chain(certificates).collect();
        if by.is_empty() {
            by.push(("nothing: it cannot call".to_owned(), String::new()));
        }
        for (by, since) in by {
            shown.add_row(about.iter().cloned().chain([by, since]));
        }
    }
    for issuer in &file.issuers {
        let about = ["the token's subject", &issuer.roles_claim, &issuer.tenants_claim];
        let by = format!("tokens of {} for {}", issuer.issuer, issuer.audience);
        shown.add_row(about.into_iter().map(str::to_owned).chain([by, String::new()]));
    }
    shown
}

/// The time at which a key was made, to the second and also on this machine's clock. The text may
/// be no time, if an editor has written it.
fn since(created: Option<&str>) -> String {
    let created = created.unwrap_or_default();
    let at = Instant::parse(created).ok();
    at.map_or_else(|| created.to_owned(), |at| Clocks::here().past(Some(timestamp(at))))
}

/// The callers for programs; every field is always there.
pub(super) fn to_json(file: &File) -> Value {
    let callers = file.callers.iter().map(|caller| {
        let roles: Vec<&str> = caller.roles.iter().map(|role| role.as_str()).collect();
        let keys = caller.keys.iter().map(|key| json!({"id": key.id, "created": key.created}));
        json!({
            "name": caller.name,
            "roles": roles,
            "tenants": caller.tenants,
            "keys": keys.collect::<Vec<_>>(),
            "certificates": caller.certificates,
        })
    });
    let issuers = file.issuers.iter().map(|issuer| {
        json!({
            "issuer": issuer.issuer,
            "audience": issuer.audience,
            "rolesClaim": issuer.roles_claim,
            "tenantsClaim": issuer.tenants_claim,
        })
    });
    json!({"callers": callers.collect::<Vec<_>>(), "issuers": issuers.collect::<Vec<_>>()})
}

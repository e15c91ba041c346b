//! The more rules a policy has that are about a contact, the more are asked. Those about other
//! channels are not even looked at.

use courtesy::clock;
use courtesy::store::embedded::Embedded;
use tempfile::TempDir;

use crate::Effort;
use crate::ask;
use crate::ask::About;
use crate::ask::Line;
use crate::seed;
use crate::servers::Server;
use crate::table;

/// How many rules are about the contacts that are asked about, and how many are about others. A
/// policy has at most 1,000 of a kind.
const RULES: [(u32, u32); 8] =
    [(1, 0), (3, 0), (10, 0), (30, 0), (100, 0), (300, 0), (10, 100), (10, 900)];
const CUSTOMERS: u64 = 10_000;
const CONTACTS: usize = 30;

pub(crate) async fn measure(effort: Effort) -> String {
    let place = TempDir::new().unwrap();
    let directory = place.path().join("courtesy-data");
    let store = Embedded::open(&directory).unwrap();
    for rules in RULES {
        seed::fill(&store, &tenant(rules), CUSTOMERS, CONTACTS, clock::now()).await;
    }
    drop(store);
    let server = Server::courtesy(place.path(), directory.to_str().unwrap());
    for rules in RULES {
        server.apply(&tenant(rules), &policy(rules)).await;
    }

    let lines = RULES.map(|rules| Line {
        cells: vec![rules.0.to_string(), rules.1.to_string()],
        servers: vec![&server],
        redis: vec![],
        about: About::Of { tenant: tenant(rules), customers: CUSTOMERS },
        in_flight: 16,
    });
    let results = ask::all(&lines, effort).await;
    table::costs(&["rules about the contact", "about others"], &lines, &results)
}

fn tenant((own, others): (u32, u32)) -> String {
    format!("rules-{own}-{others}")
}

/// Budgets with room for everything, over 1 to 28 days.
fn policy((own, others): (u32, u32)) -> String {
    let rule = |number: u32, channel: &str| {
        let days = number % 28 + 1;
        format!(
            "  - {{name: {channel}-{number}, for: {{channels: [{channel}]}}, limit: 10000, per: {days}d}}\n"
        )
    };
    let own = (0..own).map(|number| rule(number, "email"));
    let others = (0..others).map(|number| rule(number, "sms"));
    let rules: String = own.chain(others).collect();
    format!(
        "name: bench\nchannels: {{email: {{}}, sms: {{}}}}\npurposes: {{marketing: \
         {{}}}}\nbudgets:\n{rules}"
    )
}

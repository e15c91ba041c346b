//! Asks servers about customers of one sort, and measures what that takes.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use courtesy::proto::v1;
use courtesy::proto::v1::Effect;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use tonic::transport::Channel;

use crate::Effort;
use crate::dice::Dice;
use crate::load;
use crate::load::Measured;
use crate::load::Work;
use crate::process::Process;
use crate::seed;
use crate::servers::Server;

static SEED: AtomicU64 = AtomicU64::new(1);

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Check,
    Reserve,
}

/// The customers that are asked about.
#[derive(Clone)]
pub(crate) enum About {
    /// The first so many customers of a tenant.
    Of { tenant: String, customers: u64 },
    /// The same, of one of so many tenants.
    OfAny { tenants: u64, customers: u64 },
    /// These of the default tenant.
    These(&'static [u64]),
}

/// One line of a table: which servers are asked, about which customers.
pub(crate) struct Line<'a> {
    /// What tells it from the other lines: a cell each.
    pub(crate) cells: Vec<String>,
    pub(crate) servers: Vec<&'a Server>,
    pub(crate) redis: Vec<&'a Process>,
    pub(crate) about: About,
    pub(crate) in_flight: usize,
}

/// What was measured of a line, in each round.
#[derive(Default)]
pub(crate) struct Results {
    pub(crate) check: Vec<Measured>,
    pub(crate) reserve: Vec<Measured>,
}

/// Measures all lines in turn, round after round.
pub(crate) async fn all(lines: &[Line<'_>], effort: Effort) -> Vec<Results> {
    let mut results: Vec<Results> = lines.iter().map(|_| Results::default()).collect();
    for round in 0..effort.rounds {
        for (line, results) in lines.iter().zip(&mut results) {
            results.check.push(line.run(What::Check, effort).await);
            results.reserve.push(line.run(What::Reserve, effort).await);
        }
        eprintln!("round {} of {}", round + 1, effort.rounds);
    }
    results
}

impl Line<'_> {
    async fn run(&self, what: What, effort: Effort) -> Measured {
        let calls = (0..self.in_flight).map(|number| {
            let server = self.servers[number % self.servers.len()];
            let client = ContactServiceClient::new(server.channel(number / self.servers.len()));
            // No two clients draw the same requests: repeated requests change nothing.
            let seed = SEED.fetch_add(1, Ordering::Relaxed);
            Ask { client, what, about: self.about.clone(), dice: Dice::new(seed << 32) }
        });
        let calls: Vec<Ask> = calls.collect();
        let servers: Vec<&Process> = self.servers.iter().map(|it| &it.process).collect();
        load::run(calls, effort.window, &servers, &self.redis).await
    }
}

struct Ask {
    client: ContactServiceClient<Channel>,
    what: What,
    about: About,
    dice: Dice,
}

impl Ask {
    /// A tenant and one of its customers.
    fn draw(&mut self) -> (String, u64) {
        match &self.about {
            About::Of { tenant, customers } => (tenant.clone(), self.dice.roll(*customers)),
            About::OfAny { tenants, customers } => {
                let tenant = self.dice.roll(*tenants);
                (format!("tenant-{tenant}"), self.dice.roll(*customers))
            }
            About::These(numbers) => {
                let at = self.dice.roll(u64::try_from(numbers.len()).unwrap());
                ("default".to_owned(), numbers[usize::try_from(at).unwrap()])
            }
        }
    }
}

impl Work for Ask {
    async fn make(&mut self) -> u64 {
        let (tenant, customer) = self.draw();
        let tenant = Some(tenant);
        let contact = Some(v1::Contact {
            customer_id: seed::customer(customer),
            channel: "email".to_owned(),
            purpose: "marketing".to_owned(),
            ..v1::Contact::default()
        });
        let decision = match self.what {
            What::Check => {
                let request = v1::CheckContactRequest { contact, tenant, ..Default::default() };
                self.client.check_contact(request).await.unwrap().into_inner().decision
            }
            What::Reserve => {
                let request_id = format!("growth-{:016x}", self.dice.roll(u64::MAX));
                let request =
                    v1::ReserveContactRequest { contact, tenant, request_id, ..Default::default() };
                self.client.reserve_contact(request).await.unwrap().into_inner().decision
            }
        };
        let decision = decision.unwrap();
        assert!(decision.effect() == Effect::Allow && !decision.degraded, "{decision:?}");
        1
    }
}

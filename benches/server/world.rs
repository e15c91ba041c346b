//! Everything that runs while it is measured.

use std::path::Path;
use std::time::Duration;

use courtesy::clock;
use courtesy::proto::v1;
use courtesy::proto::v1::contact_service_client::ContactServiceClient;
use courtesy::store::embedded::Embedded;
use prost::Message;
use redis::aio::MultiplexedConnection;
use tempfile::TempDir;

use crate::call::Call;
use crate::call::To;
use crate::contender::Contender;
use crate::contender::On;
use crate::contender::Sort;
use crate::dice::Dice;
use crate::load;
use crate::load::Measured;
use crate::seed;
use crate::servers::Redis;
use crate::servers::Server;

/// The servers, and what is needed to ask them.
pub(crate) struct World {
    echo: Server,
    embedded: Server,
    on_redis: Server,
    redis: Redis,
    direct: MultiplexedConnection,
    replace: String,
    log: String,
    seed: u64,
    _directories: [TempDir; 3],
}

impl World {
    /// Starts all of them, with all customers.
    pub(crate) async fn start() -> Self {
        let directories = [(); 3].map(|()| TempDir::new().unwrap());
        let [redis_data, on_redis, embedded] = &directories;
        let redis = Redis::start(redis_data.path(), &[]).await;
        let mut direct = redis.connect().await;
        let now = clock::now();
        seed::direct(&mut direct, now).await;
        let store = redis.store().await;
        seed::store(&store, now).await;
        drop(store);
        let directory = embedded.path().join("courtesy-data");
        let store = Embedded::open(&directory).unwrap();
        seed::store(&store, now).await;
        drop(store);
        let on_redis = Server::courtesy(on_redis.path(), &redis.url);
        let embedded = Server::courtesy(embedded.path(), directory.to_str().unwrap());
        for server in [&on_redis, &embedded] {
            server.apply("default", include_str!("policy.yaml")).await;
        }
        let echo = Server::echo(&answer(&embedded).await);
        let cas = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/redis/cas.lua");
        let replace = load_script(&mut direct, &std::fs::read_to_string(cas).unwrap()).await;
        let log = load_script(&mut direct, include_str!("log.lua")).await;
        let seed = 1;
        let _directories = directories;
        Self { echo, embedded, on_redis, redis, direct, replace, log, seed, _directories }
    }

    /// Runs a contender for a while.
    pub(crate) async fn run(&mut self, contender: &Contender, window: Duration) -> Measured {
        let calls = (0..contender.in_flight).map(|number| {
            self.seed += 1;
            Call {
                to: self.to(contender, number),
                history: contender.history,
                dice: Dice::new(self.seed << 32),
            }
        });
        let calls: Vec<Call> = calls.collect();
        let redis = &self.redis.process;
        let (servers, redis) = match &contender.sort {
            Sort::Echo => (vec![&self.echo.process], vec![]),
            Sort::Get | Sort::Replace | Sort::Log { .. } => (vec![], vec![redis]),
            Sort::Courtesy(On::Embedded, _) => (vec![&self.embedded.process], vec![]),
            Sort::Courtesy(On::Redis, _) => (vec![&self.on_redis.process], vec![redis]),
        };
        load::run(calls, window, &servers, &redis).await
    }

    fn to(&self, contender: &Contender, number: usize) -> To {
        let server = |server: &Server, question| {
            To::Server(ContactServiceClient::new(server.channel(number)), question)
        };
        let direct = self.direct.clone();
        match &contender.sort {
            Sort::Echo => {
                use crate::call::Question;
                use crate::call::What;
                let question = Question { what: What::Check, allowed: true, batch: None };
                server(&self.echo, question)
            }
            Sort::Get => To::Get(direct),
            Sort::Replace => To::Replace(direct, self.replace.clone()),
            Sort::Log { allowed } => To::Log(direct, self.log.clone(), *allowed),
            Sort::Courtesy(On::Embedded, question) => server(&self.embedded, *question),
            Sort::Courtesy(On::Redis, question) => server(&self.on_redis, *question),
        }
    }

    /// How much memory the two courtesy servers and Redis have, in MiB.
    pub(crate) fn memory_mib(&self) -> [u64; 3] {
        let processes = [&self.embedded.process, &self.on_redis.process, &self.redis.process];
        processes.map(|process| process.memory_kib() >> 10)
    }
}

/// What courtesy answers to a check, so that the echo's answers are as long.
async fn answer(server: &Server) -> Vec<u8> {
    let contact = v1::Contact {
        customer_id: seed::customer(30, 0),
        channel: "email".to_owned(),
        purpose: "marketing".to_owned(),
        ..v1::Contact::default()
    };
    let request = v1::CheckContactRequest { contact: Some(contact), ..Default::default() };
    let mut client = ContactServiceClient::new(server.channel(0));
    client.check_contact(request).await.unwrap().into_inner().encode_to_vec()
}

async fn load_script(connection: &mut MultiplexedConnection, script: &str) -> String {
    redis::cmd("SCRIPT").arg("LOAD").arg(script).query_async(connection).await.unwrap()
}

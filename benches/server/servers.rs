//! The servers that are measured, each a process of its own: Redis, courtesy on either store, and
//! the bare echo.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use courtesy::proto::v1;
use courtesy::proto::v1::policy_service_client::PolicyServiceClient;
use courtesy::store::redis::setting::Setting;
use redis::aio::MultiplexedConnection;
use tonic::transport::Channel;
use tonic::transport::Endpoint;

use crate::process::Process;

/// Over how many connections a server is asked. Which thread of a server has which of them is up to
/// the kernel, so there are more than threads.
const CONNECTIONS: usize = 8;

/// A gRPC server.
pub(crate) struct Server {
    pub(crate) process: Process,
    channels: Vec<Channel>,
}

impl Server {
    /// `courtesy serve`, as in production but for its ports.
    pub(crate) fn courtesy(directory: &Path, store: &str) -> Self {
        let secret = directory.join("bench-secret");
        std::fs::write(&secret, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
        command
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--console",
                "off",
                "--pages",
                "off",
                "--operations",
            ])
            .args(["127.0.0.1:0", "--store", store, "--secret-file"])
            .arg(&secret)
            .current_dir(directory);
        let mut process = Process::start(&mut command);
        let url = process.api();
        Self::at(process, url)
    }

    /// This program as an echo, which gives every check the same answer.
    pub(crate) fn echo(answer: &[u8]) -> Self {
        let answer: String = answer.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut command = Command::new(std::env::current_exe().unwrap());
        let mut process = Process::start(command.args(["echo", &answer]));
        let url = process.line().expect("the echo did not start").trim().to_owned();
        Self::at(process, url)
    }

    fn at(process: Process, url: String) -> Self {
        let endpoint = Endpoint::from_shared(url).unwrap().tcp_nodelay(true);
        let channels = (0..CONNECTIONS).map(|_| endpoint.connect_lazy()).collect();
        Self { process, channels }
    }

    /// One of its connections.
    pub(crate) fn channel(&self, number: usize) -> Channel {
        self.channels[number % self.channels.len()].clone()
    }

    /// Puts a policy in force for a tenant that has none yet.
    pub(crate) async fn apply(&self, tenant: &str, policy: &str) {
        let mut client = PolicyServiceClient::new(self.channel(0));
        let text = policy.to_owned();
        let document = v1::PolicyDocument { text, ..Default::default() };
        let request = v1::ApplyPolicyRequest {
            documents: vec![document],
            expected_revision: Some(0),
            tenant: Some(tenant.to_owned()),
            ..Default::default()
        };
        client.apply_policy(request).await.unwrap();
    }
}

/// A `redis-server` with the persistence that docs/redis.md recommends.
pub(crate) struct Redis {
    pub(crate) process: Process,
    pub(crate) url: String,
}

impl Redis {
    pub(crate) async fn start(directory: &Path, more: &[&str]) -> Self {
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut command = Command::new("redis-server");
            command
                .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
                .args(["--appendonly", "yes", "--appendfsync", "everysec", "--dir"])
                .arg(directory)
                .args(more);
            let process = Process::start(&mut command);
            let redis = Self { process, url: format!("redis://127.0.0.1:{port}") };
            for _ in 0..100 {
                if redis.try_connect().await.is_ok() {
                    return redis;
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        panic!("redis-server does not start; is it installed?");
    }

    /// courtesy's own store in it.
    pub(crate) async fn store(&self) -> courtesy::store::redis::Redis {
        let setting = Setting {
            patience: Duration::from_secs(10),
            ..Setting::new(self.url.parse().unwrap())
        };
        courtesy::store::redis::Redis::open(setting).await.unwrap()
    }

    pub(crate) async fn connect(&self) -> MultiplexedConnection {
        self.try_connect().await.unwrap()
    }

    async fn try_connect(&self) -> redis::RedisResult<MultiplexedConnection> {
        redis::Client::open(self.url.as_str())?.get_multiplexed_async_connection().await
    }
}

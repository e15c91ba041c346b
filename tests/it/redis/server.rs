//! One `redis-server`.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use courtesy::codec::mark::Mark;
use redis::Client;
use redis::Connection;
use redis::FromRedisValue;
use redis::RedisResult;
use tempfile::TempDir;

use super::leftovers;
use super::port;
use super::tls::Certificates;
use crate::wait::PATIENCE;
use crate::wait::until;

/// How often a port may turn out to be taken.
const TRIES: usize = 5;

/// How long a command of the tests themselves may take where it must be answered.
const ANSWER: Duration = Duration::from_secs(10);

/// How long it may take where the server may be stopped or out of reach.
const GLANCE: Duration = Duration::from_secs(1);

/// What a server is before it runs.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    config: Vec<String>,
    users: Option<String>,
    tls: Option<Certificates>,
    /// The address, and the command that starts a program there; nothing is here.
    elsewhere: Option<(String, Vec<String>)>,
    is_sentinel: bool,
}

/// A running server. It is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    plan: Plan,
    port: u16,
    directory: TempDir,
    child: Option<Child>,
}

impl Plan {
    /// A server with some lines in its configuration.
    pub(crate) fn new(config: &[&str]) -> Self {
        let config = config.iter().map(|&line| line.to_owned()).collect();
        Self { config, users: None, tls: None, elsewhere: None, is_sentinel: false }
    }

    /// Only these users may do anything, each a line of an ACL file: `user NAME on >PASSWORD …`.
    pub(crate) fn with_users(mut self, users: &[&str]) -> Self {
        self.users = Some(users.join("\n"));
        self
    }

    /// It speaks TLS only, and only to clients with a certificate from its authority.
    pub(crate) fn with_tls(mut self, certificates: &Certificates) -> Self {
        self.tls = Some(certificates.clone());
        self
    }

    /// It has an address of its own, where `prefix` starts programs.
    pub(crate) fn elsewhere(mut self, address: &str, prefix: &[String]) -> Self {
        self.elsewhere = Some((address.to_owned(), prefix.to_vec()));
        self
    }

    /// It is a sentinel.
    pub(crate) fn sentinel(mut self) -> Self {
        self.is_sentinel = true;
        self
    }

    /// One more line.
    pub(crate) fn line(mut self, line: &str) -> Self {
        self.config.push(line.to_owned());
        self
    }

    fn host(&self) -> &str {
        self.elsewhere.as_ref().map_or("127.0.0.1", |(address, _)| address)
    }

    /// Begins to start it on a free port, and does not wait until it answers.
    pub(crate) fn begin(self) -> Server {
        self.begin_on(port::free())
    }

    pub(crate) fn begin_on(self, port: u16) -> Server {
        let mut server =
            Server { plan: self, port, directory: leftovers::directory(), child: None };
        server.begin();
        server
    }

    /// Starts it.
    pub(crate) fn start(self) -> Server {
        for _ in 0..TRIES {
            let mut server = self.clone().begin();
            if server.answers_or_ends() {
                return server;
            }
            let log = server.log();
            assert!(log.contains("Address already in use"), "{log}");
        }
        panic!("no port is free");
    }
}

impl Server {
    /// Starts a server with these lines in its configuration, on a free port.
    pub(crate) fn start(config: &[&str]) -> Self {
        Plan::new(config).start()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn host(&self) -> &str {
        self.plan.host()
    }

    /// `host:port`.
    pub(crate) fn address(&self) -> String {
        format!("{}:{}", self.host(), self.port)
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.plan.tls.is_some() { "rediss" } else { "redis" };
        format!("{scheme}://{}", self.address())
    }

    /// The port that it tells others, where it has one; otherwise its own.
    pub(crate) fn announced(&self) -> u16 {
        let mut lines = self.plan.config.iter();
        let port = lines.find_map(|line| line.strip_prefix("cluster-announce-port "));
        port.map_or(self.port, |port| port.parse().unwrap())
    }

    /// Where clients are to go, which is not the server itself if it has announced otherwise.
    pub(crate) fn announced_url(&self) -> String {
        format!("redis://{}", self.announced_address())
    }

    /// The same without the scheme.
    pub(crate) fn announced_address(&self) -> String {
        format!("{}:{}", self.host(), self.announced())
    }

    pub(crate) fn is_running(&self) -> bool {
        self.child.is_some()
    }

    /// The process, if it has not been killed.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What it has written to its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.directory().join("log")).unwrap_or_default()
    }

    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
            leftovers::forget(self.directory());
        }
    }

    /// Lets it stand still, as a paused machine does. Its connections stay open.
    pub(crate) fn stop(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Kills it if it runs, and starts it again with the same port and files.
    pub(crate) fn restart(&mut self) {
        self.kill();
        self.begin();
        self.wait();
    }

    /// As `restart`, with nothing of what it had stored.
    pub(crate) fn restart_from_scratch(&mut self) {
        self.kill();
        for entry in fs::read_dir(self.directory()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
        }
        self.begin();
        self.wait();
    }

    /// Starts the process, and does not wait until it answers.
    pub(crate) fn begin(&mut self) {
        let directory = self.directory.path();
        let config = directory.join("config");
        // Sentinels keep what they know in this file.
        if !config.exists() {
            fs::write(&config, self.config()).unwrap();
            if let Some(users) = &self.plan.users {
                let users = format!("user default off\nuser bed on >bed ~* &* +@all\n{users}\n");
                fs::write(directory.join("users"), users).unwrap();
            }
        }
        let prefix = self.plan.elsewhere.as_ref().map(|(_, prefix)| prefix.clone());
        let mut words = prefix.unwrap_or_default();
        words.push("redis-server".to_owned());
        let (program, args) = words.split_first().unwrap();
        let mut command = Command::new(program);
        command.args(args).arg(&config);
        if self.plan.is_sentinel {
            command.arg("--sentinel");
        }
        let log = fs::File::options().create(true).append(true).open(directory.join("log"));
        let child = command.stdin(Stdio::null()).stdout(log.unwrap()).stderr(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| {
            assert!(
                error.kind() != ErrorKind::NotFound,
                "these tests need {program}; install it with: tests/servers/install, or apt-get \
                 install -y --no-install-recommends redis-server iproute2"
            );
            panic!("{program}: {error}")
        });
        leftovers::note(directory, child.id());
        self.child = Some(child);
    }

    fn config(&self) -> String {
        let host = self.host();
        let directory = self.directory().display();
        let mut text = format!("bind {host}\ndir {directory}\nprotected-mode no\n");
        let mut line = |line: &str| writeln!(text, "{line}").unwrap();
        match &self.plan.tls {
            None => line(&format!("port {}", self.port)),
            Some(certificates) => {
                line("port 0");
                line(&format!("tls-port {}", self.port));
                certificates.config().iter().for_each(|it| line(it));
            }
        }
        if self.plan.users.is_some() {
            line(&format!("aclfile {directory}/users"));
        }
        if !self.plan.is_sentinel {
            line("save \"\"");
            line("repl-diskless-sync-delay 0");
        }
        self.plan.config.iter().for_each(|it| line(it));
        text
    }

    /// Waits until it answers.
    pub(crate) fn wait(&mut self) {
        assert!(self.answers_or_ends(), "it ended: {}", self.log());
    }

    /// Whether it has come to answer; otherwise it has ended.
    fn answers_or_ends(&mut self) -> bool {
        let answer = until(PATIENCE, "the server answers", || {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap().is_some();
            let answer = self.ask::<String>(&["PING"]);
            (ended || answer.is_ok()).then_some(!ended)
        });
        if !answer {
            self.child = None;
            leftovers::forget(self.directory());
        }
        answer
    }

    /// Waits until it has all that its primary has.
    pub(crate) fn wait_until_it_follows(&self) {
        until(PATIENCE, "the replica follows", || {
            self.info("master_link_status").filter(|status| status == "up")
        });
    }

    /// A connection of the tests themselves, who may do everything.
    pub(crate) fn connect(&self) -> RedisResult<Connection> {
        self.connect_within(ANSWER)
    }

    /// A connection on which an answer may take so long.
    pub(crate) fn connect_within(&self, patience: Duration) -> RedisResult<Connection> {
        let mut lines = self.plan.config.iter();
        let password = lines.find_map(|line| line.strip_prefix("requirepass "));
        let login = match (&self.plan.users, password) {
            (Some(_), _) => "bed:bed@".to_owned(),
            (None, Some(password)) => format!(":{password}@"),
            (None, None) => String::new(),
        };
        let url = self.url().replacen("://", &format!("://{login}"), 1);
        let client = match &self.plan.tls {
            None => Client::open(url),
            Some(certificates) => Client::build_with_tls(url, certificates.for_client()),
        };
        let connection = client?.get_connection_with_timeout(patience)?;
        connection.set_read_timeout(Some(patience))?;
        connection.set_write_timeout(Some(patience))?;
        Ok(connection)
    }

    /// Sends one command on a connection of its own, to a server that may not answer.
    pub(crate) fn ask<T: FromRedisValue>(&self, words: &[&str]) -> RedisResult<T> {
        command(words).query(&mut self.connect_within(GLANCE)?)
    }

    /// As `ask`, where there must be an answer.
    #[track_caller]
    pub(crate) fn get<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let answer = self.connect().and_then(|mut it| command(words).query(&mut it));
        answer.unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// The mark under a key, by which a store is known again.
    pub(super) fn mark(&self, key: &str) -> Option<Mark> {
        let value = self.get::<Option<Vec<u8>>>(&["GET", key])?;
        Some(Mark::read(&Bytes::from(value).slice(26..)).unwrap())
    }

    /// A line of `INFO`.
    pub(crate) fn info(&self, name: &str) -> Option<String> {
        let text: String = self.ask(&["INFO", "everything"]).ok()?;
        line_of(&text, name)
    }
}

/// A command of some words.
pub(crate) fn command(words: &[&str]) -> redis::Cmd {
    let mut command = redis::Cmd::new();
    for word in words {
        command.arg(word);
    }
    command
}

/// What stands after `name:` in a text of such lines.
pub(crate) fn line_of(text: &str, name: &str) -> Option<String> {
    let of = |line: &str| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim().to_owned());
    text.lines().find_map(of)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn a_killed_server_keeps_what_it_has_written_to_its_log() {
    let mut server = Server::start(&["appendonly yes", "appendfsync always"]);
    let first = server.pid();
    assert_eq!(server.get::<String>(&["SET", "a", "1"]), "OK");
    server.kill();
    assert!(server.ask::<String>(&["GET", "a"]).is_err());
    server.restart();
    assert_ne!(server.pid(), first);
    assert_eq!(server.get::<String>(&["GET", "a"]), "1");
    server.restart_from_scratch();
    assert_eq!(server.get::<Option<String>>(&["GET", "a"]), None);
}

#[test]
fn a_stopped_server_lets_an_answer_wait() {
    let server = Server::start(&[]);
    let mut connection = server.connect_within(Duration::from_millis(100)).unwrap();
    server.stop();
    let error = command(&["GET", "a"]).query::<Option<String>>(&mut connection).unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    server.resume();
    assert_eq!(server.get::<Option<String>>(&["GET", "a"]), None);
}

#[test]
fn a_server_is_gone_when_it_is_dropped_while_a_test_panics() {
    let (tell, told) = std::sync::mpsc::channel();
    let test = std::thread::spawn(move || {
        let server = Server::start(&[]);
        tell.send((server.pid(), server.directory().to_owned())).unwrap();
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(test.join().is_err());
    let (pid, directory) = told.recv().unwrap();
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
    assert!(!directory.exists());
}

#[test]
fn a_server_may_ask_for_a_password() {
    let server = Server::start(&["requirepass sesame"]);
    assert_eq!(server.get::<String>(&["PING"]), "PONG");
    let plain = Client::open(server.url()).unwrap().get_connection();
    let error = plain.and_then(|mut it| command(&["PING"]).query::<String>(&mut it)).unwrap_err();
    assert!(error.to_string().contains("NOAUTH"), "{error}");
}

#[test]
fn a_server_may_have_users_who_may_do_little() {
    let users = ["user courtesy on >sesame ~courtesy:* resetchannels -@all +get +ping"];
    let server = Plan::new(&[]).with_users(&users).start();
    assert_eq!(server.get::<String>(&["SET", "courtesy:a", "1"]), "OK");
    let url = server.url().replacen("://", "://courtesy:sesame@", 1);
    let mut connection = Client::open(url).unwrap().get_connection().unwrap();
    let mut ask = |words: &[&str]| command(words).query::<String>(&mut connection);
    assert_eq!(ask(&["GET", "courtesy:a"]).unwrap(), "1");
    for forbidden in [&["GET", "other"][..], &["FLUSHALL"], &["SET", "courtesy:a", "2"]] {
        let error = ask(forbidden).unwrap_err();
        assert!(error.to_string().to_lowercase().contains("permission"), "{error}");
    }
}

#[test]
fn a_server_may_speak_tls_with_those_it_knows() {
    let certificates = Certificates::make();
    let server = Plan::new(&[]).with_tls(&certificates).start();
    assert!(server.url().starts_with("rediss://"));
    assert_eq!(server.get::<String>(&["PING"]), "PONG");
    // A client who trusts the authority, and shows no certificate.
    let anonymous = redis::TlsCertificates { client_tls: None, ..certificates.for_client() };
    let plain = Client::build_with_tls(server.url(), anonymous).unwrap().get_connection();
    assert!(plain.and_then(|mut it| command(&["PING"]).query::<String>(&mut it)).is_err());
    // A client who trusts another authority.
    let other = Certificates::make().for_client();
    assert!(Client::build_with_tls(server.url(), other).unwrap().get_connection().is_err());
}

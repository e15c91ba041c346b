use std::time::Duration;

use courtesy::clock::Stopwatch;
use redis::Client;
use redis::Connection;
use redis::ErrorKind;
use redis::RedisResult;
use redis::Value;

use super::super::server::Server;
use super::super::server::command;
use super::Proxy;
use super::Then;
use crate::wait::PATIENCE;
use crate::wait::until;

fn connect(proxy: &Proxy) -> Connection {
    let connection = Client::open(proxy.url()).unwrap().get_connection().unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    connection
}

/// Asks where no answer may come.
fn add_in_vain(connection: &mut Connection) {
    connection.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let error = add(connection).unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

fn add(connection: &mut Connection) -> RedisResult<u64> {
    command(&["INCR", "a"]).query(connection)
}

fn start() -> (Server, Proxy) {
    let server = Server::start(&[]);
    let proxy = Proxy::before(server.port());
    (server, proxy)
}

#[test]
fn a_reply_is_late_by_the_delay() {
    let (_server, proxy) = start();
    let mut connection = connect(&proxy);
    assert_eq!(add(&mut connection).unwrap(), 1);
    proxy.delay(Duration::from_millis(200));
    let began = Stopwatch::start();
    assert_eq!(add(&mut connection).unwrap(), 2);
    let took = began.elapsed();
    assert!(took.as_millis() >= 200, "{took:?}");
    // Ten at once are late once, and not one after the other.
    proxy.delay(Duration::from_secs(2));
    let began = Stopwatch::start();
    let mut ten = redis::pipe();
    for _ in 0..10 {
        ten.cmd("INCR").arg("a").ignore();
    }
    ten.query::<()>(&mut connection).unwrap();
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    // Longer than the connection waits.
    proxy.delay(2 * PATIENCE);
    proxy.pass();
    assert_eq!(add(&mut connection).unwrap(), 13);
}

#[test]
fn exactly_one_reply_is_swallowed_and_its_request_done() {
    for then in [Then::Cut, Then::Silence] {
        let (server, proxy) = start();
        let (mut first, mut second) = (connect(&proxy), connect(&proxy));
        proxy.swallow_reply_to("INCR", then);
        // Others pass meanwhile, on this connection too.
        assert_eq!(command(&["PING"]).query::<String>(&mut first).unwrap(), "PONG");
        match then {
            Then::Cut => {
                let error = add(&mut first).unwrap_err();
                assert!(error.is_connection_dropped(), "{error:?}");
            }
            Then::Silence => add_in_vain(&mut first),
        }
        assert_eq!(server.get::<String>(&["GET", "a"]), "1");
        assert_eq!(add(&mut second).unwrap(), 2);
        assert_eq!(add(&mut connect(&proxy)).unwrap(), 3);
        assert_eq!(proxy.swallowed(), 1);
    }
}

#[test]
fn the_replies_before_a_swallowed_one_arrive() {
    let (server, proxy) = start();
    proxy.swallow_reply_to("INCR", Then::Cut);
    let mut connection = connect(&proxy);
    let mut pipe = redis::pipe();
    pipe.cmd("SET").arg("b").arg("1").cmd("INCR").arg("a");
    connection.send_packed_command(&pipe.get_packed_pipeline()).unwrap();
    assert_eq!(connection.recv_response().unwrap(), Value::Okay);
    assert!(connection.recv_response().is_err());
    assert_eq!(server.get::<String>(&["GET", "a"]), "1");
}

#[test]
fn a_black_hole_takes_the_connections_there_are_and_no_others() {
    let (server, proxy) = start();
    let (mut old, mut older) = (connect(&proxy), connect(&proxy));
    assert_eq!(add(&mut old).unwrap(), 1);
    proxy.black_hole();
    for connection in [&mut old, &mut older] {
        add_in_vain(connection);
    }
    assert_eq!(add(&mut connect(&proxy)).unwrap(), 2);
    // Nothing arrived, and they are open still.
    assert_eq!(server.get::<String>(&["GET", "a"]), "2");
    assert!(proxy.open() >= 2);
    proxy.cut();
    until(PATIENCE, "they are closed", || (proxy.open() == 0).then_some(()));
}

#[test]
fn a_cut_closes_the_connections_there_are() {
    let (_server, proxy) = start();
    let mut old = connect(&proxy);
    assert_eq!(add(&mut old).unwrap(), 1);
    proxy.cut();
    let error = add(&mut old).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
    // What was on its way when it was cut may have been done.
    let next = add(&mut connect(&proxy)).unwrap();
    assert!((2..=3).contains(&next), "{next}");
    proxy.refuse();
    let refused = Client::open(proxy.url()).unwrap().get_connection();
    assert!(refused.and_then(|mut it| add(&mut it)).is_err());
    proxy.pass();
    assert_eq!(add(&mut connect(&proxy)).unwrap(), next + 1);
}

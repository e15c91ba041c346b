use std::net::Ipv4Addr;

use http::Request;

use super::*;
use crate::server::connections::share::Shares;
use crate::server::streams::Streams;
use crate::zone::Zones;

fn connections(limits: &Limits) -> Arc<Connections> {
    let share = Shares::of(1_024, limits).api;
    let metrics = Metrics::new(Zones::bundled().version());
    Connections::new(("api", share), Arc::new(limits.clone()), metrics)
}

async fn connect(connections: &Arc<Connections>) -> Socket {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stream, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
    drop(stream.unwrap());
    let (accepted, from) = accepted.unwrap();
    connections.take_in(accepted, from.ip()).unwrap()
}

/// The stream of a connection that has ended lives until its task has noticed.
#[tokio::test]
async fn a_connection_that_has_ended_has_made_way() {
    let limits = Limits { stranger_streams_per_address: 1, ..Limits::default() };
    let connections = connections(&limits);
    let streams = Streams::new(&limits);
    let (first, second) = (connect(&connections).await, connect(&connections).await);
    let call_on = |socket: &Socket| {
        let mut request = Request::new(());
        request.extensions_mut().insert(Arc::clone(&socket.connection));
        request
    };
    let (ended, waiting) = (Arc::clone(&first.connection), Arc::clone(&second.connection));
    let _unnoticed = streams.take(&call_on(&first)).unwrap();
    drop(first);
    assert!(!ended.is_stranger(), "its stream takes no room");
    assert!(ended.make_way_for(&waiting), "it may end while another looks for room");
    assert!(streams.take(&call_on(&second)).is_some());
}

use super::*;
use std::net::TcpStream;

const ANY: &str = "127.0.0.1:0";

#[test]
fn every_socket_listens_on_the_same_free_port() {
    let (listeners, address) = all(ANY.parse().unwrap(), 3).unwrap();
    assert_ne!(address.port(), 0);
    assert_eq!(listeners.len(), 3);
    for listener in &listeners {
        assert_eq!(listener.local_addr().unwrap(), address);
    }
    // The kernel hands the connections to one socket or another, and loses none.
    let connected: Vec<_> = (0..32).map(|_| TcpStream::connect(address).unwrap()).collect();
    let accepted = |listener: &TcpListener| std::iter::from_fn(|| listener.accept().ok()).count();
    assert_eq!(listeners.iter().map(accepted).sum::<usize>(), connected.len());
}

#[test]
fn a_port_is_not_shared_with_other_processes() {
    let (_listeners, address) = all(ANY.parse().unwrap(), 2).unwrap();
    let error = all(address, 2).unwrap_err();
    assert!(matches!(error, Error::AddressInUse { .. }), "{error:?}");
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    // The same holds for a process that would share it, and for one that would not.
    assert!(listen(address).is_ok(), "the refusal is ours and not the kernel's");
    let alone = TcpListener::bind(ANY).unwrap();
    let error = all(alone.local_addr().unwrap(), 1).unwrap_err();
    assert!(matches!(error, Error::AddressInUse { .. }), "{error:?}");
}

#[test]
fn a_port_is_free_again_when_it_is_closed() {
    let (listeners, address) = all(ANY.parse().unwrap(), 1).unwrap();
    let client = TcpStream::connect(address).unwrap();
    // The server's side closes first, so its end waits for stray packets for a while.
    drop(listeners.first().unwrap().accept().unwrap());
    drop(client);
    drop(listeners);
    assert!(all(address, 2).is_ok());
}

#[test]
fn an_address_that_is_not_ours_is_named() {
    let error = all("192.0.2.1:50051".parse().unwrap(), 1).unwrap_err();
    assert!(matches!(error, Error::Listen { .. }), "{error:?}");
    assert!(error.to_string().contains("192.0.2.1:50051"), "{error}");
}

//! The sockets that are listened on: one for each thread, on one port, so that the kernel hands
//! every new connection to one of them and no thread wakes another.

use std::io;
use std::net::SocketAddr;
use std::net::TcpListener;

use socket2::Domain;
use socket2::Protocol;
use socket2::Socket;
use socket2::Type;

use crate::server::Error;

/// The number of connections that may wait to be accepted.
const BACKLOG: i32 = 1_024;

/// Listens on `address` with `count` sockets, and returns the address: port 0 means a free one.
pub(super) fn all(
    address: SocketAddr,
    count: usize,
) -> Result<(Vec<TcpListener>, SocketAddr), Error> {
    let failed = |source: io::Error| {
        if source.kind() == io::ErrorKind::AddrInUse {
            Error::AddressInUse { address }
        } else {
            Error::Listen { address, source }
        }
    };
    // Sockets that share a port share it with those of any process of the same user that share it
    // too. So the port is first held by one that does not: it fails where another process listens.
    // As it never listens itself, the others may join it.
    let holder = bind(address, Sharing::No).map_err(failed)?;
    let bound = local_address(&holder).map_err(failed)?;
    let listeners: io::Result<Vec<TcpListener>> = (0..count).map(|_| listen(bound)).collect();
    Ok((listeners.map_err(failed)?, bound))
}

/// Listens on `address` with one socket.
pub(super) fn one(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let (listeners, bound) = all(address, 1)?;
    let listener = listeners.into_iter().next();
    let none = || Error::Listen { address, source: io::Error::other("there is no socket") };
    listener.map(|listener| (listener, bound)).ok_or_else(none)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = bind(address, Sharing::Yes)?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    Yes,
    No,
}

fn bind(address: SocketAddr, sharing: Sharing) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A port of which only closed connections are left is free.
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(sharing == Sharing::Yes)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

fn local_address(socket: &Socket) -> io::Result<SocketAddr> {
    socket.local_addr()?.as_socket().ok_or_else(|| io::Error::other("the socket has no address"))
}

#[cfg(test)]
mod tests;

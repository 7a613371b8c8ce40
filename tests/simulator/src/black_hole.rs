//! An address that takes no connection and refuses none, as behind a firewall that drops packets.

use crate::world::BLACK_HOLE;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use std::io;
use std::net::SocketAddr;

/// A listening socket whose queue is full: the system drops whatever else wants to connect.
pub(crate) struct BlackHole {
    _sockets: Vec<Socket>,
}

impl BlackHole {
    pub(crate) fn open(port: u16) -> io::Result<Self> {
        let address = SockAddr::from(SocketAddr::new(BLACK_HOLE, port));
        let listener = socket()?;
        listener.bind(&address)?;
        listener.listen(0)?;
        let mut sockets = vec![listener];
        for _ in 0..2 {
            let filler = socket()?;
            filler.set_nonblocking(true)?;
            // It is never accepted, so it stays under way for ever.
            let _ = filler.connect(&address);
            sockets.push(filler);
        }
        Ok(Self { _sockets: sockets })
    }
}

fn socket() -> io::Result<Socket> {
    Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))
}

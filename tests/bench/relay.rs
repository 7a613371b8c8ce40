//! Stands before the simulated services and counts the bytes that pass.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// A relay that lives until the process ends.
pub(crate) struct Relay {
    address: SocketAddr,
    passed: Arc<AtomicU64>,
}

impl Relay {
    /// Opens a relay to this address.
    pub(crate) fn to(target: SocketAddr) -> Self {
        // The simulated hosts have loopback addresses of their own, so all of them are listened on.
        let listener = TcpListener::bind(("0.0.0.0", 0)).expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let passed = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&passed);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(target) else { continue };
                let _ = (client.set_nodelay(true), server.set_nodelay(true));
                let (Ok(from_client), Ok(from_server)) = (client.try_clone(), server.try_clone()) else { continue };
                pass(from_client, server, Arc::clone(&counter));
                pass(from_server, client, Arc::clone(&counter));
            }
        });
        Self { address, passed }
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The bytes that passed, both ways.
    pub(crate) fn bytes(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, counter: Arc<AtomicU64>) {
    thread::spawn(move || {
        let mut buffer = [0_u8; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            counter.fetch_add(length as u64, Ordering::Relaxed);
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

//! A running simulation: its servers, its folder, and what a program needs to find them.

use crate::dns;
use crate::journal::Journal;
use crate::server::{self, Shared};
use crate::tls::CertificateAuthority;
use crate::world::World;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A running simulation; it ends when it is dropped.
pub struct Simulator {
    shared: Arc<Shared>,
    folder: TempDir,
    https: SocketAddr,
    nameserver: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// The ports to listen on; 0 lets the system choose.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ports {
    /// Of every https service.
    pub https: u16,
    /// Of the name server.
    pub dns: u16,
}

impl Simulator {
    /// Starts the servers of a world on loopback ports that the system chooses.
    pub fn start(world: World) -> io::Result<Self> {
        Self::start_on(world, Ports::default())
    }

    /// Starts the servers of a world on these ports.
    pub fn start_on(world: World, ports: Ports) -> io::Result<Self> {
        let authority = CertificateAuthority::new().map_err(io::Error::other)?;
        let folder = tempfile::Builder::new().prefix("simulated-azure-").tempdir()?;
        std::fs::write(folder.path().join("ca.pem"), authority.root())?;
        let shared = Arc::new(Shared::new(world, authority));
        let https = TcpListener::bind((Ipv4Addr::LOCALHOST, ports.https))?;
        let (udp, tcp) = dns::bind(ports.dns)?;
        let (https_address, nameserver) = (https.local_addr()?, udp.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        {
            // The sockets are bound before the thread starts: a caller may connect as soon as it has the addresses.
            let _entered = runtime.enter();
            runtime.spawn(server::serve(listening(https)?, shared.clone()));
            runtime.spawn(dns::serve_tcp(listening(tcp)?, shared.clone()));
            udp.set_nonblocking(true)?;
            runtime.spawn(dns::serve_udp(tokio::net::UdpSocket::from_std(udp)?, shared.clone()));
        }
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("simulated-azure".into()).spawn(move || {
            // Whether told or abandoned, the servers end here.
            let _ = runtime.block_on(stopped);
        })?;
        Ok(Self { shared, folder, https: https_address, nameserver, stop: Some(stop), thread: Some(thread) })
    }

    /// The environment that leads acr-preflight into this world.
    pub fn env(&self) -> Vec<(String, String)> {
        vec![
            ("ACR_PREFLIGHT_NAMESERVER".into(), self.nameserver.to_string()),
            ("ACR_PREFLIGHT_LOOPBACK_PORT".into(), self.https.port().to_string()),
            ("SSL_CERT_FILE".into(), self.root_certificate().display().to_string()),
        ]
    }

    /// The folder of this simulation, for files of its own; it goes with the simulation.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file that holds the root certificate of every https service.
    pub fn root_certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Where every https service listens.
    pub fn https_address(&self) -> SocketAddr {
        self.https
    }

    /// Where the name server listens.
    pub fn nameserver(&self) -> SocketAddr {
        self.nameserver
    }

    /// The world, to look at or to change while it runs.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// What was asked until now.
    pub fn journal(&self) -> Journal {
        self.shared.journal().clone()
    }
}

fn listening(listener: TcpListener) -> io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

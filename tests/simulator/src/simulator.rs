//! A running simulation: its servers, its folder, and what a program needs to find them.

use crate::black_hole::BlackHole;
use crate::journal::Journal;
use crate::server::{self, Shared};
use crate::tls::CertificateAuthority;
use crate::world::{BLACK_HOLE, Engine, IDENTITY_HEADER, Metadata, UNLISTENED, World};
use crate::{dns, plain, proxy};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};
use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio::sync::oneshot;

/// A running simulation; it ends when it is dropped.
pub struct Simulator {
    shared: Arc<Shared>,
    folder: TempDir,
    addresses: Addresses,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// Where the servers of a simulation are to listen.
#[derive(Debug, Clone)]
pub struct Listen {
    /// The address of the https services; any but loopback only inside a network namespace.
    pub address: IpAddr,
    /// Their port; 0 lets the system choose.
    pub https: u16,
    /// The name server's port, likewise.
    pub dns: u16,
}

impl Default for Listen {
    fn default() -> Self {
        Self { address: Ipv4Addr::LOCALHOST.into(), https: 0, dns: 0 }
    }
}

#[derive(Debug, Clone, Copy)]
struct Addresses {
    https: SocketAddr,
    nameserver: SocketAddr,
    metadata: SocketAddr,
    proxy: SocketAddr,
}

impl Simulator {
    /// Starts the servers of a world on loopback ports that the system chooses.
    pub fn start(world: World) -> io::Result<Self> {
        Self::start_on(world, &Listen::default())
    }

    /// Starts the servers of a world there.
    pub fn start_on(world: World, listen: &Listen) -> io::Result<Self> {
        let authority = CertificateAuthority::new().map_err(io::Error::other)?;
        let folder = tempfile::Builder::new().prefix("simulated-azure-").tempdir()?;
        std::fs::write(folder.path().join("ca.pem"), authority.root())?;
        let has_engine = world.engine != Engine::Absent;
        let shared = Arc::new(Shared::new(world, authority));
        let https = TcpListener::bind((listen.address, listen.https))?;
        let (udp, tcp) = dns::bind(listen.dns)?;
        let metadata = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let tunnels = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addresses = Addresses {
            https: https.local_addr()?,
            nameserver: udp.local_addr()?,
            metadata: metadata.local_addr()?,
            proxy: tunnels.local_addr()?,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        {
            // The sockets are bound before the thread starts: a caller may connect as soon as it has the addresses.
            let _entered = runtime.enter();
            runtime.spawn(server::serve(listening(https)?, shared.clone()));
            runtime.spawn(dns::serve_tcp(listening(tcp)?, shared.clone()));
            udp.set_nonblocking(true)?;
            runtime.spawn(dns::serve_udp(tokio::net::UdpSocket::from_std(udp)?, shared.clone()));
            runtime.spawn(plain::serve_metadata(listening(metadata)?, shared.clone()));
            runtime.spawn(proxy::serve(listening(tunnels)?, addresses.https, shared.clone()));
            if has_engine {
                let socket = UnixListener::bind(folder.path().join("docker.sock"))?;
                runtime.spawn(plain::serve_engine(socket, shared.clone()));
            }
        }
        // A server on every address leaves none to vanish at.
        let leaves_room = !addresses.https.ip().is_unspecified();
        let black_hole = leaves_room.then(|| BlackHole::open(addresses.https.port())).transpose()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("simulated-azure".into()).spawn(move || {
            // Whether told or abandoned, the servers end here.
            let _ = runtime.block_on(stopped);
            drop(black_hole);
        })?;
        Ok(Self { shared, folder, addresses, stop: Some(stop), thread: Some(thread) })
    }

    /// The environment that leads acr-preflight into this world, and the job's machine with its proxy and identities.
    pub fn env(&self) -> Vec<(String, String)> {
        let Addresses { https, nameserver, metadata, proxy } = self.addresses;
        let imds = match self.world().machine.metadata {
            Metadata::Imds => metadata,
            Metadata::Silent => (BLACK_HOLE, https.port()).into(),
            Metadata::Absent | Metadata::AppService => (UNLISTENED, https.port()).into(),
        };
        let mut environment = vec![
            ("ACR_PREFLIGHT_NAMESERVER".to_owned(), nameserver.to_string()),
            ("ACR_PREFLIGHT_LOOPBACK_PORT".to_owned(), https.port().to_string()),
            ("SSL_CERT_FILE".to_owned(), self.root_certificate().display().to_string()),
            ("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), format!("http://{imds}")),
        ];
        if self.world().machine.metadata == Metadata::AppService {
            environment.push(("IDENTITY_ENDPOINT".to_owned(), format!("http://{metadata}/msi/token")));
            environment.push(("IDENTITY_HEADER".to_owned(), IDENTITY_HEADER.to_owned()));
        }
        if self.world().proxy.in_use {
            let login = self.world().proxy.login.clone();
            let login = login.map(|(user, password)| format!("{user}:{password}@")).unwrap_or_default();
            environment.push(("HTTPS_PROXY".to_owned(), format!("http://{login}{proxy}")));
        }
        environment
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
        self.addresses.https
    }

    /// Where the name server listens.
    pub fn nameserver(&self) -> SocketAddr {
        self.addresses.nameserver
    }

    /// Where the proxy listens.
    pub fn proxy(&self) -> SocketAddr {
        self.addresses.proxy
    }

    /// The world, to look at or to change while it runs; no service answers as long as it is held.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// What was asked until now.
    pub fn journal(&self) -> Journal {
        self.shared.journal().clone()
    }

    /// Every token that was handed out or shown until now.
    pub fn tokens(&self) -> Vec<String> {
        self.shared.tokens().iter().cloned().collect()
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

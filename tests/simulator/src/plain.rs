//! Services that speak plain HTTP: the metadata services of a machine, on a TCP port, and a docker engine, on a socket.

use crate::server::{Shared, speak};
use crate::world::Engine;
use std::sync::Arc;
use tokio::net::{TcpListener, UnixListener};

/// The address at which a virtual machine finds its metadata service; stands for it in the journal.
pub(crate) const METADATA_HOST: &str = "169.254.169.254";
/// The name that stands for the docker engine.
pub(crate) const ENGINE: &str = "docker";

/// Serves the metadata services for ever.
pub(crate) async fn serve_metadata(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = shared.clone();
        tokio::spawn(async move {
            if let Some(stream) = speak(stream, METADATA_HOST.to_owned(), shared).await {
                let _ = stream.set_zero_linger();
            }
        });
    }
}

/// Serves a docker engine for ever.
pub(crate) async fn serve_engine(listener: UnixListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = shared.clone();
        let hangs = shared.world().engine == Engine::Hangs;
        tokio::spawn(async move {
            // A socket of this kind is closed where another would be reset.
            if hangs { std::future::pending().await } else { speak(stream, ENGINE.to_owned(), shared).await }
        });
    }
}

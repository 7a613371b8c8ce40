//! Services that speak plain HTTP: the metadata services of a machine, on a TCP port, and a docker engine, on a socket.

use crate::exchange::{Answer, Asked};
use crate::server::{Shared, answered, asked};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};

/// The address at which a virtual machine finds its metadata service; stands for it in the journal.
pub(crate) const METADATA_HOST: &str = "169.254.169.254";

/// Serves the metadata services for ever.
pub(crate) async fn serve_metadata(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = shared.clone();
        let answer = move |asked: Asked| shared.react(&asked).plain();
        tokio::spawn(connection(stream, METADATA_HOST, answer));
    }
}

/// Serves a docker engine for ever.
pub(crate) async fn serve_engine(listener: UnixListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let engine = shared.world().engine.clone();
        tokio::spawn(connection(stream, "docker", move |asked| engine.answer(&asked)));
    }
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    host: &'static str,
    answer: impl Fn(Asked) -> Option<Answer>,
) {
    let answer = &answer;
    let service = service_fn(move |request: Request<Incoming>| async move {
        match answer(asked(request, host.to_owned()).await) {
            Some(answer) => Ok::<Response<_>, Infallible>(answered(answer)),
            None => std::future::pending().await,
        }
    });
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

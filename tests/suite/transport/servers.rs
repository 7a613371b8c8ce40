//! Servers that do one thing wrong, on loopback ports that the system chooses.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A loopback port that the system chooses.
const ANY: &str = "127.0.0.1:0";

/// A running server; it ends with the test's runtime.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Runs `serve` for each TCP connection; it is told the connection's number, from 0.
    pub(super) async fn tcp<F: Future<Output = ()> + Send + 'static>(
        serve: impl Fn(TcpStream, usize) -> F + Send + 'static,
    ) -> Self {
        Self::tcp_at(ANY, serve).await
    }

    async fn tcp_at<F: Future<Output = ()> + Send + 'static>(
        address: &str,
        serve: impl Fn(TcpStream, usize) -> F + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let server =
            Self { address: listener.local_addr().unwrap(), connections: Arc::default(), heads: Arc::default() };
        let connections = server.connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(serve(stream, connections.fetch_add(1, Ordering::SeqCst)));
            }
        });
        server
    }

    /// Shakes hands and runs `serve` for each connection that got so far.
    pub(super) async fn tls<F: Future<Output = ()> + Send + 'static>(
        config: ServerConfig,
        serve: impl Fn(TlsStream<TcpStream>, usize) -> F + Clone + Send + 'static,
    ) -> Self {
        Self::tls_at(ANY, config, serve).await
    }

    async fn tls_at<F: Future<Output = ()> + Send + 'static>(
        address: &str,
        config: ServerConfig,
        serve: impl Fn(TlsStream<TcpStream>, usize) -> F + Clone + Send + 'static,
    ) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self::tcp_at(address, move |stream, number| {
            let (acceptor, serve) = (acceptor.clone(), serve.clone());
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, number).await;
                }
            }
        })
        .await
    }

    /// Answers requests one after the other; `reply` is told the request's head and number in the server's life, and
    /// gives bytes as they go onto the wire.
    pub(super) async fn https(
        config: ServerConfig,
        reply: impl Fn(&str, usize) -> Vec<u8> + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::https_at(ANY, config, reply).await
    }

    /// The same at an address of the test's choice.
    pub(super) async fn https_at(
        address: &str,
        config: ServerConfig,
        reply: impl Fn(&str, usize) -> Vec<u8> + Clone + Send + Sync + 'static,
    ) -> Self {
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let kept = heads.clone();
        let server = Self::tls_at(address, config, move |mut stream, _| {
            let (heads, reply) = (kept.clone(), reply.clone());
            async move {
                while let Some(head) = head(&mut stream).await {
                    let number = {
                        let mut heads = heads.lock().unwrap();
                        heads.push(head.clone());
                        heads.len() - 1
                    };
                    let _ = stream.write_all(&reply(&head, number)).await;
                }
                let _ = stream.shutdown().await;
            }
        })
        .await;
        Self { heads, ..server }
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections there were.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The heads of the requests so far.
    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// Reads a request's head, and its body where it has a length; nothing at the end of the stream.
pub(super) async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some(head)
}

/// A whole reply.
pub(super) fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Because\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{text}\r\n{body}").into_bytes()
}

/// Ends a connection with a reset instead of a close.
pub(super) fn reset(stream: &TcpStream) {
    stream.set_zero_linger().unwrap();
}

/// Writes without caring whether anybody reads.
pub(super) async fn say(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
}

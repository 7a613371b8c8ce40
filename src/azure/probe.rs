//! A connection made by hand, stage by stage: the client does not say in which phase a connection hung, nor with which
//! status a proxy refused.

mod tunnel;

use super::call::{Phase, ProxyFailure, Reason};
use super::proxy::{Proxy, Route};
use super::tls::Tls;
use super::unreachable::{Reading, io_reading, tls_failure};
use rustls::pki_types::ServerName;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

/// A byte stream, plain or encrypted.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// What to connect to.
pub(crate) struct Target<'a> {
    /// The name for SNI and for the certificate.
    pub(crate) host: &'a str,
    /// The port of the host, which a proxy is told.
    pub(crate) port: u16,
    /// Whether TLS follows.
    pub(crate) tls: bool,
    /// Of the host, or of the proxy where there is one.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) route: &'a Route,
}

/// Connects, tunnels and shakes hands by `until`, sends nothing, and says where it failed.
pub(crate) async fn shake_hands(target: &Target<'_>, tls: &Tls, until: Instant) -> Result<(), Reason> {
    let stream = connect(&target.addresses, until).await;
    let stream: Box<dyn Stream> = match target.route {
        Route::Direct => Box::new(stream?),
        Route::Through(proxy) => {
            let words = |reason: Reason| Reason::Proxy(ProxyFailure::Unreachable(reason.to_string()));
            through(proxy, stream.map_err(words)?, target, tls, until).await?
        }
    };
    if target.tls {
        encrypt(stream, target.host, tls, until).await?;
    }
    Ok(())
}

async fn through(
    proxy: &Proxy,
    stream: TcpStream,
    target: &Target<'_>,
    tls: &Tls,
    until: Instant,
) -> Result<Box<dyn Stream>, Reason> {
    let mut stream: Box<dyn Stream> = Box::new(stream);
    if proxy.is_https() {
        let words = |reason: Reason| Reason::Proxy(ProxyFailure::Unreachable(reason.to_string()));
        stream = encrypt(stream, proxy.host(), tls, until).await.map_err(words)?;
    }
    let asked = tunnel::ask(&mut stream, target.host, target.port, proxy.authorization.as_ref());
    let silent = ProxyFailure::Unreachable("it accepts connections and does not answer".into());
    match timeout_at(until, asked).await {
        Ok(Ok(())) => Ok(stream),
        Ok(Err(failure)) => Err(Reason::Proxy(failure)),
        Err(_) => Err(Reason::Proxy(silent)),
    }
}

/// Connects to the first address that takes the connection: one after the other, each with its share of the time.
async fn connect(addresses: &[SocketAddr], until: Instant) -> Result<TcpStream, Reason> {
    let share = until.saturating_duration_since(Instant::now()) / u32::try_from(addresses.len().max(1)).unwrap_or(1);
    let mut last = Reason::TimedOut(Phase::Connect);
    for (tried, address) in (1..).zip(addresses) {
        let limit =
            if tried == addresses.len() { until } else { Instant::now() + share.max(Duration::from_millis(50)) };
        match timeout_at(limit.min(until), TcpStream::connect(*address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = certain(&error, Phase::Connect),
            Err(_) => last = Reason::TimedOut(Phase::Connect),
        }
    }
    Err(last)
}

async fn encrypt(stream: Box<dyn Stream>, host: &str, tls: &Tls, until: Instant) -> Result<Box<dyn Stream>, Reason> {
    let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(name).map_err(|_| Reason::NameUnknown)?;
    let connector = TlsConnector::from(Arc::new(tls.config.clone()));
    match timeout_at(until, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(match error.get_ref().and_then(|error| error.downcast_ref()) {
            Some(error) => Reason::Tls(tls_failure(error, || tls.issuer(host).unwrap_or_default())),
            None => certain(&error, Phase::Handshake),
        }),
        Err(_) => Err(Reason::TimedOut(Phase::Handshake)),
    }
}

fn certain(error: &io::Error, phase: Phase) -> Reason {
    match io_reading(error, phase) {
        Reading::Clear(reason) => reason,
        _ => Reason::TimedOut(phase),
    }
}

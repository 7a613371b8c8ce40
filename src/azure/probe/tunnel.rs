//! `CONNECT` by hand, to learn what a proxy answers.

use super::Stream;
use crate::azure::call::ProxyFailure;
use crate::secret::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The longest head that is read of a proxy's answer.
const LONGEST_HEAD: usize = 16 * 1024;

/// Asks the proxy for a connection to the host; on success the stream leads there.
pub(super) async fn ask(
    stream: &mut Box<dyn Stream>,
    host: &str,
    port: u16,
    authorization: Option<&Secret>,
) -> Result<(), ProxyFailure> {
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(value) = authorization {
        request.push_str("Proxy-Authorization: ");
        request.push_str(value.expose());
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    let broken = |words: &str| ProxyFailure::Broken(words.to_owned());
    stream.write_all(request.as_bytes()).await.map_err(|_| broken("it closed the connection"))?;
    let mut head = Vec::new();
    // Behind the proxy waits a server of TLS, which does not speak first: what comes is the proxy's.
    while !head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return Err(broken("its answer has no end"));
        }
        match stream.read_buf(&mut head).await {
            Ok(length) if length > 0 => {}
            _ if status(&head).is_some() => break,
            _ if head.is_empty() => return Err(broken("it closed the connection")),
            _ => return Err(broken("it answered something else than HTTP")),
        }
    }
    match status(&head) {
        Some(200..=299) => Ok(()),
        Some(407) => Err(ProxyFailure::AuthenticationRequired),
        Some(status) => Err(ProxyFailure::Rejected(status)),
        None => Err(broken("it answered something else than HTTP")),
    }
}

/// The status of `HTTP/1.1 403 Forbidden`, where the first line is complete.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\n').next().filter(|line| line.len() < head.len())?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("HTTP/1.")?;
    line.split_ascii_whitespace().nth(1)?.parse().ok().filter(|status| (100..1000).contains(status))
}

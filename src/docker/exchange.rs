//! One HTTP exchange with an engine, over its socket or port.
//!
//! HTTP/1.0: the engine answers without chunks and closes, so the reply ends where the stream ends.

use super::address::Endpoint;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

/// A longer reply is not an engine's.
const REPLY_LIMIT: u64 = 256 * 1024;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpReply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl HttpReply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Asks for a path; `None` where the reply is not HTTP.
pub(super) async fn get(endpoint: &Endpoint, path: &str, limit: Duration) -> io::Result<Option<HttpReply>> {
    let exchange = async {
        match endpoint {
            Endpoint::Unix(socket) => over(UnixStream::connect(socket).await?, path).await,
            Endpoint::Tcp { host, port, .. } => over(TcpStream::connect((host.as_str(), *port)).await?, path).await,
            Endpoint::ClientOnly(_) | Endpoint::Malformed => Err(io::ErrorKind::Unsupported.into()),
        }
    };
    let bytes = timeout(limit, exchange).await.unwrap_or(Err(io::ErrorKind::TimedOut.into()))?;
    Ok(parse(&bytes))
}

async fn over(mut stream: impl AsyncRead + AsyncWrite + Unpin, path: &str) -> io::Result<Vec<u8>> {
    let request = format!("GET {path} HTTP/1.0\r\nHost: docker\r\nUser-Agent: acr-preflight\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut reply = Vec::new();
    stream.take(REPLY_LIMIT).read_to_end(&mut reply).await?;
    Ok(reply)
}

fn parse(bytes: &[u8]) -> Option<HttpReply> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(bytes).ok()? else { return None };
    let headers = head
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    Some(HttpReply { status: head.code?, headers, body: bytes.get(length..)?.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_reply_is_split_into_status_headers_and_body() {
        let reply =
            parse(b"HTTP/1.0 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24 (linux)\r\n\r\nOK").unwrap();
        assert_eq!((reply.status, reply.header("api-version"), reply.body.as_slice()), (200, Some("1.41"), &b"OK"[..]));
        assert_eq!(reply.header("x"), None);
    }

    #[test]
    fn what_is_not_http_is_no_reply() {
        for bytes in [&b""[..], b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200", b"\x15\x03\x01\x00\x02\x02\x16", b"OK"] {
            assert_eq!(parse(bytes), None);
        }
    }
}

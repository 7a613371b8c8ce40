//! Answers that no HTTP library would write: broken, endless, slow.

use crate::exchange::Answer;
use crate::fault::Effect;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::time::Duration;
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Bytes to be written in place of an answer, and what follows them.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    first: Vec<u8>,
    then: Then,
}

#[derive(Debug, Clone)]
enum Then {
    Close,
    Reset,
    Silence,
    Repeat { bytes: Vec<u8>, pause: Duration },
}

impl Script {
    /// The script of an effect, for the answer that the service would have given; none where the answer stands.
    pub(crate) fn of(effect: &Effect, answer: &Answer) -> Option<Self> {
        let head = |version: &str, headers: &str| {
            format!("{version} {} -\r\ncontent-type: application/json\r\n{headers}\r\n", answer.status).into_bytes()
        };
        let with = |mut head: Vec<u8>, body: &[u8]| {
            head.extend_from_slice(body);
            head
        };
        let chunk = b"400\r\n".iter().copied().chain([b' '; 0x400]).chain(*b"\r\n").collect::<Vec<u8>>();
        let (first, then) = match effect {
            Effect::Handshake(_) | Effect::Answer { .. } | Effect::Delay(_) | Effect::GzipBomb => return None,
            Effect::Silence => (Vec::new(), Then::Silence),
            Effect::Close => (Vec::new(), Then::Close),
            Effect::Reset => (Vec::new(), Then::Reset),
            Effect::Garbage => {
                (b"\x00\x01SSH-2.0-OpenSSH_9.2p1 this is not the service you look for\r\n".to_vec(), Then::Close)
            }
            Effect::Http10 => {
                let headers: String =
                    answer.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
                (with(head("HTTP/1.0", &headers), &answer.body), Then::Close)
            }
            Effect::Truncated | Effect::Torn => {
                let announced = format!("content-length: {}\r\n", answer.body.len().max(2));
                let then = if *effect == Effect::Torn { Then::Reset } else { Then::Close };
                (with(head("HTTP/1.1", &announced), &answer.body[..answer.body.len() / 2]), then)
            }
            Effect::Endless => (
                head("HTTP/1.1", "transfer-encoding: chunked\r\n"),
                Then::Repeat { bytes: chunk, pause: Duration::ZERO },
            ),
            Effect::Slow => {
                let bytes = b"1\r\n \r\n".to_vec();
                (
                    head("HTTP/1.1", "transfer-encoding: chunked\r\n"),
                    Then::Repeat { bytes, pause: Duration::from_millis(200) },
                )
            }
            Effect::HugeHeaders => {
                let line = format!("x-padding: {}\r\n", "a".repeat(8000));
                (head("HTTP/1.1", &line.repeat(200)), Then::Close)
            }
        };
        Some(Self { first, then })
    }

    /// Plays the script; says whether the connection is to be reset.
    pub(crate) async fn play(self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<bool> {
        stream.write_all(&self.first).await?;
        stream.flush().await?;
        match self.then {
            Then::Close => stream.shutdown().await.map(|()| false),
            Then::Reset => Ok(true),
            Then::Silence => std::future::pending().await,
            Then::Repeat { bytes, pause } => loop {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
            },
        }
    }
}

/// A gzip body of little more than a megabyte that unpacks to a gigabyte of blanks.
pub(crate) fn gzip_bomb() -> Vec<u8> {
    const MEGABYTES_EACH: usize = 8;
    let mut member = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = member.write_all(&vec![b' '; MEGABYTES_EACH << 20]).and_then(|()| member.finish()).unwrap_or_default();
    // A gzip file may consist of several members, one after the other (RFC 1952).
    packed.repeat(1024 / MEGABYTES_EACH)
}

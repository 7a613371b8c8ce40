//! UDP sockets that hear of a closed port at once, instead of after a time-out: a stub resolver that is configured but
//! not running must not cost seconds at each look-up.

use hickory_resolver::net::runtime::{DnsUdpSocket, RuntimeProvider, TokioHandle, TokioRuntimeProvider, TokioTime};
use std::future::{Future, pending};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{Interest, ReadBuf};
use tokio::net::UdpSocket;

type Opening<T> = Pin<Box<dyn Send + Future<Output = io::Result<T>>>>;

/// hickory's own runtime, but for its UDP sockets.
#[derive(Clone, Default)]
pub(super) struct ConnectedUdp(TokioRuntimeProvider);

impl RuntimeProvider for ConnectedUdp {
    type Handle = TokioHandle;
    type Timer = TokioTime;
    type Udp = Connected;
    type Tcp = <TokioRuntimeProvider as RuntimeProvider>::Tcp;

    fn create_handle(&self) -> Self::Handle {
        self.0.create_handle()
    }

    fn connect_tcp(&self, to: SocketAddr, from: Option<SocketAddr>, limit: Option<Duration>) -> Opening<Self::Tcp> {
        self.0.connect_tcp(to, from, limit)
    }

    fn bind_udp(&self, local: SocketAddr, server: SocketAddr) -> Opening<Self::Udp> {
        Box::pin(async move {
            let socket = UdpSocket::bind(local).await?;
            // The kernel reports what ICMP says only to a socket with one peer.
            socket.connect(server).await?;
            Ok(Connected::new(socket))
        })
    }
}

/// A socket with one peer.
pub(super) struct Connected {
    socket: Arc<UdpSocket>,
    /// Ends when the kernel has an error for the socket. Waiting for a datagram does not end then.
    error: Mutex<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Connected {
    fn new(socket: UdpSocket) -> Self {
        let socket = Arc::new(socket);
        let heard = socket.clone();
        let error = async move {
            let _ = heard.ready(Interest::ERROR).await;
        };
        Self { socket, error: Mutex::new(Box::pin(error)) }
    }
}

impl DnsUdpSocket for Connected {
    type Time = TokioTime;

    fn poll_recv_from(&self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<(usize, SocketAddr)>> {
        let mut buf = ReadBuf::new(buf);
        if let Poll::Ready(received) = self.socket.poll_recv_from(cx, &mut buf) {
            return Poll::Ready(received.map(|peer| (buf.filled().len(), peer)));
        }
        let mut error = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        if error.as_mut().poll(cx).is_ready() {
            *error = Box::pin(pending());
            if let Some(error) = self.socket.take_error()? {
                return Poll::Ready(Err(error));
            }
        }
        Poll::Pending
    }

    fn poll_send_to(&self, cx: &mut Context<'_>, buf: &[u8], target: SocketAddr) -> Poll<io::Result<usize>> {
        self.socket.poll_send_to(cx, buf, target)
    }
}

//! A name server that answers as it is told, over UDP and TCP on one port.

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType, rdata::CNAME};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};

/// What is known of a name.
#[derive(Debug, Clone)]
pub(super) enum Known {
    Addresses(Vec<&'static str>),
    Alias(&'static str),
    NoSuchName,
    NoData,
    /// The server fails, or refuses.
    Code(ResponseCode),
    Silence,
    /// The answer does not fit into a datagram.
    OnlyByTcp(&'static str),
    /// Addresses of IPv4; questions for IPv6 are not answered.
    DeafForIpv6(&'static str),
    /// Addresses of IPv4; for IPv6 it is said that there is no such name.
    DenyingIpv6(&'static str),
    /// An answer with the right id that is no message.
    Rubbish,
}

/// A running name server.
#[derive(Clone)]
pub(super) struct NameServer {
    pub(super) address: SocketAddr,
    zone: Arc<dyn Fn(&str) -> Known + Send + Sync>,
    delay: Duration,
    asked: Arc<Mutex<Vec<String>>>,
}

impl NameServer {
    /// A server on a loopback port; names are given without a trailing dot.
    pub(super) async fn start(zone: impl Fn(&str) -> Known + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", Duration::ZERO, zone).await
    }

    /// A server at an address, that answers after so long.
    pub(super) async fn at(
        address: &str,
        delay: Duration,
        zone: impl Fn(&str) -> Known + Send + Sync + 'static,
    ) -> Self {
        // The port that UDP gets may be taken for TCP.
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind(address).await.unwrap();
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (udp, tcp);
            }
        };
        let server = Self { address: udp.local_addr().unwrap(), zone: Arc::new(zone), delay, asked: Arc::default() };
        tokio::spawn(server.clone().serve_udp(Arc::new(udp)));
        tokio::spawn(server.clone().serve_tcp(tcp));
        server
    }

    /// The questions so far, `name TYPE`.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn serve_udp(self, socket: Arc<UdpSocket>) {
        let mut buffer = [0; 4096];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
            let question = buffer[..length].to_vec();
            let (server, socket) = (self.clone(), socket.clone());
            tokio::spawn(async move {
                tokio::time::sleep(server.delay).await;
                if let Some(answer) = server.answer(&question, false) {
                    let _ = socket.send_to(&answer, peer).await;
                }
            });
        }
    }

    async fn serve_tcp(self, listener: TcpListener) {
        while let Ok((mut stream, _)) = listener.accept().await {
            let server = self.clone();
            tokio::spawn(async move {
                while let Ok(length) = stream.read_u16().await {
                    let mut question = vec![0; length.into()];
                    if stream.read_exact(&mut question).await.is_err() {
                        return;
                    }
                    if let Some(answer) = server.answer(&question, true) {
                        let _ = stream.write_u16(answer.len().try_into().unwrap()).await;
                        let _ = stream.write_all(&answer).await;
                    }
                }
            });
        }
    }

    fn answer(&self, question: &[u8], tcp: bool) -> Option<Vec<u8>> {
        let mut message = Message::from_vec(question).unwrap().into_response();
        let query = message.queries[0].clone();
        let asked = query.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
        self.asked.lock().unwrap().push(format!("{asked} {}", query.query_type()));
        message.metadata.recursion_available = true;
        let (mut name, mut owner) = (asked, query.name().clone());
        loop {
            match (self.zone)(&name) {
                Known::Alias(target) => {
                    let next = Name::from_ascii(format!("{target}.")).unwrap();
                    message.add_answer(Record::from_rdata(owner, 60, RData::CNAME(CNAME(next.clone()))));
                    if query.query_type() == RecordType::CNAME {
                        break;
                    }
                    (name, owner) = (target.to_owned(), next);
                    // An answer is finite, though the aliases may lead in a circle.
                    if message.answers.len() < 5 {
                        continue;
                    }
                }
                Known::NoSuchName => message.metadata.response_code = ResponseCode::NXDomain,
                Known::NoData => {}
                Known::Code(code) => message.metadata.response_code = code,
                Known::Silence => return None,
                Known::Rubbish => return Some([&question[..2], &[0xff; 40]].concat()),
                Known::DeafForIpv6(_) if query.query_type() == RecordType::AAAA => return None,
                Known::DenyingIpv6(_) if query.query_type() == RecordType::AAAA => {
                    message.metadata.response_code = ResponseCode::NXDomain;
                }
                Known::OnlyByTcp(_) if !tcp => message.metadata.truncation = true,
                Known::OnlyByTcp(one) | Known::DeafForIpv6(one) | Known::DenyingIpv6(one) => {
                    add(&mut message, &owner, query.query_type(), &[one])
                }
                Known::Addresses(all) => add(&mut message, &owner, query.query_type(), &all),
            }
            break;
        }
        Some(message.to_vec().unwrap())
    }
}

fn add(message: &mut Message, owner: &Name, kind: RecordType, addresses: &[&str]) {
    for address in addresses {
        let data = match address.parse::<IpAddr>().unwrap() {
            IpAddr::V4(address) => RData::A(address.into()),
            IpAddr::V6(address) => RData::AAAA(address.into()),
        };
        if data.record_type() == kind {
            message.add_answer(Record::from_rdata(owner.clone(), 60, data));
        }
    }
}

//! The name server of the simulated world, over UDP and TCP.

use crate::server::Shared;
use crate::service::Service;
use crate::world::{NameAnswer, World};
use hickory_proto::op::{Message, MessageType, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

/// Binds one port of both protocols.
pub(crate) fn bind(port: u16) -> std::io::Result<(std::net::UdpSocket, std::net::TcpListener)> {
    let mut last = std::io::Error::other("no port is free for both UDP and TCP");
    for _ in 0..20 {
        let udp = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, port))?;
        match std::net::TcpListener::bind(udp.local_addr()?) {
            Ok(tcp) => return Ok((udp, tcp)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Answers datagrams for ever.
pub(crate) async fn serve_udp(socket: UdpSocket, shared: Arc<Shared>) {
    let mut buffer = vec![0; 4096];
    while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
        let reply = reply(&shared.world(), &buffer[..length]);
        if let Some(reply) = reply {
            let _ = socket.send_to(&reply, peer).await;
        }
    }
}

/// Answers connections for ever.
pub(crate) async fn serve_tcp(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, shared.clone()));
    }
}

async fn connection(mut stream: TcpStream, shared: Arc<Shared>) {
    while let Ok(length) = stream.read_u16().await {
        let mut query = vec![0; usize::from(length)];
        if stream.read_exact(&mut query).await.is_err() {
            return;
        }
        let reply = reply(&shared.world(), &query);
        let Some(reply) = reply else { return std::future::pending().await };
        let Ok(length) = u16::try_from(reply.len()) else { return };
        if stream.write_u16(length).await.is_err() || stream.write_all(&reply).await.is_err() {
            return;
        }
    }
}

/// The reply to a query; none where the name server keeps silent.
fn reply(world: &World, query: &[u8]) -> Option<Vec<u8>> {
    let query = Message::from_vec(query).ok()?;
    let asked = query.queries.first()?.clone();
    let host = asked.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
    let mut reply = Message::response(query.metadata.id, query.metadata.op_code);
    reply.metadata.message_type = MessageType::Response;
    reply.metadata.recursion_desired = query.metadata.recursion_desired;
    reply.metadata.recursion_available = true;
    let code = match answer(world, &host) {
        NameAnswer::Silence => return None,
        NameAnswer::Unknown => ResponseCode::NXDomain,
        NameAnswer::Empty => ResponseCode::NoError,
        NameAnswer::Failure => ResponseCode::ServFail,
        NameAnswer::Refused => ResponseCode::Refused,
        NameAnswer::Addresses(aliases, addresses) => {
            let mut owner = asked.name().clone();
            for alias in aliases {
                let target = Name::from_str(&format!("{alias}.")).ok()?;
                reply.add_answer(Record::from_rdata(owner, 60, RData::CNAME(CNAME(target.clone()))));
                owner = target;
            }
            for address in addresses {
                let data = match (address, asked.query_type()) {
                    (IpAddr::V4(address), RecordType::A) => RData::A(A(address)),
                    (IpAddr::V6(address), RecordType::AAAA) => RData::AAAA(AAAA(address)),
                    _ => continue,
                };
                reply.add_answer(Record::from_rdata(owner.clone(), 60, data));
            }
            ResponseCode::NoError
        }
    };
    reply.metadata.response_code = code;
    reply.add_query(asked);
    reply.to_vec().ok()
}

fn answer(world: &World, host: &str) -> NameAnswer {
    if let Some(answer) = world.names.answers.get(host) {
        return answer.clone();
    }
    if let Some(answer) = &world.names.otherwise {
        return answer.clone();
    }
    let here = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    match Service::of(world, host) {
        // Every login server is an alias of the regional front end.
        Some(Service::Registry(_)) => NameAnswer::Addresses(vec!["weu-4.fe.azcr.io".into()], here),
        Some(_) => NameAnswer::Addresses(Vec::new(), here),
        None => NameAnswer::Unknown,
    }
}

//! A proxy that clients reach the outside world through, by `CONNECT`.

use crate::credentials::{Kind, Sighting};
use crate::journal::Entry;
use crate::server::Shared;
use crate::service::Service;
use crate::world::ProxyBehaviour;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections for ever; tunnels lead to the https services.
pub(crate) async fn serve(listener: TcpListener, https: SocketAddr, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, https, shared.clone()));
    }
}

async fn connection(mut client: TcpStream, https: SocketAddr, shared: Arc<Shared>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let head = read_head(&mut client).await?;
    let target = head.split(' ').nth(1).unwrap_or_default();
    let behaviour = shared.world().proxy.behaviour.clone();
    match behaviour {
        ProxyBehaviour::Works => (),
        ProxyBehaviour::Closes => return Ok(()),
        ProxyBehaviour::Silent => return std::future::pending().await,
        ProxyBehaviour::Garbage => return client.write_all(b"220 smtp.contoso.example ESMTP ready\r\n").await,
        ProxyBehaviour::Refuses(status) => return refuse(&mut client, status, "").await,
    }
    if !is_welcome(&shared, &head, target) {
        return refuse(&mut client, 407, "proxy-authenticate: Basic realm=\"Contoso\"\r\n").await;
    }
    let host = target.rsplit_once(':').map_or(target, |(host, _)| host).to_ascii_lowercase();
    let is_known = head.starts_with("CONNECT ") && Service::of(&shared.world(), &host).is_some();
    if !is_known {
        return refuse(&mut client, 503, "x-squid-error: ERR_DNS_FAIL 0\r\n").await;
    }
    let mut server = TcpStream::connect(https).await?;
    server.set_nodelay(true)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await.map(|_| ())
}

/// Writes the request down, and checks user name and password where the proxy wants them.
fn is_welcome(shared: &Shared, head: &str, target: &str) -> bool {
    let given = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let value = value.trim().strip_prefix("Basic ")?;
        name.eq_ignore_ascii_case("proxy-authorization").then(|| STANDARD.decode(value).ok()).flatten()
    });
    let wanted = shared.world().proxy.login.clone();
    let is_welcome = match (&wanted, &given) {
        (None, _) => true,
        (Some((user, password)), Some(given)) => format!("{user}:{password}").as_bytes() == given.as_slice(),
        (Some(_), None) => false,
    };
    let credentials = given.map(|_| Sighting { kind: Kind::ProxyPassword, place: "Proxy-Authorization".into() });
    shared.journal().entries.push(Entry {
        host: "proxy".into(),
        method: Method::CONNECT,
        path: target.to_owned(),
        query_keys: Vec::new(),
        form_keys: Vec::new(),
        credentials: credentials.into_iter().collect(),
        status: Some(if is_welcome { 200 } else { 407 }),
    });
    is_welcome
}

async fn refuse(client: &mut TcpStream, status: u16, header: &str) -> io::Result<()> {
    let page = "<html>The proxy of Contoso does not let you through.</html>";
    let length = page.len();
    let head =
        format!("HTTP/1.1 {status} Refused\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n{header}\r\n");
    client.write_all(head.as_bytes()).await?;
    client.write_all(page.as_bytes()).await?;
    client.shutdown().await
}

async fn read_head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16_384 {
        head.push(client.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

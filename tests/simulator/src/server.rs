//! The front of every https service: TLS by host name, HTTP, faults, journal.

use crate::credentials;
use crate::exchange::{Answer, Asked};
use crate::fault::{Effect, Handshake};
use crate::journal::{Entry, Journal};
use crate::plain::{ENGINE, METADATA_HOST};
use crate::service::Service;
use crate::tls::CertificateAuthority;
use crate::wire::{self, Script};
use crate::world::World;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::LazyConfigAcceptor;

/// What every connection shares.
pub(crate) struct Shared {
    pub(crate) authority: CertificateAuthority,
    world: Mutex<World>,
    journal: Mutex<Journal>,
    tokens: Mutex<BTreeSet<String>>,
}

/// What follows a request.
pub(crate) struct Reaction {
    answer: Answer,
    script: Option<Script>,
    delay: Duration,
}

impl Shared {
    pub(crate) fn new(world: World, authority: CertificateAuthority) -> Self {
        Self { authority, world: Mutex::new(world), journal: Mutex::default(), tokens: Mutex::default() }
    }

    // A test that panics while it holds the world has failed already; the others may go on.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request from the world's state, lays the faults over it and writes it down.
    pub(crate) fn react(&self, asked: &Asked) -> Reaction {
        let mut world = self.world();
        let service = Service::of(&world, &asked.host);
        let credentials = credentials::sightings(&world, asked);
        let mut answer = match service {
            Some(service) => service.answer(&mut world, asked),
            None => Answer::unknown(asked),
        };
        self.tokens().extend(credentials::tokens(asked, &answer.body));
        let mut violations: Vec<String> = answer.violation.take().into_iter().collect();
        if let Some(other) = asked.header("host").filter(|host| service.is_some() && !names(host, &asked.host)) {
            violations.push(format!("asked {} for {other}", asked.host));
        }
        match &service {
            Some(service) => {
                violations.extend(credentials.iter().filter_map(|seen| credentials::judge(service, asked, seen)))
            }
            None if credentials.is_empty() => (),
            None => violations.push(format!("a credential sent to the unknown host {}", asked.host)),
        }
        let mut delay = world.delay;
        let mut script = None;
        let fault = world
            .faults
            .iter_mut()
            .filter(|fault| fault.concerns(&asked.host) && asked.path.starts_with(&fault.path))
            .filter(|fault| !matches!(fault.effect, Effect::Handshake(_)))
            .find_map(|fault| fault.strikes().then_some(fault));
        if let Some(fault) = fault {
            fault.times = fault.times.map(|times| times - 1);
            match &fault.effect {
                Effect::Delay(longer) => delay += *longer,
                Effect::Answer { status, headers, body } => {
                    answer = Answer { body: body.clone().into(), ..Answer::empty(*status) };
                    answer.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
                }
                Effect::GzipBomb => {
                    answer = Answer::bytes(answer.status, "application/json", wire::gzip_bomb())
                        .header("content-encoding", "gzip");
                }
                effect => script = Script::of(effect, &answer),
            }
        }
        let date = world.now();
        drop(world);
        answer.headers.push(("date".into(), http_date(date)));
        let mut journal = self.journal();
        journal.violations.extend(violations);
        journal.entries.push(Entry {
            host: asked.host.clone(),
            method: asked.method.clone(),
            path: asked.path.clone(),
            query_keys: asked.query.iter().map(|(key, _)| key.clone()).collect(),
            form_keys: asked.form().into_iter().map(|(key, _)| key).collect(),
            credentials,
            status: script.is_none().then_some(answer.status),
        });
        Reaction { answer, script, delay }
    }
}

/// Accepts connections for ever.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        // Nagle's algorithm would add its delay to the answers that the benchmark measures.
        let _ = stream.set_nodelay(true);
        tokio::spawn(connection(stream, shared.clone()));
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    let Ok(start) = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream).await else { return };
    let host = start.client_hello().server_name().unwrap_or_default().to_ascii_lowercase();
    let (wrong, http1_only) = {
        let mut world = shared.world();
        let mut faults = world.faults.iter_mut().filter(|fault| fault.concerns(&host));
        let handshake = faults.find_map(|fault| match fault.effect {
            Effect::Handshake(handshake) => {
                fault.times = fault.times.map(|times| times - 1);
                Some(handshake)
            }
            _ => None,
        });
        (handshake, world.faults.iter().any(|fault| fault.concerns(&host)))
    };
    match wrong {
        Some(Handshake::Silence) => return std::future::pending().await,
        Some(Handshake::Close) => return,
        Some(Handshake::Reset) => return drop(start.io.set_zero_linger()),
        Some(Handshake::PlainHttp) => {
            let mut stream = start.io;
            let page = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(page).await;
            return;
        }
        _ => (),
    }
    let Some(configuration) = shared.authority.configuration(&host, wrong, http1_only) else { return };
    let Ok(stream) = start.into_stream(configuration).await else { return };
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    if is_http2 {
        let (sender, _scripts) = mpsc::channel::<Script>(1);
        let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), OwnedService { host, shared, sender })
            .await;
        return;
    }
    if let Some(stream) = speak(stream, host, shared).await {
        let _ = stream.get_ref().0.set_zero_linger();
    }
}

/// Speaks HTTP/1.1 with a client to the end, or until a script takes the place of an answer; gives the connection back
/// where it is to be reset.
pub(crate) async fn speak<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    host: String,
    shared: Arc<Shared>,
) -> Option<S> {
    let (sender, mut scripts) = mpsc::channel::<Script>(1);
    let service = service_fn(|request| handle(request, host.clone(), shared.clone(), sender.clone()));
    let mut connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let script = tokio::select! {
        _ = &mut connection => None,
        script = scripts.recv() => script,
    }?;
    let mut stream = connection.into_parts().io.into_inner();
    script.play(&mut stream).await.unwrap_or(false).then_some(stream)
}

/// The service of an HTTP/2 connection, whose requests outlive the function that accepted it.
struct OwnedService {
    host: String,
    shared: Arc<Shared>,
    sender: mpsc::Sender<Script>,
}

impl hyper::service::Service<Request<Incoming>> for OwnedService {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Box::pin(handle(request, self.host.clone(), self.shared.clone(), self.sender.clone()))
    }
}

async fn handle(
    request: Request<Incoming>,
    host: String,
    shared: Arc<Shared>,
    scripts: mpsc::Sender<Script>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let asked = asked(request, host).await;
    let Reaction { mut answer, script, delay } = shared.react(&asked);
    if asked.method == Method::HEAD {
        answer.headers.push(("content-length".into(), answer.body.len().to_string()));
        answer.body.clear();
    }
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    if let Some(script) = script {
        let _ = scripts.send(script).await;
        std::future::pending::<()>().await;
    }
    Ok(answered(answer))
}

/// A request as the services see it.
pub(crate) async fn asked(request: Request<Incoming>, host: String) -> Asked {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    Asked { method: head.method, host, path: head.uri.path().to_owned(), query, headers: head.headers, body }
}

/// An answer as it goes over the wire.
pub(crate) fn answered(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(answer.body)).unwrap_or_default()
}

/// A `Host` header names the host that TLS named, with or without a port; a machine's own services have no name.
fn names(header: &str, host: &str) -> bool {
    [METADATA_HOST, ENGINE].contains(&host)
        || header.split(':').next().is_some_and(|name| name.eq_ignore_ascii_case(host))
}

fn http_date(moment: time::OffsetDateTime) -> String {
    let form = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    moment.format(form).unwrap_or_default()
}

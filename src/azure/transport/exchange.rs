//! One attempt: look up, send, read the bounded body, and say what went wrong.

use super::{ATTEMPT_LIMIT, CONNECT_LIMIT, Http, PROBE_LIMIT, client, is_allowed};
use crate::azure::call::{
    Authorization, BODY_LIMIT, Body, CallError, Malformed, Phase, ProxyFailure, Reason, Reply, Request,
};
use crate::azure::probe::{Target, shake_hands};
use crate::azure::proxy::Route;
use crate::azure::unreachable::{Reading, read};
use reqwest::header::HeaderValue;
use reqwest::{Method, RequestBuilder};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// A request on its way.
struct Way<'a> {
    request: &'a Request,
    host: &'a str,
    route: Route,
    /// Of the host, or of the proxy that leads there.
    addresses: Vec<IpAddr>,
}

/// Why there is no reply.
enum Failed {
    Reading(Reading),
    Malformed(u16, String),
}

impl Http {
    /// Makes one attempt. Where a connection hung, or a proxy refused without saying why, a look of our own tells the
    /// reason; if all is well then, the request is sent once more.
    pub(super) async fn attempt(&self, request: &Request) -> Result<Reply, CallError> {
        let host = request.url.host_str().unwrap_or_default();
        let fail = |route: Option<&Route>, reason| CallError::Unreachable(self.unreachable(host, route, reason));
        if !is_allowed(&request.url) {
            return Err(fail(None, Reason::Other("only https is spoken with this host".into())));
        }
        let port = request.url.port_or_known_default().unwrap_or(443);
        let route = self.proxy.route(host, port).map_err(|reason| fail(None, reason))?;
        let Ok(Ok(_place)) = timeout_at(self.until, self.places.acquire()).await else {
            return Err(fail(Some(&route), Reason::TimedOut(Phase::Request)));
        };
        let addresses = self.look_up(host, &route, self.until).await.map_err(|reason| fail(Some(&route), reason))?;
        let way = Way { request, host, route, addresses };
        let mut first = true;
        loop {
            let (limit, looking, is_cut) = self.limits(request);
            let reading = match self.exchange(&way, limit).await {
                Ok(reply) => return Ok(reply),
                Err(Failed::Malformed(status, what)) => return Err(malformed(&way, status, what)),
                Err(Failed::Reading(reading)) => reading,
            };
            let otherwise = match reading {
                Reading::Clear(Reason::TimedOut(Phase::Request)) if is_cut => Reason::TimedOut(Phase::Request),
                Reading::Clear(reason) => return Err(fail(Some(&way.route), reason)),
                Reading::UnreadableBody(what) => return Err(malformed(&way, 0, what)),
                Reading::NotConnectedInTime => Reason::TimedOut(Phase::Connect),
                Reading::ProxyRefused => Reason::Proxy(ProxyFailure::Broken("it refused to connect, once".into())),
            };
            match self.look(&way, looking).await {
                Err(reason) => return Err(fail(Some(&way.route), reason)),
                Ok(()) if first && !is_cut => first = false,
                Ok(()) => return Err(fail(Some(&way.route), otherwise)),
            }
        }
    }

    /// The time for an attempt and for a look afterwards, and whether the end of the run cuts the attempt so short
    /// that it may have been waiting for the connection.
    fn limits(&self, request: &Request) -> (Duration, Duration, bool) {
        let left = self.until.saturating_duration_since(Instant::now());
        let connecting = request.connect_within.unwrap_or(CONNECT_LIMIT);
        let looking = PROBE_LIMIT.min(left / 4).min(connecting / 2);
        let limit = request.answer_within.unwrap_or(ATTEMPT_LIMIT).min(left.saturating_sub(looking));
        (limit, looking, limit <= connecting)
    }

    /// Connects by hand to see where it hangs.
    async fn look(&self, way: &Way<'_>, looking: Duration) -> Result<(), Reason> {
        let url = &way.request.url;
        let default = url.port_or_known_default().unwrap_or(443);
        let target = Target {
            host: way.host,
            port: default,
            tls: url.scheme() == "https",
            addresses: self.socket_addresses(&way.addresses, &way.route, url.port(), default),
            route: &way.route,
        };
        shake_hands(&target, &self.tls, (Instant::now() + looking).min(self.until)).await
    }

    /// Sends, and reads the reply to its end.
    async fn exchange(&self, way: &Way<'_>, limit: Duration) -> Result<Reply, Failed> {
        let through = match &way.route {
            Route::Direct => None,
            Route::Through(proxy) => Some(proxy.host()),
        };
        let failed = |error: reqwest::Error| read(&error, way.host, through, &self.tls);
        let request = self.prepare(way.request).timeout(limit);
        let mut response = request.send().await.map_err(|error| Failed::Reading(failed(error)))?;
        let status = response.status().as_u16();
        let too_long = || Failed::Malformed(status, format!("a body of more than {} MiB", BODY_LIMIT >> 20));
        // The length of a reply to `HEAD` is that of the body it leaves out.
        let announced = response.content_length().filter(|_| way.request.method != Method::HEAD);
        if announced.is_some_and(|length| length > BODY_LIMIT as u64) {
            return Err(too_long());
        }
        let mut body = Vec::new();
        loop {
            match response.chunk().await.map_err(failed) {
                Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => return Err(too_long()),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(Reading::UnreadableBody(what)) => {
                    return Err(Failed::Malformed(status, format!("a body that cannot be decoded: {what}")));
                }
                Err(reading) => return Err(Failed::Reading(reading)),
            }
        }
        let path = way.request.url.path().to_owned();
        Ok(Reply { host: way.host.to_owned(), path, status, headers: response.headers().clone(), body })
    }

    fn prepare(&self, request: &Request) -> RequestBuilder {
        // The client has one connect limit; a request with its own gets a client of its own, which shares the TLS
        // settings and costs a tenth of a millisecond.
        let own = request.connect_within.map(|limit| client(&self.tls, &self.resolver, &self.proxy, limit));
        let client = own.as_ref().unwrap_or(&self.client);
        let mut builder = client.request(request.method.clone(), request.url.clone());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        builder = match &request.authorization {
            None => builder,
            Some(Authorization::Bearer(token)) => builder.bearer_auth(token.expose()),
            Some(Authorization::Basic { username, password }) => builder.basic_auth(username, Some(password.expose())),
            Some(Authorization::Header { name, value }) => match HeaderValue::from_str(value.expose()) {
                Ok(mut value) => {
                    value.set_sensitive(true);
                    builder.header(*name, value)
                }
                // Handed on as it is, so that the client refuses it with words of its own, which leave the value out.
                Err(_) => builder.header(*name, value.expose()),
            },
        };
        match &request.body {
            Body::Empty => builder,
            Body::Form(fields) => {
                builder.form(&fields.iter().map(|(name, value)| (*name, value.expose())).collect::<Vec<_>>())
            }
            Body::Json(value) => builder.json(value),
        }
    }
}

fn malformed(way: &Way<'_>, status: u16, what: String) -> CallError {
    let path = way.request.url.path().to_owned();
    CallError::Malformed(Malformed { host: way.host.to_owned(), path, status, what })
}

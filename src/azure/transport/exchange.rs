//! One attempt: look up, send, read the bounded body, and say what went wrong.

use super::{ATTEMPT_LIMIT, CONNECT_LIMIT, Http, PROBE_LIMIT, client, is_allowed};
use crate::azure::call::{
    Authorization, BODY_LIMIT, Body, CallError, Malformed, Phase, ProxyFailure, Reason, Reply, Request,
};
use crate::azure::probe::{Target, shake_hands};
use crate::azure::proxy::Route;
use crate::azure::unreachable::{Reading, read};
use reqwest::RequestBuilder;
use reqwest::header::HeaderValue;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Why an attempt gave no reply.
enum Failed {
    Reading(Reading),
    Malformed(u16, String),
}

impl Http {
    pub(super) async fn attempt(&self, request: &Request) -> Result<Reply, CallError> {
        let host = request.url.host_str().unwrap_or_default();
        let fail = |route: Option<&Route>, reason| CallError::Unreachable(self.unreachable(host, route, reason));
        if !is_allowed(&request.url) {
            return Err(fail(None, Reason::Other("only https is spoken with this host".into())));
        }
        let port = request.url.port_or_known_default().unwrap_or(443);
        let route = self.proxy.route(host, port).map_err(|reason| fail(None, reason))?;
        let in_time = timeout_at(self.until, self.places.acquire()).await;
        let Ok(Ok(_place)) = in_time else { return Err(fail(Some(&route), Reason::TimedOut(Phase::Request))) };
        let addresses = self.look_up(host, &route, self.until).await.map_err(|reason| fail(Some(&route), reason))?;
        let left = self.until.saturating_duration_since(Instant::now());
        let connect_limit = request.connect_within.unwrap_or(CONNECT_LIMIT);
        let looking = PROBE_LIMIT.min(left / 4).min(connect_limit / 2);
        let limit = ATTEMPT_LIMIT.min(left.saturating_sub(looking));
        match self.exchange(request, host, &route, limit).await {
            Ok(reply) => Ok(reply),
            Err(Failed::Malformed(status, what)) => Err(malformed(request, host, status, what)),
            Err(Failed::Reading(reading)) => {
                let cut_short = limit <= connect_limit;
                let reason = self.explain(reading, request, host, &route, &addresses, looking, cut_short).await;
                Err(reason.map_or_else(|what| malformed(request, host, 0, what), |reason| fail(Some(&route), reason)))
            }
        }
    }

    /// Sends, and reads the reply to its end.
    async fn exchange(&self, request: &Request, host: &str, route: &Route, limit: Duration) -> Result<Reply, Failed> {
        let through = match route {
            Route::Direct => None,
            Route::Through(proxy) => Some(proxy.host()),
        };
        let failed = |error: reqwest::Error| Failed::Reading(read(&error, host, through, &self.tls));
        let mut response = self.prepare(request).timeout(limit).send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let too_long = || Failed::Malformed(status, format!("a body of more than {} MiB", BODY_LIMIT >> 20));
        let mut body = Vec::new();
        // The length is that of the body that `HEAD` leaves out.
        let is_head = request.method == reqwest::Method::HEAD;
        if !is_head && response.content_length().is_some_and(|length| length > BODY_LIMIT as u64) {
            return Err(too_long());
        }
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => return Err(too_long()),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    return Err(match failed(error) {
                        Failed::Reading(Reading::UnreadableBody(what)) => {
                            Failed::Malformed(status, format!("a body that cannot be decoded: {what}"))
                        }
                        other => other,
                    });
                }
            }
        }
        let path = request.url.path().to_owned();
        Ok(Reply { host: host.to_owned(), path, status, headers: response.headers().clone(), body })
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

    /// Turns what the client's error says into a reason, with a look of our own where it says too little.
    #[expect(clippy::too_many_arguments, reason = "all of one attempt's circumstances")]
    async fn explain(
        &self,
        reading: Reading,
        request: &Request,
        host: &str,
        route: &Route,
        addresses: &[IpAddr],
        looking: Duration,
        cut_short: bool,
    ) -> Result<Reason, String> {
        let look = async || {
            let (explicit, default) = (request.url.port(), request.url.port_or_known_default().unwrap_or(443));
            let addresses = self.socket_addresses(addresses, route, explicit, default);
            let tls = request.url.scheme() == "https";
            let target = Target { host, port: explicit.unwrap_or(default), tls, addresses, route };
            shake_hands(&target, &self.tls, (Instant::now() + looking).min(self.until)).await
        };
        Ok(match reading {
            Reading::Clear(Reason::TimedOut(Phase::Request)) if cut_short => {
                look().await.err().unwrap_or(Reason::TimedOut(Phase::Request))
            }
            Reading::Clear(reason) => reason,
            // It works now: whatever hung was on the way to the host.
            Reading::NotConnectedInTime => look().await.err().unwrap_or(Reason::TimedOut(Phase::Connect)),
            Reading::ProxyRefused => {
                let broken = ProxyFailure::Broken("it refused to connect, once".into());
                look().await.err().unwrap_or(Reason::Proxy(broken))
            }
            Reading::UnreadableBody(what) => return Err(what),
        })
    }
}

fn malformed(request: &Request, host: &str, status: u16, what: String) -> CallError {
    CallError::Malformed(Malformed { host: host.to_owned(), path: request.url.path().to_owned(), status, what })
}

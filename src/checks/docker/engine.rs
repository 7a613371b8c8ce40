//! The check `docker-engine`.

use super::{Judgement, found, passed, skipped, weight};
use crate::catalogue::docker::{DOCKER_DAEMON_DOWN, DOCKER_TOO_OLD};
use crate::docker::address::{Address, Endpoint, Source};
use crate::docker::client::{Client, EngineSeen, Product, Refusal, Side, ask_engine};
use crate::docker::engine::{Engine, EngineError, ask};
use crate::docker::program::Launcher;
use crate::docker::version::{ApiVersion, Version};
use crate::finding::Finding;
use crate::plan::{DockerWish, Plan};
use std::time::Duration;

/// A socket that nobody chose is given this long.
const GLANCE: Duration = Duration::from_secs(3);

/// Believes the client where there is one: it knows TLS, ssh and contexts. Otherwise asks at the address itself.
pub(super) async fn judge(
    plan: &Plan,
    address: &Address,
    client: Option<&Client>,
    launcher: Launcher<'_>,
    limit: Duration,
) -> Judgement {
    if plan.docker_environment.cloud_shell && plan.docker == DockerWish::Auto && !address.source.is_chosen() {
        return skipped("Azure Cloud Shell has a docker client, but no engine");
    }
    match client {
        Some(client) if client.product == Product::Podman => skipped(format!("{client} needs no engine")),
        Some(client) => match ask_engine(launcher, &client.program).await {
            EngineSeen::Answers(engine) => answers(&engine, address),
            EngineSeen::Fails(Refusal::ApiApart { client, limit, older }) => {
                found(apart(plan, address, client, limit, older))
            }
            EngineSeen::Fails(refusal) => {
                let down = down(plan, address, &in_words(&refusal, address).await).await;
                if down.value("answers-instead").is_none() && nobody_expects_one(plan, address, limit).await {
                    skipped(format!("there is no engine at {}; `docker: require` would ask for one", address.endpoint))
                } else {
                    found(down)
                }
            }
            EngineSeen::Unclear => match ask(&address.endpoint, limit).await {
                Ok(engine) => answers(&engine, address),
                Err(error) => found(down(plan, address, &error.to_string()).await),
            },
        },
        None => without_client(plan, address, limit).await,
    }
}

async fn without_client(plan: &Plan, address: &Address, limit: Duration) -> Judgement {
    match &address.endpoint {
        Endpoint::ClientOnly(scheme) => {
            return skipped(format!("an engine at {scheme}:// is not judged without a docker client"));
        }
        Endpoint::Tcp { tls: true, .. } => {
            return skipped(format!(
                "the engine at {} speaks TLS, which is not judged without a docker client",
                address.endpoint
            ));
        }
        Endpoint::Malformed if plan.docker_environment.in_container => {
            return skipped(format!("the {} of the host cannot be seen from inside this container", address.source));
        }
        _ => {}
    }
    match ask(&address.endpoint, limit).await {
        Ok(engine) => match fixed_api_apart(plan, &engine) {
            Some((client, limit, older)) => found(apart(plan, address, client, limit, older)),
            None => answers(&engine, address),
        },
        Err(EngineError::SpeaksTls) => skipped(format!(
            "the engine at {} speaks TLS, which is not judged without a docker client",
            address.endpoint
        )),
        Err(error) if is_on_the_host(plan, &address.endpoint, &error) => {
            skipped(format!("the engine at {} is not reachable from inside this container", address.endpoint))
        }
        Err(error) if !address.source.is_chosen() && plan.docker == DockerWish::Auto => {
            skipped(format!("there is no docker client, and no engine at {} ({error})", address.endpoint))
        }
        Err(error) => found(down(plan, address, &error.to_string()).await),
    }
}

/// A client without so much as a socket for an engine is a machine that builds by other means.
async fn nobody_expects_one(plan: &Plan, address: &Address, limit: Duration) -> bool {
    plan.docker == DockerWish::Auto
        && !address.source.is_chosen()
        && ask(&address.endpoint, limit).await.is_err_and(|error| error == EngineError::NoSocket)
}

/// A socket or loopback port of the host, handed to a container together with its environment.
fn is_on_the_host(plan: &Plan, endpoint: &Endpoint, error: &EngineError) -> bool {
    let of_the_host = match endpoint {
        Endpoint::Unix(_) => *error == EngineError::NoSocket,
        Endpoint::Tcp { host, .. } => matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1"),
        Endpoint::ClientOnly(_) | Endpoint::Malformed => false,
    };
    plan.docker_environment.in_container && of_the_host
}

/// `DOCKER_API_VERSION` holds every client of the job to one version, whether or not the engine speaks it.
fn fixed_api_apart(plan: &Plan, engine: &Engine) -> Option<(ApiVersion, ApiVersion, Side)> {
    let fixed = Version::parse(plan.docker_environment.api_version.as_deref()?)?;
    match (engine.oldest_api, engine.api) {
        (Some(oldest), _) if fixed < oldest => Some((fixed, oldest, Side::Client)),
        (_, Some(newest)) if fixed > newest => Some((fixed, newest, Side::Engine)),
        _ => None,
    }
}

fn answers(engine: &Engine, address: &Address) -> Judgement {
    let api = engine.api.map(|api| format!(", API {api}")).unwrap_or_default();
    passed(format!("{}{api}, at {}", engine.name, address.endpoint))
}

fn apart(plan: &Plan, address: &Address, client: ApiVersion, limit: ApiVersion, older: Side) -> Finding {
    let side = match older {
        Side::Client => ("the client", "oldest-api-of-engine"),
        Side::Engine => ("the engine", "newest-api-of-engine"),
    };
    Finding::new(&DOCKER_TOO_OLD)
        .fact("too-old", side.0)
        .fact("api-of-client", client.to_string())
        .fact(side.1, limit.to_string())
        .fact("docker-host", address.endpoint.to_string())
        .severity(weight(plan, address.source.is_chosen()))
}

async fn down(plan: &Plan, address: &Address, reason: &str) -> Finding {
    let environment = &plan.docker_environment;
    let at = match &address.endpoint {
        Endpoint::Malformed if matches!(address.source, Source::Context(_)) => String::new(),
        endpoint => endpoint.to_string(),
    };
    let finding = Finding::new(&DOCKER_DAEMON_DOWN)
        .fact("docker-host", at)
        .fact("chosen-by", address.source.to_string())
        .fact("reason", reason)
        .fact("place", if environment.cloud_shell { "Azure Cloud Shell, which has no engine" } else { "" })
        .severity(weight(plan, address.source.is_chosen()));
    match other_engine(plan, address).await {
        Some((socket, engine)) => finding.fact("answers-instead", format!("{engine} at DOCKER_HOST={socket}")),
        None => finding,
    }
}

/// An engine that answers where docker does not look: rootless docker, podman.
async fn other_engine(plan: &Plan, address: &Address) -> Option<(Endpoint, String)> {
    for socket in Address::others(&plan.docker_environment) {
        let endpoint = Endpoint::Unix(socket);
        if endpoint != address.endpoint
            && let Ok(engine) = ask(&endpoint, GLANCE).await
        {
            return Some((endpoint, engine.name));
        }
    }
    None
}

/// The client says little of a socket that is down; the socket itself says whether it is missing or closed.
async fn in_words(refusal: &Refusal, address: &Address) -> String {
    match refusal {
        Refusal::NotPermitted => EngineError::NotPermitted.to_string(),
        Refusal::TimedOut => EngineError::TimedOut.to_string(),
        Refusal::NoSuchContext => "there is no such context".to_owned(),
        Refusal::Tls => "the TLS connection fails".to_owned(),
        Refusal::Down | Refusal::ApiApart { .. } => match ask(&address.endpoint, GLANCE).await {
            Err(error) => error.to_string(),
            Ok(_) => "the client does not reach it".to_owned(),
        },
    }
}

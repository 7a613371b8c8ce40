//! The registry: its doors, and what stands in front of each.

mod attributes;
mod authority;
mod blobs;
mod manifests;
mod tokens;

use crate::exchange::{Answer, Asked};
use crate::world::{ChallengeForm, Registry, World};
use authority::Bearer;
use serde_json::{Value, json};

impl Registry {
    /// It answers for a host: its login server, or one of its regional endpoints.
    pub fn answers_for(&self, host: &str) -> bool {
        host == self.login_server || self.regional_endpoints.iter().any(|endpoint| endpoint == host)
    }
}

pub(crate) fn answer(world: &mut World, index: usize, asked: &Asked) -> Answer {
    let registry = &world.registries[index];
    if let Some(sees) = registry.turns_away(&asked.path) {
        let words = format!(
            "client with IP '{sees}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
        );
        return refusal(403, "DENIED", &words);
    }
    let segments = asked.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["oauth2", "exchange"] => tokens::exchange(world, index, asked),
        ["oauth2", "token"] => tokens::token(world, index, asked),
        ["v2"] => base(world, index, asked),
        ["v2", "_catalog"] | ["acr", "v1", "_catalog"] => attributes::catalog(world, index, asked),
        ["v2", name @ .., "tags", "list"] => attributes::tags(world, index, asked, &name.join("/")),
        ["v2", name @ .., "manifests", reference] => manifests::answer(world, index, asked, &name.join("/"), reference),
        ["v2", name @ .., "blobs", "uploads"] => blobs::start(world, index, asked, &name.join("/")),
        ["v2", name @ .., "blobs", "uploads", id] => blobs::upload(world, index, asked, &name.join("/"), id),
        ["v2", name @ .., "blobs", digest] => blobs::answer(world, index, asked, &name.join("/"), digest),
        ["v2", name @ .., "referrers", _] => manifests::referrers(world, index, asked, &name.join("/")),
        ["acr", "v1", name @ .., "_tags"] => attributes::tag_list(world, index, asked, &name.join("/")),
        ["acr", "v1", name @ .., "_tags", tag] => attributes::tag(world, index, asked, &name.join("/"), tag),
        ["acr", "v1", name @ .., "_manifests", digest] => {
            attributes::manifest(world, index, asked, &name.join("/"), digest)
        }
        ["acr", "v1", name @ ..] if !name.is_empty() => attributes::repository(world, index, asked, &name.join("/")),
        _ => Answer::unknown(asked),
    }
    .header("x-ms-correlation-request-id", "9f8e7d6c-5b4a-4392-8170-6f5e4d3c2b1a")
    .header("access-control-expose-headers", "X-Ms-Correlation-Request-Id")
}

impl Registry {
    /// The address that the firewall names when it turns a request away at this path.
    fn turns_away(&self, path: &str) -> Option<&str> {
        let firewall = self.firewall.as_ref()?;
        firewall.at.iter().any(|door| path.starts_with(door)).then_some(firewall.sees.as_str())
    }
}

/// `GET /v2/`
fn base(world: &World, index: usize, asked: &Asked) -> Answer {
    let registry = &world.registries[index];
    let known = Bearer::of(world, index, asked).is_some() || tokens::basic_user(world, index, asked).is_some();
    if known { Answer::json(200, &json!({})) } else { challenge(registry, &asked.host, None, false) }
}

/// Lets a request through whose token, or whose user name and password, allows an action on a scope.
///
/// A stranger is told which scope is wanted; someone whose token lacks the action is told `insufficient_scope`, with
/// status 401 and not 403 (recorded four times).
fn admit(world: &World, index: usize, asked: &Asked, kind: &str, name: &str, action: &str) -> Result<(), Box<Answer>> {
    let registry = &world.registries[index];
    let wanted = Wanted { kind, name, action };
    if let Some(user) = tokens::basic_user(world, index, asked) {
        return match user.granted(world, index, kind, name).iter().any(|granted| granted == action) {
            true => Ok(()),
            false => Err(Box::new(challenge(registry, &asked.host, Some(wanted), true))),
        };
    }
    match Bearer::of(world, index, asked) {
        None => Err(Box::new(challenge(registry, &asked.host, Some(wanted), false))),
        Some(bearer) if action.split(',').all(|action| bearer.allows(kind, name, action)) => Ok(()),
        Some(_) => Err(Box::new(challenge(registry, &asked.host, Some(wanted), true))),
    }
}

#[derive(Clone, Copy)]
struct Wanted<'a> {
    kind: &'a str,
    name: &'a str,
    action: &'a str,
}

/// 401 with `WWW-Authenticate`, as the registry words it.
fn challenge(registry: &Registry, host: &str, wanted: Option<Wanted<'_>>, insufficient: bool) -> Answer {
    let detail = wanted.map(|wanted| {
        let actions = wanted.action.split(',');
        json!(
            actions
                .map(|action| json!({"Type": wanted.kind, "Name": wanted.name, "Action": action}))
                .collect::<Vec<_>>()
        )
    });
    let message = "authentication required, visit https://aka.ms/acr/authorization for more information.";
    let body = json!({"errors": [{"code": "UNAUTHORIZED", "message": message, "detail": detail}]});
    let answer = Answer::bytes(401, "application/json; charset=utf-8", format!("{body}\n"))
        .header("docker-distribution-api-version", "registry/2.0")
        .header("strict-transport-security", "max-age=31536000; includeSubDomains")
        .header("strict-transport-security", "max-age=31536000; includeSubDomains");
    let service = &registry.login_server;
    let realm = match &registry.challenge {
        ChallengeForm::Bearer => format!("https://{host}/oauth2/token"),
        ChallengeForm::Realm(realm) => realm.clone(),
        ChallengeForm::Basic => return answer.header("www-authenticate", format!("Basic realm=\"{service}\"")),
        ChallengeForm::Missing => return answer,
    };
    let mut header = format!("Bearer realm=\"{realm}\",service=\"{service}\"");
    if let Some(Wanted { kind, name, action }) = wanted {
        header += &format!(",scope=\"{kind}:{name}:{action}\"");
    }
    if insufficient {
        header += ",error=\"insufficient_scope\"";
    }
    answer.header("www-authenticate", header)
}

/// A refusal in the registry's own form.
fn refusal(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &errors(code, message))
}

fn errors(code: &str, message: &str) -> Value {
    json!({"errors": [{"code": code, "message": message}]})
}

/// What a locked repository or tag answers to a push.
fn disallowed() -> Answer {
    refusal(
        405,
        "UNSUPPORTED",
        "The operation is disallowed on this registry, repository or image. View troubleshooting steps at \
         https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation",
    )
}

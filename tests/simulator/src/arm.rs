//! Azure Resource Manager.

mod permissions;
mod resources;

use crate::exchange::{Answer, Asked};
use crate::jwt;
use crate::world::{Role, RoleAssignment, Subscription, World};
use serde_json::{Value, json};

/// Whoever calls.
pub(crate) struct Caller {
    client: String,
    object: String,
    tenant: String,
}

pub(crate) fn answer(world: &World, asked: &Asked) -> Answer {
    let segments = asked.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if asked.query("api-version").is_none() {
        return error(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
        .breaking("an ARM request without api-version");
    }
    let subscription = match segments.as_slice() {
        ["subscriptions", id, ..] => match world.subscriptions.iter().find(|known| known.id.eq_ignore_ascii_case(id)) {
            Some(subscription) => Some(subscription),
            None => return error(404, "SubscriptionNotFound", &format!("The subscription '{id}' could not be found.")),
        },
        _ => None,
    };
    let caller = match Caller::of(world, asked, subscription) {
        Ok(caller) => caller,
        Err(refusal) => return *refusal,
    };
    if !matches!(
        (asked.method.as_str(), segments.last()),
        ("GET", _) | ("POST", Some(&"resources" | &"listCredentials"))
    ) {
        return Answer::unknown(asked);
    }
    match segments.as_slice() {
        ["subscriptions"] => resources::subscriptions(world, &caller),
        ["tenants"] => Answer::json(
            200,
            &json!({"value": [{"id": format!("/tenants/{}", caller.tenant), "tenantId": caller.tenant}]}),
        ),
        ["subscriptions", _] => resources::subscription(world, &caller, subscription),
        ["subscriptions", id, "resources"] => resources::list(world, &caller, id, asked, false),
        ["subscriptions", id, "providers", "Microsoft.ContainerRegistry", "registries"] => {
            resources::list(world, &caller, id, asked, true)
        }
        ["providers", "Microsoft.ResourceGraph", "resources"] => resources::graph(world, &caller, asked),
        [scope @ .., "providers", "Microsoft.Authorization", "roleAssignments"] => {
            permissions::assignments(world, &caller, &join(scope), asked)
        }
        [scope @ .., "providers", "Microsoft.Authorization", "permissions"] => {
            permissions::permissions(world, &caller, &join(scope))
        }
        [.., "providers", "Microsoft.Authorization", "roleDefinitions", id] => permissions::definition(world, id),
        [.., "providers", "Microsoft.ContainerRegistry", "registries", _] => {
            resources::registry(world, &caller, &join(&segments), "read", &[])
        }
        [
            "subscriptions",
            _,
            "resourceGroups",
            _,
            "providers",
            "Microsoft.ContainerRegistry",
            "registries",
            _,
            rest @ ..,
        ] => resources::part(world, &caller, &join(&segments[..8]), rest, asked),
        _ => Answer::unknown(asked),
    }
}

impl Caller {
    fn of(world: &World, asked: &Asked, subscription: Option<&Subscription>) -> Result<Self, Box<Answer>> {
        let trusted = subscription.map(|subscription| subscription.tenant.as_str());
        let authority = format!("https://login.windows.net/{}", trusted.unwrap_or("common"));
        let refuse = |code: &str, words: &str| {
            let challenge = format!(
                "Bearer authorization_uri=\"{authority}\", error=\"invalid_token\", error_description=\"{words}\""
            );
            Err(Box::new(error(401, code, words).header("www-authenticate", challenge)))
        };
        let Some(token) = asked.bearer() else {
            return refuse("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
        };
        let Some(claims) = jwt::verified_claims(&token) else {
            return refuse("InvalidAuthenticationToken", "The access token is invalid.");
        };
        let text = |name: &str| claims[name].as_str().unwrap_or_default().to_owned();
        if !world.cloud.arm_audiences.contains(&text("aud").trim_end_matches('/')) {
            return refuse(
                "InvalidAuthenticationTokenAudience",
                "The access token has been obtained for wrong audience or resource.",
            );
        }
        let tenant = text("tid");
        if let Some(trusted) = trusted.filter(|trusted| *trusted != tenant) {
            let words = format!(
                "The access token is from the wrong issuer 'https://sts.windows.net/{tenant}/'. It must match the tenant \
                 'https://sts.windows.net/{trusted}/' associated with this subscription. Please use the authority (URL) \
                 'https://login.windows.net/{trusted}' to get the token."
            );
            return refuse("InvalidAuthenticationTokenTenant", &words);
        }
        Ok(Self { client: text("appid"), object: text("oid"), tenant })
    }

    /// The roles held on a resource.
    fn held<'w>(&self, world: &'w World, resource: &str) -> impl Iterator<Item = &'w RoleAssignment> {
        let (object, resource) = (self.object.clone(), resource.to_owned());
        world.assignments.iter().filter(move |held| held.principal == object && held.covers(&resource))
    }

    fn may(&self, world: &World, resource: &str, action: &str) -> bool {
        self.held(world, resource).any(|held| held.role.allows(action))
    }

    /// The refusal of an action.
    fn denied(&self, action: &str, scope: &str) -> Answer {
        let words = format!(
            "The client '{}' with object id '{}' does not have authorization to perform action '{action}' over scope \
             '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
            self.client, self.object
        );
        error(403, "AuthorizationFailed", &words)
    }
}

fn join(segments: &[&str]) -> String {
    segments.iter().fold(String::new(), |path, segment| path + "/" + segment)
}

fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({"error": {"code": code, "message": message}}))
}

fn list(items: Vec<Value>) -> Answer {
    Answer::json(200, &json!({"value": items}))
}

/// A list, in pages where the world cuts it.
fn paged(world: &World, asked: &Asked, items: Vec<Value>) -> Answer {
    let Some(pages) = &world.arm_pages else { return list(items) };
    let skipped: usize = asked.query("$skiptoken").and_then(|token| token.parse().ok()).unwrap_or_default();
    let mut page = json!({"value": items.iter().skip(skipped).take(pages.size).collect::<Vec<_>>()});
    if items.len() > skipped + pages.size {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(asked.query.iter().filter(|(name, _)| name != "$skiptoken"));
        query.append_pair("$skiptoken", &(skipped + pages.size).to_string());
        page["nextLink"] = format!("https://{}{}?{}", pages.host, asked.path, query.finish()).into();
    }
    Answer::json(200, &page)
}

fn definition_id(role: &Role, subscription: &str) -> String {
    format!("/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{}", role.id)
}

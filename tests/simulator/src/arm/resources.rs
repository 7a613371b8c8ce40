//! Subscriptions, registries and their parts.

use super::{Caller, error, list as values, paged};
use crate::exchange::{Answer, Asked};
use crate::world::*;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

const READ: &str = "Microsoft.ContainerRegistry/registries/read";

/// `GET /subscriptions`
pub(super) fn subscriptions(world: &World, caller: &Caller) -> Answer {
    let own = world.subscriptions.iter().filter(|subscription| {
        let id = format!("/subscriptions/{}", subscription.id);
        let below = world.assignments.iter().any(|held| held.principal == caller.object && held.scope.starts_with(&id));
        subscription.tenant == caller.tenant && below
    });
    values(own.map(subscription_json).collect())
}

/// `GET /subscriptions/{id}`
pub(super) fn subscription(world: &World, caller: &Caller, subscription: Option<&Subscription>) -> Answer {
    let Some(subscription) = subscription else {
        return error(404, "SubscriptionNotFound", "The subscription could not be found.");
    };
    let scope = format!("/subscriptions/{}", subscription.id);
    let below = world.assignments.iter().any(|held| held.principal == caller.object && held.scope.starts_with(&scope));
    if below {
        Answer::json(200, &subscription_json(subscription))
    } else {
        caller.denied("Microsoft.Resources/subscriptions/read", &scope)
    }
}

fn subscription_json(subscription: &Subscription) -> Value {
    json!({
        "id": format!("/subscriptions/{}", subscription.id), "authorizationSource": "RoleBased", "managedByTenants": [],
        "subscriptionId": subscription.id, "tenantId": subscription.tenant, "displayName": subscription.name,
        "state": "Enabled", "subscriptionPolicies": {"quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off"},
    })
}

/// The registries of a subscription that the caller can read; an identity with AcrPush alone sees none.
pub(super) fn list(world: &World, caller: &Caller, subscription: &str, asked: &Asked, whole: bool) -> Answer {
    let filter = asked.query("$filter").unwrap_or_default();
    if !whole && !filter.is_empty() && !filter.to_ascii_lowercase().contains("'microsoft.containerregistry/registries'")
    {
        return values(Vec::new());
    }
    let scope = format!("/subscriptions/{subscription}");
    let below = world.assignments.iter().any(|held| held.principal == caller.object && held.scope.starts_with(&scope));
    if !below {
        let action = if whole { READ } else { "Microsoft.Resources/subscriptions/resources/read" };
        return caller.denied(action, &scope);
    }
    let shown = world.registries.iter().filter(|registry| registry.subscription.eq_ignore_ascii_case(subscription));
    let shown = shown.filter(|registry| caller.may(world, &registry.id(), READ));
    let shown = shown.map(|registry| if whole { registry_json(registry) } else { short_json(registry) });
    paged(world, asked, shown.collect())
}

/// `POST /providers/Microsoft.ResourceGraph/resources`: rows that the caller can read, and nothing about others.
pub(super) fn graph(world: &World, caller: &Caller, asked: &Asked) -> Answer {
    let Some(body) = asked.json() else {
        return error(400, "BadRequest", "The request body is not JSON.")
            .breaking("a Resource Graph query without JSON");
    };
    let query = body["query"].as_str().unwrap_or_default();
    let names: Vec<&str> = query.split(['\'', '"']).skip(1).step_by(2).collect();
    let within = body["subscriptions"].as_array();
    let rows: Vec<Value> = world
        .registries
        .iter()
        .filter(|registry| {
            names.iter().any(|name| {
                name.eq_ignore_ascii_case(&registry.login_server) || name.eq_ignore_ascii_case(&registry.name)
            })
        })
        .filter(|registry| within.is_none_or(|within| within.iter().any(|id| id == registry.subscription.as_str())))
        .filter(|registry| registry.tenant == caller.tenant && caller.may(world, &registry.id(), READ))
        .map(registry_json)
        .collect();
    Answer::json(
        200,
        &json!({
            "totalRecords": rows.len(), "count": rows.len(), "data": rows, "facets": [], "resultTruncated": "false",
        }),
    )
}

/// `GET` of a registry.
pub(super) fn registry(world: &World, caller: &Caller, id: &str, verb: &str, kind: &[&str]) -> Answer {
    match find(world, caller, id, verb, kind) {
        Ok(registry) => Answer::json(200, &registry_json(registry)),
        Err(refusal) => *refusal,
    }
}

/// `GET` or `POST` of a part of a registry: tokens, scope maps, usages, admin credentials.
pub(super) fn part(world: &World, caller: &Caller, id: &str, rest: &[&str], asked: &Asked) -> Answer {
    let verb = if rest == ["listCredentials"] { "action" } else { "read" };
    let registry = match find(world, caller, id, verb, &rest[..1]) {
        Ok(registry) => registry,
        Err(refusal) => return *refusal,
    };
    let missing = |name: &str| error(404, "ResourceNotFound", &format!("The resource '{name}' could not be found."));
    match rest {
        ["tokens"] => values(registry.tokens.iter().map(|token| token_json(registry, token)).collect()),
        ["tokens", name] => match registry.tokens.iter().find(|token| token.name.eq_ignore_ascii_case(name)) {
            Some(token) => Answer::json(200, &token_json(registry, token)),
            None => missing(name),
        },
        ["scopeMaps"] => values(registry.scope_maps.iter().map(|map| scope_map_json(registry, map)).collect()),
        ["scopeMaps", name] => match registry.scope_maps.iter().find(|map| map.name.eq_ignore_ascii_case(name)) {
            Some(map) => Answer::json(200, &scope_map_json(registry, map)),
            None => missing(name),
        },
        ["listUsages"] => values(vec![
            json!({"name": "Size", "limit": registry.usage.1, "currentValue": registry.usage.0, "unit": "Bytes"}),
        ]),
        // Handing out passwords is no part of this world: a preflight must never ask for them.
        _ => Answer::unknown(asked),
    }
}

fn find<'w>(
    world: &'w World,
    caller: &Caller,
    id: &str,
    verb: &str,
    kind: &[&str],
) -> Result<&'w Registry, Box<Answer>> {
    let action =
        kind.iter().fold("Microsoft.ContainerRegistry/registries".to_owned(), |action, part| action + "/" + part)
            + "/"
            + verb;
    if !caller.may(world, id, &action) {
        return Err(Box::new(caller.denied(&action, id)));
    }
    let found = world.registries.iter().find(|registry| registry.id().eq_ignore_ascii_case(id));
    let words = format!(
        "The Resource '{id}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    );
    found.ok_or_else(|| Box::new(error(404, "ResourceNotFound", &words)))
}

fn short_json(registry: &Registry) -> Value {
    json!({
        "id": registry.id(), "name": registry.name, "type": "Microsoft.ContainerRegistry/registries",
        "sku": {"name": registry.sku, "tier": registry.sku}, "location": "westeurope", "tags": {},
    })
}

fn registry_json(registry: &Registry) -> Value {
    let status = |on: bool| json!({"status": if on { "enabled" } else { "disabled" }});
    let access = |on: bool| if on { "Enabled" } else { "Disabled" };
    let mut value = short_json(registry);
    value["properties"] = json!({
        "loginServer": registry.login_server, "creationDate": "2025-11-03T10:00:00.0000000Z", "provisioningState": "Succeeded",
        "adminUserEnabled": registry.admin.enabled,
        "networkRuleSet": {
            "defaultAction": if registry.firewall.is_some() { "Deny" } else { "Allow" }, "ipRules": [], "virtualNetworkRules": [],
        },
        "policies": {
            "quarantinePolicy": status(registry.quarantine), "trustPolicy": {"type": "Notary", "status": "disabled"},
            "retentionPolicy": {"days": 7, "status": "disabled"}, "exportPolicy": status(true),
            "azureADAuthenticationAsArmPolicy": status(registry.accepts_arm_audience),
        },
        "encryption": status(false), "dataEndpointEnabled": registry.data_endpoint,
        "dataEndpointHostNames": if registry.data_endpoint { json!(registry.data_hosts().collect::<Vec<_>>()) } else { json!([]) },
        "privateEndpointConnections": if registry.private_endpoint {
            json!([{"id": format!("{}/privateEndpointConnections/pe-runner", registry.id()), "name": "pe-runner",
                    "properties": {"provisioningState": "Succeeded"}}])
        } else { json!([]) },
        "publicNetworkAccess": access(registry.public_access), "networkRuleBypassOptions": "AzureServices",
        "zoneRedundancy": "Disabled", "anonymousPullEnabled": registry.anonymous_pull,
        "roleAssignmentMode": match registry.mode {
            Mode::Legacy => "LegacyRegistryPermissions",
            Mode::Abac => "AbacRepositoryPermissions",
        },
    });
    value
}

fn token_json(registry: &Registry, token: &ScopedToken) -> Value {
    let password = |password: &TokenPassword| {
        json!({"name": password.name, "creationTime": "2026-01-10T08:00:00.0000000+00:00",
               "expiry": password.ends.map(|ends| ends.format(&Rfc3339).unwrap_or_default())})
    };
    json!({
        "id": format!("{}/tokens/{}", registry.id(), token.name), "name": token.name,
        "type": "Microsoft.ContainerRegistry/registries/tokens",
        "properties": {
            "creationDate": "2026-01-10T08:00:00.0000000+00:00", "provisioningState": "Succeeded",
            "scopeMapId": format!("{}/scopeMaps/{}", registry.id(), token.scope_map),
            "credentials": {"passwords": token.passwords.iter().map(password).collect::<Vec<_>>()},
            "status": if token.enabled { "enabled" } else { "disabled" },
        },
    })
}

fn scope_map_json(registry: &Registry, map: &ScopeMap) -> Value {
    json!({
        "id": format!("{}/scopeMaps/{}", registry.id(), map.name), "name": map.name,
        "type": "Microsoft.ContainerRegistry/registries/scopeMaps",
        "properties": {
            "type": if map.name.starts_with("_repositories") { "SystemDefined" } else { "UserDefined" },
            "creationDate": "2026-01-10T08:00:00.0000000+00:00", "provisioningState": "Succeeded", "actions": map.actions,
        },
    })
}

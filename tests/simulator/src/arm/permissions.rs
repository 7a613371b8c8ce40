//! Role assignments, role definitions, and what the caller may do.

use super::{Caller, definition_id, error, list, paged};
use crate::exchange::{Answer, Asked};
use crate::world::{ROLES, Role, RoleAssignment, World};
use serde_json::{Value, json};

/// `GET {scope}/providers/Microsoft.Authorization/roleAssignments`
pub(super) fn assignments(world: &World, caller: &Caller, scope: &str, asked: &Asked) -> Answer {
    let action = "Microsoft.Authorization/roleAssignments/read";
    if !caller.may(world, scope, action) {
        return caller.denied(action, scope);
    }
    let filter = asked.query("$filter").unwrap_or_default();
    let wanted = ["principalId eq '", "assignedTo('"].iter().find_map(|start| {
        let (_, rest) = filter.split_once(start)?;
        rest.split('\'').next()
    });
    if filter.contains("atScope()") && filter.contains("principalId eq") {
        return error(400, "UnsupportedFilter", "The filter is not supported.")
            .breaking("atScope() with principalId eq");
    }
    let shown = world.assignments.iter().enumerate().filter(|(_, held)| {
        held.covers(scope) && wanted.is_none_or(|wanted| held.principal.eq_ignore_ascii_case(wanted))
    });
    paged(world, asked, shown.map(|(index, held)| assignment_json(index, held)).collect())
}

fn assignment_json(index: usize, held: &RoleAssignment) -> Value {
    let subscription = held.scope.split('/').nth(2).unwrap_or_default();
    let name = format!("{:08x}-1111-4222-8333-444455556666", index + 1);
    json!({
        "properties": {
            "roleDefinitionId": definition_id(held.role, subscription), "principalId": held.principal,
            "principalType": "ServicePrincipal", "scope": held.scope, "condition": held.condition,
            "conditionVersion": held.condition.as_ref().map(|_| "2.0"), "createdOn": "2026-01-10T08:00:00.0000000Z",
            "updatedOn": "2026-01-10T08:00:00.0000000Z", "delegatedManagedIdentityResourceId": null, "description": null,
        },
        "id": format!("{}/providers/Microsoft.Authorization/roleAssignments/{name}", held.scope),
        "type": "Microsoft.Authorization/roleAssignments", "name": name,
    })
}

/// `GET {scope}/providers/Microsoft.Authorization/permissions`
pub(super) fn permissions(world: &World, caller: &Caller, scope: &str) -> Answer {
    let held: Vec<&Role> = caller.held(world, scope).map(|held| held.role).collect();
    if held.is_empty() {
        return caller.denied("Microsoft.Authorization/permissions/read", scope);
    }
    list(held.into_iter().map(permission_json).collect())
}

fn permission_json(role: &Role) -> Value {
    json!({"actions": role.actions, "notActions": role.not_actions, "dataActions": role.data_actions, "notDataActions": []})
}

/// `GET …/providers/Microsoft.Authorization/roleDefinitions/{id}`
pub(super) fn definition(_world: &World, id: &str) -> Answer {
    match ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(id)) {
        Some(role) => Answer::json(
            200,
            &json!({
                "properties": {"roleName": role.name, "type": "BuiltInRole", "permissions": [permission_json(role)], "assignableScopes": ["/"]},
                "id": format!("/providers/Microsoft.Authorization/roleDefinitions/{id}"),
                "type": "Microsoft.Authorization/roleDefinitions", "name": id,
            }),
        ),
        None => error(
            404,
            "RoleDefinitionDoesNotExist",
            &format!("The specified role definition with ID '{id}' does not exist."),
        ),
    }
}

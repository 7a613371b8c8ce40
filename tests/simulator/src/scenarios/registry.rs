//! The registry refuses an identity or its password.

use crate::world::*;
use crate::{Scenario, World};

/// A user name and password, and beside them a service principal that may read the registry's settings.
fn explained(scenario: Scenario, username: &str, password: &str) -> Scenario {
    scenario
        .input("auth", "password")
        .input("username", username)
        .input("password", password)
        .input("subscription-id", SUBSCRIPTION)
}

fn readable(world: &mut World) {
    world.roles(&[&SETTINGS_READER]);
}

fn elsewhere(world: &mut World) {
    world.roles(&[]);
    let sandbox = format!("/subscriptions/{OTHER_SUBSCRIPTION}");
    world.assignments.push(RoleAssignment { scope: sandbox, ..RoleAssignment::on_registry(PRINCIPAL, &READER) });
}

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::fails(
            "registry-rejects-identity",
            "The service principal holds roles elsewhere, and none on the registry.",
        )
        .world(elsewhere),
        Scenario::fails("registry-rejects-identity@401", "The same, in the registry's other wording.").world(|world| {
            elsewhere(world);
            world.registry().no_role = NoRole::Unauthorized;
        }),
        Scenario::fails("arm-audience-refused", "The tenant has no registry audience, and the registry refuses ARM's.")
            .world(|world| {
                world.tenant().has_registry_resource = false;
                world.registry().accepts_arm_audience = false;
            }),
        Scenario::fails(
            "arm-audience-refused@token",
            "A token for ARM in hand, and a registry that refuses ARM's audience.",
        )
        .without_credential()
        .made("token", |world| world.entra_token("https://management.core.windows.net/", 3599))
        .world(|world| world.registry().accepts_arm_audience = false),
        explained(Scenario::fails("admin-disabled", "The admin user is disabled."), REGISTRY, ADMIN_PASSWORD)
            .world(readable),
        explained(
            Scenario::fails("admin-password-wrong", "The admin user's password was renewed."),
            REGISTRY,
            "an-old-admin-password",
        )
        .world(|world| {
            readable(world);
            world.registry().admin.enabled = true;
        }),
        explained(
            Scenario::fails("token-password-rejected", "The token's password was renewed."),
            TOKEN_NAME,
            "an-old-token-password",
        )
        .world(readable),
        explained(
            Scenario::fails("token-password-expired", "The token's password ended yesterday."),
            TOKEN_NAME,
            TOKEN_PASSWORD,
        )
        .world(|world| {
            readable(world);
            let yesterday = world.in_days(-1);
            world.registry().token().passwords[0].ends = Some(yesterday);
        }),
        explained(
            Scenario::fails("token-disabled", "The repository-scoped token is disabled."),
            TOKEN_NAME,
            TOKEN_PASSWORD,
        )
        .world(|world| {
            readable(world);
            world.registry().token().enabled = false;
        }),
        Scenario::fails(
            "wrong-username",
            "The password is a token of az acr login, but the user name is not the zero GUID.",
        )
        .without_credential()
        .input("username", "ci-pusher")
        .made("password", |world| {
            world.registries[0].refresh_token(world, CLIENT, PRINCIPAL, &["read", "write"], 11_000)
        }),
        Scenario::fails("login-expired", "The token of az acr login was issued yesterday.")
            .without_credential()
            .made("token", |world| {
                world.registries[0].refresh_token(world, CLIENT, PRINCIPAL, &["read", "write"], -40_000)
            }),
        Scenario::fails("login-expired@entra", "The Entra access token ended an hour ago.")
            .without_credential()
            .made("token", |world| world.entra_token(REGISTRY_AUDIENCE, -3600)),
        Scenario::fails("unauthorized", "The registry rejects a token in hand and says no more.")
            .without_credential()
            .made("token", |world| {
                // Issued before the registry changed its role assignment mode.
                let mut before = world.registries[0].clone();
                before.mode = Mode::Abac;
                before.refresh_token(world, CLIENT, PRINCIPAL, &["read", "write"], 11_000)
            }),
        Scenario::fails("anonymous-pull-blocked", "Anonymous pull is off.")
            .without_credential()
            .input("auth", "anonymous")
            .input("role", "AcrPull"),
        Scenario::fails(
            "registry-rejects-identity@tenant",
            "A service principal of another tenant, and nobody to ask whose the registry is.",
        )
        .input("tenant-id", OTHER_TENANT)
        .input("client-id", OTHER_CLIENT)
        .input("client-secret", OTHER_SECRET),
    ]
}

//! The identity signs in, but may not do what the job needs.

use super::healthy::abac;
use crate::world::*;
use crate::{Scenario, World};

/// A registry in ABAC mode, and a writer of the repositories of one team.
fn conditional(world: &mut World) {
    abac(world);
    world.roles(&[]);
    let condition = "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/write'})) OR \
                     (@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'team/'))";
    world.assignments.push(RoleAssignment::on_registry(PRINCIPAL, &REPOSITORY_WRITER).when(condition));
}

/// Two registries in one subscription, which Azure Resource Manager lists on a page each, ours last.
fn in_pages(world: &mut World, host: &str) {
    let other = "fabrikamacr";
    let mut other =
        Registry { name: other.into(), login_server: format!("{other}.azurecr.io"), ..world.registries[0].clone() };
    std::mem::swap(&mut other, &mut world.registries[0]);
    world.registries.push(other);
    let scope = format!("/subscriptions/{SUBSCRIPTION}");
    world.assignments.push(RoleAssignment { scope, ..RoleAssignment::on_registry(PRINCIPAL, &READER) });
    world.arm_pages = Some(ArmPages { size: 1, host: host.into() });
}

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::fails("no-pull-permission", "A role on the registry that does not allow pulling.")
            .input("role", "AcrPull")
            .world(|world| world.roles(&[&ACR_DELETE])),
        Scenario::fails("no-pull-permission@token", "The scope map reaches other repositories only.")
            .without_credential()
            .input("username", TOKEN_NAME)
            .input("password", TOKEN_PASSWORD)
            .input("role", "AcrPull")
            .input("images", "base/os"),
        Scenario::fails("no-push-permission", "The service principal holds AcrPull where AcrPush is needed.")
            .world(|world| world.roles(&[&ACR_PULL])),
        Scenario::fails("no-push-permission@reader", "In legacy mode Reader pulls, and pushes nothing.")
            .world(|world| world.roles(&[&READER])),
        Scenario::fails(
            "no-push-permission@abac",
            "A registry in ABAC mode, and the role Container Registry Repository Reader.",
        )
        .world(|world| {
            abac(world);
            world.roles(&[&REPOSITORY_READER]);
        }),
        Scenario::fails(
            "no-push-permission@token",
            "The scope map of the repository-scoped token allows pulling only.",
        )
        .without_credential()
        .input("username", TOKEN_NAME)
        .input("password", TOKEN_PASSWORD)
        .world(|world| world.registry().token().scope_map = "team-pull".into()),
        Scenario::fails("role-ignored-by-abac", "AcrPush on a registry in ABAC mode, which does not honour it.").world(
            |world| {
                abac(world);
                world.roles(&[&ACR_PUSH, &SETTINGS_READER]);
            },
        ),
        Scenario::fails("role-ignored-by-abac@second-page", "The role that is not honoured stands on the second page.")
            .world(|world| {
                abac(world);
                world.roles(&[&SETTINGS_READER, &ACR_PUSH]);
                world.arm_pages = Some(ArmPages { size: 1, host: "management.azure.com".into() });
            }),
        Scenario::new("healthy-second-page", "The registry stands on the second page of those of its subscription.")
            .input("subscription-id", SUBSCRIPTION)
            .world(|world| in_pages(world, "management.azure.com")),
        Scenario::new(
            "healthy-page-elsewhere",
            "The link to the second page leads to another host, where nobody goes.",
        )
        .input("subscription-id", SUBSCRIPTION)
        .world(|world| in_pages(world, "management.evil.example")),
        Scenario::warns("no-arm-permission", "The identity may not read the subscription that was given.")
            .input("subscription-id", OTHER_SUBSCRIPTION),
        Scenario::fails(
            "registry-not-in-subscription",
            "The registry lies in another subscription than the one given.",
        )
        .input("subscription-id", OTHER_SUBSCRIPTION)
        .world(|world| {
            world.also(&SETTINGS_READER);
            world.assignments.push(RoleAssignment {
                scope: format!("/subscriptions/{OTHER_SUBSCRIPTION}"),
                ..RoleAssignment::on_registry(PRINCIPAL, &READER)
            });
        }),
        Scenario::fails("image-not-found", "The tag does not exist.")
            .input("role", "AcrPull")
            .input("images", "team/app:9.9"),
        Scenario::fails("image-not-found@repository", "The repository does not exist.")
            .input("role", "AcrPull")
            .input("images", "team/misspelt:1.0"),
        Scenario::fails("image-platform-missing", "The image has no manifest for the wanted architecture.")
            .input("role", "AcrPull")
            .input("images", "team/tool:1.0")
            .input("platform", "linux/arm64"),
        Scenario::fails("operation-disallowed", "The repository is locked against writing.")
            .world(|world| world.registry().lock("team/app", None)),
        Scenario::fails("operation-disallowed@tag", "The tag is locked against writing.")
            .input("images", "team/app:1.0")
            .world(|world| world.registry().lock("team/app", Some("1.0"))),
        Scenario::fails(
            "no-push-permission@condition",
            "A repository role under a condition that names other repositories.",
        )
        .input("images", "team/app\nshop/web")
        .world(conditional),
        Scenario::new("healthy-condition", "A repository role under a condition that the repository meets.")
            .world(conditional),
        Scenario::new("healthy-contributor", "In legacy mode Contributor pushes.")
            .world(|world| world.roles(&[&CONTRIBUTOR])),
        Scenario::new("healthy-role-name", "The role is asked for by its ABAC name.")
            .input("role", "Container Registry Repository Writer")
            .world(abac),
    ]
}

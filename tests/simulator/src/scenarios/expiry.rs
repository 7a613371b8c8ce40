//! The credential works today, but not for long.

use crate::world::*;
use crate::{Effect, Fault, Scenario};

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::warns("secret-expiring", "The client secret ends next week.").world(|world| world.secret_ends_in(7)),
        Scenario::fails("secret-expiring@error", "The same, in a job that wants to fail that early.")
            .input("expiry-error-days", "10")
            .world(|world| world.secret_ends_in(7)),
        Scenario::warns(
            "secret-expiring@principal",
            "The secret in use is one of the service principal, not of the application.",
        )
        .world(|world| {
            let secret = world.secret().clone().ending(world.in_days(7));
            world.app().secrets.clear();
            if let Some(principal) = &mut world.app().principal {
                principal.secrets.push(secret);
            }
        }),
        Scenario::warns("secret-expiring@several", "Of several secrets the one in use ends next week.").world(
            |world| {
                world.secret_ends_in(7);
                world.app().secrets.push(ClientSecret::lasting("New8Q~the-secret-of-next-year", "next-year"));
            },
        ),
        Scenario::warns("secret-expiry-unknown", "Graph may not be read, as is usual.")
            .world(|world| world.app().reads_graph = false),
        Scenario::warns("secret-expiring@input", "Graph may not be read, but the job says when the secret ends.")
            .made("secret-expires-on", |world| world.in_days(7).date().to_string())
            .world(|world| world.app().reads_graph = false),
        Scenario::warns("secret-expiry-unknown@stale", "The date that the job says is that of the secret before.")
            .made("secret-expires-on", |world| world.in_days(-7).date().to_string())
            .world(|world| world.app().reads_graph = false),
        Scenario::warns("token-password-expiring", "The password of the repository-scoped token ends next week.")
            .input("auth", "password")
            .input("username", TOKEN_NAME)
            .input("password", TOKEN_PASSWORD)
            .input("subscription-id", SUBSCRIPTION)
            .world(|world| {
                world.roles(&[&SETTINGS_READER]);
                let soon = world.in_days(7);
                world.registry().token().passwords[0].ends = Some(soon);
            }),
        Scenario::warns("login-expiring", "The token of az acr login ends in four minutes.")
            .without_credential()
            .made("token", |world| {
                world.registries[0].refresh_token(world, CLIENT, PRINCIPAL, &["read", "write"], 240)
            }),
        Scenario::warns("secret-expiry-unknown@unreachable", "Graph's address refuses connections.")
            .input("timeout", "4")
            .world(|world| world.unlistened("graph.microsoft.com")),
        Scenario::warns("secret-expiry-unknown@silence", "Graph takes the connection and says nothing.")
            .input("timeout", "20")
            .world(|world| world.fault(Fault::of("graph.microsoft.com", Effect::Silence))),
        Scenario::warns("secret-expiry-unknown@throttled", "Graph asks to come back in a quarter of a minute.")
            .input("timeout", "20")
            .world(|world| world.fault(Fault::of("graph.microsoft.com", Effect::throttled(15)))),
        Scenario::warns(
            "secret-expiry-unknown@foreign",
            "The application lives in another tenant; only its service principal is here.",
        )
        .world(|world| world.app().at_home = false),
        Scenario::fails("secret-expiring@fail-on", "A secret that ends next week, in a job that fails on warnings.")
            .input("fail-on", "warning")
            .world(|world| world.secret_ends_in(7)),
        Scenario::warns("secret-expired@never", "An ended secret, in a job that only wants to be told.")
            .input("fail-on", "never")
            .world(|world| world.secret_ends_in(-30)),
    ]
}

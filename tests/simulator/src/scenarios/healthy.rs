//! Runs in which nothing is wrong, and one in which several things are.

use super::federation::with_github_token;
use crate::world::*;
use crate::{Effect, Fault, Scenario, World};

/// The registry counts repository roles alone, and the service principal holds one of them.
pub(super) fn abac(world: &mut World) {
    world.registry().mode = Mode::Abac;
    world.registry().no_role = NoRole::Granted;
    world.roles(&[&REPOSITORY_WRITER]);
}

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("healthy", "A client secret that lasts, and AcrPush on the registry."),
        with_github_token(Scenario::new(
            "healthy-oidc",
            "GitHub's own token, a federated credential that matches, and AcrPush.",
        )),
        Scenario::new("healthy-abac", "A registry in ABAC mode, and the role Container Registry Repository Writer.").world(abac),
        Scenario::new("healthy-pull", "AcrPull is enough for a job that pulls an image that exists.")
            .input("role", "AcrPull")
            .input("images", "team/app:1.0")
            .world(|world| world.roles(&[&ACR_PULL])),
        Scenario::new("healthy-without-arm", "Azure Resource Manager takes the connection and says nothing.")
            .input("timeout", "20")
            .world(|world| world.fault(Fault::of("management.azure.com", Effect::Silence))),
        Scenario::new("healthy-creds", "The JSON of azure/login instead of single inputs.")
            .without_credential()
            .made("AZURE_CREDENTIALS", |_| {
                serde_json::json!({"clientId": CLIENT, "clientSecret": SECRET, "tenantId": TENANT, "subscriptionId": SUBSCRIPTION})
                    .to_string()
            }),
        Scenario::new("healthy-service-principal-as-user", "A service principal as user name and password, without a tenant.")
            .without_credential()
            .input("username", CLIENT)
            .input("password", SECRET)
            .finds("secret-expiry-unknown"),
        Scenario::new("healthy-token-user", "A repository-scoped token whose scope map allows the push.")
            .without_credential()
            .input("username", TOKEN_NAME)
            .input("password", TOKEN_PASSWORD),
        Scenario::new("healthy-admin", "The admin user, enabled.")
            .without_credential()
            .input("username", REGISTRY)
            .input("password", ADMIN_PASSWORD)
            .world(|world| world.registry().admin.enabled = true),
        Scenario::new("healthy-anonymous", "Anonymous pull of an image that exists.")
            .without_credential()
            .input("auth", "anonymous")
            .input("role", "AcrPull")
            .input("images", "team/app:1.0")
            .world(|world| world.registry().anonymous_pull = true),
        Scenario::new("healthy-refresh-token", "A token of az acr login --expose-token that lasts for hours.")
            .without_credential()
            .made("token", |world| world.registries[0].refresh_token(world, CLIENT, PRINCIPAL, &["read", "write"], 11_000)),
        Scenario::new("healthy-entra-token", "An Entra access token for registries.")
            .without_credential()
            .made("token", |world| world.entra_token(REGISTRY_AUDIENCE, 3599)),
        Scenario::new("healthy-capital-claims", "The registry's token writes the names of its claims with capitals.")
            .world(|world| world.registry().claims = ClaimCase::Capital),
        Scenario::new("healthy-many-images", "Four repositories, asked for in few requests.")
            .input("images", "team/app\nteam/api\nteam/web\nteam/jobs"),
        Scenario::new("healthy-first-scope-only", "The registry honours the first scope of a request alone; the rest is asked singly.")
            .input("images", "team/app, team/api, team/web")
            .world(|world| world.registry().honours_all_scopes = false),
        Scenario::new("healthy-new-repository", "A repository that does not exist yet may be pushed.")
            .input("images", "team/new:1.0"),
        Scenario::new("healthy-arm-audience", "The tenant has no registry audience, and the registry accepts ARM's.")
            .world(|world| world.tenant().has_registry_resource = false),
        Scenario::new("healthy-other-secret-expired", "Another secret of the same application has ended; the one in use lasts.")
            .world(|world| {
                let ended = world.in_days(-40);
                world.app().secrets.insert(0, ClientSecret::lasting("Old8Q~the-secret-of-last-year", "last-year").ending(ended));
            }),
        Scenario::new("several-at-once", "No right to push, and a secret that ends next week.")
            .world(|world| {
                world.roles(&[&ACR_PULL]);
                world.secret_ends_in(7);
            })
            .exits(1)
            .finds("no-push-permission")
            .finds("secret-expiring"),
        Scenario::new("healthy-action-inputs", "The inputs as GitHub's runner hands them to a container action.")
            .without(&["registry", "images", "client-id", "tenant-id", "client-secret", "docker"])
            .input("GITHUB_ACTIONS", "true")
            .input("INPUT_REGISTRY", LOGIN_SERVER)
            .input("INPUT_IMAGES", "team/app:2.0\nteam/tool:2.0\n")
            .input("INPUT_CLIENT-ID", CLIENT)
            .input("INPUT_TENANT-ID", TENANT)
            .input("INPUT_CLIENT-SECRET", SECRET)
            .input("INPUT_SUBSCRIPTION-ID", "")
            .input("INPUT_DOCKER", "skip"),
        Scenario::new("healthy-china", "Everything in Azure operated by 21Vianet.")
            .input("registry", "contosoacr.azurecr.cn")
            .world(|world| world.move_to(&CHINA_CLOUD)),
        Scenario::new("healthy-us-government", "Everything in Azure for the government of the United States.")
            .input("registry", REGISTRY)
            .input("cloud", "AzureUSGovernment")
            .world(|world| world.move_to(&US_GOVERNMENT_CLOUD)),
        Scenario::new("healthy-bleu", "Everything in the cloud of Bleu.")
            .input("registry", "contosoacr.azurecr.sovcloud-azure.fr")
            .world(|world| world.move_to(&BLEU_CLOUD)),
        Scenario::new("healthy-domain-name-label", "A login server with a hash behind the registry's name.")
            .input("registry", "contosoacr-e7ggejfuhzhgedc8.azurecr.io")
            .world(|world| world.registry().login_server = "contosoacr-e7ggejfuhzhgedc8.azurecr.io".into()),
        Scenario::new("healthy-regional-endpoint", "The endpoint of one region, whose tokens are for the login server.")
            .input("registry", "contosoacr.westeurope.geo.azurecr.io")
            .world(|world| world.registry().regional_endpoints.push("contosoacr.westeurope.geo.azurecr.io".into())),
    ]
}

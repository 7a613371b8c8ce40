//! Who signs in, and what the job hands over for it.

use simulated_azure::World;
use simulated_azure::world::*;

/// Who signs in.
#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// A service principal, at Entra ID.
    Secret { tenant: String, client: String, secret: String },
    /// A user of the registry, or a service principal as one.
    User { name: String, password: String },
    /// A service principal with a token of another issuer, at Entra ID.
    Federated(String),
    /// The managed identity of the machine.
    Managed,
    /// A token of Entra ID in hand.
    EntraToken(String),
    /// A registry's refresh token in hand.
    RefreshToken(String),
    /// Nobody in particular.
    Nobody,
}

/// The identity of this number, and what it is called; its tokens in hand live for so many seconds.
pub(super) fn identity(world: &mut World, which: usize, lives: i64) -> (Identity, &'static str) {
    let secret = |client: &str, secret: &str, tenant: &str| Identity::Secret {
        tenant: tenant.to_owned(),
        client: client.to_owned(),
        secret: secret.to_owned(),
    };
    let user = |name: &str, password: &str| Identity::User { name: name.to_owned(), password: password.to_owned() };
    let permissions: &[&str] = &["read", "metadata/read", "write", "metadata/write"];
    match which {
        1 => (secret(&CLIENT.to_ascii_uppercase(), SECRET, TENANT), "a client id in capitals"),
        2 => (secret(CLIENT, "Zz98Q~not-the-secret_0123456789abcdefghij", TENANT), "a wrong secret"),
        3 => (secret(OTHER_CLIENT, OTHER_SECRET, OTHER_TENANT), "an application of another tenant"),
        4 => (user(CLIENT, SECRET), "a service principal as user"),
        5 => (user(TOKEN_NAME, TOKEN_PASSWORD), "a repository-scoped token"),
        6 => (user(TOKEN_NAME, "tok9wrongtok9wrongtok9wrongtok9+ACRDwrong1"), "a token with a wrong password"),
        7 => (user(REGISTRY, ADMIN_PASSWORD), "the admin user"),
        8 => (Identity::Nobody, "nobody"),
        9 => {
            let registry = &world.registries[0];
            (
                Identity::RefreshToken(registry.refresh_token(world, CLIENT, PRINCIPAL, permissions, lives)),
                "a refresh token",
            )
        }
        10 => (Identity::EntraToken(world.entra_token(REGISTRY_AUDIENCE, lives.min(3599))), "an Entra token"),
        11 => {
            (Identity::EntraToken(world.entra_token("https://management.azure.com/", lives.min(3599))), "an ARM token")
        }
        12 => (Identity::Federated(world.id_token(GITHUB_ISSUER, GITHUB_SUBJECT, 300)), "a federated token"),
        13 => {
            let subject = "repo:contoso/shop:pull_request";
            (Identity::Federated(world.id_token(GITHUB_ISSUER, subject, 300)), "a federated token of another subject")
        }
        14 => {
            world.machine.metadata = Metadata::Imds;
            let object = PRINCIPAL.to_owned();
            world.machine.identities.push(ManagedIdentity { client: CLIENT.into(), object, system_assigned: true });
            (Identity::Managed, "a managed identity")
        }
        _ => (secret(CLIENT, SECRET, TENANT), "a service principal"),
    }
}

/// The job's environment.
pub(super) fn variables(identity: &Identity, pushes: bool, images: &[String]) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    let mut set = |name: &str, value: &str| variables.push((format!("ACR_PREFLIGHT_{name}"), value.to_owned()));
    set("REGISTRY", REGISTRY);
    set("IMAGES", &images.join("\n"));
    set("ROLE", if pushes { "AcrPush" } else { "AcrPull" });
    set("DOCKER", "skip");
    match identity {
        Identity::Secret { tenant, client, secret } => {
            set("TENANT_ID", tenant);
            set("CLIENT_ID", client);
            set("CLIENT_SECRET", secret);
        }
        Identity::User { name, password } => {
            set("USERNAME", name);
            set("PASSWORD", password);
        }
        Identity::EntraToken(token) | Identity::RefreshToken(token) => set("TOKEN", token),
        Identity::Federated(token) => {
            set("TENANT_ID", TENANT);
            set("CLIENT_ID", CLIENT);
            set("FEDERATED_TOKEN", token);
        }
        Identity::Managed => set("AUTH", "managed-identity"),
        Identity::Nobody => set("AUTH", "anonymous"),
    }
    variables
}

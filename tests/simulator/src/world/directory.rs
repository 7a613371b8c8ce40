//! Entra ID's directories: tenants, applications, service principals and what they prove themselves with.

use super::names::*;
use time::OffsetDateTime;

/// A directory.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: String,
    /// Its first domain.
    pub domain: String,
    /// The applications that can sign in here.
    pub applications: Vec<Application>,
    /// Whether the tenant knows the registry's own audience; Azure Local and some old tenants do not.
    pub has_registry_resource: bool,
    /// Every sign-in that would succeed ends with this AADSTS number instead: Conditional Access and other policies.
    pub refuses_with: Option<u32>,
}

/// An application and its service principal in the tenant.
#[derive(Debug, Clone)]
pub struct Application {
    /// Application id, alias client id.
    pub client: String,
    /// Object id of the application.
    pub object: String,
    /// Display name.
    pub name: String,
    /// Client secrets on the application object.
    pub secrets: Vec<ClientSecret>,
    /// Certificates on the application object.
    pub certificates: Vec<Certificate>,
    /// Federated identity credentials.
    pub federated: Vec<FederatedCredential>,
    /// The service principal; none where nobody consented in this tenant.
    pub principal: Option<ServicePrincipal>,
    /// The application object lives in this tenant; of a foreign application there is only the service principal.
    pub at_home: bool,
    /// Holds Graph's application permission `Application.Read.All`.
    pub reads_graph: bool,
}

/// The local representation of an application.
#[derive(Debug, Clone)]
pub struct ServicePrincipal {
    /// Object id, which roles are assigned to.
    pub object: String,
    /// Sign-in is allowed.
    pub enabled: bool,
    /// Client secrets on the service principal object.
    pub secrets: Vec<ClientSecret>,
    /// Certificates on the service principal object.
    pub certificates: Vec<Certificate>,
}

/// A client secret (Graph: password credential).
#[derive(Debug, Clone)]
pub struct ClientSecret {
    /// What is sent; Graph shows only its first three characters.
    pub value: String,
    /// Its id.
    pub key: String,
    /// Its display name.
    pub name: String,
    /// Its end.
    pub ends: OffsetDateTime,
    /// Graph shows the hint; very old secrets have none.
    pub hinted: bool,
}

/// A certificate registered with an application (Graph: key credential).
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Its display name.
    pub name: String,
    /// Its end.
    pub ends: OffsetDateTime,
    /// It is trusted by the name of its subject and issuer, so that Graph does not show it.
    pub unlisted: bool,
}

/// A federated identity credential; all three must match exactly.
#[derive(Debug, Clone)]
pub struct FederatedCredential {
    /// Its name.
    pub name: String,
    /// The issuer it trusts.
    pub issuer: String,
    /// The subject it trusts.
    pub subject: String,
    /// The audience it expects.
    pub audience: String,
}

impl Tenant {
    pub(super) fn contoso() -> Self {
        Self {
            id: TENANT.into(),
            domain: "contoso.onmicrosoft.com".into(),
            applications: vec![Application::ci_pusher()],
            has_registry_resource: true,
            refuses_with: None,
        }
    }

    pub(super) fn fabrikam() -> Self {
        let application = Application {
            client: OTHER_CLIENT.into(),
            object: "9b8a7c6d-5e4f-4302-91a0-b8c7d6e5f403".into(),
            name: "fabrikam-ci".into(),
            secrets: vec![ClientSecret::lasting(OTHER_SECRET, "fabrikam")],
            federated: Vec::new(),
            principal: Some(ServicePrincipal::enabled("2c3d4e5f-6071-4829-a3b4-c5d6e7f80912")),
            ..Application::ci_pusher()
        };
        Self {
            id: OTHER_TENANT.into(),
            domain: "fabrikam.onmicrosoft.com".into(),
            applications: vec![application],
            has_registry_resource: true,
            refuses_with: None,
        }
    }

    /// The application with this client id.
    pub fn application(&self, client: &str) -> Option<&Application> {
        self.applications.iter().find(|application| application.client.eq_ignore_ascii_case(client))
    }
}

impl Application {
    fn ci_pusher() -> Self {
        Self {
            client: CLIENT.into(),
            object: APPLICATION_OBJECT.into(),
            name: "ci-pusher".into(),
            secrets: vec![ClientSecret { key: SECRET_ID.into(), ..ClientSecret::lasting(SECRET, "pipeline") }],
            certificates: Vec::new(),
            federated: vec![
                FederatedCredential {
                    name: "github-main".into(),
                    issuer: GITHUB_ISSUER.into(),
                    subject: GITHUB_SUBJECT.into(),
                    audience: FEDERATED_AUDIENCE.into(),
                },
                FederatedCredential {
                    name: "azure-pipelines".into(),
                    issuer: PIPELINES_ISSUER.into(),
                    subject: PIPELINES_SUBJECT.into(),
                    audience: FEDERATED_AUDIENCE.into(),
                },
            ],
            principal: Some(ServicePrincipal::enabled(PRINCIPAL)),
            at_home: true,
            reads_graph: true,
        }
    }

    /// All certificates, of the application and of the service principal.
    pub fn all_certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().chain(self.principal.iter().flat_map(|principal| &principal.certificates))
    }

    /// All client secrets, of the application and of the service principal.
    pub fn all_secrets(&self) -> impl Iterator<Item = &ClientSecret> {
        self.secrets.iter().chain(self.principal.iter().flat_map(|principal| &principal.secrets))
    }
}

impl ServicePrincipal {
    /// A service principal that may sign in.
    pub fn enabled(object: &str) -> Self {
        Self { object: object.into(), enabled: true, secrets: Vec::new(), certificates: Vec::new() }
    }
}

impl ClientSecret {
    /// A secret that lasts for most of a year.
    pub fn lasting(value: &str, name: &str) -> Self {
        Self {
            value: value.into(),
            key: format!("6e5d4c3b-2a19-4087-8f6e-{:012x}", value.bytes().map(u64::from).sum::<u64>()),
            name: name.into(),
            ends: OffsetDateTime::now_utc() + time::Duration::days(300),
            hinted: true,
        }
    }

    /// The same secret with another end.
    pub fn ending(self, ends: OffsetDateTime) -> Self {
        Self { ends, ..self }
    }
}

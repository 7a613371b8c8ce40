//! The identities of a run.

use crate::finding::Finding;
use crate::secret::Secret;

/// The user name that belongs to a token of `az acr login --expose-token`: the password is a token then.
pub const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";

/// A service principal, in the tenant that is to issue its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePrincipal {
    /// Tenant id (GUID) or domain.
    pub tenant: String,
    /// Application id (GUID).
    pub client: String,
}

/// The identity of the run, one variant for each value of `auth`.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A service principal with a client secret.
    ClientSecret {
        /// Who.
        principal: ServicePrincipal,
        /// Proved by.
        secret: Secret,
    },
    /// A service principal with a certificate.
    Certificate {
        /// Who.
        principal: ServicePrincipal,
        /// PEM or PKCS#12 as it was read, and its password.
        certificate: CertificateBytes,
    },
    /// A service principal with a federated credential.
    Federated {
        /// Who.
        principal: ServicePrincipal,
        /// Proved by a token of another issuer.
        assertion: AssertionSource,
    },
    /// The managed identity of the machine.
    ManagedIdentity {
        /// A user-assigned identity; the system-assigned one otherwise.
        client: Option<String>,
        /// Who answers for it.
        endpoint: ManagedIdentityEndpoint,
    },
    /// A user name and password of the registry itself (admin user, repository-scoped token), or of a service
    /// principal where the user name is a GUID.
    Password {
        /// The user name as given.
        username: String,
        /// The password.
        password: Secret,
        /// The tenant that is asked first when the user name is a GUID and a tenant is known.
        tenant: Option<String>,
    },
    /// A token in hand: ACR refresh token, ACR access token or Entra access token, told apart by its claims.
    Token {
        /// The token.
        token: Secret,
    },
    /// Whatever `docker push` would use.
    DockerConfig,
    /// No credential: anonymous pull.
    Anonymous,
}

impl Credential {
    /// The name of this kind as the `auth` input writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ClientSecret { .. } => "client-secret",
            Self::Certificate { .. } => "certificate",
            Self::Federated { .. } => "oidc",
            Self::ManagedIdentity { .. } => "managed-identity",
            Self::Password { .. } => "password",
            Self::Token { .. } => "token",
            Self::DockerConfig => "docker-config",
            Self::Anonymous => "anonymous",
        }
    }

    /// The service principal, where the credential names one.
    pub fn principal(&self) -> Option<&ServicePrincipal> {
        match self {
            Self::ClientSecret { principal, .. }
            | Self::Certificate { principal, .. }
            | Self::Federated { principal, .. } => Some(principal),
            _ => None,
        }
    }
}

/// A certificate as it was handed over, before it is parsed.
#[derive(Debug, Clone)]
pub struct CertificateBytes {
    /// PEM text or PKCS#12 bytes, base64-encoded (they hold the key).
    pub base64: Secret,
    /// The password of an encrypted key or PKCS#12 file.
    pub password: Option<Secret>,
    /// Where it came from, for messages: a path, or the input's name.
    pub origin: String,
}

/// Where the federated token comes from.
#[derive(Debug, Clone)]
pub enum AssertionSource {
    /// It is in hand already.
    InHand {
        /// The token.
        token: Secret,
        /// Where it was read, for messages: a path or a variable's name.
        origin: String,
    },
    /// GitHub's token service gives it (`ACTIONS_ID_TOKEN_REQUEST_URL`).
    GitHub {
        /// The URL, which already has a query.
        request_url: String,
        /// Its bearer token.
        request_token: Secret,
    },
    /// Azure Pipelines' token service gives it (`SYSTEM_OIDCREQUESTURI`).
    AzurePipelines {
        /// The URL without query.
        request_url: String,
        /// `SYSTEM_ACCESSTOKEN`.
        access_token: Secret,
        /// `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`.
        service_connection: String,
    },
    /// A federated sign-in was asked for, but no token service is offered; the finding says why.
    Unavailable(Box<Finding>),
}

/// The service that answers for the machine's managed identity.
#[derive(Debug, Clone)]
pub enum ManagedIdentityEndpoint {
    /// The instance metadata service of VMs and scale sets; the base URL, `http://169.254.169.254`.
    Imds(String),
    /// App Service and Container Apps (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`).
    AppService {
        /// The URL.
        url: String,
        /// The secret header `X-IDENTITY-HEADER`.
        header: Secret,
    },
}

//! How Entra ID says no: the AADSTS numbers with their statuses and words.

use crate::exchange::Answer;
use crate::world::World;
use serde_json::json;
use time::macros::format_description;

/// A sign-in that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The AADSTS number.
    pub code: u32,
    /// What the words are about: a client id, a tenant, a subject.
    pub about: String,
}

impl Refusal {
    pub(super) fn new(code: u32, about: &str) -> Self {
        Self { code, about: about.into() }
    }
}

/// The reply to a sign-in that fails; a `{}` of the words takes what they are about.
pub(crate) fn refuse(world: &World, code: u32, about: &str) -> Answer {
    let (status, error, words) = wording(code);
    let now = world.now();
    let stamp = now.format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z")).unwrap_or_default();
    let (trace, correlation) = ("4b1f7a90-6c2d-4e83-9f50-1a2b3c4d5e00", "c0ffee11-2233-4455-8677-8899aabbccdd");
    let description = format!(
        "AADSTS{code}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
        words.replace("{}", about)
    );
    let body = json!({
        "error": error, "error_description": description, "error_codes": [code], "timestamp": stamp,
        "trace_id": trace, "correlation_id": correlation,
        "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
    });
    Answer::json(status, &body).header("x-ms-request-id", trace).header("cache-control", "no-store, no-cache")
}

/// Status, OAuth error and words of an AADSTS number.
fn wording(code: u32) -> (u16, &'static str, &'static str) {
    match code {
        16000 => (400, "interaction_required", "Interactive authentication is needed."),
        50001 => (
            400,
            "invalid_resource",
            "The resource is disabled or does not exist. Check your app's code to ensure that you have specified the exact resource URL for the resource you are trying to access: '{}'.",
        ),
        50027 => (401, "invalid_client", "JWT token is invalid or malformed."),
        50057 => (400, "invalid_grant", "The user account is disabled."),
        50076 => (
            400,
            "interaction_required",
            "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{}'.",
        ),
        50079 => (
            400,
            "interaction_required",
            "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access '{}'.",
        ),
        50158 => (400, "interaction_required", "External security challenge not satisfied."),
        53003 => (
            400,
            "invalid_grant",
            "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
        ),
        65001 => (
            400,
            "invalid_grant",
            "The user or administrator has not consented to use the application with ID '{}'. Send an interactive authorization request for this user and resource.",
        ),
        70003 => (400, "unsupported_grant_type", "The app requested an unsupported grant type '{}'."),
        70021 => (
            400,
            "invalid_request",
            "No matching federated identity record found for presented assertion. Assertion subject: '{}'.",
        ),
        70025 => (401, "invalid_client", "The client '{}' has no configured federated identity credentials."),
        700016 => (
            400,
            "unauthorized_client",
            "Application with identifier '{}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
        ),
        700024 => (401, "invalid_client", "Client assertion is not within its valid time range. {}"),
        700027 => (
            401,
            "invalid_client",
            "The certificate with identifier used to sign the client assertion is not registered on application. [{}]",
        ),
        700211 => {
            (400, "invalid_request", "No matching federated identity record found for presented assertion issuer '{}'.")
        }
        700212 => (
            400,
            "invalid_request",
            "No matching federated identity record found for presented assertion audience '{}'.",
        ),
        700213 => (
            400,
            "invalid_request",
            "No matching federated identity record found for presented assertion subject '{}'.",
        ),
        700223 => (400, "invalid_client", "Authentication using federated credential is disabled for this app '{}'."),
        700238 => (
            400,
            "invalid_client",
            "The app '{}' has a federated identity credential whose issuer is blocked by the tenant's policy.",
        ),
        7000112 => (401, "unauthorized_client", "Application '{}' is disabled."),
        7000215 => (
            401,
            "invalid_client",
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{}'.",
        ),
        7000216 => (
            401,
            "invalid_client",
            "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
        ),
        7000218 => (
            401,
            "invalid_client",
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        ),
        7000222 => (
            401,
            "invalid_client",
            "The provided client secret keys for app '{}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
        ),
        7000229 => (401, "invalid_client", "The client application '{}' is missing service principal in the tenant."),
        7002138 => (
            400,
            "invalid_request",
            "No matching federated identity record found for presented assertion subject '{}'. The subject matches with a case-insensitive comparison, but not with a case-sensitive one.",
        ),
        7002381 => {
            (400, "invalid_request", "The token of '{}' lacks the claim 'enterprise' that the tenant's policy demands.")
        }
        90002 => (
            400,
            "invalid_request",
            "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
        ),
        90024 => {
            (503, "temporarily_unavailable", "RequestBudgetExceededError - A transient error has occurred. Try again.")
        }
        90033 => (
            503,
            "temporarily_unavailable",
            "MsodsServiceUnavailable - The Microsoft Online Directory Service is temporarily unavailable.",
        ),
        90038 => (
            400,
            "invalid_request",
            "Tenant '{}' request is being redirected to the National Cloud 'MicrosoftOnline.US'.",
        ),
        90055 => (429, "temporarily_unavailable", "TenantThrottlingError - There are too many incoming requests."),
        900023 => (
            400,
            "invalid_request",
            "Specified tenant identifier '{}' is neither a valid DNS name, nor a valid external domain.",
        ),
        900144 => (400, "invalid_request", "The request body must contain the following parameter: '{}'."),
        900382 => (400, "invalid_client", "Confidential Client is not supported in Cross Cloud request."),
        500011 => (
            400,
            "invalid_resource",
            "The resource principal named {} was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
        ),
        _ => (400, "invalid_request", "The sign-in of '{}' was refused."),
    }
}

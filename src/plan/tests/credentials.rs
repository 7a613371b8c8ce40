//! Which credential is chosen.

use super::{CLIENT, JWT, OTHER, TENANT, outcome, plan, plan_with};
use crate::plan::{AssertionSource, Credential, ManagedIdentityEndpoint};

const PRINCIPAL: [(&str, &str); 2] = [("AZURE_CLIENT_ID", CLIENT), ("AZURE_TENANT_ID", TENANT)];
const GITHUB: [(&str, &str); 3] = [
    ("GITHUB_ACTIONS", "true"),
    ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://pipelines.actions.githubusercontent.com/x?y=z"),
    ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "bearer"),
];
const ADMIN: [(&str, &str); 2] = [("INPUT_USERNAME", "contosoacr"), ("INPUT_PASSWORD", "s3cret")];

fn chosen(parts: &[&[(&str, &str)]]) -> (Option<&'static str>, Vec<String>) {
    outcome(&plan(&parts.concat()))
}

fn kind(parts: &[&[(&str, &str)]]) -> &'static str {
    let (kind, findings) = chosen(parts);
    assert!(findings.is_empty(), "{findings:?}");
    kind.unwrap()
}

#[test]
fn each_complete_credential_is_chosen() {
    let secret = [("AZURE_CLIENT_SECRET", "s")];
    assert_eq!(kind(&[&PRINCIPAL, &secret]), "client-secret");
    assert_eq!(kind(&[&ADMIN]), "password");
    assert_eq!(kind(&[&[("INPUT_TOKEN", JWT)]]), "token");
    assert_eq!(kind(&[&PRINCIPAL, &[("INPUT_CLIENT-CERTIFICATE", "-----BEGIN CERTIFICATE-----\nx")]]), "certificate");
    assert_eq!(kind(&[&PRINCIPAL, &[("INPUT_FEDERATED-TOKEN", JWT)]]), "oidc");
    assert_eq!(kind(&[&PRINCIPAL, &GITHUB]), "oidc");
    let connection = [("servicePrincipalId", CLIENT), ("servicePrincipalKey", "s"), ("tenantId", TENANT)];
    assert_eq!(kind(&[&connection]), "client-secret");
    let federated = [("servicePrincipalId", CLIENT), ("idToken", JWT), ("tenantId", TENANT)];
    assert_eq!(kind(&[&federated]), "oidc");
    let machine = [("IDENTITY_ENDPOINT", "http://localhost:42356/msi/token"), ("IDENTITY_HEADER", "h")];
    assert_eq!(kind(&[&machine]), "managed-identity");
}

#[test]
fn what_the_platform_offers_does_not_compete_with_a_secret() {
    let secret = [("AZURE_CLIENT_SECRET", "s")];
    let workload = [("AZURE_FEDERATED_TOKEN_FILE", "/token")];
    let machine = [("IDENTITY_ENDPOINT", "http://localhost:42356/msi/token"), ("IDENTITY_HEADER", "h")];
    assert_eq!(kind(&[&PRINCIPAL, &secret, &GITHUB]), "client-secret");
    assert_eq!(kind(&[&PRINCIPAL, &secret, &machine]), "client-secret");
    let variables = [&PRINCIPAL[..], &secret, &workload].concat();
    assert_eq!(outcome(&plan_with(&variables, &[("/token", JWT)])), (Some("client-secret"), vec![]));
    // A token file that is not there is nobody's business when it is not used.
    assert_eq!(kind(&[&PRINCIPAL, &secret, &workload]), "client-secret");
}

#[test]
fn two_complete_credentials_are_refused_unless_one_was_given_to_this_program_alone() {
    let secret = [("INPUT_CLIENT-SECRET", "s")];
    let refused = (None, vec!["input-malformed auth".to_owned()]);
    assert_eq!(chosen(&[&PRINCIPAL, &secret, &ADMIN]), refused);
    assert_eq!(chosen(&[&PRINCIPAL, &secret, &[("INPUT_FEDERATED-TOKEN", JWT)]]), refused);
    assert_eq!(chosen(&[&ADMIN, &[("INPUT_TOKEN", JWT)]]), refused);
    assert_eq!(kind(&[&PRINCIPAL, &[("AZURE_CLIENT_SECRET", "s")], &ADMIN]), "password");
    assert_eq!(kind(&[&PRINCIPAL, &secret, &ADMIN, &[("INPUT_AUTH", "Password")]]), "password");
}

#[test]
fn docker_login_with_the_applications_id_is_the_same_identity() {
    let twice = [("INPUT_USERNAME", CLIENT), ("INPUT_PASSWORD", "s"), ("INPUT_CLIENT-SECRET", "s")];
    assert_eq!(kind(&[&PRINCIPAL, &twice]), "client-secret");
}

#[test]
fn a_complete_service_principal_besides_may_read() {
    let plan = plan(&[&PRINCIPAL[..], &[("AZURE_CLIENT_SECRET", "s")], &ADMIN].concat());
    assert_eq!(plan.reader.unwrap().kind(), "client-secret");
    let plan = super::plan(&[&PRINCIPAL[..], &GITHUB, &ADMIN].concat());
    assert_eq!(plan.reader.unwrap().kind(), "oidc");
    assert!(super::plan(&ADMIN).reader.is_none());
}

#[test]
fn a_guid_for_a_user_name_is_asked_of_entra_where_the_tenant_is_known() {
    let login = [("INPUT_USERNAME", CLIENT), ("INPUT_PASSWORD", "s"), ("INPUT_TENANT-ID", TENANT)];
    let Some(Credential::Password { tenant, .. }) = plan(&login).credential else { panic!() };
    assert_eq!(tenant.as_deref(), Some(TENANT));
}

#[test]
fn the_zero_guid_for_a_user_name_makes_the_password_a_token() {
    let login = [("INPUT_USERNAME", "00000000-0000-0000-0000-000000000000"), ("INPUT_PASSWORD", JWT)];
    assert_eq!(kind(&[&login]), "token");
}

#[test]
fn what_is_missing_is_named() {
    let missing = |input: &str| (None, vec![format!("input-missing {input}")]);
    assert_eq!(chosen(&[]), missing("client-id"));
    assert_eq!(chosen(&[&PRINCIPAL]), missing("client-secret"));
    assert_eq!(chosen(&[&[("INPUT_USERNAME", "contosoacr")]]), missing("password"));
    assert_eq!(chosen(&[&[("INPUT_PASSWORD", "s")]]), missing("username"));
    assert_eq!(chosen(&[&PRINCIPAL[..1], &[("AZURE_CLIENT_SECRET", "s")]]), missing("tenant-id"));
    assert_eq!(
        chosen(&[&PRINCIPAL, &[("GITHUB_ACTIONS", "true"), ("INPUT_CLIENT-SECRET", "")]]),
        missing("client-secret")
    );
    assert_eq!(chosen(&[&PRINCIPAL, &[("servicePrincipalKey", "null")]]), missing("client-secret"));
    assert_eq!(chosen(&[&[("INPUT_AUTH", "token")]]), missing("token"));
}

#[test]
fn an_empty_secret_comes_with_its_likely_reason() {
    let fork = r#"{"pull_request":{"head":{"repo":{"fork":true}}}}"#;
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_EVENT_PATH", "/event.json"),
        ("INPUT_CLIENT-SECRET", ""),
    ];
    let plan = plan_with(&[&PRINCIPAL[..], &github].concat(), &[("/event.json", fork)]);
    assert!(plan.findings[0].value("likely-reason").unwrap().contains("fork"));
    let dependabot = [("GITHUB_ACTIONS", "true"), ("GITHUB_ACTOR", "dependabot[bot]"), ("INPUT_PASSWORD", "")];
    assert!(super::plan(&dependabot).findings[0].value("likely-reason").unwrap().contains("Dependabot"));
    let azure = [("TF_BUILD", "True"), ("ACR_PREFLIGHT_PASSWORD", "$(acrPassword)"), ("ACR_PREFLIGHT_USERNAME", "a")];
    let finding = &super::plan(&azure).findings[0];
    assert!(finding.value("reason").unwrap().contains("$(acrPassword)"));
    assert!(finding.value("likely-reason").unwrap().contains("env:"));
}

#[test]
fn a_job_without_the_permission_for_oidc_hears_of_it() {
    let plan = plan(&[&PRINCIPAL[..], &[("GITHUB_ACTIONS", "true")]].concat());
    let Some(Credential::Federated { assertion: AssertionSource::Unavailable(finding), .. }) = &plan.credential else {
        panic!("{:?}", plan.credential)
    };
    assert_eq!(finding.failure.id, "federated-token-unavailable");
    assert!(finding.value("reason").unwrap().contains("id-token: write"));
    let asked = super::plan(&[&PRINCIPAL[..], &[("INPUT_AUTH", "oidc")]].concat());
    assert!(matches!(asked.credential, Some(Credential::Federated { assertion: AssertionSource::Unavailable(_), .. })));
}

#[test]
fn a_runner_in_kubernetes_does_not_lend_its_token_to_the_job() {
    let machine = [("AZURE_FEDERATED_TOKEN_FILE", "/token"), ("AZURE_CLIENT_ID", OTHER), ("AZURE_TENANT_ID", TENANT)];
    let files = [("/token", JWT)];
    let own = [&machine[..], &GITHUB, &[("INPUT_CLIENT-ID", CLIENT)]].concat();
    let Some(Credential::Federated { assertion, .. }) = plan_with(&own, &files).credential else { panic!() };
    assert!(matches!(assertion, AssertionSource::GitHub { .. }));
    let lent = [&machine[..], &GITHUB].concat();
    let Some(Credential::Federated { assertion, .. }) = plan_with(&lent, &files).credential else { panic!() };
    assert!(matches!(assertion, AssertionSource::InHand { .. }));
}

#[test]
fn a_service_connection_asks_azure_pipelines() {
    let connection = [
        ("TF_BUILD", "True"),
        ("SYSTEM_OIDCREQUESTURI", "https://dev.azure.com/contoso/oidctoken"),
        ("SYSTEM_ACCESSTOKEN", "t"),
        ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", OTHER),
        ("AZURESUBSCRIPTION_CLIENT_ID", CLIENT),
        ("AZURESUBSCRIPTION_TENANT_ID", TENANT),
    ];
    let Some(Credential::Federated { assertion, principal }) = plan(&connection).credential else { panic!() };
    assert!(
        matches!(assertion, AssertionSource::AzurePipelines { service_connection, .. } if service_connection == OTHER)
    );
    assert_eq!((principal.client.as_str(), principal.tenant.as_str()), (CLIENT, TENANT));
}

#[test]
fn creds_fill_what_the_separate_inputs_leave_open() {
    let json =
        format!(r#"{{"clientId":"{CLIENT}","clientSecret":"s","tenantId":"{TENANT}","subscriptionId":"{OTHER}"}}"#);
    let plan = plan(&[("INPUT_CREDS", &json)]);
    assert_eq!(outcome(&plan), (Some("client-secret"), vec![]));
    assert_eq!(plan.subscription_id.as_deref(), Some(OTHER));
    assert_eq!(kind(&[&[("INPUT_CREDS", json.as_str())], &PRINCIPAL]), "client-secret");
    let another = [("INPUT_CREDS", json.as_str()), ("INPUT_CLIENT-ID", OTHER)];
    assert_eq!(chosen(&[&another]).1[0], "input-malformed creds");
    // The variables of another tool do not compete with what this program was given.
    let ambient = [("INPUT_CREDS", json.as_str()), ("AZURE_CLIENT_ID", OTHER), ("AZURE_TENANT_ID", OTHER)];
    let Some(Credential::ClientSecret { principal, .. }) = super::plan(&ambient).credential else { panic!() };
    assert_eq!((principal.client.as_str(), principal.tenant.as_str()), (CLIENT, TENANT));
    assert_eq!(chosen(&[&[("INPUT_CREDS", "{'clientId'")]]), (None, vec!["input-malformed creds".to_owned()]));
}

#[test]
fn ids_that_cannot_be_right_are_named_before_anybody_is_asked() {
    let secret = ("AZURE_CLIENT_SECRET", "s");
    for (client, tenant, named) in
        [("my-app", TENANT, "client-id"), (CLIENT, "contoso", "tenant-id"), (CLIENT, "common", "tenant-id")]
    {
        let found = chosen(&[&[("AZURE_CLIENT_ID", client), ("AZURE_TENANT_ID", tenant), secret]]);
        assert_eq!(found, (None, vec![format!("input-malformed {named}")]));
    }
    assert_eq!(
        kind(&[&[("AZURE_CLIENT_ID", CLIENT), ("AZURE_TENANT_ID", "contoso.onmicrosoft.com"), secret]]),
        "client-secret"
    );
}

#[test]
fn a_secret_with_a_line_break_is_named_and_tried_without_it() {
    let plan = plan(&[&PRINCIPAL[..], &[("AZURE_CLIENT_SECRET", "s3cret\n")]].concat());
    assert_eq!(outcome(&plan), (Some("client-secret"), vec!["input-malformed client-secret".to_owned()]));
    let Some(Credential::ClientSecret { secret, .. }) = plan.credential else { panic!() };
    assert_eq!(secret.expose(), "s3cret");
}

#[test]
fn a_token_that_is_none_is_named() {
    for text in [r#"{"accessToken":"a.b.c"}"#, "Bearer a.b.c", "hunter2", "a..c"] {
        assert_eq!(chosen(&[&[("INPUT_TOKEN", text)]]), (None, vec!["input-malformed token".to_owned()]), "{text}");
    }
}

#[test]
fn an_unreadable_certificate_and_token_file_have_their_own_names() {
    let certificate = [("AZURE_CLIENT_CERTIFICATE_PATH", "/gone.pem")];
    assert_eq!(chosen(&[&PRINCIPAL, &certificate]), (None, vec!["certificate-invalid".to_owned()]));
    let token = [("AZURE_FEDERATED_TOKEN_FILE", "/gone")];
    assert_eq!(chosen(&[&PRINCIPAL, &token]), (None, vec!["federated-token-unavailable".to_owned()]));
}

#[test]
fn dockers_login_is_used_where_nothing_else_is_given() {
    let config = r#"{"auths":{"https://contosoacr.azurecr.io/v1/":{}}}"#;
    let home = [("HOME", "/root")];
    let files = [("/root/.docker/config.json", config)];
    assert_eq!(outcome(&plan_with(&home, &files)), (Some("docker-config"), vec![]));
    // A secret that came out empty was meant to be used.
    let emptied = [home[0], ("INPUT_PASSWORD", "")];
    assert_eq!(outcome(&plan_with(&emptied, &files)), (None, vec!["input-missing password".to_owned()]));
}

#[test]
fn the_machines_identity_is_asked_where_it_lives() {
    let Some(Credential::ManagedIdentity { client, endpoint }) = plan(&[("INPUT_AUTH", "managed-identity")]).credential
    else {
        panic!()
    };
    assert!(client.is_none());
    assert!(matches!(endpoint, ManagedIdentityEndpoint::Imds(url) if url == "http://169.254.169.254"));
    for moved in ["http://metadata.example.com", "http://10.0.0.1"] {
        let variables = [("INPUT_AUTH", "managed-identity"), ("AZURE_POD_IDENTITY_AUTHORITY_HOST", moved)];
        assert_eq!(chosen(&[&variables]).1, ["input-malformed AZURE_POD_IDENTITY_AUTHORITY_HOST"]);
    }
}

#[test]
fn nothing_is_sent_to_an_authority_that_cannot_be_right() {
    let evil = [("AZURE_AUTHORITY_HOST", "http://login.example.com"), ("AZURE_CLIENT_SECRET", "s")];
    assert_eq!(chosen(&[&PRINCIPAL, &evil]), (None, vec!["input-malformed AZURE_AUTHORITY_HOST".to_owned()]));
    let own = [("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/"), ("AZURE_CLIENT_SECRET", "s")];
    assert_eq!(plan(&[&PRINCIPAL[..], &own].concat()).authority, "https://login.microsoftonline.us");
}

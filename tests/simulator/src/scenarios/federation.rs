//! Federated sign-in: GitHub's token, and what Entra ID trusts.

use crate::Scenario;
use crate::world::*;

/// A job of GitHub Actions that signs in by its own token instead of a secret.
pub(super) fn with_github_token(scenario: Scenario) -> Scenario {
    scenario
        .without(&["client-secret"])
        .input("GITHUB_ACTIONS", "true")
        .input("GITHUB_REPOSITORY", "contoso/shop")
        .made("ACTIONS_ID_TOKEN_REQUEST_URL", |world| world.github.request_url())
        .made("ACTIONS_ID_TOKEN_REQUEST_TOKEN", |world| world.github.request_token.clone())
}

pub(super) fn scenarios() -> Vec<Scenario> {
    let fails = |name, says| with_github_token(Scenario::fails(name, says));
    vec![
        fails("federated-token-unavailable", "The job has no permission id-token: write.")
            .without(&["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
            .input("auth", "oidc"),
        fails("federated-token-unavailable@refused", "GitHub's token service refuses the job.")
            .input("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "a-request-token-of-yesterday"),
        fails("federated-credential-missing", "The application has no federated credential.")
            .world(|world| world.app().federated.clear()),
        fails("federated-issuer-mismatch", "The enterprise has an issuer of its own.")
            .world(|world| world.github.issuer = format!("{GITHUB_ISSUER}/contoso-enterprise")),
        fails("federated-subject-mismatch", "The job runs in an environment that no credential names.")
            .world(|world| world.github.subject = "repo:contoso/shop:environment:production".into()),
        fails("federated-subject-mismatch@case", "The organisation's name is written in another letter case.")
            .world(|world| world.github.subject = "repo:Contoso/shop:ref:refs/heads/main".into()),
        fails("federated-subject-mismatch@ids", "The repository was renamed, and its subject now carries ids.")
            .world(|world| world.github.subject = "repo:contoso@123456/shop@456789:ref:refs/heads/main".into()),
        fails("federated-audience-mismatch", "The credential expects another audience.")
            .world(|world| world.app().federated[0].audience = "api://contoso".into()),
        fails("federated-token-expired", "The token had ended before it was used.")
            .world(|world| world.github.lives = -120),
        fails("federated-policy-blocked", "The tenant's policy forbids federated credentials.")
            .world(|world| world.tenant().refuses_with = Some(700223)),
        fails("federated-token-unavailable@fork", "A pull request from a fork never gets a token.")
            .without(&["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
            .input("GITHUB_EVENT_NAME", "pull_request")
            .input("GITHUB_EVENT_PATH", "{folder}/event.json")
            .file("event.json", super::inputs::FORK_EVENT),
    ]
}

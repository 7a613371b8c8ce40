//! The token service of GitHub Actions.

use crate::exchange::{Answer, Asked};
use crate::jwt;
use crate::world::{GITHUB_PATH, World};
use hyper::Method;
use serde_json::json;

pub(crate) fn answer(world: &World, asked: &Asked) -> Answer {
    if asked.method != Method::GET || asked.path != GITHUB_PATH || asked.query("api-version") != Some("2.0") {
        return Answer::unknown(asked);
    }
    if asked.bearer().as_deref() != Some(&world.github.request_token) {
        return Answer::json(401, &json!({"message": "Unauthorized"}));
    }
    // Without a wish the audience is the owner's URL, which Entra ID refuses.
    let audience = asked.query("audience").unwrap_or("https://github.com/contoso");
    let github = &world.github;
    let issued = world.now().unix_timestamp() + github.lives.min(0);
    let claims = json!({
        "jti": "6f2d1c0b-9a8e-4d7f-b6c5-a4b3c2d1e0f9", "sub": github.subject, "aud": audience, "iss": github.issuer,
        "nbf": issued - 600, "exp": world.now().unix_timestamp() + github.lives, "iat": issued,
        "ref": "refs/heads/main", "repository": "contoso/shop", "repository_owner": "contoso",
        "repository_id": "456789", "repository_owner_id": "123456", "repository_visibility": "private",
        "run_id": "4711", "event_name": "push", "job_workflow_ref": "contoso/shop/.github/workflows/build.yml@refs/heads/main",
    });
    Answer::json(200, &json!({"count": 1, "value": jwt::sign(&claims)}))
}

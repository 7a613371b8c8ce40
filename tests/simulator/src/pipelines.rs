//! The token service of Azure Pipelines.

use crate::exchange::{Answer, Asked};
use crate::jwt;
use crate::world::{FEDERATED_AUDIENCE, PIPELINES_PATH, World};
use hyper::Method;
use serde_json::json;

pub(crate) fn answer(world: &World, asked: &Asked) -> Answer {
    if asked.method != Method::POST || asked.path != PIPELINES_PATH || asked.query("api-version").is_none() {
        return Answer::unknown(asked);
    }
    let pipelines = &world.pipelines;
    if asked.bearer().as_deref() != Some(&pipelines.access_token) {
        // Without this header a failed sign-in is a redirect to a page for people.
        return match asked.header("x-tfs-fedauthredirect").as_deref() {
            Some("Suppress") => {
                Answer::json(401, &json!({"message": "TF400813: The user is not authorized to access this resource."}))
            }
            _ => Answer::empty(302).header("location", "https://login.microsoftonline.com/common/oauth2/authorize"),
        };
    }
    if asked.query("serviceConnectionId") != Some(&pipelines.service_connection) {
        return Answer::json(
            404,
            &json!({"message": "The service connection does not exist or has not been authorized for use."}),
        );
    }
    let now = world.now().unix_timestamp();
    let claims = json!({
        "jti": "1b0a9c8d-7e6f-4a5b-8c4d-3e2f1a0b9c8d", "sub": pipelines.subject, "aud": FEDERATED_AUDIENCE,
        "iss": pipelines.issuer, "nbf": now - 60, "exp": now + 600, "iat": now,
    });
    Answer::json(200, &json!({"oidcToken": jwt::sign(&claims)}))
}

//! A docker engine, as far as one asks who it is.

use crate::exchange::{Answer, Asked};
use crate::world::Engine;
use serde_json::json;

impl Engine {
    /// Answers by the two paths that need no API version.
    pub(crate) fn answer(&self, asked: &Asked) -> Answer {
        let Self::Runs { version, api, oldest_api } = self else { return Answer::unknown(asked) };
        let answer = match asked.path.as_str() {
            "/_ping" => Answer::bytes(200, "text/plain; charset=utf-8", "OK"),
            "/version" => Answer::json(
                200,
                &json!({
                    "Platform": {"Name": "Docker Engine - Community"},
                    "Components": [{"Name": "Engine", "Version": version, "Details": {"ApiVersion": api, "MinAPIVersion": oldest_api}}],
                    "Version": version, "ApiVersion": api, "MinAPIVersion": oldest_api, "Os": "linux", "Arch": "amd64",
                }),
            ),
            _ => Answer::json(404, &json!({"message": "page not found"})),
        };
        answer.header("api-version", *api).header("server", format!("Docker/{version} (linux)"))
    }
}

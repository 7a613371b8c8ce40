//! Reading a reply: its JSON, its headers, and what a refusal says, in each service's own form.

use super::call::{CallError, Elsewhere, Malformed, Reply, ServiceError};
use super::retry::retry_after;
use super::trace::correlation_id;
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The form in which a service words its refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `{"error": "invalid_client", "error_description": …, "error_codes": […]}`: Entra ID and IMDS.
    Entra,
    /// `{"errors": [{"code": "DENIED", "message": …}]}`: the registry. An empty body is its own form too.
    Registry,
    /// `{"error": {"code": …, "message": …}}`: ARM and Graph.
    Arm,
    /// `{"message": …}` or anything: the token services of CI systems, App Service.
    Plain,
}

/// The longest text of a service that is kept.
const MESSAGE_LIMIT: usize = 600;

impl Reply {
    /// The text of a header; the first where it repeats.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The reply itself where its status is a success, else what the refusal says.
    ///
    /// A redirect is never followed: a credential goes only to the host it is meant for.
    pub fn accepted(self, form: Form) -> Result<Self, CallError> {
        match self.status {
            200..=299 => Ok(self),
            300..=399 => Err(CallError::Elsewhere(self.pointer())),
            _ => Err(CallError::Service(Box::new(self.refusal(form)))),
        }
    }

    /// The body as JSON of the type wanted.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let came = self.header("content-type").unwrap_or("no content type");
            // The error's category and place only: its text may quote the body, and the body may hold a token.
            let flaw = match error.classify() {
                serde_json::error::Category::Data => "JSON of another form",
                serde_json::error::Category::Eof if self.body.is_empty() => "an empty body",
                serde_json::error::Category::Eof => "JSON that ends early",
                _ => came,
            };
            self.malformed(format!("expected JSON, got {flaw}"))
        })
    }

    /// An error that says what is wrong with this reply.
    pub fn malformed(&self, what: impl Into<String>) -> CallError {
        let (host, path) = (self.host.clone(), self.path.clone());
        CallError::Malformed(Malformed { host, path, status: self.status, what: cut(&what.into()) })
    }

    /// Where a redirect points to.
    fn pointer(&self) -> Elsewhere {
        let location = self.header("location").unwrap_or_default();
        let target = Url::parse(location).map_or_else(|_| self.host.clone(), |url| origin(&url));
        Elsewhere { host: self.host.clone(), path: self.path.clone(), status: self.status, target }
    }

    /// What a refusal says.
    pub fn refusal(&self, form: Form) -> ServiceError {
        let json: Value = serde_json::from_slice(&self.body).unwrap_or(Value::Null);
        let mut error = ServiceError {
            host: self.host.clone(),
            path: self.path.clone(),
            status: self.status,
            trace_id: correlation_id(&self.headers),
            retry_after: retry_after(&self.headers),
            ..ServiceError::default()
        };
        match form {
            Form::Entra => entra(&json, &mut error),
            Form::Registry => registry(&json, &mut error),
            Form::Arm => arm(&json, &mut error),
            Form::Plain => plain(&json, &mut error),
        }
        error.challenge_error = super::registry::challenge::parameter(self, "error");
        let is_page = self.header("content-type").is_some_and(|kind| kind.contains("html"));
        match form {
            // Recorded for a bad Entra token at /oauth2/exchange: 401 with `Content-Length: 0`.
            Form::Registry if self.body.is_empty() => error.own_form = !is_page,
            // Such a service may word it in any way; a page is meant for people.
            Form::Plain => error.own_form = !is_page,
            _ => {}
        }
        error
    }
}

/// `{"error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id"}`.
fn entra(json: &Value, error: &mut ServiceError) {
    let description = text(json, "error_description");
    for code in json["error_codes"].as_array().into_iter().flatten().filter_map(Value::as_u64) {
        push(&mut error.codes, format!("AADSTS{code}"));
    }
    if let Some(code) = aadsts(description) {
        push(&mut error.codes, format!("AADSTS{code}"));
    }
    for name in ["error", "suberror"] {
        if !text(json, name).is_empty() {
            push(&mut error.codes, cut(text(json, name)));
        }
    }
    // Entra appends its ids to the description; they are kept apart.
    error.message =
        cut(description.split(" Trace ID:").next().unwrap_or_default().split("\r\n").next().unwrap_or_default());
    if let Some(id) = [text(json, "trace_id"), text(json, "correlation_id")].into_iter().find(|id| !id.is_empty()) {
        error.trace_id = Some(cut(id));
    }
    error.time = Some(cut(text(json, "timestamp"))).filter(|time| !time.is_empty());
    error.own_form = json["error"].is_string();
}

/// `{"errors": [{"code", "message", "detail"}]}`; some refusals of the token endpoint come as Entra writes them.
fn registry(json: &Value, error: &mut ServiceError) {
    let errors = json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    for item in errors {
        if !text(item, "code").is_empty() {
            push(&mut error.codes, cut(text(item, "code")));
        }
    }
    error.message =
        errors.iter().map(|item| text(item, "message")).find(|words| !words.is_empty()).map(cut).unwrap_or_default();
    error.own_form = !errors.is_empty();
    if errors.is_empty() && json["error"].is_string() {
        entra(json, error);
    }
}

/// `{"error": {"code", "message", "innerError": {"date", "request-id"}}}`.
fn arm(json: &Value, error: &mut ServiceError) {
    let inner = &json["error"];
    let details = inner["details"].as_array().map(Vec::as_slice).unwrap_or_default();
    for item in details.iter().chain([inner]) {
        if !text(item, "code").is_empty() {
            push(&mut error.codes, cut(text(item, "code")));
        }
    }
    error.message = cut(text(inner, "message"));
    if let Some(id) = Some(text(&inner["innerError"], "request-id")).filter(|id| !id.is_empty()) {
        error.trace_id = Some(cut(id));
    }
    error.time = Some(cut(text(&inner["innerError"], "date"))).filter(|time| !time.is_empty());
    error.own_form = inner.is_object();
}

/// `{"message": …}`, `{"error": {"message": …}}` or `{"error": …, "error_description": …}`.
fn plain(json: &Value, error: &mut ServiceError) {
    entra(json, error);
    let words = [text(json, "message"), text(json, "Message"), text(&json["error"], "message")];
    if error.message.is_empty() {
        error.message = words.into_iter().find(|words| !words.is_empty()).map(cut).unwrap_or_default();
    }
    for code in [text(json, "typeKey"), text(&json["error"], "code")] {
        if !code.is_empty() {
            push(&mut error.codes, cut(code));
        }
    }
}

/// The digits after `AADSTS` in a description.
fn aadsts(description: &str) -> Option<&str> {
    let (_, rest) = description.split_once("AADSTS")?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// Scheme and host of an address, without path and query.
pub fn origin(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default())
}

fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_default().trim()
}

fn push(codes: &mut Vec<String>, code: String) {
    if !codes.contains(&code) && codes.len() < 8 {
        codes.push(code);
    }
}

/// Cuts a text from outside to a length that fits an annotation.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MESSAGE_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
    use std::time::Duration;

    fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        }
        Reply { host: "h".into(), path: "/p".into(), status, headers: map, body: body.into() }
    }

    #[test]
    fn entras_numbers_come_before_its_words() {
        let body = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: t Correlation ID: c Timestamp: 2026-11-22 10:00:00Z","error_codes":[7000215],"timestamp":"2026-11-22 10:00:00Z","trace_id":"t-1","correlation_id":"c-1"}"#;
        let error = reply(401, &[], body).refusal(Form::Entra);
        assert_eq!(error.codes, ["AADSTS7000215", "invalid_client"]);
        assert_eq!(error.message, "AADSTS7000215: Invalid client secret provided.");
        assert_eq!(error.trace_id.as_deref(), Some("t-1"));
        assert_eq!(error.time.as_deref(), Some("2026-11-22 10:00:00Z"));
        assert!(error.own_form);
    }

    #[test]
    fn a_description_alone_still_gives_the_number() {
        let body = r#"{"error":"unauthorized_client","error_description":"AADSTS700016: Application with identifier 'x' was not found"}"#;
        assert_eq!(reply(400, &[], body).refusal(Form::Entra).codes, ["AADSTS700016", "unauthorized_client"]);
    }

    #[test]
    fn a_registry_refusal_without_a_body_is_its_own_form() {
        assert!(reply(401, &[("content-length", "0")], "").refusal(Form::Registry).own_form);
        assert!(!reply(403, &[("content-type", "text/html")], "<html>blocked</html>").refusal(Form::Registry).own_form);
    }

    #[test]
    fn a_registry_refusal_keeps_code_and_words() {
        let body = r#"{"errors":[{"code":"DENIED","message":"client with IP '203.0.113.7' is not allowed access."}]}"#;
        let error =
            reply(403, &[("x-ms-correlation-request-id", "id-1"), ("retry-after", "7")], body).refusal(Form::Registry);
        assert_eq!((error.codes, error.retry_after), (vec!["DENIED".to_owned()], Some(Duration::from_secs(7))));
        assert!(error.message.starts_with("client with IP"));
        assert_eq!(error.trace_id.as_deref(), Some("id-1"));
    }

    #[test]
    fn graph_and_arm_speak_of_one_error() {
        let body = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation.","innerError":{"date":"2025-02-01T00:00:00","request-id":"r-1"}}}"#;
        let error = reply(403, &[], body).refusal(Form::Arm);
        assert_eq!(error.codes, ["Authorization_RequestDenied"]);
        assert_eq!(error.trace_id.as_deref(), Some("r-1"));
    }

    #[test]
    fn a_redirect_is_named_and_not_followed() {
        let CallError::Elsewhere(pointer) = reply(302, &[("location", "http://portal.example/login?next=secret")], "")
            .accepted(Form::Registry)
            .unwrap_err()
        else {
            panic!("a redirect is a pointer")
        };
        assert_eq!(pointer.target, "http://portal.example");
    }

    #[test]
    fn what_is_not_json_is_said_without_quoting_it() {
        let error = reply(200, &[("content-type", "text/html")], "<p>token=abc").json::<Value>().unwrap_err();
        assert!(format!("{error:?}").contains("got text/html"));
        assert!(!format!("{error:?}").contains("abc"));
    }

    #[test]
    fn long_words_are_cut_on_a_letter() {
        let body = format!(r#"{{"errors":[{{"code":"X","message":"{}"}}]}}"#, "é".repeat(5000));
        assert_eq!(reply(400, &[], &body).refusal(Form::Registry).message.chars().count(), MESSAGE_LIMIT + 1);
    }
}

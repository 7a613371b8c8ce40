//! The JSON of azure/login.

use serde_json::{Map, Value};

/// What the JSON names; texts are unchanged.
#[derive(Default)]
pub(super) struct Creds {
    pub(super) client: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) subscription: Option<String>,
}

/// Parses it. The reason says what is wrong and never repeats the text, which holds the secret.
pub(super) fn parse(text: &str) -> Result<Creds, String> {
    let fields = object(text)?;
    let field = |name: &str| match fields.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(Value::Null | Value::String(_)) | None => Ok(None),
        Some(_) => Err(format!("its field {name} is not a text")),
    };
    let creds = Creds {
        client: field("clientId")?,
        secret: field("clientSecret")?,
        tenant: field("tenantId")?,
        subscription: field("subscriptionId")?,
    };
    if creds.client.is_none() && fields.contains_key("appId") {
        return Err("it has appId, password and tenant; azure/login reads clientId, clientSecret and tenantId, which \
                    az ad sp create-for-rbac prints with --json-auth"
            .to_owned());
    }
    if creds.client.is_none() && creds.secret.is_none() {
        return Err("it has neither clientId nor clientSecret".to_owned());
    }
    Ok(creds)
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::String(_)) => Err("it is a JSON text that holds the JSON, quoted once too often".to_owned()),
        Ok(_) => Err("it is JSON, but not an object".to_owned()),
        Err(error) => {
            let hint = match text.trim() {
                text if text.starts_with("{'") || text.starts_with("{\n'") => ": it has single quotes",
                text if !text.starts_with('{') => ": it does not begin with {",
                text if !text.ends_with('}') => ": its end is missing, and a secret of several lines may have been cut",
                _ => "",
            };
            Err(format!("it is not JSON (line {}, column {}){hint}", error.line(), error.column()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_fields_are_read() {
        let creds = parse(r#"{"clientId":"a","clientSecret":"b","tenantId":"c","subscriptionId":"d","other":{}}"#);
        let Creds { client, secret, tenant, subscription } = creds.ok().unwrap();
        assert_eq!([client, secret, tenant, subscription].map(Option::unwrap), ["a", "b", "c", "d"]);
    }

    #[test]
    fn what_is_wrong_is_said_without_the_text() {
        for (text, reason) in [
            ("{'clientSecret': 'hunter2'}", "single quotes"),
            ("clientSecret=hunter2", "does not begin with {"),
            ("{\n\"clientSecret\": \"hunter2\",", "cut"),
            ("{", "line 1"),
            (r#"{"appId":"a","password":"hunter2","tenant":"b"}"#, "--json-auth"),
            (r#"{"clientId":7,"clientSecret":"hunter2"}"#, "clientId is not a text"),
            (r#""{\"clientSecret\":\"hunter2\"}""#, "quoted once too often"),
            ("[]", "not an object"),
            ("{}", "neither"),
        ] {
            let found = parse(text).err().unwrap();
            assert!(found.contains(reason) && !found.contains("hunter2"), "{text}: {found}");
        }
    }
}

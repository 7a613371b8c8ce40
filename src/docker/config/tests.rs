//! Configurations as docker, older docker and people write them.

use super::{AuthEntry, ConfigError, DockerConfig, host_of, without_user};

const HOST: &str = "contosoacr.azurecr.io";

fn password(config: &DockerConfig) -> Option<(&str, &str, &str)> {
    let (key, entry) = config.entry_for(HOST)?;
    Some((key, entry.username.as_str(), entry.password.as_ref().map_or("", |password| password.expose())))
}

#[test]
fn a_login_is_found_under_each_key_that_docker_finds_it_under() {
    for key in
        [HOST, "https://contosoacr.azurecr.io", "https://contosoacr.azurecr.io/v1/", "http://contosoacr.azurecr.io"]
    {
        let config = DockerConfig::parse(&format!(r#"{{"auths":{{"{key}":{{"auth":"Y2k6b3Blbi1pdA=="}}}}}}"#)).unwrap();
        assert_eq!(password(&config), Some((key, "ci", "open-it")));
    }
    for key in ["ContosoACR.azurecr.io", "contosoacr.azurecr.io:443", "other.azurecr.io", "azurecr.io", ""] {
        let config = DockerConfig::parse(&format!(r#"{{"auths":{{"{key}":{{"auth":"Y2k6b3Blbi1pdA=="}}}}}}"#)).unwrap();
        assert_eq!(password(&config), None, "{key}");
    }
}

#[test]
fn the_key_itself_goes_before_its_urls() {
    let text = r#"{"auths":{"https://contosoacr.azurecr.io":{"auth":"b2xkOm9sZA=="},"contosoacr.azurecr.io":{"auth":"Y2k6b3Blbi1pdA=="}}}"#;
    assert_eq!(password(&DockerConfig::parse(text).unwrap()), Some((HOST, "ci", "open-it")));
}

#[test]
fn an_upper_case_key_is_told_apart() {
    let text = r#"{"auths":{"https://ContosoACR.azurecr.io":{},"other.azurecr.io":{}},"credHelpers":{"CONTOSOACR.azurecr.io":"x"}}"#;
    let config = DockerConfig::parse(text).unwrap();
    assert_eq!(config.misspelt_keys(HOST), ["https://ContosoACR.azurecr.io", "CONTOSOACR.azurecr.io"]);
    assert_eq!(config.helper_for(HOST), None);
}

#[test]
fn the_helper_of_the_host_goes_before_the_store() {
    let text = r#"{"credsStore":"desktop","credHelpers":{"contosoacr.azurecr.io":"acr-env","plain.azurecr.io":""}}"#;
    let config = DockerConfig::parse(text).unwrap();
    assert_eq!(config.helper_for(HOST), Some("acr-env"));
    assert_eq!(config.helper_for("other.azurecr.io"), Some("desktop"));
    assert_eq!(config.helper_for("plain.azurecr.io"), None);
}

#[test]
fn auth_goes_before_username_and_password_and_tokens_stand_beside_it() {
    let text = r#"{"auths":{"contosoacr.azurecr.io":{"username":"old","password":"old","identitytoken":"a.b.c",
        "auth":"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg=="}}}"#;
    let config = DockerConfig::parse(text).unwrap();
    let (_, entry) = config.entry_for(HOST).unwrap();
    assert_eq!(entry.username, "00000000-0000-0000-0000-000000000000");
    assert!(entry.password.is_none());
    assert_eq!(entry.identity_token.as_ref().unwrap().expose(), "a.b.c");
}

#[test]
fn names_in_other_letters_empty_files_and_what_follows_the_value_are_taken_as_go_takes_them() {
    let config =
        DockerConfig::parse(r#"{"Auths":{"contosoacr.azurecr.io":{"Auth":"Y2k6b3Blbi1pdA=="}}} trailing"#).unwrap();
    assert_eq!(password(&config), Some((HOST, "ci", "open-it")));
    for empty in ["", " \n", "{}", "null", r#"{"auths":null,"credHelpers":null,"credsStore":""}"#] {
        assert!(!DockerConfig::parse(empty).unwrap().contains_auth(), "{empty}");
    }
}

#[test]
fn what_docker_cannot_load_is_named_and_never_shown() {
    let cases = [
        ("{\n\"auths\": {", ConfigError::NotJson(2)),
        ("\u{feff}{}", ConfigError::NotJson(1)),
        ("[]", ConfigError::Misshapen("(all of it)".to_owned())),
        (r#"{"auths":["hunter2"]}"#, ConfigError::Misshapen("auths".to_owned())),
        (r#"{"credsStore":7}"#, ConfigError::Misshapen("credsStore".to_owned())),
        (r#"{"auths":{"x":{"auth":"hunter2"}}}"#, ConfigError::BadAuth("x".to_owned())),
        (r#"{"auths":{"x":{"auth":"aHVudGVyMg=="}}}"#, ConfigError::BadAuth("x".to_owned())),
        (r#"{"auths":{"x":{"auth":"OmhpZGRlbg=="}}}"#, ConfigError::BadAuth("x".to_owned())),
    ];
    for (text, expected) in cases {
        let error = DockerConfig::parse(text).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!format!("{error}").contains("hunter2"));
    }
}

#[test]
fn a_key_is_shown_without_the_user_that_somebody_wrote_into_it() {
    assert_eq!(without_user("https://ci:hunter2@contosoacr.azurecr.io/v1/"), HOST);
    assert_eq!(without_user("https://contosoacr.azurecr.io/v1/"), "https://contosoacr.azurecr.io/v1/");
    let text = r#"{"auths":{"https://ci:hunter2@CONTOSOACR.azurecr.io":{}}}"#;
    assert_eq!(DockerConfig::parse(text).unwrap().misspelt_keys(HOST), ["CONTOSOACR.azurecr.io"]);
}

#[test]
fn an_auth_may_hold_colons_and_padding() {
    let entry = AuthEntry::from_auth("Y2k6YTpi\nOmM=").unwrap();
    assert_eq!((entry.username.as_str(), entry.password.unwrap().expose()), ("ci", "a:b:c"));
    let padded = AuthEntry::from_auth("Y2k6b3Blbi1pdAAA").unwrap();
    assert_eq!(padded.password.unwrap().expose(), "open-it");
}

#[test]
fn the_host_of_a_key_is_what_docker_makes_of_it() {
    for (key, host) in [
        ("a.io", "a.io"),
        ("a.io/b/c", "a.io"),
        ("https://a.io:443/v1/", "a.io:443"),
        ("https://user@a.io?x=/y", "a.io"),
        ("https://", ""),
        ("://a.io/", "a.io"),
        ("/", ""),
    ] {
        assert_eq!(host_of(key), host, "{key}");
    }
}

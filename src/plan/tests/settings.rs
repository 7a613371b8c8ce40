//! Registry, images, cloud, network and the rest.

use super::{CLIENT, outcome, plan, plan_with};
use crate::catalogue::Severity;
use crate::inputs::{Gathered, Inputs};
use crate::plan::{Detail, OutputFormat, Plan, Role};
use std::time::Duration;
use time::macros::datetime;

const ADMIN: [(&str, &str); 2] = [("INPUT_USERNAME", "contosoacr"), ("INPUT_PASSWORD", "s3cret")];

fn with(variables: &[(&str, &str)]) -> Plan {
    plan(&[&ADMIN[..], variables].concat())
}

fn findings(variables: &[(&str, &str)]) -> Vec<String> {
    outcome(&with(variables)).1
}

#[test]
fn nothing_but_a_registry_and_a_login_makes_a_plan() {
    let plan = with(&[]);
    assert!(plan.findings.is_empty());
    assert_eq!(plan.registry.unwrap().host, "contosoacr.azurecr.io");
    assert_eq!((plan.role, plan.timeout), (Role::AcrPush, Duration::from_secs(60)));
    assert_eq!((plan.expiry_warning_days, plan.expiry_error_days), (30, 0));
    assert_eq!((plan.cloud.name, plan.output.format), ("AzureCloud", OutputFormat::Text));
}

#[test]
fn a_bad_registry_name_leaves_the_rest_of_the_plan() {
    let plan = with(&[("INPUT_REGISTRY", "contosoacr.azureacr.io"), ("INPUT_IMAGES", "team/app")]);
    assert_eq!(outcome(&plan), (Some("password"), vec!["registry-name-invalid".to_owned()]));
    assert_eq!(plan.findings[0].value("did-you-mean"), Some("contosoacr.azurecr.io"));
    assert_eq!((plan.registry, plan.images.len()), (None, 1));
}

#[test]
fn the_images_name_the_registry_where_nothing_else_does() {
    let plan =
        with(&[("ACR_PREFLIGHT_REGISTRY", ""), ("INPUT_IMAGES", "contosoacr.azurecr.io/team/app:1.0,team/other")]);
    assert!(plan.findings.is_empty());
    assert_eq!(plan.registry.unwrap().host, "contosoacr.azurecr.io");
    assert_eq!(findings(&[("ACR_PREFLIGHT_REGISTRY", ""), ("INPUT_IMAGES", "team/app")]), ["input-missing registry"]);
}

#[test]
fn images_stand_in_lines_or_between_commas_once_each() {
    let plan = with(&[("INPUT_IMAGES", "team/app, team/app:1.0\r\n\n contosoacr.azurecr.io/team/app ")]);
    let images: Vec<String> = plan.images.iter().map(ToString::to_string).collect();
    assert_eq!(images, ["team/app", "team/app:1.0"]);
}

#[test]
fn an_image_that_cannot_be_is_named_and_the_others_stay() {
    let plan = with(&[("INPUT_IMAGES", "Team/App,ghcr.io/octo/app,team/ok,ContosoACR.azurecr.io/team/app")]);
    assert_eq!(outcome(&plan).1, ["image-name-invalid"; 3]);
    assert_eq!(plan.images.len(), 1);
    assert_eq!(plan.findings[0].value("did-you-mean"), Some("team/app"));
    assert!(plan.findings[1].value("reason").unwrap().contains("ghcr.io"));
}

#[test]
fn the_suffix_chooses_the_cloud_before_any_variable_of_other_tools() {
    let plan = with(&[("INPUT_REGISTRY", "contosoacr.azurecr.cn"), ("AZURE_ENVIRONMENT", "AzureUSGovernment")]);
    assert_eq!((plan.cloud.name, plan.findings.len()), ("AzureChinaCloud", 0));
    assert_eq!(plan.authority, "https://login.chinacloudapi.cn");
    let plan = with(&[("AZURE_CLOUD", "azureusgovernment")]);
    assert_eq!(plan.registry.unwrap().host, "contosoacr.azurecr.us");
    assert_eq!(with(&[("AZURE_ENVIRONMENT", "staging")]).findings.len(), 0);
    assert_eq!(findings(&[("INPUT_CLOUD", "staging")]), ["input-malformed cloud"]);
    let both = [("INPUT_CLOUD", "AzureUSGovernment"), ("INPUT_REGISTRY", "contosoacr.azurecr.io")];
    assert_eq!(findings(&both), ["input-malformed cloud"]);
}

#[test]
fn every_bad_setting_is_named_in_one_run() {
    let bad = [
        ("INPUT_ROLE", "Owner"),
        ("INPUT_TIMEOUT", "soon"),
        ("INPUT_EXPIRY-WARNING-DAYS", "-1"),
        ("INPUT_SECRET-EXPIRES-ON", "31.01.2027"),
        ("INPUT_DOCKER", "yes"),
        ("INPUT_FAIL-ON", "notice"),
        ("INPUT_FORMAT", "xml"),
        ("INPUT_PLATFORM", "amd64"),
        ("INPUT_SUBSCRIPTION-ID", "Pay-As-You-Go"),
        ("INPUT_MODE", "both"),
    ];
    let found = findings(&bad);
    assert_eq!(found.len(), bad.len(), "{found:?}");
    assert!(found.iter().all(|finding| finding.starts_with("input-malformed")));
    assert_eq!(findings(&[("INPUT_AUTH", "kerberos")]), ["input-malformed auth"]);
}

#[test]
fn a_subscription_of_other_tools_is_used_only_when_it_is_right() {
    assert_eq!(with(&[("AZURE_SUBSCRIPTION_ID", "Pay-As-You-Go")]).findings.len(), 0);
    assert_eq!(with(&[("AZURE_SUBSCRIPTION_ID", CLIENT)]).subscription_id.as_deref(), Some(CLIENT));
}

#[test]
fn the_ci_found_decides_on_the_form_of_the_output() {
    let form = |variables: &[(&str, &str)]| with(variables).output.format;
    assert_eq!(form(&[("GITHUB_ACTIONS", "true")]), OutputFormat::GitHub);
    assert_eq!(form(&[("TF_BUILD", "True")]), OutputFormat::AzurePipelines);
    assert_eq!(form(&[("GITHUB_ACTIONS", "true"), ("INPUT_FORMAT", "JSON")]), OutputFormat::Json);
    assert_eq!(with(&[("RUNNER_DEBUG", "1")]).output.detail, Detail::Verbose);
    assert_eq!(with(&[("INPUT_QUIET", "true")]).output.detail, Detail::Quiet);
}

#[test]
fn the_hooks_of_the_simulation_stay_on_this_machine() {
    let network =
        with(&[("ACR_PREFLIGHT_NAMESERVER", "127.0.0.1:5353"), ("ACR_PREFLIGHT_LOOPBACK_PORT", "8443")]).network;
    assert_eq!((network.nameserver.unwrap().port(), network.loopback_port), (5353, Some(8443)));
    let plan = with(&[("ACR_PREFLIGHT_NAMESERVER", "203.0.113.1:53"), ("ACR_PREFLIGHT_LOOPBACK_PORT", "0")]);
    assert_eq!(plan.findings.len(), 2);
    assert!(plan.network.nameserver.is_none() && plan.network.loopback_port.is_none());
}

#[test]
fn extra_roots_that_were_asked_for_must_be_there() {
    let plan = with(&[("INPUT_CA-CERTIFICATES", "/gone.pem"), ("SSL_CERT_FILE", "/host/only.pem")]);
    let severities: Vec<Severity> = plan.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Notice]);
    let pem = "-----BEGIN CERTIFICATE-----";
    assert_eq!(plan_with(&[("SSL_CERT_FILE", "/ca.pem")], &[("/ca.pem", pem)]).network.extra_roots[0].pem, pem);
}

#[test]
fn a_misunderstood_command_line_asks_nobody_anything() {
    let environment = [("AZURE_CLIENT_ID", CLIENT), ("ACR_PREFLIGHT_REGISTRY", "contosoacr")].into_iter().collect();
    let arguments = ["acr-preflight", "--regsitry", "contosoacr"].map(Into::into);
    let files = crate::inputs::files::Shelf::default();
    let Gathered::Run(inputs) = Inputs::from_parts(arguments, &environment, &files, datetime!(2026-11-22 00:00 UTC))
    else {
        panic!()
    };
    let plan = Plan::from_inputs(&inputs);
    assert_eq!(outcome(&plan), (None, vec!["input-malformed command line".to_owned()]));
    assert!(plan.registry.is_none());
}

#[test]
fn a_deploy_pulls_the_images_of_its_manifests() {
    let manifest =
        "a: {image: contosoacr.azurecr.io/team/app:1.0}\nb: {image: 'docker.io/envoy:1'}\nc: {image: busybox}\n";
    let plan = plan_with(&[&ADMIN[..], &[("INPUT_IMAGES-FROM", "/k")]].concat(), &[("/k/app.yaml", manifest)]);
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
    assert_eq!(plan.images.iter().map(ToString::to_string).collect::<Vec<_>>(), ["team/app:1.0"]);
    assert_eq!((plan.role, plan.images_elsewhere), (Role::AcrPull, 2));
    assert_eq!(plan.platform.unwrap().architecture, "amd64");
}

#[test]
fn manifests_that_say_nothing_of_the_registry_are_not_passed_in_silence() {
    let found = |text: &str| {
        let plan = plan_with(&[&ADMIN[..], &[("INPUT_IMAGES-FROM", "/k.yaml")]].concat(), &[("/k.yaml", text)]);
        plan.findings.iter().map(|finding| (finding.failure.id, finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(found("image: busybox"), [("input-malformed", Severity::Warning)]);
    assert_eq!(found("image: {{ .Values.image }}"), [("image-name-invalid", Severity::Warning)]);
    assert_eq!(found("image: {{ .a }}:{{ .b }}")[0], ("input-malformed", Severity::Error));
    assert_eq!(
        found("a: {image: 'contosoacr.azurecr.io/team/app:${TAG}'}"),
        [("image-name-invalid", Severity::Warning)]
    );
    assert_eq!(found("a: {image: 'contosoacr.azurecr.io/Team/app'}"), [("image-name-invalid", Severity::Error)]);
    assert_eq!(findings(&[("INPUT_IMAGES-FROM", "/gone.yaml")]), ["input-malformed images-from"]);
}

//! The job's machine: its managed identities, its proxy, its CI.

use crate::client::{Client, Reply, builder, claims};
use reqwest::Method;
use simulated_azure::world::*;
use simulated_azure::{Simulator, World};

fn variable(simulator: &Simulator, name: &str) -> String {
    simulator.env().into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
}

fn identity(client: &str, system_assigned: bool) -> ManagedIdentity {
    ManagedIdentity { client: client.into(), object: format!("object-of-{client}"), system_assigned }
}

#[tokio::test]
async fn imds_wants_its_header_and_one_identity() {
    let client = Client::of(|world| {
        world.machine.metadata = Metadata::Imds;
        world.machine.identities = vec![identity("one", false), identity("two", false)];
    });
    let base = variable(client.simulator(), "AZURE_POD_IDENTITY_AUTHORITY_HOST");
    let url = format!("{base}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://x");
    let ask = async |url: &str| Reply::of(client.request(Method::GET, url).header("metadata", "true")).await.unwrap();
    assert_eq!(client.get(&url).await.status, 400);
    let several = ask(&url).await;
    assert!(several.text("error_description").starts_with("Multiple user assigned identities exist"));
    let one = ask(&format!("{url}&client_id=two")).await;
    assert_eq!(claims(&one.text("access_token"))["oid"], "object-of-two");
    assert_eq!(one.text("expires_in"), "86399");
}

#[tokio::test]
async fn a_proxy_tunnels_to_the_services_and_wants_its_password() {
    let mut world = World::healthy();
    world.proxy.login = Some(("runner".into(), PROXY_PASSWORD.into()));
    let simulator = Simulator::start(world).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let through = async |proxy: &str| {
        let proxy = reqwest::Proxy::all(format!("http://{proxy}{}", simulator.proxy())).unwrap();
        let client = builder(&simulator).proxy(proxy).build().unwrap();
        Reply::of(client.get(format!("https://{LOGIN_SERVER}/v2/"))).await.map(|reply| reply.status)
    };
    assert!(through("").await.is_err());
    assert_eq!(through(&format!("runner:{PROXY_PASSWORD}@")).await.unwrap(), 401);
    assert_eq!(simulator.journal().violations, Vec::<String>::new());
}

#[tokio::test]
async fn token_services_of_ci_systems_answer_their_own_jobs() {
    let client = Client::healthy();
    let (github, pipelines) = {
        let world = client.simulator().world();
        (world.github.clone(), world.pipelines.clone())
    };
    let url = format!("{}&audience={FEDERATED_AUDIENCE}", github.request_url());
    let token = claims(&client.get_as(&url, &github.request_token).await.text("value"));
    assert_eq!((token["sub"].as_str(), token["aud"].as_str()), (Some(GITHUB_SUBJECT), Some(FEDERATED_AUDIENCE)));
    assert_eq!(client.get(&url).await.status, 401);
    let url = format!("{}?api-version=7.1&serviceConnectionId={SERVICE_CONNECTION}", pipelines.request_url());
    let ask = client.request(Method::POST, &url).bearer_auth(&pipelines.access_token);
    let token = claims(&Reply::of(ask).await.unwrap().text("oidcToken"));
    assert_eq!(token["sub"], PIPELINES_SUBJECT);
}

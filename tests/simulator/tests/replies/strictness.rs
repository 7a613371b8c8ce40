//! What a well-behaved client never does is written down, and broken wires are broken.

use crate::client::{Client, Reply};
use simulated_azure::world::*;
use simulated_azure::{Effect, Fault, Handshake, Kind};

#[tokio::test]
async fn a_credential_at_the_wrong_door_is_a_violation() {
    let client = Client::healthy();
    client.post(&format!("https://{LOGIN_SERVER}/oauth2/exchange"), &[("client_secret", SECRET)]).await;
    client.get(&format!("https://graph.microsoft.com/v1.0/me?secret={SECRET}")).await;
    let token = client.simulator().world().entra_token(REGISTRY_AUDIENCE, 60);
    client.get_as(&format!("https://{BLOB_HOST}/"), &token).await;
    let violations = client.simulator().journal().violations;
    let has = |start: &str, end: &str| violations.iter().any(|said| said.starts_with(start) && said.ends_with(end));
    assert!(has("ClientSecret sent to https://contosoacr", "form client_secret"), "{violations:?}");
    assert!(has("ClientSecret sent to https://graph", "query secret"), "{violations:?}");
    assert!(has("EntraTokenForRegistry sent to https://weumanaged198", "Authorization"), "{violations:?}");
}

#[tokio::test]
async fn a_credential_at_its_own_door_is_none() {
    let client = Client::healthy();
    client.access_token("repository:team/app:pull").await;
    let journal = client.simulator().journal();
    assert_eq!(journal.violations, Vec::<String>::new());
    let kinds: Vec<Kind> = journal.entries.iter().flat_map(|entry| &entry.credentials).map(|seen| seen.kind).collect();
    assert_eq!(kinds, [Kind::ClientSecret, Kind::EntraTokenForRegistry, Kind::RefreshToken]);
}

#[tokio::test]
async fn an_unknown_request_is_a_violation() {
    let client = Client::healthy();
    assert_eq!(client.get(&format!("https://{LOGIN_SERVER}/v1/")).await.status, 404);
    let violations = client.simulator().journal().violations;
    assert_eq!(violations, ["unknown request: GET https://contosoacr.azurecr.io/v1/"]);
}

#[tokio::test]
async fn a_start_of_an_upload_is_written_down_as_a_write() {
    let client = Client::healthy();
    client.access_token("repository:team/app:push").await;
    assert_eq!(client.simulator().journal().writes().count(), 0);
    client.post(&format!("https://{LOGIN_SERVER}/v2/team/app/blobs/uploads/"), &[]).await;
    assert_eq!(client.simulator().journal().writes().count(), 1);
}

#[tokio::test]
async fn faults_break_the_wire() {
    let handshakes = [Handshake::Close, Handshake::Reset, Handshake::PlainHttp, Handshake::UnknownIssuer];
    let certificates = [Handshake::WrongHost, Handshake::Expired, Handshake::NotYetValid];
    let effects = [Effect::Close, Effect::Reset, Effect::Garbage, Effect::HugeHeaders, Effect::Truncated];
    let effects = effects.into_iter().chain(handshakes.into_iter().chain(certificates).map(Effect::Handshake));
    for effect in effects {
        let client = Client::of(|world| world.fault(Fault::of(LOGIN_SERVER, effect.clone())));
        let outcome = Reply::of(client.request(reqwest::Method::GET, &format!("https://{LOGIN_SERVER}/v2/"))).await;
        assert!(outcome.is_err(), "{effect:?}");
        let other = client.sign_in(SECRET, crate::client::REGISTRY_SCOPE).await;
        assert_eq!(other.status, 200, "{effect:?} is a fault of one host");
    }
}

#[tokio::test]
async fn a_fault_may_pass() {
    let client = Client::of(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::throttled(7)).at("/v2/").times(1)));
    let first = client.get(&format!("https://{LOGIN_SERVER}/v2/")).await;
    assert_eq!((first.status, first.header("retry-after")), (429, "7"));
    assert_eq!(client.get(&format!("https://{LOGIN_SERVER}/v2/")).await.status, 401);
}

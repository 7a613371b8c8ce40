//! Names, connections, certificates, firewalls, and answers that are none.

use crate::world::*;
use crate::{Effect, Fault, Handshake, Scenario, World};
use std::net::IpAddr;

const ENTRA: &str = "login.microsoftonline.com";

pub(super) fn scenarios() -> Vec<Scenario> {
    [names(), connections(), doors(), answers()].concat()
}

fn names() -> Vec<Scenario> {
    vec![
        Scenario::fails("registry-not-found", "No registry has this name.").input("registry", "contosoarc"),
        Scenario::fails("dns-unavailable", "The resolver fails.")
            .world(|world| world.names.otherwise = Some(NameAnswer::Failure)),
        Scenario::fails("dns-unavailable@refused", "The resolver refuses to answer.")
            .world(|world| world.names.otherwise = Some(NameAnswer::Refused)),
        Scenario::fails("dns-unavailable@silence", "The resolver does not answer.")
            .input("timeout", "5")
            .world(|world| world.names.otherwise = Some(NameAnswer::Silence)),
        Scenario::fails("dns-unavailable@entra", "A resolver that does not know Entra ID's own host.")
            .world(|world| drop(world.names.answers.insert(ENTRA.into(), NameAnswer::Unknown))),
    ]
}

fn connections() -> Vec<Scenario> {
    vec![
        Scenario::fails("registry-unreachable", "The registry's address refuses connections.")
            .world(|world| world.unlistened(LOGIN_SERVER)),
        Scenario::fails("registry-unreachable@dropped", "Packets to the registry vanish.")
            .input("timeout", "5")
            .world(|world| world.vanished(LOGIN_SERVER)),
        Scenario::fails(
            "private-endpoint-dns",
            "The name is an alias of a private link, but its address is a public one.",
        )
        .in_namespace()
        .world(|world| {
            private_link(world, PUBLIC_ADDRESS);
            world.registry().denies_runner(ALL_DOORS);
        }),
        Scenario::fails("registry-unreachable@silence", "The registry takes the connection and says nothing.")
            .input("timeout", "5")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::Silence)))),
        Scenario::fails("registry-unreachable@reset", "Every connection to the registry is reset.")
            .input("timeout", "3")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::Reset)))),
        Scenario::fails("registry-unreachable@closed", "Every connection to the registry is closed.")
            .input("timeout", "3")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::Close)))),
        Scenario::fails("tls-untrusted", "Someone in between opens TLS and signs with a root that nobody here trusts.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::UnknownIssuer)))),
        Scenario::fails("tls-untrusted@wrong-host", "The certificate is for another host.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::WrongHost)))),
        Scenario::fails("tls-untrusted@expired", "The certificate has ended.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::Expired)))),
        Scenario::fails("tls-untrusted@not-yet-valid", "The certificate has not begun.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::NotYetValid)))),
        Scenario::fails("tls-untrusted@plain-http", "Plain HTTP is spoken where TLS was meant.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Handshake(Handshake::PlainHttp)))),
        Scenario::fails("tls-untrusted@entra", "Only Entra ID's connections are opened in between.")
            .world(|world| world.fault(Fault::of(ENTRA, Effect::Handshake(Handshake::UnknownIssuer)))),
        Scenario::fails("data-endpoint-blocked", "The login server answers, but the host of the image data does not.")
            .input("role", "AcrPull")
            .input("images", "team/app:1.0")
            .input("timeout", "5")
            .world(|world| world.unlistened(BLOB_HOST)),
        Scenario::fails("data-endpoint-blocked@dedicated", "The dedicated data endpoint has no address here.")
            .input("role", "AcrPull")
            .input("images", "team/app:1.0")
            .world(|world| {
                let host = "contosoacr.westeurope.data.azurecr.io";
                world.registry().data_endpoint = true;
                world.registry().data_host = host.into();
                world.names.answers.insert(host.into(), NameAnswer::Unknown);
            }),
        without_image(Scenario::fails("data-endpoint-blocked@listed", "No data endpoint of any region answers."))
            .world(|world| data_endpoints(world, &["westeurope", "northeurope"])),
        without_image(Scenario::warns(
            "data-endpoint-blocked@other-regions",
            "Of four regions one may be reached, as the firewall between intends: the data endpoints of the others vanish.",
        ))
        .input("timeout", "8")
        .world(|world| data_endpoints(world, &["northeurope", "eastus", "japaneast"])),
        Scenario::warns("clock-skewed", "The runner's clock is twenty minutes behind.")
            .world(|world| world.clock_ahead = time::Duration::minutes(20)),
        Scenario::new(
            "healthy-private-endpoint",
            "The name is an alias of a private link, and its address is a private one.",
        )
        .in_namespace()
        .world(|world| private_link(world, PRIVATE_ADDRESS)),
        Scenario::warns("clock-skewed@ahead", "The runner's clock is half an hour ahead.")
            .world(|world| world.clock_ahead = time::Duration::minutes(-30)),
        Scenario::fails("tls-untrusted@no-root", "Nobody told the job of the root that signs everything here.")
            .without(&["SSL_CERT_FILE"]),
        Scenario::new("healthy-ca-certificates", "The root of the company is handed over as an input.")
            .without(&["SSL_CERT_FILE"])
            .input("ca-certificates", "{ca}"),
    ]
}

/// A pull of nothing in particular, of which only Azure Resource Manager can say where its data would come from.
fn without_image(scenario: Scenario) -> Scenario {
    scenario.input("role", "AcrPull").without(&["images"]).input("subscription-id", SUBSCRIPTION)
}

/// Dedicated data endpoints in West Europe and elsewhere; those of these regions never take a connection.
fn data_endpoints(world: &mut World, vanished: &[&str]) {
    let host = |region: &str| format!("contosoacr.{region}.data.azurecr.io");
    world.also(&SETTINGS_READER);
    let registry = world.registry();
    registry.data_endpoint = true;
    registry.data_host = host("westeurope");
    registry.replica_data_hosts =
        vanished.iter().filter(|region| **region != "westeurope").map(|region| host(region)).collect();
    vanished.iter().for_each(|region| world.vanished(&host(region)));
}

fn private_link(world: &mut World, address: IpAddr) {
    let aliases = vec!["contosoacr.privatelink.azurecr.io".into(), "weu-4.fe.azcr.io".into()];
    world.names.answers.insert(LOGIN_SERVER.into(), NameAnswer::Addresses(aliases, vec![address]));
    world.registry().private_endpoint = true;
}

const REGIONAL_ENDPOINT: &str = "contosoacr.westeurope.geo.azurecr.io";

fn full(world: &mut World) {
    world.also(&SETTINGS_READER);
    world.registry().regional_endpoints.push(REGIONAL_ENDPOINT.into());
    world.registry().usage = (107_374_182_400, 107_374_182_400);
}

fn doors() -> Vec<Scenario> {
    vec![
        Scenario::fails("firewall-ip-denied", "The registry's firewall does not know the runner's address.")
            .world(|world| world.registry().denies_runner(ALL_DOORS)),
        Scenario::fails("firewall-ip-denied@exchange", "The firewall says so at the exchange only.")
            .world(|world| world.registry().denies_runner(&["/oauth2/exchange"])),
        Scenario::fails("firewall-ip-denied@token", "The firewall says so at the last step only.")
            .world(|world| world.registry().denies_runner(&["/oauth2/token"])),
        Scenario::fails(
            "firewall-ip-denied@images",
            "A token that may push and read no locks, and a firewall that says so at the images only.",
        )
        .without_credential()
        .input("username", TOKEN_NAME)
        .input("password", TOKEN_PASSWORD)
        .input("images", "base/os:12")
        .world(|world| {
            let registry = world.registry();
            registry.token().scope_map = "writes-alone".into();
            registry.scope_maps.push(ScopeMap::new("writes-alone", &["base/os"], &["content/read", "content/write"]));
            registry.denies_runner(&["/v2/base"]);
        }),
        Scenario::fails("public-access-disabled", "Public access is disabled, as ARM says.")
            .input("subscription-id", SUBSCRIPTION)
            .world(|world| {
                world.also(&SETTINGS_READER);
                world.registry().public_access = false;
                world.registry().denies_runner(ALL_DOORS);
            }),
        Scenario::fails("quota-exceeded", "The registry's storage is full, as ARM says.")
            .input("subscription-id", SUBSCRIPTION)
            .world(full),
        Scenario::fails("quota-exceeded@regional-endpoint", "The same, seen from the endpoint of one region.")
            .input("registry", REGIONAL_ENDPOINT)
            .input("subscription-id", SUBSCRIPTION)
            .world(full),
        Scenario::fails(
            "quota-exceeded@regional-endpoint-anywhere",
            "The same, and nobody said in which subscription the registry lies.",
        )
        .input("registry", REGIONAL_ENDPOINT)
        .world(full),
    ]
}

fn answers() -> Vec<Scenario> {
    vec![
        Scenario::fails("not-a-registry", "A page for people where the registry was meant.").world(|world| {
            world.fault(Fault::of(LOGIN_SERVER, Effect::html(200, "<html>Please sign in to the guest network</html>")))
        }),
        Scenario::fails("not-a-registry@no-challenge", "The registry asks for nothing.")
            .world(|world| world.registry().challenge = ChallengeForm::Missing),
        Scenario::fails("not-a-registry@basic", "The registry asks for user name and password alone.")
            .world(|world| world.registry().challenge = ChallengeForm::Basic),
        Scenario::fails("not-a-registry@foreign-realm", "The registry sends its clients to another host for tokens.")
            .world(|world| {
                world.registry().challenge = ChallengeForm::Realm("https://tokens.evil.example/oauth2/token".into())
            }),
        Scenario::fails("not-a-registry@404", "The host knows no /v2/.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::html(404, "not found")).at("/v2/"))),
        Scenario::undetermined("throttled", "The registry has had too many requests.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::throttled(30)))),
        Scenario::undetermined("throttled@exchange", "The exchange has had too many requests.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::throttled(30)).at("/oauth2/exchange"))),
        Scenario::new("healthy-throttled-once", "The registry asks once to wait for a second.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::throttled(1)).at("/oauth2/token").times(1))),
        Scenario::new("healthy-reset-once", "The first connection's request is reset.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Reset).at("/oauth2/exchange").times(1))),
        Scenario::undetermined("service-unavailable", "The registry answers 503 again and again.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::html(503, "<h1>Service Unavailable</h1>")))),
        Scenario::undetermined("service-unavailable@garbage", "The token endpoint answers something that is not HTTP.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Garbage).at("/oauth2/token"))),
        Scenario::undetermined("service-unavailable@truncated", "The exchange's answer breaks off.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Truncated).at("/oauth2/exchange"))),
        Scenario::undetermined("service-unavailable@endless", "The exchange's answer has no end.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Endless).at("/oauth2/exchange"))),
        Scenario::undetermined("service-unavailable@gzip-bomb", "The exchange's answer unpacks to a gigabyte.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::GzipBomb).at("/oauth2/exchange"))),
        Scenario::undetermined("service-unavailable@slow", "The exchange's answer comes byte by byte.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::Slow).at("/oauth2/exchange"))),
        Scenario::undetermined(
            "service-unavailable@headers",
            "The exchange's answer has more headers than anyone reads.",
        )
        .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::HugeHeaders).at("/oauth2/exchange"))),
        Scenario::fails("not-a-registry@redirect", "The exchange sends its clients elsewhere.").world(|world| {
            world.fault(
                Fault::of(LOGIN_SERVER, Effect::redirect("https://tokens.evil.example/oauth2/exchange"))
                    .at("/oauth2/exchange"),
            )
        }),
        Scenario::fails("proxy-failed@page", "A page of something in between says 403 in place of the registry.")
            .world(|world| world.fault(Fault::of(LOGIN_SERVER, Effect::html(403, "<h1>Blocked by Contoso</h1>")))),
        Scenario::new("healthy-arm-unavailable", "ARM answers 503, which explains nothing and breaks nothing.")
            .input("timeout", "4")
            .world(|world| {
                world.fault(Fault::of("management.azure.com", Effect::html(503, "<h1>Service Unavailable</h1>")))
            }),
    ]
}

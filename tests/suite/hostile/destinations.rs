//! Credentials go where they belong, whatever a registry, a proxy or the environment says.

use crate::harness::{Run, run_in};
use acr_preflight::catalogue;
use simulated_azure::world::*;
use simulated_azure::{Effect, Fault, Handshake, Simulator, World, scenario};
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A host of somebody else, which resolves and has a certificate that the job trusts.
const EVIL: &str = "tokens.evil.example";
const ENTRA: &str = "login.microsoftonline.com";
const ARM: &str = "management.azure.com";
const GRAPH: &str = "graph.microsoft.com";

/// Runs a scenario with a trap in it. `{port}` in a variable is a port on which somebody listens for plain HTTP.
fn run(name: &str, variables: &[(&str, &str)], trap: impl Fn(&mut World, u16)) -> Run {
    let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = plain.local_addr().unwrap().port();
    let (simulator, mut environment) = scenario(name).expect("the scenario exists").start().unwrap();
    // Whoever follows the trap arrives, so that it shows.
    for host in [EVIL.to_owned(), format!("{LOGIN_SERVER}.evil.example")] {
        let answer = NameAnswer::Addresses(Vec::new(), vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        simulator.world().names.answers.insert(host, answer);
    }
    trap(&mut simulator.world(), port);
    for (name, value) in variables {
        environment.retain(|(known, _)| known != name);
        environment.push(((*name).to_owned(), value.replace("{port}", &port.to_string())));
    }
    let run = run_in(&simulator, &environment, &["--format", "json", "--timeout", "10"]);
    assert_kept(name, &run, &simulator);
    plain.set_nonblocking(true).unwrap();
    assert!(plain.accept().is_err(), "{name}: somebody was spoken to in plain HTTP");
    run
}

/// Nobody but the services was asked, and no credential went astray.
fn assert_kept(name: &str, run: &Run, simulator: &Simulator) {
    assert!(run.code.is_some_and(|code| code <= 3), "{name}: {:?} {}", run.code, run.stderr);
    let journal = simulator.journal();
    let strangers: Vec<_> = journal.entries.iter().filter(|entry| entry.host.contains("evil")).collect();
    assert!(strangers.is_empty(), "{name}: {strangers:?}");
    let strayed: Vec<_> = journal.violations.iter().filter(|violation| violation.contains("sent to")).collect();
    assert!(strayed.is_empty(), "{name}: {strayed:?}");
}

/// The run fails or cannot tell, and says why in the catalogue's words.
fn assert_refused(name: &str, run: &Run) {
    assert_ne!(run.report()["result"], "passed", "{name}: {}", run.stdout);
    let findings = run.findings();
    assert!(!findings.is_empty(), "{name} names no failure: {}", run.stdout);
    assert!(findings.iter().all(|id| catalogue::by_id(id).is_some()), "{name}: {findings:?}");
}

fn redirect(status: u16, to: &str) -> Effect {
    Effect::Answer { status, headers: vec![("location", to.into())], body: String::new() }
}

#[test]
fn a_realm_elsewhere_gets_nothing() {
    let realms = [
        "https://tokens.evil.example/oauth2/token",
        "https://contosoacr.azurecr.io.evil.example/oauth2/token",
        "https://contosoacr.azurecr.io@tokens.evil.example/oauth2/token",
        "https://tokens.evil.example/contosoacr.azurecr.io/oauth2/token",
        "https://tokens.evil.example\\@contosoacr.azurecr.io/oauth2/token",
        "https://tokens.evil.example#@contosoacr.azurecr.io/oauth2/token",
        "http://contosoacr.azurecr.io:{port}/oauth2/token",
        "//tokens.evil.example/oauth2/token",
        "file:///etc/passwd",
    ];
    for scenario in ["healthy", "healthy-token-user", "healthy-refresh-token"] {
        for realm in realms {
            let refused = run(scenario, &[], |world, port| {
                world.registry().challenge = ChallengeForm::Realm(realm.replace("{port}", &port.to_string()));
            });
            assert_refused(&format!("{scenario}, realm {realm}"), &refused);
        }
    }
}

#[test]
fn a_redirect_is_not_followed_with_a_credential() {
    // 307 and 308 keep method and body: a form with a secret in it would be sent again.
    for status in [301, 302, 303, 307, 308] {
        for (host, path) in
            [(LOGIN_SERVER, "/v2/"), (LOGIN_SERVER, "/oauth2/exchange"), (LOGIN_SERVER, "/oauth2/token"), (ENTRA, "/")]
        {
            let to = format!("https://{EVIL}{path}");
            let refused = run("healthy", &[], |world, _| world.fault(Fault::of(host, redirect(status, &to)).at(path)));
            assert_refused(&format!("{status} at {host}{path}"), &refused);
        }
    }
    for (scenario, host) in [("healthy-oidc", GITHUB_HOST), ("healthy-service-connection", PIPELINES_HOST)] {
        let to = format!("https://{EVIL}/token");
        let refused = run(scenario, &[], |world, _| world.fault(Fault::of(host, redirect(307, &to))));
        assert_refused(&format!("307 at {host}"), &refused);
    }
}

#[test]
fn those_who_explain_lead_nobody_elsewhere() {
    let next = format!(r#"{{"value":[],"nextLink":"https://{EVIL}/next","@odata.nextLink":"https://{EVIL}/next"}}"#);
    let id = format!(r#"{{"data":[{{"id":"https://{EVIL}/subscriptions/x"}},{{"id":"//{EVIL}/x/"}}],"count":2}}"#);
    for host in [ARM, GRAPH] {
        for effect in [Effect::json(200, &next), Effect::json(200, &id), redirect(307, &format!("https://{EVIL}/"))] {
            let run = run("healthy", &[("ACR_PREFLIGHT_SUBSCRIPTION_ID", SUBSCRIPTION)], |world, _| {
                world.also(&SETTINGS_READER);
                world.fault(Fault::of(host, effect.clone()));
            });
            assert_eq!(run.report()["result"], "passed", "{host} {effect:?}: {}", run.stdout);
        }
    }
}

#[test]
fn a_link_and_a_location_beside_an_answer_are_not_followed() {
    let leads: Vec<_> =
        [("link", format!("<https://{EVIL}/v2/>; rel=\"next\"")), ("location", format!("https://{EVIL}/"))]
            .into_iter()
            .chain([("refresh", format!("0; url=https://{EVIL}/")), ("alt-svc", format!("h2=\"{EVIL}:443\""))])
            .collect();
    for path in ["/v2/", "/oauth2/exchange", "/oauth2/token", "/acr/v1/"] {
        let effect = Effect::Answer { status: 200, headers: leads.clone(), body: "{}".into() };
        run("healthy", &[], |world, _| world.fault(Fault::of(LOGIN_SERVER, effect.clone()).at(path)));
    }
}

#[test]
fn a_next_page_on_another_host_is_not_asked_for() {
    let variables = [("ACR_PREFLIGHT_SUBSCRIPTION_ID", SUBSCRIPTION)];
    for host in [EVIL, "management.azure.com.evil.example", "management.azure.com@tokens.evil.example"] {
        run("healthy-page-elsewhere", &variables, |world, _| {
            let answer = NameAnswer::Addresses(Vec::new(), vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]);
            world.names.answers.insert("management.azure.com.evil.example".into(), answer);
            world.arm_pages.as_mut().expect("the scenario has pages").host = host.into();
        });
    }
}

#[test]
fn data_is_asked_for_without_a_credential() {
    let run = run("healthy-pull", &[], |world, _| world.registry().data_host = "data.contoso.example".into());
    let asked = run.journal.entries.iter().filter(|entry| entry.host == "data.contoso.example");
    assert!(asked.clone().all(|entry| entry.credentials.is_empty()), "{:?}", asked.collect::<Vec<_>>());
}

#[test]
fn an_endpoint_of_the_environment_that_is_not_https_gets_nothing() {
    for (scenario, variable) in [
        ("healthy", "AZURE_AUTHORITY_HOST"),
        ("healthy-oidc", "ACTIONS_ID_TOKEN_REQUEST_URL"),
        ("healthy-service-connection", "SYSTEM_OIDCREQUESTURI"),
        ("healthy-managed-identity", "AZURE_POD_IDENTITY_AUTHORITY_HOST"),
    ] {
        for value in
            ["http://tokens.evil.example:{port}/", "http://contosoacr.azurecr.io:{port}", "ftp://127.0.0.1:{port}"]
        {
            let refused = run(scenario, &[(variable, value)], |_, _| ());
            assert_refused(&format!("{variable}={value}"), &refused);
        }
    }
}

#[test]
fn a_proxy_that_opens_tls_gets_nothing_but_its_own_password() {
    for handshake in [Handshake::UnknownIssuer, Handshake::WrongHost, Handshake::Expired, Handshake::PlainHttp] {
        let refused = run("healthy", &[], |_, _| ());
        assert_eq!(refused.report()["result"], "passed");
        let (simulator, _) = scenario("healthy").unwrap().start().unwrap();
        simulator.world().proxy.in_use = true;
        simulator.world().proxy.login = Some(("ci".into(), PROXY_PASSWORD.into()));
        simulator.world().fault(Fault::of("*", Effect::Handshake(handshake)));
        let environment = scenario("healthy").unwrap().prepare(&simulator).unwrap();
        let run = run_in(&simulator, &environment, &["--format", "json", "--timeout", "10"]);
        assert_refused(&format!("{handshake:?}"), &run);
        let entries = &run.journal.entries;
        assert!(!entries.is_empty() && entries.iter().all(|entry| entry.host == "proxy"), "{entries:?}");
        assert!(run.journal.violations.is_empty(), "{:?}", run.journal.violations);
    }
}

#[test]
fn no_certificate_but_a_good_one_gets_a_credential() {
    let all = [Handshake::UnknownIssuer, Handshake::WrongHost, Handshake::Expired, Handshake::NotYetValid];
    for handshake in all {
        for host in [LOGIN_SERVER, ENTRA] {
            let refused = run("healthy", &[], |world, _| world.fault(Fault::of(host, Effect::Handshake(handshake))));
            assert_eq!(refused.findings(), ["tls-untrusted"], "{handshake:?} of {host}: {}", refused.stdout);
            assert_eq!(refused.journal.count(host), 0, "{handshake:?}");
        }
    }
}

/// Somebody else at another address of this machine, on the port of the services, who says so in plain HTTP and keeps
/// what is said to him.
struct Stranger {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
    gone: Arc<AtomicBool>,
}

impl Stranger {
    const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 4);

    fn beside(simulator: &Simulator) -> Self {
        let heard = Arc::<Mutex<Vec<Vec<u8>>>>::default();
        let listener = TcpListener::bind((Self::ADDRESS, simulator.https_address().port())).expect("the port is free");
        let address = listener.local_addr().expect("it has an address");
        let gone = Arc::<AtomicBool>::default();
        let (keep, leave) = (heard.clone(), gone.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                if leave.load(Ordering::SeqCst) {
                    return;
                }
                let keep = keep.clone();
                thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(Duration::from_millis(300)));
                    let mut bytes = [0; 4096];
                    let length = stream.read(&mut bytes).unwrap_or(0);
                    keep.lock().unwrap().push(bytes[..length].to_vec());
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
                });
            }
        });
        Self { address, heard, gone }
    }

    /// What was said to him; a greeting of TLS names the host and holds nothing else.
    fn heard(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().clone()
    }
}

/// The port may be that of another simulation next.
impl Drop for Stranger {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn lead(world: &mut World, host: &str, addresses: &[Ipv4Addr]) {
    let addresses = addresses.iter().map(|address| IpAddr::V4(*address)).collect();
    world.names.answers.insert(host.to_owned(), NameAnswer::Addresses(Vec::new(), addresses));
}

#[test]
fn a_name_that_moves_during_the_run_is_followed_nowhere() {
    for (host, until) in [(LOGIN_SERVER, "/v2/"), (ENTRA, "/")] {
        let (simulator, environment) = scenario("healthy").unwrap().start().unwrap();
        let stranger = Stranger::beside(&simulator);
        // Connections end as soon as they were of use, so that each call makes another.
        simulator.world().delay = Duration::from_millis(150);
        simulator.world().fault(Fault::of(host, Effect::Close).at(until).times(1));
        let run = thread::scope(|scope| {
            let run = scope.spawn(|| run_in(&simulator, &environment, &["--format", "json", "--timeout", "10"]));
            while !run.is_finished() && simulator.journal().count(host) == 0 {
                thread::sleep(Duration::from_millis(1));
            }
            lead(&mut simulator.world(), host, &[Stranger::ADDRESS]);
            run.join().unwrap()
        });
        assert_kept(host, &run, &simulator);
        assert_eq!((run.code, stranger.heard()), (Some(0), Vec::new()), "{host}: {}", run.stdout);
        assert!(simulator.journal().count(host) > 1, "{host} was asked again");
    }
}

#[test]
fn a_name_that_has_moved_to_a_stranger_is_given_nothing() {
    for host in [LOGIN_SERVER, ENTRA] {
        for addresses in [&[Stranger::ADDRESS][..], &[Stranger::ADDRESS, Ipv4Addr::LOCALHOST]] {
            let (simulator, environment) = scenario("healthy").unwrap().start().unwrap();
            let stranger = Stranger::beside(&simulator);
            lead(&mut simulator.world(), host, addresses);
            let run = run_in(&simulator, &environment, &["--format", "json", "--timeout", "10"]);
            assert_kept(host, &run, &simulator);
            assert_eq!(run.findings(), ["tls-untrusted"], "{host} {addresses:?}: {}", run.stdout);
            let heard = stranger.heard();
            // The first byte of each is that of a TLS handshake record (RFC 8446, section 5.1).
            assert!(!heard.is_empty() && heard.iter().all(|bytes| bytes.first().is_none_or(|byte| *byte == 22)));
        }
    }
}

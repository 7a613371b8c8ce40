//! A proxy between the job and the outside world.

use crate::world::*;
use crate::{Effect, Fault, Handshake, Scenario, World};

/// Nothing resolves and nothing is reached but through the proxy.
fn behind_proxy(world: &mut World) {
    world.proxy.in_use = true;
    world.names.otherwise = Some(NameAnswer::Unknown);
}

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("healthy-proxy", "Everything goes through a proxy, names too.").world(behind_proxy),
        Scenario::new("healthy-proxy-login", "The proxy wants a user name and password, and gets them.").world(
            |world| {
                behind_proxy(world);
                world.proxy.login = Some(("runner".into(), PROXY_PASSWORD.into()));
            },
        ),
        Scenario::fails("proxy-failed", "The proxy refuses the tunnel.").world(|world| {
            behind_proxy(world);
            world.proxy.behaviour = ProxyBehaviour::Refuses(403);
        }),
        Scenario::fails("proxy-failed@login", "The proxy wants a user name and password.")
            .input("HTTPS_PROXY", "http://{proxy}")
            .world(|world| {
                behind_proxy(world);
                world.proxy.login = Some(("runner".into(), PROXY_PASSWORD.into()));
            }),
        Scenario::fails("proxy-failed@gateway", "The proxy cannot reach the registry itself.")
            .input("timeout", "4")
            .world(|world| {
                behind_proxy(world);
                world.proxy.behaviour = ProxyBehaviour::Refuses(502);
            }),
        Scenario::fails("proxy-failed@closed", "The proxy closes every connection.").input("timeout", "4").world(
            |world| {
                behind_proxy(world);
                world.proxy.behaviour = ProxyBehaviour::Closes;
            },
        ),
        Scenario::fails("proxy-failed@garbage", "What answers is no proxy.").input("timeout", "4").world(|world| {
            behind_proxy(world);
            world.proxy.behaviour = ProxyBehaviour::Garbage;
        }),
        Scenario::fails("proxy-failed@silence", "The proxy does not answer.").input("timeout", "4").world(|world| {
            behind_proxy(world);
            world.proxy.behaviour = ProxyBehaviour::Silent;
        }),
        Scenario::fails("proxy-failed@refused", "Nobody listens at the proxy's address.")
            .input("timeout", "4")
            .input("HTTPS_PROXY", "http://127.0.0.2:3128")
            .world(behind_proxy),
        Scenario::new("healthy-no-proxy", "Hosts of Azure are reached without the proxy, which would refuse.")
            .input("NO_PROXY", "*.azurecr.io, login.microsoftonline.com .azure.com,graph.microsoft.com")
            .world(|world| {
                world.proxy.in_use = true;
                world.proxy.behaviour = ProxyBehaviour::Refuses(403);
            }),
        Scenario::fails("tls-untrusted@proxy", "The proxy opens TLS and signs with a root that nobody here trusts.")
            .world(|world| {
                behind_proxy(world);
                world.fault(Fault::of("*", Effect::Handshake(Handshake::UnknownIssuer)));
            }),
    ]
}

//! Sign-in with a certificate.

use crate::world::*;
use crate::{Scenario, World};

/// A job that hands over the file of key and certificate, and an application that knows the certificate.
fn with_certificate(scenario: Scenario) -> Scenario {
    scenario
        .without(&["client-secret"])
        .input("client-certificate", "{folder}/pipeline.pem")
        .file_made("pipeline.pem", |world| key_and_certificate(PIPELINE_KEY, world))
        .world(|world| register(world, 200))
}

fn register(world: &mut World, days: i64) {
    world.app().certificates = vec![Certificate::ending_in(days)];
}

fn key_and_certificate(key: &str, world: &World) -> Vec<u8> {
    let certificate = world.tenants[0].applications[0].certificates.first().cloned();
    format!("{key}{}", certificate.unwrap_or_else(|| Certificate::ending_in(200)).pem()).into_bytes()
}

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        with_certificate(Scenario::new("healthy-certificate", "A certificate that lasts, as a PEM file.")),
        with_certificate(Scenario::new("healthy-certificate-text", "The PEM text itself in a variable."))
            .made("client-certificate", |world| {
                String::from_utf8(key_and_certificate(PIPELINE_KEY, world)).unwrap_or_default()
            }),
        with_certificate(Scenario::fails("certificate-invalid", "The application does not know the certificate."))
            .world(|world| world.app().certificates.clear()),
        with_certificate(Scenario::fails(
            "certificate-invalid@foreign-key",
            "Key and certificate do not belong together.",
        ))
        .file_made("pipeline.pem", |world| key_and_certificate(STRANGERS_KEY, world)),
        with_certificate(Scenario::fails(
            "certificate-invalid@unreadable",
            "The file holds neither key nor certificate.",
        ))
        .file("pipeline.pem", "this was a certificate once\n"),
        with_certificate(Scenario::fails(
            "certificate-invalid@no-key",
            "The file holds the certificate without its key.",
        ))
        .file_made("pipeline.pem", |world| key_and_certificate("", world)),
        with_certificate(Scenario::fails("certificate-expired", "The certificate ended three weeks ago."))
            .world(|world| register(world, -21)),
        with_certificate(Scenario::fails(
            "clock-skewed@certificate",
            "The runner's clock is two days ahead: it calls the certificate ended, and signs a proof of the day after tomorrow.",
        ))
        .finds("clock-skewed")
        .finds("certificate-expiring")
        .world(|world| {
            world.clock_ahead = time::Duration::days(-2);
            register(world, -1);
        }),
        with_certificate(Scenario::warns("certificate-expiring", "The certificate ends next week."))
            .world(|world| register(world, 7)),
    ]
}

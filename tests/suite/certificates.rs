//! Certificates as `openssl` writes them are read, judged and signed with.

mod openssl;

use acr_preflight::azure::certificate::{Certificate, CertificateError, client_assertion};
use acr_preflight::plan::CertificateBytes;
use acr_preflight::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::Bench;
use serde_json::Value;
use time::OffsetDateTime;

const AUDIENCE: &str = "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token";
const CLIENT: &str = "1f2e0000-1111-4222-8333-444455556666";

fn read(bytes: impl AsRef<[u8]>, password: Option<&str>) -> Result<Certificate, CertificateError> {
    Certificate::read(&CertificateBytes {
        base64: Secret::new(STANDARD.encode(bytes)),
        password: password.map(Secret::new),
        origin: "client-certificate".to_owned(),
    })
}

/// Lets openssl verify an assertion's signature with the public key of `cert.pem`; gives header and claims.
fn verified(bench: &Bench, certificate: &Certificate) -> (Value, Value) {
    let now = OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap();
    let assertion = client_assertion(certificate, AUDIENCE, CLIENT, now);
    let (signed, signature) = assertion.expose().rsplit_once('.').unwrap();
    bench.write("signed", signed);
    bench.write("signature", URL_SAFE_NO_PAD.decode(signature).unwrap());
    let public_key = bench.run("x509 -in cert.pem -noout -pubkey");
    bench.write("public.pem", public_key);
    let said = bench.run(
        "dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -verify public.pem -signature signature signed",
    );
    assert_eq!(String::from_utf8_lossy(&said).trim(), "Verified OK");
    let (header, claims) = signed.split_once('.').unwrap();
    let part = |text: &str| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    (part(header), part(claims))
}

#[test]
fn an_assertion_has_the_form_that_entra_documents() {
    let Some(bench) = Bench::with_certificate(2048) else { return };
    let certificate = read(bench.joined(&["cert.pem", "key.pem"]), None).unwrap();
    let (header, claims) = verified(&bench, &certificate);
    let der = bench.run("x509 -in cert.pem -outform der");
    bench.write("cert.der", &der);
    let thumbprint = bench.run("dgst -sha256 -binary cert.der");
    assert_eq!(header["alg"], "PS256");
    assert_eq!(header["typ"], "JWT");
    assert_eq!(header["x5t#S256"], URL_SAFE_NO_PAD.encode(thumbprint));
    assert_eq!(header["x5c"], serde_json::json!([STANDARD.encode(&der)]));
    assert_eq!(claims["aud"], AUDIENCE);
    assert_eq!(claims["iss"], CLIENT);
    assert_eq!(claims["sub"], CLIENT);
    assert_eq!(claims["nbf"], 1_790_000_000);
    assert_eq!(claims["exp"], 1_790_000_600);
    let (_, other) = verified(&bench, &certificate);
    assert_ne!(claims["jti"], other["jti"]);
    assert_eq!(claims["jti"].as_str().unwrap().len(), 36);
}

#[test]
fn a_certificate_tells_its_name_its_life_and_its_thumbprints() {
    let Some(bench) = Bench::with_certificate(2048) else { return };
    let certificate = read(bench.joined(&["key.pem", "cert.pem"]), None).unwrap();
    assert_eq!(certificate.subject, "ci-pusher");
    assert_eq!(certificate.not_after - certificate.not_before, time::Duration::days(30));
    let said = |options: &str| {
        let line = bench.run(&format!("x509 -in cert.pem -noout -fingerprint {options}"));
        String::from_utf8(line).unwrap().trim().split_once('=').unwrap().1.replace(':', "")
    };
    assert_eq!(certificate.thumbprint(), said("-sha1"));
    bench.run("x509 -in cert.pem -outform der -out cert.der");
    for named in [
        said("-sha1"),
        said("-sha256").to_lowercase(),
        STANDARD.encode(bench.run("dgst -sha1 -binary cert.der")),
        STANDARD.encode(bench.run("dgst -sha256 -binary cert.der")),
    ] {
        assert!(certificate.is_named_by(&named), "{named}");
    }
    assert!(!certificate.is_named_by("52ED9B5038A47B9E2E2190715CC238359D4F8F73"));
    assert!(!certificate.is_named_by(""));
}

#[test]
fn every_way_to_write_a_key_as_pem_signs_in() {
    let Some(bench) = Bench::with_certificate(2048) else { return };
    bench.run("rsa -in key.pem -traditional -out pkcs1.pem");
    for cipher in ["aes128", "aes192", "aes256", "des3"] {
        bench.run(&format!("rsa -in key.pem -traditional -{cipher} -passout pass:open-it -out pem-{cipher}.pem"));
    }
    bench.run("pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -v2prf hmacWithSHA256 -passout pass:open-it -out aes.pem");
    bench.run("pkcs8 -topk8 -in key.pem -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout pass:open-it -out sha1.pem");
    bench.run("pkcs8 -topk8 -in key.pem -v2 des3 -passout pass:open-it -out des3.pem");
    bench.run("pkcs8 -topk8 -in key.pem -scrypt -scrypt_N 1024 -passout pass:open-it -out scrypt.pem");
    verified(&bench, &read(bench.joined(&["pkcs1.pem", "cert.pem"]), None).unwrap());
    for key in ["pem-aes128", "pem-aes192", "pem-aes256", "pem-des3", "aes", "sha1", "des3", "scrypt"] {
        let both = bench.joined(&["cert.pem", &format!("{key}.pem")]);
        let certificate = read(&both, Some("open-it")).unwrap_or_else(|error| panic!("{key}: {error}"));
        verified(&bench, &certificate);
        assert_eq!(read(&both, Some("open-its")).unwrap_err(), CertificateError::PasswordWrong, "{key}");
        assert_eq!(read(&both, None).unwrap_err(), CertificateError::PasswordMissing, "{key}");
    }
}

#[test]
fn pkcs12_signs_in_with_modern_and_with_legacy_encryption() {
    let Some(bench) = Bench::with_certificate(2048) else { return };
    let mut kinds = vec![
        "-keypbe AES-128-CBC -certpbe AES-256-CBC",
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1",
        "-macalg SHA512",
        "",
    ];
    // RC2 is in openssl's legacy provider, which some distributions leave out.
    if String::from_utf8_lossy(&bench.run("list -providers -provider legacy -provider default")).contains("legacy") {
        kinds.push("-legacy");
        kinds.push("-legacy -keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-RC2-128 -macalg SHA384");
        kinds.push("-legacy -keypbe PBE-SHA1-RC2-40 -certpbe PBE-SHA1-3DES");
    }
    for kind in kinds {
        let archive = bench.pkcs12(&format!("-passout pass:open-it {kind}"));
        let certificate = read(&archive, Some("open-it")).unwrap_or_else(|error| panic!("{kind}: {error}"));
        verified(&bench, &certificate);
        assert_eq!(read(&archive, Some("open-its")).unwrap_err(), CertificateError::PasswordWrong, "{kind}");
        assert_eq!(read(&archive, None).unwrap_err(), CertificateError::PasswordMissing, "{kind}");
        let text = STANDARD.encode(&archive);
        verified(&bench, &read(text, Some("open-it")).unwrap());
    }
}

#[test]
fn pkcs12_with_an_empty_password_or_none_needs_none() {
    let Some(bench) = Bench::with_certificate(2048) else { return };
    verified(&bench, &read(bench.pkcs12("-passout pass:"), None).unwrap());
    verified(&bench, &read(bench.pkcs12("-passout pass: -keypbe NONE -certpbe NONE"), None).unwrap());
    verified(&bench, &read(bench.pkcs12("-passout pass: -keypbe NONE -certpbe NONE -nomac"), None).unwrap());
}

#[test]
fn a_key_of_4096_bits_signs_in() {
    let Some(bench) = Bench::with_certificate(4096) else { return };
    verified(&bench, &read(bench.joined(&["cert.pem", "key.pem"]), None).unwrap());
}

#[test]
fn the_issuers_go_along_without_the_root() {
    let Some(bench) = Bench::open() else { return };
    bench.run("req -x509 -newkey rsa:2048 -noenc -keyout root-key.pem -out root.pem -subj /CN=Root -days 30");
    bench.run("req -newkey rsa:2048 -noenc -keyout middle-key.pem -out middle.csr -subj /CN=Middle");
    bench.run("x509 -req -in middle.csr -CA root.pem -CAkey root-key.pem -CAcreateserial -out middle.pem -days 30");
    bench.run("req -newkey rsa:2048 -noenc -keyout key.pem -out leaf.csr -subj /CN=ci-pusher");
    bench.run("x509 -req -in leaf.csr -CA middle.pem -CAkey middle-key.pem -CAcreateserial -out cert.pem -days 30");
    let certificate = read(bench.joined(&["root.pem", "middle.pem", "key.pem", "cert.pem"]), None).unwrap();
    assert_eq!(certificate.subject, "ci-pusher");
    let (header, _) = verified(&bench, &certificate);
    let der = |name: &str| STANDARD.encode(bench.run(&format!("x509 -in {name} -outform der")));
    assert_eq!(header["x5c"], serde_json::json!([der("cert.pem"), der("middle.pem")]));
    bench.run("pkcs12 -export -in cert.pem -inkey key.pem -certfile middle.pem -out made.pfx -passout pass:x");
    let (header, _) = verified(&bench, &read(bench.read("made.pfx"), Some("x")).unwrap());
    assert_eq!(header["x5c"], serde_json::json!([der("cert.pem"), der("middle.pem")]));
}

#[track_caller]
fn assert_unsupported(error: CertificateError, said: &str) {
    assert!(matches!(&error, CertificateError::Unsupported(words) if words.contains(said)), "{error}");
}

#[test]
fn what_cannot_sign_in_is_named_for_what_it_is() {
    let Some(bench) = Bench::with_certificate(2048) else { return };
    bench.run("req -x509 -newkey rsa:2048 -noenc -keyout other-key.pem -out other.pem -subj /CN=other");
    bench.run(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout ec-key.pem -out ec.pem -subj /CN=ec",
    );
    bench.run("ec -in ec-key.pem -out sec1.pem");
    bench.run("req -x509 -newkey rsa:1024 -noenc -keyout short-key.pem -out short.pem -subj /CN=short");
    let mismatch = read(bench.joined(&["cert.pem", "other-key.pem"]), None).unwrap_err();
    assert_eq!(mismatch, CertificateError::KeyMismatch);
    assert_eq!(read(bench.read("cert.pem"), None).unwrap_err(), CertificateError::NoKey);
    assert_eq!(read(bench.run("x509 -in cert.pem -outform der"), None).unwrap_err(), CertificateError::NoKey);
    assert_eq!(read(bench.read("key.pem"), None).unwrap_err(), CertificateError::NoCertificate);
    for (files, said) in [
        (["ec.pem", "ec-key.pem"], "elliptic-curve"),
        (["ec.pem", "sec1.pem"], "elliptic-curve"),
        (["short.pem", "short-key.pem"], "shorter than 2048 bits"),
    ] {
        assert_unsupported(read(bench.joined(&files), None).unwrap_err(), said);
    }
    let archive = bench.pkcs12("-passout pass:x -macalg SHA224");
    assert_unsupported(read(archive, Some("x")).unwrap_err(), "sealed by the algorithm 2.16.840.1.101.3.4.2.4");
    let archive = bench.pkcs12("-passout pass:x -iter 2000000 -nomac");
    assert_unsupported(read(archive, Some("x")).unwrap_err(), "too much work");
}

#[test]
fn what_is_no_certificate_is_unreadable_and_never_shown() {
    let pem_cut = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq";
    let pem_broken = "-----BEGIN PRIVATE KEY-----\nhunter2!\n-----END PRIVATE KEY-----\n";
    for given in ["", "  \n", "hunter2", "aHVudGVyMg==", pem_cut, pem_broken, "\u{feff}", "MIAGCSqGSIb3DQEHA6CA"] {
        let error = read(given, None).unwrap_err();
        let named = matches!(error, CertificateError::Unreadable(_) | CertificateError::Unsupported(_));
        assert!(named, "{given}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn a_pem_that_lost_its_line_breaks_is_still_read() {
    let Some(bench) = Bench::with_certificate(2048) else { return };
    let both = String::from_utf8(bench.joined(&["cert.pem", "key.pem"])).unwrap();
    for spoilt in
        [both.replace('\n', "\\n"), both.replace('\n', "\r\n"), format!("\u{feff}\n{both}"), both.replace('\n', " ")]
    {
        verified(&bench, &read(spoilt, None).unwrap());
    }
}

#[test]
fn a_certificate_to_be_replaced_is_named_by_its_key_id_in_the_application() {
    let run = crate::harness::run(&simulated_azure::scenario("certificate-expiring").unwrap(), &["--format", "json"]);
    let facts = &run.report()["findings"][0]["facts"];
    assert_eq!(facts["key-id"], "5f4e3d2c-1b0a-4998-8776-655443322110", "{}", run.stdout);
}

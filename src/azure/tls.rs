//! TLS: the trusted roots, and a verifier that remembers who signed what it refused.

mod certificate;

use crate::plan::RootBundle;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A bundle of extra roots that gives none, or not all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableRoots {
    /// The path or input it came from.
    pub origin: String,
    /// What is wrong with it, in words.
    pub what: String,
}

/// The TLS side of the transport.
#[derive(Debug)]
pub(crate) struct Tls {
    /// With ALPN, for the client.
    pub(crate) config: ClientConfig,
    /// Bundles that could not be used.
    pub(crate) unusable: Vec<UnusableRoots>,
    refused: Arc<Refused>,
}

/// The issuers of the certificates that were refused, by the name that was asked for.
type Refused = Mutex<HashMap<String, String>>;

impl Tls {
    /// Trusts the built-in roots and those of the bundles, which are parsed only where there are any.
    pub(crate) fn new(bundles: &[RootBundle]) -> Self {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let unusable = bundles.iter().filter_map(|bundle| add(&mut roots, bundle)).collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let refused = Arc::<Refused>::default();
        let verifier = Recorder { inner: verifier(roots, &provider), refused: refused.clone() };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .expect("ring has suites for both versions")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Self { config, unusable, refused }
    }

    /// Who issued the certificate of this name that was refused last.
    pub(crate) fn issuer(&self, host: &str) -> Option<String> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get(host).cloned()
    }
}

fn verifier(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Arc<WebPkiServerVerifier> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .expect("the built-in roots are there")
}

/// Adds a bundle's certificates; says what is wrong with it.
fn add(roots: &mut RootCertStore, bundle: &RootBundle) -> Option<UnusableRoots> {
    let (mut added, mut refused, mut broken) = (0, 0, None);
    for certificate in CertificateDer::pem_slice_iter(bundle.pem.as_bytes()) {
        match certificate.map(|certificate| roots.add(certificate)) {
            Ok(Ok(())) => added += 1,
            Ok(Err(_)) => refused += 1,
            Err(error) => broken = Some(error.to_string()),
        }
    }
    let what = match (broken, added, refused) {
        (Some(error), ..) => format!("it is not proper PEM: {error}"),
        (None, 0, 0) => "it holds no PEM certificate".into(),
        (None, 0, _) => "none of its certificates can be used as a root".into(),
        // Bundles of whole systems hold a few old certificates that no TLS library takes.
        (None, ..) => return None,
    };
    Some(UnusableRoots { origin: bundle.origin.clone(), what })
}

/// Verifies as `webpki` does, and remembers the issuer of what is refused.
#[derive(Debug)]
struct Recorder {
    inner: Arc<WebPkiServerVerifier>,
    refused: Arc<Refused>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        if verdict.is_err() {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            refused.insert(server_name.to_str().into_owned(), certificate::issuer(end_entity));
        }
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

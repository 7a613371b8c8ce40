//! The certificate authority of the simulated world, made at start, and the certificates it should not have made.

use crate::fault::Handshake;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use time::{Duration, OffsetDateTime};

/// Signs a certificate for each host on demand.
pub(crate) struct CertificateAuthority {
    trusted: CertifiedIssuer<'static, KeyPair>,
    untrusted: CertifiedIssuer<'static, KeyPair>,
    // One key for all hosts: only the certificates matter here, and keys cost time.
    key: KeyPair,
    configurations: Mutex<HashMap<Wish, Arc<ServerConfig>>>,
}

/// Host name, what is wrong on purpose, HTTP/1.1 alone.
type Wish = (String, Option<Handshake>, bool);

impl CertificateAuthority {
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        Ok(Self {
            trusted: authority("Simulated Azure Root")?,
            untrusted: authority("Contoso TLS Inspection")?,
            key: KeyPair::generate()?,
            configurations: Mutex::default(),
        })
    }

    /// The root that clients must trust, PEM.
    pub(crate) fn root(&self) -> String {
        self.trusted.pem()
    }

    /// The server side of a handshake for a host; with HTTP/1.1 alone where bytes must be forged.
    pub(crate) fn configuration(
        &self,
        host: &str,
        wrong: Option<Handshake>,
        http1_only: bool,
    ) -> Option<Arc<ServerConfig>> {
        let mut known = self.configurations.lock().ok()?;
        let key = (host.to_owned(), wrong, http1_only);
        if let Some(configuration) = known.get(&key) {
            return Some(configuration.clone());
        }
        let configuration = Arc::new(self.sign(host, wrong, http1_only)?);
        known.insert(key, configuration.clone());
        Some(configuration)
    }

    fn sign(&self, host: &str, wrong: Option<Handshake>, http1_only: bool) -> Option<ServerConfig> {
        let now = OffsetDateTime::now_utc();
        let (begins, ends) = match wrong {
            Some(Handshake::Expired) => (now - Duration::days(400), now - Duration::days(9)),
            Some(Handshake::NotYetValid) => (now + Duration::days(9), now + Duration::days(400)),
            _ => (now - Duration::days(1), now + Duration::days(90)),
        };
        let named = if wrong == Some(Handshake::WrongHost) { "intranet.contoso.example" } else { host };
        let issuer = if wrong == Some(Handshake::UnknownIssuer) { &self.untrusted } else { &self.trusted };
        let mut parameters = CertificateParams::new(vec![named.to_owned()]).ok()?;
        parameters.distinguished_name.push(DnType::CommonName, named);
        parameters.not_before = begins;
        parameters.not_after = ends;
        parameters.use_authority_key_identifier_extension = true;
        let leaf: CertificateDer<'static> = parameters.signed_by(&self.key, issuer).ok()?.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
        let mut configuration =
            builder.with_no_client_auth().with_single_cert(vec![leaf, issuer.der().clone()], key).ok()?;
        configuration.alpn_protocols =
            if http1_only { vec![b"http/1.1".to_vec()] } else { vec![b"h2".to_vec(), b"http/1.1".to_vec()] };
        Some(configuration)
    }
}

fn authority(name: &str) -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut parameters = CertificateParams::new(Vec::new())?;
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.not_before = OffsetDateTime::now_utc() - Duration::days(500);
    parameters.not_after = OffsetDateTime::now_utc() + Duration::days(3650);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)
}

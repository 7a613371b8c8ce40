//! A certificate as PEM or PKCS#12, with and without a password.
#![no_main]

use acr_preflight::azure::certificate::Certificate;
use acr_preflight::plan::CertificateBytes;
use acr_preflight::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for password in [None, Some(Secret::new("hunter2"))] {
        let base64 = Secret::new(STANDARD.encode(data));
        if let Ok(certificate) = Certificate::read(&CertificateBytes { base64, password, origin: "fuzz.pem".into() }) {
            assert_eq!(certificate.thumbprint().len(), 40);
        }
    }
});

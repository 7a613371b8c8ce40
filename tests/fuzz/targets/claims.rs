//! The claims of a token in hand: absurd values read as absent.
#![no_main]

use acr_preflight::azure::claims::Claims;
use acr_preflight::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    read(&String::from_utf8_lossy(data));
    // As the claims of a token whose outside is right, so that the JSON is reached too.
    read(&format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(data)));
});

fn read(token: &str) {
    let Some(claims) = Claims::decode(&Secret::new(token)) else { return };
    claims.expires_on();
    claims.moment("iat");
    claims.audiences();
    claims.application();
    claims.tenant();
    claims.permissions();
    claims.access();
}

//! Keys made of a password as PKCS#12 makes them (RFC 7292, appendix B).

use ring::digest::{Algorithm, Context, digest};
use secrecy::zeroize::Zeroizing;

/// What a key is made for; the number goes into it.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Encryption = 1,
    InitialVector = 2,
    Seal = 3,
}

/// More rounds than any tool writes; a file that asks for more is made to waste time.
const MOST_ROUNDS: u32 = 1_000_000;

/// Makes a key of so many bytes; nothing where the rounds are none or absurd.
pub(super) fn derive(
    algorithm: &'static Algorithm,
    purpose: Purpose,
    password: &str,
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Option<Zeroizing<Vec<u8>>> {
    if !(1..=MOST_ROUNDS).contains(&rounds) {
        return None;
    }
    let block = algorithm.block_len();
    let mut filled = repeated(salt, block);
    filled.extend_from_slice(&repeated(&wide(password), block));
    let diversifier = vec![purpose as u8; block];
    let mut key = Zeroizing::new(Vec::with_capacity(length + block));
    loop {
        let mut first = Context::new(algorithm);
        first.update(&diversifier);
        first.update(&filled);
        let mut hash = first.finish();
        for _ in 1..rounds {
            hash = digest(algorithm, hash.as_ref());
        }
        key.extend_from_slice(hash.as_ref());
        if key.len() >= length {
            key.truncate(length);
            return Some(key);
        }
        let added = repeated(hash.as_ref(), block);
        for chunk in filled.chunks_exact_mut(block) {
            add_with_one(chunk, &added);
        }
    }
}

/// The password as UTF-16 in network order, with a closing zero.
fn wide(password: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(password.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect())
}

/// The bytes again and again, up to a whole number of blocks.
fn repeated(bytes: &[u8], block: usize) -> Zeroizing<Vec<u8>> {
    let length = bytes.len().div_ceil(block) * block;
    Zeroizing::new(bytes.iter().copied().cycle().take(length).collect())
}

/// `number = number + added + 1`, as big-endian numbers of one length.
fn add_with_one(number: &mut [u8], added: &[u8]) {
    let mut carry = 1;
    for (digit, added) in number.iter_mut().zip(added).rev() {
        let sum = u16::from(*digit) + u16::from(*added) + carry;
        *digit = sum.to_be_bytes()[1];
        carry = sum >> 8;
    }
}

#[cfg(test)]
mod tests {
    use super::{Purpose, derive};
    use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256};

    fn hexadecimal(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// The vectors of RustCrypto's tests, verified there against openssl's `PKCS12_key_gen_utf8`.
    #[test]
    fn keys_are_those_that_other_implementations_make() {
        let salt = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08];
        let made = |algorithm, purpose, length| {
            hexadecimal(&derive(algorithm, purpose, "ge@äheim", &salt, 100, length).unwrap())
        };
        assert_eq!(
            made(&SHA256, Purpose::Encryption, 32),
            "FAE4D4957A3CC781E1180B9D4FB79C1E0C8579B746A3177E5B0768A3118BF863"
        );
        assert_eq!(
            made(&SHA256, Purpose::InitialVector, 32),
            "E5FF813BC6547DE5155B14D2FADA85B3201A977349DB6E26CCC998D9E8F83D6C"
        );
        assert_eq!(
            made(&SHA256, Purpose::Seal, 32),
            "136355ED9434516682534F46D63956DB5FF06B844702C2C1F3B46321E2524A4D"
        );
    }

    #[test]
    fn absurd_rounds_are_refused() {
        for rounds in [0, u32::MAX] {
            assert!(derive(&SHA1_FOR_LEGACY_USE_ONLY, Purpose::Seal, "x", b"salt", rounds, 20).is_none());
        }
    }
}

//! Random tokens, and the hashes by which they are found again.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};

/// The beginning of API keys, by which scanners of secrets know them.
pub(super) const API_KEY: &str = "gsk_";
/// The beginning of embed tokens.
pub(super) const EMBED_TOKEN: &str = "gse_";

/// 256 random bits as text behind a prefix.
///
/// # Panics
/// Where the system has no randomness: nothing could be safe.
pub(super) fn random(prefix: &str) -> String {
    let mut bytes = [0; 32];
    #[expect(clippy::expect_used, reason = "without randomness nothing is safe")]
    SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
    format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// The SHA-256 of a token, in hexadecimal. The tokens are random and long, so a plain hash can't be
/// turned back.
pub(super) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The SHA-256 of a text as PKCE wants it.
pub(super) fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_differ_and_the_challenge_is_that_of_rfc_7636() {
        let (one, other) = (random(API_KEY), random(API_KEY));
        assert!(one != other && one.starts_with("gsk_") && one.len() == 47, "{one}");
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}

//! *ring* in the place where `jsonwebtoken` takes its cryptography from: signatures of key pairs are
//! verified, nothing is signed, and shared secrets are not accepted.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::signature as ring_signature;

static RING: CryptoProvider =
    CryptoProvider { signer_factory, verifier_factory, key_utils: KeyUtils::new_unimplemented() };

/// Has tokens verified by *ring*.
pub(in crate::identity) fn install() {
    if RING.install_default().is_err() {
        tracing::trace!("the cryptography of tokens had been chosen before");
    }
}

fn signer_factory(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    Err(ErrorKind::InvalidAlgorithm.into())
}

fn verifier_factory(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let method = match algorithm {
        RS256 => Method::Rsa(&ring_signature::RSA_PKCS1_2048_8192_SHA256),
        RS384 => Method::Rsa(&ring_signature::RSA_PKCS1_2048_8192_SHA384),
        RS512 => Method::Rsa(&ring_signature::RSA_PKCS1_2048_8192_SHA512),
        PS256 => Method::Rsa(&ring_signature::RSA_PSS_2048_8192_SHA256),
        PS384 => Method::Rsa(&ring_signature::RSA_PSS_2048_8192_SHA384),
        PS512 => Method::Rsa(&ring_signature::RSA_PSS_2048_8192_SHA512),
        ES256 => Method::Other(&ring_signature::ECDSA_P256_SHA256_FIXED),
        ES384 => Method::Other(&ring_signature::ECDSA_P384_SHA384_FIXED),
        EdDSA => Method::Other(&ring_signature::ED25519),
        _ => return Err(ErrorKind::InvalidAlgorithm.into()),
    };
    if !key.family().algorithms().contains(algorithm) {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(RingVerifier { algorithm: *algorithm, method, key: key.clone() }))
}

enum Method {
    Rsa(&'static ring_signature::RsaParameters),
    Other(&'static dyn ring_signature::VerificationAlgorithm),
}

struct RingVerifier {
    algorithm: Algorithm,
    method: Method,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], given: &Vec<u8>) -> Result<(), signature::Error> {
        let outcome = match (&self.method, self.key.kind()) {
            (Method::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                ring_signature::RsaPublicKeyComponents { n, e }.verify(parameters, message, given)
            }
            (Method::Other(algorithm), DecodingKeyKind::SecretOrDer(key)) => {
                ring_signature::UnparsedPublicKey::new(*algorithm, key).verify(message, given)
            }
            _ => Err(ring::error::Unspecified),
        };
        outcome.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

//! Authentication with Snowflake: a short-lived token signed with the user's private key, or an
//! access token.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use secrecy::{ExposeSecret as _, SecretString};

use crate::configuration::source::SnowflakeSettings;
use crate::credentials::SourceCredentials;
use crate::secret::Secret;
use crate::sources::SourceError;

/// The lifetime of a signed token. Each request has its own; Snowflake's maximum is one hour.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// The algorithm identifier of RSA public keys (RFC 5280, 4.1.2.7; RFC 8017, A.1).
const RSA_ALGORITHM: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// The means of authentication.
pub(super) enum Auth {
    /// The private key of a key pair.
    KeyPair(Box<SigningKey>),
    /// A programmatic access token.
    AccessToken(SecretString),
}

impl Auth {
    /// The configured key, or else the token.
    ///
    /// # Errors
    /// [`SourceError::MissingSetting`] if there is neither; [`SourceError::Auth`] if it can't be
    /// used.
    pub(super) fn of(
        settings: &SnowflakeSettings,
        credentials: &SourceCredentials,
        account: &str,
        user: &str,
    ) -> Result<Self, SourceError> {
        let text = |secret: &Option<Secret>, file: &Option<std::path::PathBuf>| match (secret, file) {
            (Some(secret), _) => Ok(Some(SecretString::from(secret.reveal()))),
            (None, Some(file)) => read(file).map(Some),
            (None, None) => Ok(None),
        };
        if let Some(pem) = text(&credentials.snowflake_private_key, &settings.private_key_file)? {
            return Ok(Self::KeyPair(Box::new(SigningKey::of(&pem, account, user)?)));
        }
        if let Some(token) = text(&credentials.snowflake_token, &settings.token_file)? {
            return Ok(Self::AccessToken(token.expose_secret().trim().into()));
        }
        Err(SourceError::MissingSetting(
            "GRIDSPARK_SNOWFLAKE_PRIVATE_KEY, or [source.snowflake] private_key_file = \"FILE.p8\"",
        ))
    }

    /// The token type in the SQL API's terms.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::KeyPair(_) => "KEYPAIR_JWT",
            Self::AccessToken(_) => "PROGRAMMATIC_ACCESS_TOKEN",
        }
    }

    /// The token for one request.
    ///
    /// # Errors
    /// [`SourceError::Auth`] if the key can't sign.
    pub(super) fn token(&self, now: DateTime<Utc>) -> Result<SecretString, SourceError> {
        match self {
            Self::KeyPair(key) => key.signed(now),
            Self::AccessToken(token) => Ok(token.clone()),
        }
    }

    /// What an administrator has to do to grant access.
    pub(super) fn remedy(&self, user: &str) -> String {
        match self {
            Self::KeyPair(key) => format!(
                "register the public key with ALTER USER {user} SET RSA_PUBLIC_KEY = '…'; DESC USER {user} must show \
                 the fingerprint {}, and [source.snowflake] account and user must be right, and this host's clock",
                key.fingerprint
            ),
            Self::AccessToken(_) => format!(
                "make a new programmatic access token for {user}, allow this host in its network policy, and set \
                 GRIDSPARK_SNOWFLAKE_TOKEN or [source.snowflake] token_file"
            ),
        }
    }
}

/// A private key with its user.
pub(super) struct SigningKey {
    pair: RsaKeyPair,
    /// `ACCOUNT.USER`.
    subject: String,
    /// The fingerprint of the public key, as Snowflake shows it.
    fingerprint: String,
}

impl SigningKey {
    fn of(pem: &SecretString, account: &str, user: &str) -> Result<Self, SourceError> {
        let refuse = |reason: &str| SourceError::Auth {
            what: "the private key for Snowflake".to_owned(),
            reason: reason.to_owned(),
        };
        let text = pem.expose_secret();
        if text.contains("BEGIN ENCRYPTED PRIVATE KEY") {
            return Err(refuse(
                "it is encrypted; decrypt it with `openssl pkcs8 -in KEY.p8 -out PLAIN.p8`, and keep that in Vault or in \
                 a file that nobody else may read",
            ));
        }
        if text.contains("BEGIN RSA PRIVATE KEY") {
            return Err(refuse(
                "it is of PKCS #1; convert it with `openssl pkcs8 -topk8 -nocrypt -in KEY.pem -out KEY.p8`",
            ));
        }
        let how = "make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out KEY.p8`";
        let der = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes())
            .map_err(|_| refuse(&format!("it is no PEM of PKCS #8; {how}")))?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map_err(|error| refuse(&format!("it is no RSA key of 2048 to 4096 bits ({error}); {how}")))?;
        let public = public_key(pair.public_key().as_ref());
        let digest = ring::digest::digest(&ring::digest::SHA256, &public);
        // The region of an account locator isn't part of its name.
        let name = account.split('.').next().unwrap_or_default().to_ascii_uppercase();
        Ok(Self {
            pair,
            subject: format!("{name}.{}", user.to_ascii_uppercase()),
            fingerprint: format!("SHA256:{}", BASE64_STANDARD.encode(digest)),
        })
    }

    /// A JSON web token (RFC 7519), signed with RS256.
    fn signed(&self, now: DateTime<Utc>) -> Result<SecretString, SourceError> {
        let claims = serde_json::json!({
            "iss": format!("{}.{}", self.subject, self.fingerprint),
            "sub": self.subject,
            "iat": now.timestamp(),
            "exp": (now + LIFETIME).timestamp(),
        });
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
        let signed = format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let done = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature);
        done.map_err(|_| SourceError::Auth {
            what: "the private key for Snowflake".to_owned(),
            reason: "it does not sign; make a new one".to_owned(),
        })?;
        Ok(format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)).into())
    }
}

fn read(file: &Path) -> Result<SecretString, SourceError> {
    let unreadable = |error| SourceError::Auth {
        what: format!("the key or token for Snowflake in {}", file.display()),
        reason: format!("{error}; check [source.snowflake] private_key_file and token_file"),
    };
    std::fs::read_to_string(file).map(SecretString::from).map_err(unreadable)
}

/// The SubjectPublicKeyInfo structure around an RSA key's numbers, from which fingerprints are
/// computed.
fn public_key(numbers: &[u8]) -> Vec<u8> {
    // A bit string begins with its number of unused bits.
    let bits = [&[0], numbers].concat();
    tagged(0x30, &[&RSA_ALGORITHM[..], &tagged(0x03, &bits)].concat())
}

/// A DER value with tag and length.
fn tagged(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut structure = vec![tag];
    match u8::try_from(value.len()) {
        Ok(short) if short < 0x80 => structure.push(short),
        _ => {
            let bytes = value.len().to_be_bytes();
            let significant: Vec<u8> = bytes.iter().copied().skip_while(|&byte| byte == 0).collect();
            // At most eight bytes.
            structure.push(0x80 | significant.len() as u8);
            structure.extend(significant);
        }
    }
    structure.extend(value);
    structure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_der_has_them() {
        assert_eq!(tagged(0x03, &[7; 3])[..2], [0x03, 3]);
        assert_eq!(tagged(0x03, &[7; 0x80])[..3], [0x03, 0x81, 0x80]);
        assert_eq!(tagged(0x30, &[7; 0x126])[..4], [0x30, 0x82, 0x01, 0x26]);
    }

    #[test]
    fn a_key_of_another_form_is_refused_with_the_command_that_converts_it() {
        let refusal = |pem: &str| SigningKey::of(&pem.into(), "a", "b").err().unwrap().to_string();
        assert!(refusal("-----BEGIN ENCRYPTED PRIVATE KEY-----").contains("openssl pkcs8 -in"));
        assert!(refusal("-----BEGIN RSA PRIVATE KEY-----").contains("-topk8"));
        assert!(refusal("sesame").contains("openssl genpkey"));
        assert!(!refusal("sesame").contains("sesame"));
    }

    #[test]
    fn without_key_and_token_the_setting_is_named() {
        let error = Auth::of(&SnowflakeSettings::default(), &SourceCredentials::default(), "a", "b")
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("private_key_file"), "{error}");
    }
}

//! JSON Web Tokens: parsed and validated by `jsonwebtoken`, their signatures verified by *ring*.

mod key_set;
mod signatures;

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use super::Refusal;
pub(super) use key_set::KeySet;
pub(super) use signatures::install;

/// How far the clocks of issuer and server may differ.
pub(super) const CLOCK_SKEW_SECONDS: u64 = 300;
/// A longer token is none.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The claims of a token.
pub(super) type Claims = Map<String, Value>;

/// What a token has to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    /// What a sign-in has sent along.
    pub(super) nonce: Option<&'a str>,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It isn't one.
    #[error("it is no signed token")]
    Malformed,
    /// Its algorithm is none of a key pair.
    #[error("its algorithm is not accepted")]
    Algorithm,
    /// None of the keys is the one that it names.
    #[error("it is signed with an unknown key")]
    UnknownKey,
    /// Signature, issuer, audience or times are wrong.
    #[error("{0}")]
    Invalid(String),
    /// The keys can't be fetched.
    #[error("the keys of its issuer cannot be fetched: {0}")]
    Keys(String),
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Keys(reason) => {
                tracing::error!("nobody can be let in: {reason}");
                Self::ProviderAway
            }
            error => {
                tracing::warn!("a token was refused: {error}");
                Self::WrongToken
            }
        }
    }
}

/// Verifies a token with the keys of a JSON Web Key Set; its claims as JSON.
///
/// # Errors
/// [`TokenError`].
pub fn verify_with_keys(keys: &[u8], token: &str, issuer: &str, audience: &str) -> Result<Value, TokenError> {
    install();
    let keys: JwkSet = serde_json::from_slice(keys).map_err(|error| TokenError::Keys(error.to_string()))?;
    verify(&keys, token, &Wanted { issuer, audience, nonce: None }).map(Value::Object)
}

fn verify(keys: &JwkSet, token: &str, wanted: &Wanted<'_>) -> Result<Claims, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::Malformed);
    }
    let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
    // A token for access to something else says so (RFC 9068), and names nobody here.
    if header.typ.as_deref().is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT")) {
        return Err(TokenError::Invalid("it is a token of another kind".to_owned()));
    }
    let fits =
        |key: &&Jwk| is_for(key, header.alg) && (header.kid.is_none() || key.common.key_id == header.kid);
    let mut failure = TokenError::UnknownKey;
    for key in keys.keys.iter().filter(fits) {
        let Ok(key) = DecodingKey::from_jwk(key) else { continue };
        if key.family() == AlgorithmFamily::Hmac || !key.family().algorithms().contains(&header.alg) {
            failure = TokenError::Algorithm;
            continue;
        }
        match decode::<Claims>(token, &key, &validation(header.alg, wanted)) {
            Ok(data) => return checked(data.claims, wanted),
            Err(error) => failure = TokenError::Invalid(error.to_string()),
        }
    }
    Err(failure)
}

/// Whether a key may have signed with an algorithm, by what is said of it.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    let is_for_signatures =
        key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    let said = key.common.key_algorithm.map(|algorithm| algorithm.to_string());
    is_for_signatures && said.is_none_or(|said| said == format!("{algorithm:?}"))
}

fn validation(algorithm: Algorithm, wanted: &Wanted<'_>) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = CLOCK_SKEW_SECONDS;
    validation.validate_nbf = true;
    validation.set_issuer(&[wanted.issuer]);
    validation.set_audience(&[wanted.audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation
}

/// What the crate does not check: the time of issue, the party that a token for several is for, the
/// nonce.
fn checked(claims: Claims, wanted: &Wanted<'_>) -> Result<Claims, TokenError> {
    let wrong = |what: &str| Err(TokenError::Invalid(what.to_owned()));
    if !claims.get("iss").is_some_and(Value::is_string) {
        return wrong("it has several issuers");
    }
    let latest = jsonwebtoken::get_current_timestamp() + CLOCK_SKEW_SECONDS;
    if claims.get("iat").is_some_and(|issued| issued.as_f64().is_none_or(|issued| issued > latest as f64)) {
        return wrong("it was issued in the future");
    }
    let is_for_several = claims.get("aud").and_then(Value::as_array).is_some_and(|list| list.len() > 1);
    let party = claims.get("azp").and_then(Value::as_str);
    if party.is_some_and(|party| party != wanted.audience) || (is_for_several && party.is_none()) {
        return wrong("it is for another party");
    }
    if let Some(nonce) = wanted.nonce
        && claims.get("nonce").and_then(Value::as_str) != Some(nonce)
    {
        return wrong("it is not of this sign-in");
    }
    Ok(claims)
}

/// A claim that is a text.
pub(super) fn claimed_text(claims: &Claims, name: &str) -> Option<String> {
    claims.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A claim that is a list of texts, or a text with commas. A dot leads into objects, as in
/// `realm_access.roles`.
pub(super) fn claimed_groups(claims: &Claims, name: &str) -> Vec<String> {
    let found = claims.get(name).or_else(|| {
        let mut steps = name.split('.');
        let first = claims.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    });
    let plain = |group: &str| group.trim().to_owned();
    let groups: Vec<String> = match found {
        Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).map(plain).collect(),
        Some(Value::String(groups)) => groups.split(',').map(plain).collect(),
        _ => Vec::new(),
    };
    groups.into_iter().filter(|group| !group.is_empty()).collect()
}

#[cfg(test)]
mod tests;

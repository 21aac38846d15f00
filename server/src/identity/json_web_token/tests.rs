use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::json;

use super::*;

struct Issuer {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Issuer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self { pair, random }
    }

    fn keys(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
        let key =
            json!({"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "alg": "ES256", "x": x, "y": y});
        json!({ "keys": [key] }).to_string().into_bytes()
    }

    fn token(&self, header: Value, claims: Value) -> String {
        let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let signature = self.pair.sign(&self.random, message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64.encode(signature.as_ref()))
    }

    fn verdict(&self, header: Value, changed: Value) -> Result<Value, TokenError> {
        let now = jsonwebtoken::get_current_timestamp();
        let mut claims =
            json!({"iss": "https://i", "aud": "grid", "sub": "ada", "iat": now, "exp": now + 60});
        for (name, value) in changed.as_object().unwrap() {
            claims[name] = value.clone();
        }
        verify_with_keys(&self.keys(), &self.token(header, claims), "https://i", "grid")
    }
}

fn es256() -> Value {
    json!({"alg": "ES256", "kid": "one"})
}

#[test]
fn a_signed_token_for_us_is_accepted_within_five_minutes_of_its_times() {
    let (issuer, now) = (Issuer::new(), jsonwebtoken::get_current_timestamp());
    assert_eq!(issuer.verdict(es256(), json!({})).unwrap()["sub"], "ada");
    for changed in [
        json!({"exp": now - 290}),
        json!({"nbf": now + 290, "iat": now + 290}),
        json!({"aud": ["grid"]}),
        json!({"aud": ["grid", "other"], "azp": "grid"}),
    ] {
        assert!(issuer.verdict(es256(), changed.clone()).is_ok(), "{changed}");
    }
}

#[test]
fn what_is_for_others_too_old_too_new_or_incomplete_is_refused() {
    let (issuer, now) = (Issuer::new(), jsonwebtoken::get_current_timestamp());
    for changed in [
        json!({"exp": now - 310}),
        json!({"exp": null}),
        json!({"nbf": now + 310}),
        json!({"iat": now + 310}),
        json!({"iat": "soon"}),
        json!({"iss": "https://j"}),
        json!({"iss": null}),
        json!({"iss": ["https://i"]}),
        json!({"iss": ["https://j", "https://i"]}),
        json!({"aud": "other"}),
        json!({"aud": []}),
        json!({"aud": null}),
        json!({"aud": ["grid", "other"]}),
        json!({"azp": "other"}),
    ] {
        assert!(issuer.verdict(es256(), changed.clone()).is_err(), "{changed}");
    }
}

#[test]
fn a_token_of_another_kind_names_nobody() {
    let issuer = Issuer::new();
    let kind = |kind: &str| json!({"alg": "ES256", "kid": "one", "typ": kind});
    assert!(issuer.verdict(kind("JWT"), json!({})).is_ok() && issuer.verdict(kind("jwt"), json!({})).is_ok());
    for other in ["at+jwt", "application/at+jwt", "logout+jwt", "dpop+jwt"] {
        assert!(issuer.verdict(kind(other), json!({})).is_err(), "{other}");
    }
}

#[test]
fn no_other_algorithm_or_key_and_no_changed_byte_is_accepted() {
    let issuer = Issuer::new();
    for header in [
        json!({"alg": "none", "kid": "one"}),
        json!({"alg": "HS256", "kid": "one"}),
        json!({"alg": "RS256", "kid": "one"}),
        json!({"alg": "ES384", "kid": "one"}),
        json!({"alg": "ES256", "kid": "two"}),
    ] {
        assert!(issuer.verdict(header.clone(), json!({})).is_err(), "{header}");
    }
    let stranger = Issuer::new();
    let now = jsonwebtoken::get_current_timestamp();
    let claims = json!({"iss": "https://i", "aud": "grid", "exp": now + 60});
    // A key in the token's own header is nobody's.
    let own: Value = serde_json::from_slice(&stranger.keys()).unwrap();
    let header = json!({"alg": "ES256", "kid": "one", "jwk": own["keys"][0]});
    assert!(
        verify_with_keys(&issuer.keys(), &stranger.token(header, claims.clone()), "https://i", "grid")
            .is_err()
    );
    let token = issuer.token(es256(), claims);
    assert!(verify_with_keys(&issuer.keys(), &token, "https://i", "grid").is_ok());
    for place in (0..token.len()).step_by(7) {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'Q' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verify_with_keys(&issuer.keys(), &changed, "https://i", "grid").is_err(), "{place}");
    }
    // The public key as the secret of a symmetric signature.
    let secret = json!({"keys": [{"kty": "oct", "kid": "one", "k": "c2VjcmV0"}]}).to_string();
    let header = json!({"alg": "HS256", "kid": "one"});
    assert!(
        verify_with_keys(secret.as_bytes(), &issuer.token(header, json!({})), "https://i", "grid").is_err()
    );
}

#[test]
fn ed25519_is_verified_as_well() {
    let random = SystemRandom::new();
    let pair = Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&random).unwrap().as_ref()).unwrap();
    let keys =
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(pair.public_key().as_ref())}]});
    let claims = json!({"iss": "i", "aud": "a", "exp": jsonwebtoken::get_current_timestamp()});
    let message = format!("{}.{}", BASE64.encode(r#"{"alg":"EdDSA"}"#), BASE64.encode(claims.to_string()));
    let token = format!("{message}.{}", BASE64.encode(pair.sign(message.as_bytes()).as_ref()));
    assert!(verify_with_keys(keys.to_string().as_bytes(), &token, "i", "a").is_ok());
}

#[test]
fn groups_are_read_from_lists_texts_and_objects() {
    let claims = json!({"groups": ["a", " b ", 1, ""], "role": "x, y,", "realm": {"roles": ["r"]}});
    let claims = claims.as_object().unwrap();
    assert_eq!(claimed_groups(claims, "groups"), ["a", "b"]);
    assert_eq!(claimed_groups(claims, "role"), ["x", "y"]);
    assert_eq!(claimed_groups(claims, "realm.roles"), ["r"]);
    assert!(claimed_groups(claims, "realm.none.at").is_empty());
}

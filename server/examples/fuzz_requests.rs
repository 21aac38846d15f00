//! Mutated tokens, headers, settings and requests through what reads them before anybody is known:
//! nothing may panic, and nothing that was changed may be believed.
//!
//! `just fuzz` runs each target for so many seconds (`--seconds 20`), from the seed `--seed 1`: the
//! same inputs in every run.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

#[path = "../../crates/readings/examples/fuzz/mutate.rs"]
mod mutate;

use std::time::{Duration, Instant};

use axum::http::{HeaderValue, Request};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use gridspark::configuration::Configuration;
use gridspark::configuration::identity::{Addresses, Origin};
use gridspark::identity::{Peer, client_address, verify_with_keys};
use mutate::Mutator;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

/// Inputs between two looks at the clock.
const INPUTS_PER_LOOK: u64 = 64;

/// One input; whether it was accepted.
type Try = Box<dyn FnMut(&[u8]) -> bool>;

struct Target {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    attempt: Try,
}

fn tokens() -> Target {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
    let point = pair.public_key().as_ref();
    let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
    let keys = format!(r#"{{"keys":[{{"kty":"EC","crv":"P-256","kid":"one","x":"{x}","y":"{y}"}}]}}"#);
    let claims = r#"{"iss":"i","aud":"a","exp":99999999999,"sub":"ada"}"#;
    let message = format!("{}.{}", BASE64.encode(r#"{"alg":"ES256","kid":"one"}"#), BASE64.encode(claims));
    let signature = pair.sign(&random, message.as_bytes()).unwrap();
    let token = format!("{message}.{}", BASE64.encode(signature.as_ref()));
    let none = format!("{}.{}.", BASE64.encode(r#"{"alg":"none"}"#), BASE64.encode(claims));
    let (right, wrong) = (token.clone(), none.clone());
    let attempt = move |input: &[u8]| {
        let text = String::from_utf8_lossy(input);
        let is_accepted = verify_with_keys(keys.as_bytes(), &text, "i", "a").is_ok();
        assert!(!is_accepted || text == right, "a changed token was believed: {text}");
        assert!(!is_accepted || text != wrong);
        // The keys come over the network too.
        let _ = verify_with_keys(input, &right, "i", "a");
        is_accepted
    };
    Target {
        name: "tokens",
        seeds: vec![
            token.into_bytes(),
            none.into_bytes(),
            br#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#.to_vec(),
        ],
        attempt: Box::new(attempt),
    }
}

fn headers() -> Target {
    let proxies = vec![Addresses::try_from("10.0.0.0/8".to_owned()).unwrap()];
    let attempt = move |input: &[u8]| {
        let Ok(value) = HeaderValue::from_bytes(input) else { return false };
        let request = Request::builder().header("x-forwarded-for", value.clone()).header("cookie", value);
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(Peer("192.0.2.1".parse().unwrap()));
        let address = client_address(&parts, &proxies).unwrap();
        assert_eq!(address.to_string(), "192.0.2.1", "who is no proxy can't name another address");
        parts.extensions.insert(Peer("10.0.0.1".parse().unwrap()));
        client_address(&parts, &proxies).is_some()
    };
    let seeds: [&[u8]; 3] = [b"1.2.3.4, 10.0.0.2", b"::1, [::1]:80, unknown", b"__Host-gridspark=abc; a=b"];
    Target { name: "headers", seeds: seeds.map(<[u8]>::to_vec).to_vec(), attempt: Box::new(attempt) }
}

fn settings() -> Target {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gridspark.toml");
    let attempt = move |input: &[u8]| {
        let _kept = &folder;
        std::fs::write(&path, input).unwrap();
        let Ok(configuration) = Configuration::load(Some(&path), None) else { return false };
        let identity = configuration.identity;
        let everyone = "0.0.0.0:80".parse().unwrap();
        assert!(identity.may_listen_on(everyone).is_err() == identity.way_in.is_none());
        true
    };
    let deploy = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy");
    let files = ["compose/gridspark.toml", "kubernetes/production/gridspark.toml"];
    let seeds = files.map(|file| std::fs::read(format!("{deploy}/{file}")).unwrap());
    Target { name: "settings", seeds: seeds.to_vec(), attempt: Box::new(attempt) }
}

fn origins() -> Target {
    let attempt = |input: &[u8]| {
        let Ok(origin) = Origin::try_from(String::from_utf8_lossy(input).into_owned()) else { return false };
        let text = origin.to_string();
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"'\";,".contains(&byte));
        assert!(is_plain, "{text:?} would end a directive of the policy");
        true
    };
    let seeds: [&[u8]; 3] =
        [b"https://portal.example.org", b"http://[::1]:8000", b"https://a.example; script-src *"];
    Target { name: "origins", seeds: seeds.map(<[u8]>::to_vec).to_vec(), attempt: Box::new(attempt) }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str, default: u64| {
        let place = arguments.iter().position(|argument| argument == name);
        place.and_then(|place| arguments.get(place + 1)?.parse().ok()).unwrap_or(default)
    };
    let limit = Duration::from_secs(number("--seconds", 20));
    println!("{:<12} {:>10} {:>10} {:>10}", "target", "inputs", "a second", "accepted");
    for mut target in [tokens(), headers(), settings(), origins()] {
        let mut mutator = Mutator::new(number("--seed", 1), target.seeds);
        let (mut inputs, mut accepted, begun) = (0_u64, 0_u64, Instant::now());
        while begun.elapsed() < limit {
            for _ in 0..INPUTS_PER_LOOK {
                accepted += u64::from((target.attempt)(&mutator.next_input()));
                inputs += 1;
            }
        }
        let rate = inputs as f64 / begun.elapsed().as_secs_f64();
        println!("{:<12} {inputs:>10} {rate:>10.0} {accepted:>10}", target.name);
    }
}

//! Mutated tokens, headers, settings and requests through what reads them: nothing may panic, and nothing
//! that was changed may be believed. Queries, bodies, forms and keys go through the whole dashboard.
//!
//! `just fuzz` runs each target (or one, `--target queries`) for so many seconds (`--seconds 20`) or over so
//! many inputs (`--inputs 1000000`), from the seed `--seed 1`: the same inputs in every run.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

#[path = "../../crates/readings/examples/fuzz/mutate.rs"]
mod mutate;

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use gridspark::configuration::Configuration;
use gridspark::configuration::identity::{Addresses, Origin};
use gridspark::credentials::Credentials;
use gridspark::http::{Site, dashboard};
use gridspark::identity::{Identity, Peer, client_address, verify_with_keys};
use gridspark::telemetry::Metrics;
use mutate::Mutator;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// Inputs between two looks at the clock.
const INPUTS_PER_LOOK: u64 = 64;

/// Makes a target, with its server if it has one.
type MakeTarget = fn() -> Target;

/// One input; whether it was accepted.
type Try = Box<dyn FnMut(&[u8]) -> bool>;

struct Target {
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
    Target { seeds: seeds.map(<[u8]>::to_vec).to_vec(), attempt: Box::new(attempt) }
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
    Target { seeds: seeds.to_vec(), attempt: Box::new(attempt) }
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
    Target { seeds: seeds.map(<[u8]>::to_vec).to_vec(), attempt: Box::new(attempt) }
}

/// A dashboard over an empty store, behind a proxy that names an operator.
struct Served {
    runtime: Runtime,
    router: Router,
    asked: u32,
    _folder: TempDir,
}

impl Served {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let within = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(within("pkg")).unwrap();
        let assets = r#"{"gridspark.css": "a.css", "echarts.js": "a.js"}"#;
        std::fs::write(within("pkg/assets.json"), assets).unwrap();
        std::fs::write(within("pkg/hash.txt"), "js: abc\nwasm: abc\n").unwrap();
        let settings = "[identity]\npublic_url = 'https://grid.example.org'\nproxies = ['10.0.0.7']\n\
            frame_ancestors = ['https://portal.example.org']\nrequests_per_minute = 100000\n\
            sign_in_attempts_per_minute = 1000\nway_in = { kind = 'reverse-proxy' }\n\
            grant = [{ group = 'ops', right = 'operator' }]\n";
        std::fs::write(within("gridspark.toml"), settings).unwrap();
        let configuration = Configuration::load(Some(&within("gridspark.toml")), None).unwrap();
        let runtime = Runtime::new().unwrap();
        let address = format!("sqlite://{}", within("a.db").display());
        let router = runtime.block_on(async {
            let store = Store::open(&address).await.unwrap();
            let site = Site::open(folder.path()).unwrap();
            let credentials = Credentials::of(&configuration);
            let identity = Identity::new(store.clone(), &configuration, &credentials, site.assets()).unwrap();
            dashboard(store, &configuration, &site, &identity, Default::default(), &Metrics::default())
        });
        Self { runtime, router, asked: 0, _folder: folder }
    }

    /// Whether a request succeeds, of an operator or of nobody; it must not fail inside the server.
    fn ask(&mut self, what: &str, headers: &[(&str, &[u8])], is_operator: bool, body: Vec<u8>) -> bool {
        self.asked += 1;
        let (method, path) = what.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("host", "grid.example.org");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        // Nobody is asked too often here.
        let many = self.asked / 100;
        request = request.header("x-forwarded-for", std::net::Ipv4Addr::from(many).to_string());
        if is_operator {
            let name = format!("ada{many}");
            request = request.header("x-forwarded-user", name).header("x-forwarded-groups", "ops");
        }
        let Ok(mut request) = request.body(Body::from(body)) else { return false };
        request.extensions_mut().insert(Peer("10.0.0.7".parse().unwrap()));
        let response = self.runtime.block_on(self.router.clone().oneshot(request)).unwrap();
        let status = response.status();
        assert!(!status.is_server_error(), "{what} gives {status}");
        status.is_success() || status.is_redirection()
    }
}

fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn queries() -> Target {
    let mut served = Served::new();
    let attempt = move |input: &[u8]| {
        // As a browser would send it.
        let query: String = input.iter().fold(String::new(), |query, byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'=' | b'&' | b'%' => {
                query + char::from(*byte).encode_utf8(&mut [0; 4])
            }
            byte => query + &format!("%{byte:02X}"),
        });
        let routes = ["/api/ranking", "/api/box", "/api/box-weeks", "/api/accuracy", "/print", "/audit", "/"];
        let asked = routes.map(|route| served.ask(&format!("GET {route}?{query}"), &[], true, Vec::new()));
        asked.contains(&true)
    };
    let seeds = seeds(&[
        "query[limit]=50&query[area]=Breda&query[urgency]=overload&query[sort]=overload-probability",
        "query[search]=station&query[offset]=1&query[boxes][0]=ESD.000000-1&query[within_weeks]=4",
        "box_id=ESD.000000-1",
        "box=ESD.000000-1&area=Breda&sort=peak-loading&lang=nl&theme=dark&tab=why&before=7",
    ]);
    Target { seeds, attempt: Box::new(attempt) }
}

fn bodies() -> Target {
    let mut served = Served::new();
    let attempt = move |input: &[u8]| {
        let routes = ["/api/weeks", "/api/keys", "/api/sessions/end", "/api/embed-tokens"];
        let json: [(&str, &[u8]); 1] = [("content-type", b"application/json")];
        let asked = routes.map(|route| served.ask(&format!("POST {route}"), &json, true, input.to_vec()));
        asked.contains(&true)
    };
    let seeds = seeds(&[
        r#"{"box_id": "ESD.000000-1", "decision": {"first_week": "2022-W10", "last_week": "2022-W12", "left_out": true}}"#,
        r#"{"name": "portal", "right": "viewer", "days": 30}"#,
        r#"{"name": "portal", "right": "planner", "areas": ["Breda"], "days": 30}"#,
        r#"{"person": "ada@example.org"}"#,
        r#"{"minutes": 5, "boxes": ["ESD.000000-1"]}"#,
    ]);
    Target { seeds, attempt: Box::new(attempt) }
}

fn forms() -> Target {
    let mut served = Served::new();
    let attempt = move |input: &[u8]| {
        let headers: [(&str, &[u8]); 2] =
            [("origin", b"https://portal.example.org"), ("sec-fetch-dest", b"iframe")];
        let is_begun = served.ask("POST /embed/session", &headers, false, input.to_vec());
        assert!(!is_begun, "no token was minted");
        is_begun
    };
    let seeds = seeds(&["token=gse_abc&lang=nl", "lang=en&token=gsk_abc&token=gse_", "token=%00%ff+"]);
    Target { seeds, attempt: Box::new(attempt) }
}

fn keys() -> Target {
    let mut served = Served::new();
    let attempt = move |input: &[u8]| {
        let names = ["authorization", "cookie"];
        let asked = names.map(|name| served.ask("GET /api/overview", &[(name, input)], false, Vec::new()));
        assert_eq!(asked, [false; 2], "nobody has a key");
        false
    };
    let seeds = seeds(&[
        "Bearer gsk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "bearer  gse_",
        "__Host-gridspark-embed=gse_abc; __Host-gridspark=abc",
        "Basic b3BlcmF0b3I6YW55",
    ]);
    Target { seeds, attempt: Box::new(attempt) }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str, default: u64| {
        let place = arguments.iter().position(|argument| argument == name);
        place.and_then(|place| arguments.get(place + 1)?.parse().ok()).unwrap_or(default)
    };
    let most_inputs = number("--inputs", u64::MAX);
    let seconds = if most_inputs == u64::MAX { 20 } else { u64::from(u32::MAX) };
    let limit = Duration::from_secs(number("--seconds", seconds));
    let only = arguments.iter().position(|argument| argument == "--target");
    let only = only.map(|place| arguments.get(place + 1).expect("--target NAME"));
    println!("{:<12} {:>10} {:>10} {:>10}", "target", "inputs", "a second", "accepted");
    let targets: [(&str, MakeTarget); 8] = [
        ("tokens", tokens),
        ("headers", headers),
        ("settings", settings),
        ("origins", origins),
        ("queries", queries),
        ("bodies", bodies),
        ("forms", forms),
        ("keys", keys),
    ];
    for (name, target) in targets.into_iter().filter(|(name, _)| only.is_none_or(|only| only == name)) {
        let mut target = target();
        let mut mutator = Mutator::new(number("--seed", 1), target.seeds);
        let (mut inputs, mut accepted, begun) = (0_u64, 0_u64, Instant::now());
        while begun.elapsed() < limit && inputs < most_inputs {
            for _ in 0..INPUTS_PER_LOOK {
                accepted += u64::from((target.attempt)(&mutator.next_input()));
                inputs += 1;
            }
        }
        let rate = inputs as f64 / begun.elapsed().as_secs_f64();
        println!("{name:<12} {inputs:>10} {rate:>10.0} {accepted:>10}");
    }
}

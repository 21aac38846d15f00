//! What identity costs: `cargo bench -p gridspark --bench identity -- [REQUESTS]` (5,000 by default).
//!
//! The same question is asked of the same router without identity, through a proxy, with a session and
//! with a key, each over an SQLite file; the difference of the medians is what a request pays.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use chrono::{TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use gridspark::configuration::Configuration;
use gridspark::credentials::Credentials;
use gridspark::http::{Site, dashboard};
use gridspark::identity::{Identity, Peer};
use gridspark::telemetry::Metrics;
use sha2::{Digest as _, Sha256};
use store::{NewApiKey, NewSession, Store};
use tower::ServiceExt as _;

/// What a signed-in request may cost.
const AT_MOST: Duration = Duration::from_millis(1);

const COMMON: &str = "[identity]\npublic_url = 'https://grid.example.org'\nproxies = ['10.0.0.7']\n\
    requests_per_minute = 100000\ngrant = [{ group = '*', right = 'viewer' }]\n";

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

fn router(store: &Store, folder: &std::path::Path, way_in: &str) -> Router {
    let path = folder.join("gridspark.toml");
    let settings = if way_in.is_empty() {
        "[identity]\nrequests_per_minute = 100000\n".to_owned()
    } else {
        format!("{COMMON}{way_in}")
    };
    std::fs::write(&path, settings).expect("the settings are written");
    let configuration = Configuration::load(Some(&path), None).expect("the settings are right");
    let site = Site::open(folder).expect("the site is there");
    let credentials = Credentials::of(&configuration);
    let identity =
        Identity::new(store.clone(), &configuration, &credentials, site.assets()).expect("identity");
    dashboard(store.clone(), &configuration, &site, &identity, Default::default(), &Metrics::default())
}

/// The median time of an answer.
async fn median(router: &Router, headers: &[(&str, &str)], requests: usize) -> Duration {
    let mut times = Vec::with_capacity(requests);
    for place in 0..requests + 100 {
        let mut request = Request::get("/api/overview")
            .header("host", "localhost")
            .extension(Peer("10.0.0.7".parse().expect("an address")));
        if headers.is_empty() {
            request = Request::get("/api/overview").header("host", "localhost");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let begun = Instant::now();
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), 200, "{headers:?}");
        to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        if place >= 100 {
            times.push(begun.elapsed());
        }
    }
    times.sort();
    times[times.len() / 2]
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]
async fn main() {
    let requests = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(5_000);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("pkg")).expect("a folder");
    for (name, text) in [
        ("pkg/assets.json", r#"{"gridspark.css": "a.css", "echarts.js": "a.js"}"#),
        ("pkg/hash.txt", "js: abc\nwasm: abc\n"),
    ] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let store =
        Store::open(&format!("sqlite://{}", folder.path().join("a.db").display())).await.expect("a store");
    let (now, later) = (Utc::now(), Utc::now() + TimeDelta::hours(1));
    let key = NewApiKey {
        token_hash: hash("gsk_bench"),
        name: "bench".to_owned(),
        minted_with: None,
        right: Right::Viewer,
        scope: Scope::All,
        created_by: "bench".to_owned(),
        expires_at: later,
    };
    let entry = NewAuditEntry::done(&Person::anyone(), AuditAction::CreateKey, "bench");
    store.create_key(&key, &entry, now).await.expect("a key");
    let session = NewSession {
        token_hash: hash("bench"),
        person: "ada".to_owned(),
        way_in: WayIn::OpenidConnect,
        groups: Vec::new(),
        rights: "viewer \"all\" {\"areas\":[]}".to_owned(),
        expires_at: later,
    };
    store.begin_session(&session, None, &entry, now).await.expect("a session");
    let provider =
        "way_in = { kind = 'openid-connect', issuer = 'https://login.example.org', client_id = 'a' }\n";
    let proxy = "way_in = { kind = 'reverse-proxy' }\n";
    let none = median(&router(&store, folder.path(), ""), &[], requests).await;
    println!("{:<16} {:>8.1} µs", "none", none.as_secs_f64() * 1e6);
    for (name, way_in, header) in [
        ("reverse proxy", proxy, ("x-forwarded-user", "ada")),
        ("session", provider, ("cookie", "__Host-gridspark=bench")),
        ("key", provider, ("authorization", "Bearer gsk_bench")),
    ] {
        let time = median(&router(&store, folder.path(), way_in), &[header], requests).await;
        let more = time.saturating_sub(none);
        println!(
            "{name:<16} {:>8.1} µs, {:>7.1} µs more",
            time.as_secs_f64() * 1e6,
            more.as_secs_f64() * 1e6
        );
        assert!(more <= AT_MOST, "{name} costs {more:?}");
    }
}

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
const BUDGET: Duration = Duration::from_millis(1);
/// Rounds in which each way is asked in turn.
const ROUNDS: usize = 50;

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

/// A way in, and the times of its answers.
struct Way {
    name: &'static str,
    router: Router,
    header: Option<(&'static str, &'static str)>,
    times: Vec<Duration>,
}

impl Way {
    /// Asks so often, one question after the other.
    async fn ask(&mut self, requests: usize) {
        for _ in 0..requests {
            let mut request = Request::get("/api/overview").header("host", "localhost");
            if let Some((name, value)) = self.header {
                request =
                    request.header(name, value).extension(Peer("10.0.0.7".parse().expect("an address")));
            }
            let request = request.body(Body::empty()).expect("a request");
            let begun = Instant::now();
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            assert_eq!(response.status(), 200, "{}", self.name);
            to_bytes(response.into_body(), usize::MAX).await.expect("a body");
            self.times.push(begun.elapsed());
        }
    }

    /// Median and 99th percentile, µs.
    fn quantiles(&mut self) -> [f64; 2] {
        self.times.sort();
        [0.5, 0.99].map(|share| {
            let place = (self.times.len() as f64 * share) as usize;
            self.times[place.min(self.times.len() - 1)].as_secs_f64() * 1e6
        })
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]
async fn main() {
    // The client of the provider needs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
    let way = |name, settings, header| Way {
        name,
        router: router(&store, folder.path(), settings),
        header,
        times: Vec::new(),
    };
    let mut ways = [
        way("none", "", None),
        way("reverse proxy", proxy, Some(("x-forwarded-user", "ada"))),
        way("session", provider, Some(("cookie", "__Host-gridspark=bench"))),
        way("key", provider, Some(("authorization", "Bearer gsk_bench"))),
    ];
    // In turn, so that whatever the machine does meets all of them; the first round warms up.
    for round in 0..=ROUNDS {
        for way in &mut ways {
            way.ask(requests / ROUNDS).await;
            if round == 0 {
                way.times.clear();
            }
        }
    }
    println!("| way in | median | 99th percentile | median more than none |");
    println!("|---|---|---|---|");
    let [none, _] = ways[0].quantiles();
    for way in &mut ways {
        let [median, slow] = way.quantiles();
        println!("| {} | {median:.0} µs | {slow:.0} µs | {:.0} µs |", way.name, median - none);
    }
    println!("\nbudget: {} µs more", BUDGET.as_micros());
}

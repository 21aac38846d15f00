//! Signing in at a provider: what the browser tests, which have a real one, can't count or bend.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, WayIn};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::NewSession;

use super::ask;
use crate::support::TestStore;
use crate::support::pages::{Page, Pages};

const HOST: (&str, &str) = ("host", "localhost:8000");

/// A provider that signs whatever it is told to.
struct Issuer {
    address: String,
    pair: EcdsaKeyPair,
    claims: Mutex<HashMap<String, Value>>,
}

impl Issuer {
    async fn start() -> Arc<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let issuer = Arc::new(Self { address, pair, claims: Mutex::default() });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(offers))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&issuer));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        issuer
    }

    fn pages(&self, test: &TestStore) -> Pages {
        let settings = format!(
            "[identity]\npublic_url = 'http://localhost:8000'\nsign_in_attempts_per_minute = 5\n\
             way_in = {{ kind = 'openid-connect', issuer = '{}', client_id = 'gridspark' }}\n\
             grant = [{{ group = 'read', right = 'viewer' }}]\n",
            self.address
        );
        Pages::configured(&test.store, &settings)
    }
}

async fn offers(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let own = &issuer.address;
    Json(json!({"issuer": own, "authorization_endpoint": format!("{own}/authorise"),
        "token_endpoint": format!("{own}/token"), "jwks_uri": format!("{own}/keys")}))
}

async fn keys(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    let point = issuer.pair.public_key().as_ref();
    let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
    Json(json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "x": x, "y": y}]}))
}

async fn token(State(issuer): State<Arc<Issuer>>, form: String) -> Json<Value> {
    let code = form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "code").unwrap().1;
    let claims = issuer.claims.lock().unwrap().remove(&*code).unwrap();
    let head = BASE64.encode(r#"{"alg":"ES256","kid":"one"}"#);
    let message = format!("{head}.{}", BASE64.encode(claims.to_string()));
    let signature = issuer.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    Json(json!({"id_token": format!("{message}.{}", BASE64.encode(signature.as_ref()))}))
}

/// A sign-in that has been sent to the provider.
struct Begun {
    state: String,
    nonce: String,
    cookie: String,
}

async fn begin(pages: &Pages, from: &str) -> Begun {
    let page = ask(pages, from, "GET /sign-in", &[HOST], "").await;
    assert_eq!(page.status, 303, "{}", page.body);
    let (_, query) = page.header("location").split_once('?').unwrap();
    let field = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(found, _)| found == name).unwrap().1.into_owned()
    };
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    Begun { state: field("state"), nonce: field("nonce"), cookie }
}

/// Comes back to the dashboard as somebody, with the browser's cookies.
async fn finish(
    issuer: &Issuer,
    pages: &Pages,
    from: &str,
    begun: &Begun,
    who: Value,
    cookies: &str,
) -> Page {
    let mut claims = json!({"iss": issuer.address, "aud": "gridspark", "sub": "1", "nonce": begun.nonce,
        "exp": Utc::now().timestamp() + 60, "iat": Utc::now().timestamp(), "groups": ["read"]});
    claims.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
    issuer.claims.lock().unwrap().insert(begun.state.clone(), claims);
    let path = format!("GET /sign-in/callback?state={0}&code={0}", begun.state);
    ask(pages, from, &path, &[HOST, ("cookie", cookies)], "").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_sign_in_and_each_sign_in_counts_once() {
    let test = TestStore::sqlite().await;
    let issuer = Issuer::start().await;
    let pages = issuer.pages(&test);
    let ada = || json!({"email": "ada@example.org"});
    let (one, other) = (begin(&pages, "192.0.2.1").await, begin(&pages, "192.0.2.1").await);
    let both = format!("{}; {}", one.cookie, other.cookie);
    for begun in [&one, &other] {
        let page = finish(&issuer, &pages, "192.0.2.1", begun, ada(), &both).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let cookies: Vec<&str> =
            page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        let own = begun.cookie.split('=').next().unwrap();
        for part in ["__Host-gridspark=", &format!("{own}=; "), "__Host-gridspark-embed=; "] {
            assert!(cookies.iter().any(|cookie| cookie.starts_with(part)), "{part}: {cookies:?}");
        }
        let embed = cookies.iter().find(|cookie| cookie.starts_with("__Host-gridspark-embed")).unwrap();
        assert!(embed.contains("Partitioned") && embed.ends_with("Max-Age=0"), "{embed}");
    }
    // With two of five attempts used, three more are there.
    for _ in 0..3 {
        begin(&pages, "192.0.2.1").await;
    }
    assert_eq!(ask(&pages, "192.0.2.1", "GET /sign-in", &[HOST], "").await.status, 429);
    let entries = test.store.audit_entries(None, 10).await.unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.action == AuditAction::SignIn).count(), 2);
    assert_eq!(entries[0].detail, "too often");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_refused_after_signing_in_is_named_and_a_strange_name_names_nobody() {
    let test = TestStore::sqlite().await;
    let issuer = Issuer::start().await;
    let pages = issuer.pages(&test);
    for (n, who, status, named, detail) in [
        (
            1,
            json!({"email": "stranger@example.org", "groups": []}),
            403,
            "stranger@example.org",
            "nothing is granted",
        ),
        (2, json!({"email": "ada@example.org", "email_verified": false}), 400, "", "has not signed them in"),
        (3, json!({"email": "\u{202e}gro.elpmaxe@ada"}), 401, "", "a token that is not valid"),
        (4, json!({"email": "ada\n@example.org"}), 401, "", "a token that is not valid"),
        (5, json!({"email": "a".repeat(300)}), 401, "", "a token that is not valid"),
        (6, json!({"iss": [issuer.address], "email": "ada"}), 401, "", "a token that is not valid"),
    ] {
        let from = format!("192.0.2.{n}");
        let begun = begin(&pages, &from).await;
        let page = finish(&issuer, &pages, &from, &begun, who, &begun.cookie).await;
        assert_eq!(page.status, status, "{n}: {}", page.body);
        let entry = test.store.audit_entries(None, 1).await.unwrap().remove(0);
        assert_eq!((entry.action, entry.person.as_str()), (AuditAction::Refusal, named), "{n}");
        assert!(entry.detail.contains(detail) && entry.address.as_deref() == Some(&*from), "{entry:?}");
    }
    let lost = ask(&pages, "192.0.2.9", "GET /sign-in/callback?state=a&code=b", &[HOST], "").await;
    assert_eq!(lost.status, 400);
    let entry = test.store.audit_entries(None, 1).await.unwrap().remove(0);
    assert!(entry.detail.contains("not begun here"), "{entry:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_rights_signs_nobody_out_of_what_was_under_way() {
    let test = TestStore::sqlite().await;
    let issuer = Issuer::start().await;
    let pages = issuer.pages(&test);
    let new = NewSession {
        token_hash: hex::encode(Sha256::digest(b"older")),
        person: "ada".to_owned(),
        way_in: WayIn::OpenidConnect,
        groups: vec!["read".to_owned()],
        rights: "what they were".to_owned(),
        expires_at: Utc::now() + TimeDelta::hours(1),
    };
    let entry = NewAuditEntry::done(&Person::anyone(), AuditAction::SignIn, "test");
    test.store.begin_session(&new, None, &entry, Utc::now()).await.unwrap();
    let cookie = ("cookie", "__Host-gridspark=older");
    let headers = [HOST, cookie];
    let asked = futures_util::future::join_all(
        (0..6).map(|_| ask(&pages, "192.0.2.1", "GET /api/overview", &headers, "")),
    );
    let answers = asked.await;
    let statuses: Vec<u16> = answers.iter().map(|page| page.status).collect();
    assert_eq!(statuses, [200; 6]);
    let renewed =
        answers.iter().filter(|page| page.header("set-cookie").contains("__Host-gridspark=")).count();
    assert_eq!(renewed, 1);
    let entries = test.store.audit_entries(None, 10).await.unwrap();
    let changed: Vec<_> = entries.iter().filter(|entry| entry.action == AuditAction::ChangeRights).collect();
    assert_eq!((changed.len(), changed[0].address.as_deref()), (1, Some("192.0.2.1")));
    // Signing out ends it, also by the older token, and both are in the audit.
    let same_site = ("sec-fetch-site", "same-origin");
    assert_eq!(ask(&pages, "192.0.2.1", "POST /sign-out", &[HOST, cookie, same_site], "").await.status, 200);
    let entry = test.store.audit_entries(None, 1).await.unwrap().remove(0);
    assert_eq!((entry.action, entry.person.as_str()), (AuditAction::SignOut, "ada"));
}

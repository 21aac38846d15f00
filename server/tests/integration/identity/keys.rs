//! Keys of programs and embed tokens.

use chrono::Utc;

use super::{as_one_of, ask, behind_a_proxy};
use crate::support::pages::{Page, Pages};
use crate::support::{TestStore, fill, forecast};

const HOST: (&str, &str) = ("host", "grid.example.org");

async fn with_key(pages: &Pages, key: &str, what: &str, body: &str) -> Page {
    let bearer = format!("Bearer {key}");
    ask(pages, "192.0.2.50", what, &[("authorization", &bearer), HOST], body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_shown_once_stored_hashed_scoped_and_revoked_with_its_tokens() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0, 440.0, 430.0], 120).await;
    forecast(&test.store).await;
    let pages = behind_a_proxy(&test.store);
    let wanted = r#"{"name": "portal", "right": "viewer", "areas": ["Breda"], "days": 30}"#;
    let created = as_one_of(&pages, "ops", "POST /api/keys", wanted).await.json();
    let (key, key_id) = (created["key"].as_str().unwrap().to_owned(), created["key_id"].as_i64().unwrap());
    let listed = as_one_of(&pages, "ops", "GET /api/keys", "").await;
    assert!(listed.body.contains("portal") && !listed.body.contains(&key[4..]), "{}", listed.body);
    let pool = sqlx::SqlitePool::connect(&test.url).await.unwrap();
    let stored: String = sqlx::query_scalar("SELECT token_hash FROM api_key").fetch_one(&pool).await.unwrap();
    assert!(stored.len() == 64 && !key.contains(&stored));
    let list = with_key(&pages, &key, "GET /api/ranking?query[limit]=50", "").await;
    assert!(list.body.contains("ESD.000000-1") && !list.body.contains("ESD.000001-1"), "{}", list.body);
    assert_eq!(with_key(&pages, &key, "GET /api/keys", "").await.status, 403);

    let mint = async |body: &str| with_key(&pages, &key, "POST /api/embed-tokens", body).await;
    for body in [
        r#"{"minutes": 61}"#,
        r#"{"minutes": 5, "areas": ["Venlo"]}"#,
        r#"{"minutes": 5, "boxes": ["ESD.000001-1"]}"#,
        r#"{"minutes": 5, "areas": ["Breda"], "boxes": []}"#,
        r#"{"minutes": 5, "right": "operator"}"#,
    ] {
        assert_eq!(mint(body).await.status, 400, "{body}");
    }
    let minted = mint(r#"{"minutes": 5, "boxes": ["ESD.000002-1"]}"#).await.json();
    assert_eq!(minted["expires_in_seconds"], 300);
    let token = minted["token"].as_str().unwrap();
    let embedded = with_key(&pages, token, "GET /api/ranking?query[limit]=50", "").await;
    assert_eq!(embedded.json()["rows"][0]["box_id"], "ESD.000002-1");
    assert_eq!(embedded.json()["total"], 1);
    assert_eq!(with_key(&pages, token, "POST /api/embed-tokens", r#"{"minutes": 5}"#).await.status, 403);

    // The portal posts the token into a frame, from its own site.
    let form = format!("token={token}&lang=nl");
    let from_portal = [
        ("origin", "https://portal.example.org"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-dest", "iframe"),
        HOST,
    ];
    let begun = ask(&pages, "192.0.2.50", "POST /embed/session", &from_portal, &form).await;
    assert_eq!((begun.status, begun.header("location")), (303, "/?lang=nl"));
    let cookie = begun.header("set-cookie");
    for part in
        ["__Host-gridspark-embed=gse_", "Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"]
    {
        assert!(cookie.contains(part), "{cookie}");
    }
    let wrong = ask(&pages, "192.0.2.51", "POST /embed/session", &from_portal, &format!("token={key}")).await;
    assert_eq!(wrong.status, 401, "a key is no token");

    let revoked = as_one_of(&pages, "ops", &format!("POST /api/keys/{key_id}/revoke"), "{}").await;
    assert_eq!(revoked.status, 200);
    assert_eq!(with_key(&pages, &key, "GET /api/overview", "").await.status, 401);
    assert_eq!(with_key(&pages, token, "GET /api/overview", "").await.status, 401, "its tokens with it");
    assert_eq!(as_one_of(&pages, "ops", &format!("POST /api/keys/{key_id}/revoke"), "{}").await.status, 404);
    let audit = as_one_of(&pages, "ops", "GET /audit.csv", "").await.body;
    for action in ["create-key", "mint-embed-token", "revoke-key"] {
        assert!(audit.contains(action), "{action}: {audit}");
    }
    for told in [
        &format!("create-key,done,key portal (number {key_id}),\"viewer, 30 days, areas Breda\""),
        &format!(
            "key portal (number {key_id}),api-key,192.0.2.50,mint-embed-token,done,embed token (number "
        ),
        "\"5 minutes, boxes ESD.000002-1\"",
        &format!(
            "key portal (number {key_id}),embed-token,192.0.2.50,begin-embedding,done,embed token (number "
        ),
        &format!("10.0.0.7,revoke-key,done,key portal (number {key_id})"),
    ] {
        assert!(audit.contains(told), "{told}: {audit}");
    }
    assert!(!audit.contains(&key) && !audit.contains(token));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_ends_and_guessing_is_limited() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let wanted = r#"{"name": "report", "right": "viewer", "days": 1}"#;
    let key =
        as_one_of(&pages, "ops", "POST /api/keys", wanted).await.json()["key"].as_str().unwrap().to_owned();
    assert_eq!(with_key(&pages, &key, "GET /api/overview", "").await.status, 200);
    let pool = sqlx::SqlitePool::connect(&test.url).await.unwrap();
    sqlx::query("UPDATE api_key SET expires_at = $1").bind(Utc::now()).execute(&pool).await.unwrap();
    assert_eq!(with_key(&pages, &key, "GET /api/overview", "").await.status, 401);
    let mut statuses = Vec::new();
    for n in 0..40 {
        statuses.push(with_key(&pages, &format!("gsk_{n}"), "GET /api/overview", "").await.status);
    }
    assert!(statuses[0] == 401 && statuses.contains(&429), "{statuses:?}");
    for body in [
        r#"{"name": "", "right": "viewer", "days": 1}"#,
        r#"{"name": "a", "right": "viewer", "days": 401}"#,
        r#"{"name": "a", "right": "operator", "areas": ["B"], "days": 1}"#,
        r#"{"name": "a", "right": "embed", "days": 400}"#,
        r#"{"name": "a", "right": "viewer", "areas": [], "days": 1}"#,
        r#"{"name": "a", "right": "viewer", "areas": ["Nowhere"], "days": 1}"#,
        r#"{"name": "\u202ea", "right": "viewer", "days": 1}"#,
    ] {
        assert_eq!(as_one_of(&pages, "ops", "POST /api/keys", body).await.status, 400, "{body}");
    }
}

/// A key of a viewer, and as many embed tokens minted with it.
async fn portal(pages: &Pages, tokens: usize) -> (String, Vec<String>) {
    let wanted = r#"{"name": "portal", "right": "viewer", "days": 1}"#;
    let created = as_one_of(pages, "ops", "POST /api/keys", wanted).await.json();
    let key = created["key"].as_str().unwrap().to_owned();
    let mut minted = Vec::new();
    for _ in 0..tokens {
        let token = with_key(pages, &key, "POST /api/embed-tokens", r#"{"minutes": 5}"#).await.json();
        minted.push(token["token"].as_str().unwrap().to_owned());
    }
    (key, minted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_takes_nobodys_place() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let (_, tokens) = portal(&pages, 1).await;
    let form = format!("token={}", tokens[0]);
    let evil = ("origin", "https://evil.example");
    let portal = ("origin", "https://portal.example.org");
    let (frame, window) = (("sec-fetch-dest", "iframe"), ("sec-fetch-dest", "document"));
    for headers in [&[evil, frame, HOST][..], &[portal, window, HOST], &[frame, HOST], &[evil, window, HOST]]
    {
        let page = ask(&pages, "192.0.2.60", "POST /embed/session", headers, &form).await;
        assert_eq!((page.status, page.header("set-cookie")), (403, ""), "{headers:?}");
    }
    let cookie = format!("__Host-gridspark-embed={}", tokens[0]);
    let asked = async |cookie: &str, named: bool, what: &str| {
        let mut headers = vec![("cookie", cookie), HOST];
        if named {
            headers.extend([("x-forwarded-user", "ada"), ("x-forwarded-groups", "ops")]);
        }
        ask(&pages, "10.0.0.7", what, &headers, "").await.status
    };
    // A person stays who they are, whatever a portal has left in their browser.
    assert_eq!(asked(&cookie, true, "GET /runs").await, 200);
    assert_eq!(asked("__Host-gridspark-embed=gse_wrong", true, "GET /runs").await, 200);
    assert_eq!(asked(&cookie, false, "GET /api/overview").await, 200);
    assert_eq!(asked("__Host-gridspark-embed=gse_wrong", false, "GET /api/overview").await, 401);
    let ended = [("cookie", "__Host-gridspark-embed=gse_wrong"), HOST];
    let page = ask(&pages, "10.0.0.7", "GET /?lang=nl", &ended, "").await;
    assert!(page.status == 401 && page.body.contains("Deze weergave is verlopen"), "{}", page.body);
    assert!(!page.body.contains("/sign-in"), "there is nobody to sign in inside a frame");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_visitor_of_a_portal_does_not_shut_out_the_others() {
    let test = TestStore::sqlite().await;
    let settings = super::PROXY.replace("[identity]\n", "[identity]\nrequests_per_minute = 30\n");
    let pages = Pages::configured(&test.store, &settings);
    let (key, tokens) = portal(&pages, 2).await;
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(with_key(&pages, &tokens[0], "GET /api/overview", "").await.status);
    }
    assert!(statuses[0] == 200 && statuses.ends_with(&[429]), "{statuses:?}");
    assert_eq!(with_key(&pages, &tokens[1], "GET /api/overview", "").await.status, 200);
    assert_eq!(with_key(&pages, &key, "POST /api/embed-tokens", r#"{"minutes": 5}"#).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_proxy_authorises_with_is_no_key() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    for authorization in
        ["Basic b3BlcmF0b3I6YW55", "Bearer eyJhbGciOiJub25lIn0.e30.", "Negotiate abc", "Bearer"]
    {
        let headers = [
            ("authorization", authorization),
            ("x-forwarded-user", "ada"),
            ("x-forwarded-groups", "read"),
            HOST,
        ];
        let page = ask(&pages, "10.0.0.7", "GET /api/overview", &headers, "").await;
        assert_eq!(page.status, 200, "{authorization}");
        let alone = ask(&pages, "10.0.0.7", "GET /api/overview", &[headers[0], HOST], "").await;
        assert_eq!(alone.status, 401, "{authorization}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_offers_what_it_may_show() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 60).await;
    forecast(&test.store).await;
    let pages = behind_a_proxy(&test.store);
    let (key, tokens) = portal(&pages, 1).await;
    let path = "GET /?box=ESD.000000-1";
    let frame = with_key(&pages, &tokens[0], path, "").await.body;
    let viewer = with_key(&pages, &key, path, "").await.body;
    for offered in ["tab-accuracy", "href=\"/model"] {
        assert!(viewer.contains(offered) && !frame.contains(offered), "{offered}");
    }
    assert!(frame.contains("tab-forecast"));
}

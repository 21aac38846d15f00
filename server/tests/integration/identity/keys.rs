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
    let from_portal = [("origin", "https://portal.example.org"), ("sec-fetch-site", "cross-site"), HOST];
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
    ] {
        assert_eq!(as_one_of(&pages, "ops", "POST /api/keys", body).await.status, 400, "{body}");
    }
}

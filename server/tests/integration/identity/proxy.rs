//! The way in by a reverse proxy.

use super::{as_one_of, ask, behind_a_proxy};
use crate::support::TestStore;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_believed_from_the_proxies_alone() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let host = ("host", "grid.example.org");
    assert_eq!(as_one_of(&pages, "read", "GET /api/overview", "").await.status, 200);
    let forged = [("x-forwarded-user", "ada"), ("x-forwarded-groups", "ops"), host];
    for from in ["10.0.0.8", "127.0.0.1", "::1", "192.0.2.1"] {
        let page = ask(&pages, from, "GET /api/overview", &forged, "").await;
        assert_eq!((page.status, page.body.as_str()), (403, "\"Forbidden\""), "{from}");
    }
    let asked = async |headers: &[(&str, &str)]| {
        let headers: Vec<(&str, &str)> = headers.iter().copied().chain([host]).collect();
        ask(&pages, "10.0.0.7", "GET /api/overview", &headers, "").await.status
    };
    assert_eq!(asked(&[]).await, 401);
    assert_eq!(asked(&[("x-forwarded-user", "")]).await, 401);
    assert_eq!(asked(&[("x-forwarded-user", "ada")]).await, 403, "nothing is granted");
    let twice = [("x-forwarded-user", "ada"), ("x-forwarded-user", "root"), ("x-forwarded-groups", "ops")];
    assert_eq!(asked(&twice).await, 403, "one of them is not the proxy's");
    let twice = [("x-forwarded-user", "ada"), ("x-forwarded-groups", "read"), ("x-forwarded-groups", "ops")];
    assert_eq!(asked(&twice).await, 403);
    let long = "a".repeat(300);
    assert_eq!(asked(&[("x-forwarded-user", &long), ("x-forwarded-groups", "ops")]).await, 401);
    // A forged name is refused whatever else is right.
    let with_key = [("x-forwarded-user", "ada"), ("authorization", "Bearer gsk_x"), host];
    assert_eq!(ask(&pages, "192.0.2.9", "GET /api/overview", &with_key, "").await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_says_who_is_signed_in_and_a_refusal_is_in_their_language() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let page = as_one_of(&pages, "read", "GET /", "").await;
    assert!(page.status == 200 && page.body.contains("ada") && page.body.contains("viewer"), "{}", page.body);
    assert!(!page.body.contains("href=\"/runs\"") && page.header("cache-control").contains("private"));
    assert!(as_one_of(&pages, "ops", "GET /", "").await.body.contains("href=\"/audit\""));
    for (language, expected) in [("en", "You may not see or do this"), ("nl", "U mag dit niet zien of doen")]
    {
        let page = as_one_of(&pages, "read", &format!("GET /runs?lang={language}"), "").await;
        assert!(page.status == 403 && page.body.contains(expected), "{} {}", page.status, page.body);
    }
    assert!(
        page.header("content-security-policy").ends_with("frame-ancestors 'self' https://portal.example.org")
    );
    assert!(page.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_too_often_is_told_when_to_ask_again() {
    let test = TestStore::sqlite().await;
    let settings = super::PROXY.replace("[identity]\n", "[identity]\nrequests_per_minute = 10\n");
    let pages = crate::support::pages::Pages::configured(&test.store, &settings);
    for _ in 0..10 {
        assert_eq!(as_one_of(&pages, "read", "GET /api/overview", "").await.status, 200);
    }
    let page = as_one_of(&pages, "read", "GET /api/overview", "").await;
    assert!(page.status == 429 && page.body.contains("TooOften"), "{} {}", page.status, page.body);
    assert!((1..=60).contains(&page.header("retry-after").parse::<u32>().unwrap()));
    let page = as_one_of(&pages, "read", "GET /?lang=nl", "").await;
    assert!(page.status == 429 && page.body.contains("Dat was te vaak"), "{}", page.body);
    let other = [("x-forwarded-user", "bob"), ("x-forwarded-groups", "read"), ("host", "grid.example.org")];
    assert_eq!(ask(&pages, "10.0.0.7", "GET /api/overview", &other, "").await.status, 200);
}

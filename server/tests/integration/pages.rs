//! What the dashboard answers over HTTP.

use crate::support::{TestStore, fill, forecast, pages_of};

async fn filled() -> TestStore {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[405.0, 250.0, 460.0], 150).await;
    forecast(&test.store).await;
    test
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_in_the_html_before_any_script_runs() {
    let test = filled().await;
    let page = pages_of(&test.store, "Europe/Amsterdam").get("/").await;
    assert_eq!(page.status, 200);
    for name in ["ESD.000000-1", "ESD.000001-1", "ESD.000002-1"] {
        assert!(page.body.contains(name), "{name} is missing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_carries_a_strict_policy_with_the_nonce_of_its_scripts() {
    let test = filled().await;
    let page = pages_of(&test.store, "Europe/Amsterdam").get("/").await;
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(page.body.contains(nonce) && !policy.contains("unsafe-inline"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(policy.contains("frame-ancestors 'self'"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_functions_answer_in_json_and_refuse_in_words() {
    let test = filled().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let overview = pages.get("/api/overview").await;
    assert_eq!((overview.status, overview.json()["boxes"].as_u64()), (200, Some(3)));
    let too_many = pages.get("/api/ranking?query[limit]=5000").await;
    assert!(too_many.status == 400 && too_many.body.contains("At most 200 rows"), "{}", too_many.body);
    let unknown = pages.get("/api/box?box_id=NOWHERE").await;
    assert!(unknown.status == 404 && unknown.body.contains("NOWHERE"), "{}", unknown.body);
    let malformed = pages.get("/api/box").await;
    assert!(malformed.status == 400 && malformed.body.contains("BadRequest"), "{}", malformed.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_not_found_and_hashed_files_never_change() {
    let test = filled().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    assert_eq!(pages.get("/api/nonsense").await.status, 404);
    let nowhere = pages.get("/no/such/page").await;
    assert_eq!(nowhere.status, 404);
    assert!(
        nowhere.body.contains("Page not found")
            && nowhere.header("content-security-policy").contains("'nonce-")
    );
    let style = pages.get("/pkg/gridspark.abc.css").await;
    assert_eq!((style.status, style.body.as_str()), (200, "body{}"));
    assert!(style.header("cache-control").contains("immutable"));
    assert!(!pages.get("/pkg/gridspark.old.css").await.header("cache-control").contains("immutable"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_out_compressed_to_those_who_take_it_and_caches_keep_both_apart() {
    let test = filled().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let small = pages.get_accepting("/pkg/gridspark.abc.css", "gzip, br").await;
    assert_eq!(
        (small.header("content-encoding"), small.body.as_str()),
        ("br", "stands for body{} as brotli")
    );
    let plain = pages.get("/pkg/gridspark.abc.css").await;
    assert_eq!((plain.header("content-encoding"), plain.body.as_str()), ("", "body{}"));
    for answer in [&small, &plain] {
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("content-type"), "text/css");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monitoring_system_reads_what_was_answered_and_how_the_fleet_stands() {
    let test = filled().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    assert_eq!(pages.get("/healthz").await.body, "ok");
    assert_eq!(pages.get("/readyz").await.body, "ready");
    pages.get("/api/overview").await;
    pages.get("/api/overview").await;
    let figures = pages.get("/metrics").await;
    assert!(figures.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in [
        r#"gridspark_http_requests_total{route="/api/overview",status="200"} 2"#,
        r#"gridspark_boxes{urgency="exceeded"} 1"#,
        r#"gridspark_boxes{urgency="overload"} 1"#,
        "gridspark_open_boxes 0",
    ] {
        assert!(figures.body.lines().any(|found| found == line), "{line} in {}", figures.body);
    }
    // By which an alert knows that a dashboard is there, though nobody looks at it.
    let again = pages.get("/metrics").await.body;
    let scraped = r#"gridspark_http_requests_total{route="/metrics",status="200"} 1"#;
    assert!(again.lines().any(|found| found == scraped), "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_the_server_lives_but_is_not_ready_and_says_nothing_of_the_inside() {
    let test = filled().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    test.store.close().await;
    assert_eq!(pages.get("/healthz").await.status, 200);
    for path in ["/readyz", "/metrics"] {
        let page = pages.get(path).await;
        assert_eq!(page.status, 503);
        assert_eq!(page.body, "not ready: the database does not answer; the log says more");
    }
    for (language, expected) in
        [("en", "The server could not answer."), ("nl", "De server kon niet antwoorden.")]
    {
        for path in ["runs", "print"] {
            let page = pages.get(&format!("/{path}?lang={language}")).await;
            assert_eq!(page.status, 500);
            let opening = format!("<html lang=\"{language}\"");
            assert!(page.body.contains(&opening) && page.body.contains(expected), "{}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_made_at_the_same_time_are_each_their_own() {
    let test = filled().await;
    let pages = std::sync::Arc::new(pages_of(&test.store, "Europe/Amsterdam"));
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..120 {
        let (pages, box_id) = (std::sync::Arc::clone(&pages), crate::support::box_id(number % 3));
        asked.spawn(async move {
            let (path, title) = if number % 4 == 3 {
                ("/?area=Breda".to_owned(), "<title>Gridspark".to_owned())
            } else {
                (format!("/?box={box_id}"), format!("<title>{box_id} – "))
            };
            let page = pages.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            let head = page.body.split("</head>").next().unwrap();
            assert!(head.contains(&title), "{path}: {head}");
        });
    }
    asked.join_all().await;
}

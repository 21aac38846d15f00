//! What could be done from elsewhere before anybody was asked who they are.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::pages::site_folder;
use crate::support::{TestStore, fill, forecast, pages_of};

const DECISION: &str = r#"{"box_id": "ESD.000000-1", "decision": {"first_week": "2022-W10", "last_week": "2022-W12", "left_out": true}}"#;

async fn post(
    pages: &crate::support::pages::Pages,
    headers: &[(&str, &str)],
    body: &str,
) -> crate::support::pages::Page {
    super::ask(pages, "127.0.0.1", "POST /api/weeks", headers, body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_site_can_not_decide_in_a_visitors_name() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 60).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    for headers in [
        &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        let page = post(&pages, headers, DECISION).await;
        assert_eq!((page.status, page.body.as_str()), (403, "\"Forbidden\""), "{headers:?}");
    }
    let decided = pages.get("/api/box?box_id=ESD.000000-1").await.json();
    assert_eq!(decided["special_weeks"]["decisions"].as_array().unwrap().len(), 0);
    for headers in [&[("sec-fetch-site", "same-origin")][..], &[("origin", "http://localhost")], &[]] {
        let page = post(&pages, headers, DECISION).await;
        assert_eq!(page.status, 200, "{headers:?} {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_malformed_is_400_and_what_is_too_long_413() {
    let test = TestStore::sqlite().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    for body in ["{", "[]", "\"\u{0}\"", "{\"box_id\": 1}", "{\"box_id\": \"x\"}"] {
        let page = post(&pages, &[], body).await;
        assert!(
            page.status == 400 && page.body.contains("BadRequest"),
            "{body}: {} {}",
            page.status,
            page.body
        );
    }
    let page = post(&pages, &[], &"a".repeat(30_000_000)).await;
    assert_eq!((page.status, page.body.as_str()), (413, "\"TooLarge\""));
    let page = post(&pages, &[("content-length", "99999999999")], "{}").await;
    assert_eq!(page.status, 413);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_own_names_are_answered_to() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 60).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let ask = async |host: &str, path: &str| {
        super::ask(&pages, "127.0.0.1", &format!("GET {path}"), &[("host", host)], "").await.status
    };
    for (host, expected) in [("localhost:8000", 200), ("[::1]:8000", 200), ("evil.example", 421), ("", 421)] {
        assert_eq!(ask(host, "/api/overview").await, expected, "{host}");
    }
    assert_eq!(ask("10.1.2.3:8000", "/healthz").await, 200, "an orchestrator asks by the pod's address");
    let through = super::ask(&pages, "127.0.0.1", "GET /", &[("x-forwarded-for", "192.0.2.1")], "").await;
    assert_eq!(through.status, 403, "behind a proxy everyone would count as being on the host");
    assert!(through.body.contains("Not for you"), "{}", through.body);
}

#[test]
fn a_server_for_everyone_is_not_started_and_check_says_so() {
    let folder = tempfile::tempdir().unwrap();
    site_folder(folder.path());
    let gridspark = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"));
        command.args(words).args(["--database", "sqlite://test.db", "--site", "."]);
        let output = command.current_dir(folder.path()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    for command in ["serve", "check"] {
        let (code, said) = gridspark(&[command, "--listen", "0.0.0.0:0"]);
        assert!(code == Some(1) && said.contains("[identity.way_in]"), "{command}: {code:?} {said}");
    }
    let (code, said) = gridspark(&["check"]);
    assert!(code == Some(0) && said.contains("nobody is asked who they are"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_finishes_its_headers_is_not_waited_for() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 60).await;
    forecast(&test.store).await;
    test.store.close().await;
    let folder = tempfile::tempdir().unwrap();
    site_folder(folder.path());
    let mut server = Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(["serve", "--no-worker", "--listen", "127.0.0.1:0", "--database", &test.url, "--site"])
        .arg(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("http://")).unwrap();
    let address = line.rsplit_once("http://").unwrap().1.trim().to_owned();
    std::thread::spawn(move || lines.for_each(drop));
    let mut slow: Vec<TcpStream> = (0..200).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for (place, stream) in slow.iter_mut().enumerate() {
        // Some say nothing at all.
        if place % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").unwrap();
        }
        stream.set_read_timeout(Some(Duration::from_secs(25))).unwrap();
    }
    let mut quick = TcpStream::connect(&address).unwrap();
    quick.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    quick.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let begun = Instant::now();
    for stream in &mut slow {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("the server closes it");
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    server.kill().unwrap();
    server.wait().unwrap();
}

/// A server over a store, and its address.
fn started(test_url: &str, folder: &std::path::Path) -> (std::process::Child, String) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(["serve", "--no-worker", "--listen", "127.0.0.1:0", "--database", test_url, "--site"])
        .arg(site_folder(folder))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("http://")).unwrap();
    let address = line.rsplit_once("http://").unwrap().1.trim().to_owned();
    std::thread::spawn(move || lines.for_each(drop));
    (server, address)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_read_of_a_refused_request_and_a_slow_body_is_not_waited_for() {
    let test = TestStore::sqlite().await;
    test.store.close().await;
    let folder = tempfile::tempdir().unwrap();
    let (mut server, address) = started(&test.url, folder.path());
    let asked = |head: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
            .write_all(format!("{head}\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{{").as_bytes())
            .unwrap();
        let begun = Instant::now();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        (answer, begun.elapsed())
    };
    for (head, status) in [
        ("POST /embed/session HTTP/1.1", "403"),
        ("POST /api/weeks HTTP/1.1\r\nVia: 1.1 a\r\nContent-Type: application/json", "403"),
        (
            "POST /api/weeks HTTP/1.1\r\nAuthorization: Bearer gsk_wrong\r\nContent-Type: application/json",
            "401",
        ),
        ("POST /sign-out HTTP/1.1", "200"),
        ("DELETE /api/nothing HTTP/1.1", "405"),
    ] {
        let (answer, took) = asked(head);
        assert_eq!(answer.get(9..12), Some(status), "{head}: {answer}");
        assert!(took < Duration::from_secs(5), "{head}: {took:?}");
    }
    let (answer, took) = asked("POST /api/weeks HTTP/1.1\r\nContent-Type: application/json");
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("content-security-policy"), "{answer}");
    assert!(
        answer.contains("could not be understood") && took < Duration::from_secs(15),
        "{took:?} {answer}"
    );
    server.kill().unwrap();
    server.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_is_json_and_nothing_else() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 60).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let post = async |kind: Option<&str>| {
        let mut request = axum::http::Request::post("/api/weeks");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        pages.answer(request.body(axum::body::Body::from(DECISION)).unwrap()).await
    };
    for kind in [None, Some("text/plain"), Some("multipart/form-data; boundary=a"), Some("application/jsonp")]
    {
        let page = post(kind).await;
        assert!(page.status == 415 && page.body.contains("application/json"), "{kind:?}: {}", page.status);
    }
    assert_eq!(post(Some("application/json; charset=utf-8")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_passed_a_proxy_is_not_the_host() {
    let test = TestStore::sqlite().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    for header in
        ["via", "x-real-ip", "x-forwarded-proto", "x-forwarded-port", "forwarded", "cf-connecting-ip"]
    {
        let page = super::ask(&pages, "127.0.0.1", "GET /api/overview", &[(header, "1")], "").await;
        assert_eq!(page.status, 403, "{header}");
    }
    let page = super::ask(&pages, "127.0.0.1", "GET /api/overview", &[], "").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "private, no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_for_monitoring_alone() {
    let test = TestStore::sqlite().await;
    let open = pages_of(&test.store, "Europe/Amsterdam");
    let asked = async |pages: &crate::support::pages::Pages, from: &str, headers: &[(&str, &str)]| {
        super::ask(pages, from, "GET /metrics", headers, "").await.status
    };
    // Another site's name that points here.
    assert_eq!(asked(&open, "127.0.0.1", &[("host", "rebound.evil.example")]).await, 421);
    let proxied = super::behind_a_proxy(&test.store);
    for host in ["127.0.0.1:8000", "10.1.2.3:8000", "[fd00::1]:8000", "grid.example.org"] {
        assert_eq!(asked(&proxied, "127.0.0.1", &[("host", host)]).await, 200, "{host}");
    }
    let host = ("host", "grid.example.org");
    for headers in [
        &[host, ("x-forwarded-for", "192.0.2.1")][..],
        &[host, ("cookie", "__Host-gridspark-embed=gse_a")],
        &[host, ("authorization", "Bearer gsk_a")],
    ] {
        let status = asked(&proxied, "127.0.0.1", headers).await;
        assert!(matches!(status, 401 | 403), "{headers:?}: {status}");
    }
    // A proxy on a monitoring address passes people on.
    let same = super::PROXY.replace("10.0.0.7", "127.0.0.1");
    let same = crate::support::pages::Pages::configured(&test.store, &same);
    assert_eq!(asked(&same, "127.0.0.1", &[host]).await, 401);
    let viewer = [host, ("x-forwarded-user", "ada"), ("x-forwarded-groups", "read")];
    assert_eq!(asked(&same, "127.0.0.1", &viewer).await, 403);
    let operator = [host, ("x-forwarded-user", "ada"), ("x-forwarded-groups", "ops")];
    assert_eq!(asked(&same, "127.0.0.1", &operator).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_have_a_bound_and_a_forged_name_is_refused_everywhere() {
    let test = TestStore::sqlite().await;
    let pages = super::behind_a_proxy(&test.store);
    let host = ("host", "grid.example.org");
    let long = "a".repeat(100_000);
    let page = super::ask(&pages, "192.0.2.1", "GET /healthz", &[host, ("x-long", &long)], "").await;
    assert_eq!(page.status, 431);
    for path in [
        "/healthz",
        "/readyz",
        "/sign-in",
        "/signed-out",
        "/handbook/en/index.html",
        "/pkg/gridspark.abc.css",
    ] {
        let forged = [host, ("x-forwarded-user", "ada")];
        let page = super::ask(&pages, "192.0.2.1", &format!("GET {path}"), &forged, "").await;
        assert_eq!(page.status, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_open_to_everyone_says_so() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 60).await;
    forecast(&test.store).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    for path in ["/", "/print", "/print?box=ESD.000000-1", "/no/such/page", "/runs", "/audit", "/model"] {
        assert!(pages.get(path).await.body.contains("Open to everyone"), "{path}");
    }
    let proxied = super::behind_a_proxy(&test.store);
    for path in ["/print", "/no/such/page"] {
        let page = super::as_one_of(&proxied, "read", &format!("GET {path}"), "").await;
        assert!(!page.body.contains("Open to everyone"), "{path}");
    }
}

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
    let mut slow: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(&address).unwrap()).collect();
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

//! Each way in × each right × each route.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use chrono::{TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope};
use gridspark::identity::rights::{FILES, Line, Needs, TABLE};
use sha2::{Digest as _, Sha256};
use store::{NewApiKey, NewSession};

use super::{ask, behind_a_proxy};
use crate::on_both_databases;
use crate::support::pages::Pages;
use crate::support::{TestStore, fill, pages_of};

/// The routes of the router itself, from its own account of them.
fn routes_of(pages: &Pages) -> BTreeSet<String> {
    let described = format!("{:?}", pages.router());
    // RouteId(7): "/runs"
    let quoted = described.split("RouteId(").filter_map(|part| part.split_once("): \""));
    quoted.filter_map(|(_, rest)| rest.split_once('"')).map(|(path, _)| path.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_and_server_function_has_its_line_and_every_line_its_route() {
    let test = TestStore::sqlite().await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let mut routes = routes_of(&pages);
    // What is in no route: the files.
    routes.retain(|route| !route.contains("axum_fallback"));
    assert!(routes.contains("/runs") && routes.contains("/api/weeks") && routes.len() > 20, "{routes:?}");
    let lines: BTreeSet<String> =
        TABLE.iter().map(|line| line.route.to_owned()).filter(|route| route != FILES).collect();
    assert_eq!(lines.symmetric_difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new());
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        let known = TABLE.iter().any(|line| line.route == path && line.method == method.as_str());
        assert!(known, "{method} {path} is in no line of identity::rights");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_that_is_in_no_line_is_refused() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    for what in ["PUT /api/nothing", "DELETE /api/nothing", "PATCH /api/nothing", "BREW /api/nothing"] {
        let page = super::as_one_of(&pages, "ops", what, "").await;
        assert_eq!((page.status, page.header("allow")), (405, "GET, HEAD, POST"), "{what}");
    }
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A key of a right in the store, or with the right to embed a token.
async fn key(test: &TestStore, right: Right) -> String {
    let prefix = if right == Right::Embed { "gse_" } else { "gsk_" };
    let token = format!("{prefix}{right}");
    let new = |token: &str, right, minted_with| NewApiKey {
        token_hash: hash(token),
        name: format!("for {right}"),
        minted_with,
        right,
        scope: Scope::All,
        created_by: "test".to_owned(),
        expires_at: Utc::now() + TimeDelta::hours(1),
    };
    let entry = NewAuditEntry::done(&Person::anyone(), AuditAction::CreateKey, "test");
    let mint = match right {
        Right::Embed => {
            let parent = new("gsk_parent", Right::Viewer, None);
            Some(test.store.create_key(&parent, &entry, Utc::now()).await.unwrap())
        }
        _ => None,
    };
    test.store.create_key(&new(&token, right, mint), &entry, Utc::now()).await.unwrap();
    token
}

/// A session of somebody of a group, as a sign-in at a provider begins it.
async fn session(test: &TestStore, group: &str, rights: &str) -> String {
    let new = NewSession {
        token_hash: hash(group),
        person: "ada".to_owned(),
        way_in: domain::identity::WayIn::OpenidConnect,
        groups: vec![group.to_owned()],
        rights: rights.to_owned(),
        expires_at: Utc::now() + TimeDelta::hours(1),
    };
    let entry = NewAuditEntry::done(&Person::anyone(), AuditAction::SignIn, "test");
    test.store.begin_session(&new, None, &entry, Utc::now()).await.unwrap();
    group.to_owned()
}

/// The settings of the proxy, with enough attempts for all askers.
fn patient() -> String {
    super::PROXY.replace("[identity]\n", "[identity]\nsign_in_attempts_per_minute = 1000\n")
}

/// The settings of a provider at which nobody is asked in these tests: its sessions are there.
fn provider() -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kind = "kind = 'openid-connect', issuer = 'http://127.0.0.1:9', client_id = 'gridspark'";
    patient().replace("kind = 'reverse-proxy'", kind)
}

/// Somebody who asks, with the headers that say who.
struct Asker {
    called: String,
    right: Option<Right>,
    is_key: bool,
    from: &'static str,
    headers: Vec<(&'static str, String)>,
}

fn asker(
    called: &str,
    right: Option<Right>,
    from: &'static str,
    headers: Vec<(&'static str, String)>,
) -> Asker {
    Asker { called: called.to_owned(), right, is_key: called.starts_with("key"), from, headers }
}

/// Whether a line lets somebody in.
fn is_expected(needs: Needs, asker: &Asker) -> bool {
    // What forges a name is refused wherever it goes.
    if asker.called == "a forged name" {
        return false;
    }
    match needs {
        Needs::Nothing => true,
        Needs::Monitoring => asker.right == Some(Right::Operator),
        Needs::Right(least) => asker.right.is_some_and(|right| right >= least),
        Needs::Key(least) => asker.is_key && asker.right.is_some_and(|right| right >= least),
    }
}

on_both_databases! {
    async fn each_way_in_with_each_right_at_each_route(test: &TestStore) {
        fill(&test.store, &[460.0], 60).await;
        let rights = [("read", Right::Viewer), ("plan", Right::Planner), ("ops", Right::Operator)];
        let mut askers = vec![
            asker("nobody", None, "192.0.2.1", vec![]),
            asker("a forged name", None, "192.0.2.1", vec![("x-forwarded-user", "ada".to_owned())]),
            asker("somebody of no group", None, "10.0.0.7", vec![("x-forwarded-user", "eve".to_owned())]),
            asker("a wrong key", None, "192.0.2.3", vec![("authorization", "Bearer gsk_wrong".to_owned())]),
        ];
        for (group, right) in rights {
            let named = vec![("x-forwarded-user", "ada".to_owned()), ("x-forwarded-groups", group.to_owned())];
            askers.push(asker(&format!("proxy {right}"), Some(right), "10.0.0.7", named));
        }
        for right in Right::ALL {
            let bearer = format!("Bearer {}", key(test, right).await);
            let called = if right == Right::Embed { "embed token".to_owned() } else { format!("key {right}") };
            askers.push(asker(&called, Some(right), "192.0.2.2", vec![("authorization", bearer)]));
        }
        askers.push(asker("embed cookie", Some(Right::Embed), "192.0.2.2",
            vec![("cookie", "__Host-gridspark-embed=gse_embed".to_owned())]));
        let proxied = Pages::configured(&test.store, &patient());
        let all = r#""all""#;
        let mut signed_in = vec![
            asker("nobody at the provider", None, "192.0.2.1", vec![]),
            asker("an unknown session", None, "192.0.2.1", vec![("cookie", "__Host-gridspark=wrong".to_owned())]),
            // The headers of another way in say nothing.
            asker("a proxy's header", None, "10.0.0.7",
                vec![("x-forwarded-user", "ada".to_owned()), ("x-forwarded-groups", "ops".to_owned())]),
        ];
        for (group, right) in rights {
            let decides = if right == Right::Viewer { r#"{"areas":[]}"# } else { all };
            let cookie = session(test, group, &format!("{right} {all} {decides}")).await;
            let cookie = vec![("cookie", format!("__Host-gridspark={cookie}"))];
            signed_in.push(asker(&format!("session {right}"), Some(right), "192.0.2.4", cookie));
        }
        let provided = Pages::configured(&test.store, &provider());
        let open = pages_of(&test.store, "Europe/Amsterdam");
        let mut none = vec![
            asker("somebody on another host", None, "192.0.2.1", vec![]),
            asker("somebody behind a proxy", None, "127.0.0.1", vec![("via", "1.1 proxy".to_owned())]),
            asker("anyone on the host", Some(Right::Operator), "127.0.0.1", vec![]),
        ];
        for right in Right::ALL {
            let called = if right == Right::Embed { "embed token".to_owned() } else { format!("key {right}") };
            let token = if right == Right::Embed { "gse_embed".to_owned() } else { format!("gsk_{right}") };
            none.push(asker(&called, Some(right), "192.0.2.2", vec![("authorization", format!("Bearer {token}"))]));
        }
        let mut asked = 0;
        for (pages, host, askers) in
            [(&proxied, "grid.example.org", askers), (&provided, "grid.example.org", signed_in), (&open, "localhost", none)] {
            for asker in askers {
                let answer = async |what: &str, headers: &[(&str, &str)], body: &str| {
                    let page = ask(pages, asker.from, what, headers, body).await;
                    (page.status, page.header("location").to_owned(), page.body)
                };
                asked += asks_for_every_line(&asker, host, answer).await;
            }
        }
        assert!(asked > 600, "{asked}");
    }
}

/// Asks for each line of the table as somebody, and compares who is let in with the line; how many were asked for.
async fn asks_for_every_line(
    asker: &Asker,
    host: &str,
    answer: impl AsyncFn(&str, &[(&str, &str)], &str) -> (u16, String, String),
) -> usize {
    let mut headers: Vec<(&str, &str)> =
        asker.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    headers.push(("host", host));
    // Whoever signs out has no right afterwards.
    let (last, lines): (Vec<&Line>, Vec<&Line>) =
        TABLE.iter().filter(|line| line.route != FILES).partition(|line| line.route == "/sign-out");
    for line in lines.iter().chain(&last) {
        let path = line.route.replace("{figure}", "x.svg").replace("{key_id}", "999").replace("{*rest}", "x");
        let path = if path == "/api/box" { "/api/box?box_id=ESD.000000-1".to_owned() } else { path };
        let body = if line.method == "POST" { "{}" } else { "" };
        let (status, to, said) = answer(&format!("{} {path}", line.method), &headers, body).await;
        // Whoever is let in gets whatever the route says to an empty request.
        let is_let_in = !matches!(status, 401 | 403) && !to.starts_with("/sign-in?");
        // A frame begins with a portal's form alone, which nobody here has.
        let expected = is_expected(line.needs, asker) && line.route != "/embed/session";
        assert_eq!(
            is_let_in, expected,
            "{}: {} {} gives {status} {said}",
            asker.called, line.method, line.route
        );
        assert!(status < 500 || line.route.starts_with("/sign"), "{} {status}", line.route);
    }
    if asker.called.starts_with("session") {
        let (status, ..) = answer("GET /api/overview", &headers, "").await;
        assert_eq!(status, 401, "{} is signed out", asker.called);
    }
    lines.len() + last.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_right_at_each_route_of_a_server_that_listens() {
    let test = TestStore::sqlite().await;
    fill(&test.store, &[460.0], 60).await;
    let settings = patient().replace("10.0.0.7", "127.0.0.1");
    let pages = Pages::configured(&test.store, &settings);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = gridspark::http::serve(
        listener,
        pages.router().clone(),
        gridspark::http::KnownAddresses::default(),
        std::future::pending(),
    );
    let server = tokio::spawn(serving);
    let mut askers = vec![
        asker("nobody", None, "", vec![]),
        asker("a wrong key", None, "", vec![("authorization", "Bearer gsk_wrong".to_owned())]),
        asker("somebody of no group", None, "", vec![("x-forwarded-user", "eve".to_owned())]),
    ];
    for (group, right) in [("read", Right::Viewer), ("plan", Right::Planner), ("ops", Right::Operator)] {
        let named = vec![("x-forwarded-user", "ada".to_owned()), ("x-forwarded-groups", group.to_owned())];
        askers.push(asker(&format!("proxy {right}"), Some(right), "", named));
    }
    for right in Right::ALL {
        let bearer = format!("Bearer {}", key(&test, right).await);
        let called = if right == Right::Embed { "embed token".to_owned() } else { format!("key {right}") };
        askers.push(asker(&called, Some(right), "", vec![("authorization", bearer)]));
    }
    let answer = async |what: &str, headers: &[(&str, &str)], body: &str| {
        over_network(address, what, headers, body).await
    };
    let mut asked = 0;
    for asker in askers {
        asked += asks_for_every_line(&asker, "grid.example.org", answer).await;
    }
    assert!(asked > 250, "{asked}");
    server.abort();
}

/// A request over a connection of its own: status, `Location` and body.
async fn over_network(
    address: std::net::SocketAddr,
    what: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String, String) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut text = format!("{what} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        text += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    }
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A refused request's body isn't read, so the end may come as a reset.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer
        .get(9..12)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("{what}: {answer}"));
    let to = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default().to_owned();
    (status, to, answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_the_program_are_for_everyone_and_hold_no_data() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let ask = async |path: &str| {
        let request = Request::get(path).header("host", "grid.example.org").body(Body::empty()).unwrap();
        pages.answer(request).await
    };
    assert_eq!(ask("/pkg/gridspark.abc.css").await.status, 200);
    for path in [
        "/pkg/../gridspark.toml",
        "/pkg/%2e%2e/gridspark.toml",
        "/%2e%2e/gridspark.toml",
        "/..%2fgridspark.toml",
        "//etc/passwd",
        "/pkg/..%5c..%5cgridspark.toml",
        "/handbook/%2e%2e/%2e%2e/etc/passwd",
        "/%00",
    ] {
        let page = ask(path).await;
        assert!(page.status == 404 || page.status == 400, "{path}: {}", page.status);
        assert!(!page.body.contains("identity") && !page.body.contains("root:"), "{path}");
    }
}

//! Each way in × each right × each route.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use chrono::{TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope};
use gridspark::identity::rights::{FILES, Needs, TABLE};
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
    for what in ["PUT /api/nothing", "DELETE /api/nothing", "PATCH /api/nothing"] {
        assert_eq!(super::as_one_of(&pages, "ops", what, "").await.status, 403, "{what}");
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
    test.store.begin_session(&new, Utc::now()).await.unwrap();
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
        let mut asked = 0;
        for (pages, askers) in [(&proxied, askers), (&provided, signed_in)] {
            for asker in askers {
                for line in TABLE.iter().filter(|line| line.route != FILES) {
                    // Whoever signs out has no right afterwards.
                    if line.route == "/sign-out" && asker.called.starts_with("session") {
                        continue;
                    }
                    let path = line.route.replace("{figure}", "x.svg").replace("{key_id}", "999").replace("{*rest}", "x");
                    let path = if path == "/api/box" { "/api/box?box_id=ESD.000000-1".to_owned() } else { path };
                    let mut headers: Vec<(&str, &str)> =
                        asker.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    headers.push(("host", "grid.example.org"));
                    let body = if line.method == "POST" { "{}" } else { "" };
                    let page = ask(pages, asker.from, &format!("{} {path}", line.method), &headers, body).await;
                    let to = page.header("location");
                    // Whoever is let in gets whatever the route says to an empty request.
                    let is_let_in = !matches!(page.status, 401 | 403) && !to.starts_with("/sign-in?");
                    let expected = is_expected(line.needs, &asker) || (line.route == "/embed/session" && !is_let_in);
                    assert_eq!(is_let_in || line.route == "/embed/session", expected || line.route == "/embed/session",
                        "{}: {} {} gives {} {}", asker.called, line.method, line.route, page.status, page.body);
                    assert!(page.status < 500 || line.route.starts_with("/sign"), "{} {}", line.route, page.status);
                    asked += 1;
                }
            }
        }
        assert!(asked > 400, "{asked}");
    }
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

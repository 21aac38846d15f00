//! The audit can be added to and nothing else.

use chrono::{TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, WayIn};
use sqlx::AssertSqlSafe;
use store::NewSession;

use super::{as_one_of, ask, behind_a_proxy};
use crate::on_both_databases;
use crate::support::TestStore;

async fn execute(url: &str, statement: &str) -> Result<(), String> {
    let statement = AssertSqlSafe(statement.to_owned());
    let outcome = if url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(url).await.unwrap();
        sqlx::query(statement).execute(&pool).await.map(drop)
    } else {
        let pool = sqlx::PgPool::connect(url).await.unwrap();
        sqlx::query(statement).execute(&pool).await.map(drop)
    };
    outcome.map_err(|error| error.to_string())
}

on_both_databases! {
    async fn the_database_itself_refuses_to_change_or_delete_an_entry(test: &TestStore) {
        let entry = NewAuditEntry::done(&Person::anyone(), AuditAction::Export, "'; DROP TABLE audit_entry; --");
        test.store.audit(&entry.with("<b>"), Utc::now()).await.unwrap();
        let replace = "INSERT OR REPLACE INTO audit_entry (entry_id, at, person, way_in, action, outcome, subject, detail) \
            VALUES (1, '2026-01-01', '', 'none', 'export', 'done', '', '')";
        let mut statements = vec!["UPDATE audit_entry SET person = 'x'", "DELETE FROM audit_entry"];
        statements.push(if test.url.starts_with("sqlite") { replace } else { "TRUNCATE audit_entry" });
        for statement in statements {
            let error = execute(&test.url, statement).await.unwrap_err();
            assert!(error.contains("append-only"), "{statement}: {error}");
        }
        let entries = test.store.audit_entries(None, 10).await.unwrap();
        assert_eq!((entries.len(), entries[0].subject.as_str()), (1, "'; DROP TABLE audit_entry; --"));
        assert!(test.store.audit_entries(Some(entries[0].number), 10).await.unwrap().is_empty());
    }
}

on_both_databases! {
    async fn a_session_ends_by_idleness_by_age_by_revocation_and_by_other_rights(test: &TestStore) {
        let now = Utc::now();
        let (idle, store) = (TimeDelta::minutes(30), &test.store);
        let new = |hash: &str| NewSession {
            token_hash: hash.to_owned(),
            person: "ada".to_owned(),
            way_in: WayIn::OpenidConnect,
            groups: vec!["read".to_owned()],
            rights: "viewer".to_owned(),
            expires_at: now + TimeDelta::hours(8),
        };
        let entry = NewAuditEntry::done(&Person::anyone(), AuditAction::SignIn, "test");
        store.begin_session(&new("a"), None, &entry, now).await.unwrap();
        assert!(store.use_session("b", idle, now).await.unwrap().is_none());
        assert!(store.use_session("a", idle, now + TimeDelta::minutes(29)).await.unwrap().is_some());
        assert!(store.use_session("a", idle, now + TimeDelta::minutes(58)).await.unwrap().is_some(), "it was used");
        assert!(store.use_session("a", idle, now + TimeDelta::minutes(90)).await.unwrap().is_none(), "idle");
        store.begin_session(&new("c"), Some("a"), &entry, now).await.unwrap();
        for minutes in (20..480).step_by(20) {
            assert!(store.use_session("c", idle, now + TimeDelta::minutes(minutes)).await.unwrap().is_some());
        }
        assert!(store.use_session("c", idle, now + TimeDelta::minutes(481)).await.unwrap().is_none(), "too old");
        store.begin_session(&new("d"), None, &entry, now).await.unwrap();
        assert!(store.renew_session("d", "e", "planner", &entry, now).await.unwrap());
        assert!(!store.renew_session("d", "f", "planner", &entry, now).await.unwrap());
        let under_way = store.use_session("d", idle, now + TimeDelta::seconds(20)).await.unwrap().unwrap();
        assert_eq!(under_way.rights, "planner", "other requests of the page were under way");
        let later = now + TimeDelta::seconds(40);
        assert!(store.use_session("d", idle, later).await.unwrap().is_none(), "the older token is nobody's");
        assert_eq!(store.use_session("e", idle, now).await.unwrap().unwrap().rights, "planner");
        // Of "c", too old, and of "e".
        assert_eq!(store.sessions(idle, now + TimeDelta::minutes(5)).await.unwrap().len(), 2);
        assert_eq!(store.sessions(idle, now + TimeDelta::minutes(35)).await.unwrap().len(), 1, "the other is idle");
        assert!(store.end_session("d", &entry, now).await.unwrap(), "also by the older token");
        store.begin_session(&new("e"), None, &entry, now).await.unwrap();
        assert!(store.end_sessions_of("ada", &entry, now).await.unwrap() > 0);
        assert!(store.use_session("e", idle, now).await.unwrap().is_none(), "revoked");
        assert!(store.sessions(idle, now).await.unwrap().is_empty());
        // Three were begun and one more, one was renewed, one ended, and those that remained.
        assert_eq!(store.audit_entries(None, 50).await.unwrap().len(), 4 + 1 + 1 + 1);
        assert!(!store.end_session("e", &entry, now).await.unwrap());
        assert_eq!(store.end_sessions_of("ada", &entry, now).await.unwrap(), 0);
        assert_eq!(store.audit_entries(None, 50).await.unwrap().len(), 7, "what did not happen has no entry");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_read_and_export_who_did_what_and_markup_is_text() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    as_one_of(&pages, "read", "GET /runs", "").await;
    let entry = NewAuditEntry::done(&Person::anyone(), AuditAction::Export, "<script>alert(1)</script>");
    test.store.audit(&entry, Utc::now()).await.unwrap();
    let page = as_one_of(&pages, "ops", "GET /audit", "").await;
    assert!(page.status == 200 && page.body.contains("GET /runs") && page.body.contains("without the right"));
    assert!(
        !page.body.contains("<script>alert") && page.body.contains("&lt;script&gt;alert"),
        "{}",
        page.body
    );
    let export = as_one_of(&pages, "ops", "GET /audit.csv", "").await;
    assert!(
        export.header("content-type").starts_with("text/csv") && export.body.contains("without the right")
    );
    let entries = test.store.audit_entries(None, 1).await.unwrap();
    assert_eq!((entries[0].action, entries[0].person.as_str()), (AuditAction::Export, "ada"));
    assert_eq!(as_one_of(&pages, "plan", "GET /audit", "").await.status, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_fills_the_audit_from_outside() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let path = "A".repeat(60_000);
    let (own, from_elsewhere) = (("host", "grid.example.org"), ("sec-fetch-site", "cross-site"));
    for _ in 0..40 {
        ask(&pages, "192.0.2.1", &format!("DELETE /api/{path}"), &[own], "").await;
        ask(&pages, "192.0.2.1", &format!("POST /api/{path}"), &[own, from_elsewhere], "").await;
        as_one_of(&pages, "read", &format!("GET /model/../{path}"), "").await;
        as_one_of(&pages, "read", "GET /runs", "").await;
    }
    let entries = test.store.audit_entries(None, 1_000).await.unwrap();
    assert!((10..=24).contains(&entries.len()), "{}", entries.len());
    assert!(entries.iter().all(|entry| entry.subject.chars().count() <= 201), "{:?}", entries[0]);
    let cut = entries.iter().find(|entry| entry.subject.starts_with("POST /api/AAA")).unwrap();
    assert!(cut.subject.ends_with('…'));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_read_while_it_is_sent() {
    let test = TestStore::sqlite().await;
    let pages = behind_a_proxy(&test.store);
    let pool = sqlx::SqlitePool::connect(&test.url).await.unwrap();
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
         INSERT INTO audit_entry (at, person, way_in, action, outcome, subject, detail) \
         SELECT '2026-01-01T00:00:00Z', 'ada', 'none', 'export', 'done', 'n' || i, '' FROM n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let headers = [
        ("x-forwarded-user", "ada"),
        ("x-forwarded-groups", "ops"),
        ("host", "grid.example.org"),
        ("accept-encoding", "identity"),
    ];
    let mut request = axum::http::Request::get("/audit.csv")
        .extension(gridspark::identity::Peer("10.0.0.7".parse().unwrap()));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(axum::body::Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(pages.router().clone(), request).await.unwrap();
    let mut parts = response.into_body().into_data_stream();
    let mut sizes = Vec::new();
    let mut text = Vec::new();
    while let Some(part) = futures_util::StreamExt::next(&mut parts).await {
        let part = part.unwrap();
        sizes.push(part.len());
        text.extend(part);
    }
    // The head, and a part for each thousand.
    assert!(sizes.len() >= 4, "{sizes:?}");
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.lines().count(), 1 + 2500 + 1, "the head, the entries, and the one of the export");
    assert!(text.contains(",n1,") && text.contains(",n2500,"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_names_the_person_and_an_export_on_paper_is_recorded() {
    let test = TestStore::sqlite().await;
    crate::support::fill(&test.store, &[460.0], 60).await;
    crate::support::forecast(&test.store).await;
    let pages = behind_a_proxy(&test.store);
    let host = ("host", "grid.example.org");
    let stranger = [("x-forwarded-user", "mallory"), ("x-forwarded-groups", "nothing"), host];
    assert_eq!(ask(&pages, "10.0.0.7", "GET /", &stranger, "").await.status, 403);
    let entry = test.store.audit_entries(None, 1).await.unwrap().remove(0);
    assert_eq!((entry.person.as_str(), entry.action), ("mallory", AuditAction::Refusal));
    assert_eq!(as_one_of(&pages, "read", "GET /print?area=Breda", "").await.status, 200);
    let entry = test.store.audit_entries(None, 1).await.unwrap().remove(0);
    assert_eq!((entry.person.as_str(), entry.action), ("ada", AuditAction::Export));
    assert_eq!((entry.subject.as_str(), entry.detail.as_str()), ("list on paper", "area=Breda"));
    assert_eq!(entry.address.as_deref(), Some("10.0.0.7"));
    let before = test.store.audit_entries(None, 100).await.unwrap().len();
    assert_eq!(as_one_of(&pages, "read", "GET /print?box=ESD.000000-1", "").await.status, 200);
    assert_eq!(as_one_of(&pages, "read", "GET /print?box=%00", "").await.status, 400, "not the whole list");
    assert_eq!(test.store.audit_entries(None, 100).await.unwrap().len(), before);
}

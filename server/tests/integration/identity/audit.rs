//! The audit can be added to and nothing else.

use chrono::{TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, WayIn};
use sqlx::AssertSqlSafe;
use store::NewSession;

use super::{as_one_of, behind_a_proxy};
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
        store.begin_session(&new("a"), now).await.unwrap();
        assert!(store.use_session("b", idle, now).await.unwrap().is_none());
        assert!(store.use_session("a", idle, now + TimeDelta::minutes(29)).await.unwrap().is_some());
        assert!(store.use_session("a", idle, now + TimeDelta::minutes(58)).await.unwrap().is_some(), "it was used");
        assert!(store.use_session("a", idle, now + TimeDelta::minutes(90)).await.unwrap().is_none(), "idle");
        store.begin_session(&new("c"), now).await.unwrap();
        for minutes in (20..480).step_by(20) {
            assert!(store.use_session("c", idle, now + TimeDelta::minutes(minutes)).await.unwrap().is_some());
        }
        assert!(store.use_session("c", idle, now + TimeDelta::minutes(481)).await.unwrap().is_none(), "too old");
        store.begin_session(&new("d"), now).await.unwrap();
        assert!(store.renew_session("d", "e", "planner").await.unwrap());
        assert!(!store.renew_session("d", "f", "planner").await.unwrap());
        assert!(store.use_session("d", idle, now).await.unwrap().is_none(), "the older token is nobody's");
        assert_eq!(store.use_session("e", idle, now).await.unwrap().unwrap().rights, "planner");
        assert!(store.end_sessions_of("ada").await.unwrap() > 0);
        assert!(store.use_session("e", idle, now).await.unwrap().is_none(), "revoked");
        assert!(store.sessions(now).await.unwrap().is_empty());
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

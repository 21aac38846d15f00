//! The handbook is true: its reference matches the code, its examples run.

use std::path::{Path, PathBuf};

use gridspark::reference::Page;

use crate::on_both_databases;
use crate::support::{TestStore, fill, forecast, pages_of};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

#[test]
fn the_reference_is_what_the_code_says() {
    for page in Page::HANDBOOK {
        let path = docs().join("reference").join(page.file());
        if std::env::var_os("GRIDSPARK_WRITE_REFERENCE").is_some() {
            std::fs::write(&path, page.text()).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(
            kept == page.text(),
            "docs/reference/{} is out of date; `just reference` renews it",
            page.file()
        );
    }
}

/// The fenced blocks of a language on a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(docs().join(page)).unwrap();
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Six boxes; the first are overloaded.
async fn fill_and_forecast(test: &TestStore) {
    fill(&test.store, &[460.0, 440.0, 405.0, 330.0, 250.0, 100.0], 150).await;
    forecast(&test.store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_of_http_is_answered_with_fields_that_are_explained() {
    let test = TestStore::sqlite().await;
    fill_and_forecast(&test).await;
    let pages = pages_of(&test.store, "Europe/Amsterdam");
    let page = std::fs::read_to_string(docs().join("reference/http.md")).unwrap();
    let mut asked = 0;
    for line in blocks("reference/http.md", "http").concat().lines() {
        if let Some(address) = line.strip_prefix("GET ") {
            let answer = pages.get(address).await;
            assert_eq!(answer.status, 200, "{address}: {}", answer.body);
            asked += 1;
            if address.starts_with("/api/") {
                for field in fields(&answer.json()) {
                    assert!(page.contains(&format!("`{field}`")), "{address} has {field}: {}", answer.body);
                }
            }
        }
    }
    assert!(asked > 7, "{asked} examples");
    let posted =
        blocks("reference/http.md", "http").into_iter().find(|block| block.starts_with("POST ")).unwrap();
    let (head, body) = posted.split_once("\n\n").unwrap();
    let address = head.lines().next().unwrap().trim_start_matches("POST ");
    assert_eq!(pages.post(address, body.trim()).await.status, 200);
    let decided = pages.get("/api/box?box_id=ESD.000000-1").await.json();
    assert_eq!(decided["special_weeks"]["decisions"][0]["first_week"], "2022-W10");
}

/// The names of an answer's fields, and of its first row's.
fn fields(answer: &serde_json::Value) -> Vec<String> {
    let names = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    };
    let rows = answer["rows"].as_array();
    assert!(rows.is_none_or(|rows| !rows.is_empty()), "no row to look at: {answer}");
    [names(answer), rows.map(|rows| names(&rows[0])).unwrap_or_default()].concat()
}

#[test]
fn every_question_that_the_server_answers_has_its_place() {
    let page = std::fs::read_to_string(docs().join("reference/http.md")).unwrap();
    let paths: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(paths.len() > 4, "{paths:?}");
    for (path, method) in paths {
        assert!(page.contains(&format!("{method} {path}")), "{method} {path}");
    }
}

on_both_databases! {
    async fn every_statement_of_the_page_on_sql_brings_rows(test: &TestStore) {
        fill_and_forecast(test).await;
        let statements = blocks("reference/sql.md", "sql");
        assert!(statements.len() > 3);
        for statement in statements {
            let rows = if test.url.starts_with("sqlite") {
                let pool = sqlx::SqlitePool::connect(&test.url).await.unwrap();
                sqlx::query(sqlx::AssertSqlSafe(statement.as_str())).fetch_all(&pool).await.unwrap().len()
            } else {
                let pool = sqlx::PgPool::connect(&test.url).await.unwrap();
                sqlx::query(sqlx::AssertSqlSafe(statement.as_str())).fetch_all(&pool).await.unwrap().len()
            };
            assert!(rows > 0, "{statement}");
        }
    }
}

#[test]
fn every_alert_has_its_row_and_every_shipped_file_its_mention() {
    let deploy = docs().join("../deploy");
    let page = std::fs::read_to_string(docs().join("operator/monitoring.md")).unwrap();
    let rules = std::fs::read_to_string(deploy.join("monitoring/alerts.yml")).unwrap();
    let alerts: Vec<_> = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() > 5, "{alerts:?}");
    for alert in alerts {
        assert!(page.contains(&format!("| `{alert}` |")), "{alert}");
    }
    let install = std::fs::read_to_string(docs().join("operator/install.md")).unwrap();
    for unit in std::fs::read_dir(deploy.join("systemd")).unwrap() {
        let name = unit.unwrap().file_name().into_string().unwrap();
        assert!(install.contains(&name), "{name}");
    }
}

#[test]
fn every_notice_in_the_handbook_is_one_that_is_sent() {
    use domain::notices::Notice;
    let mut kinds = Vec::new();
    for block in blocks("operator/notices.md", "json") {
        let body: serde_json::Value = serde_json::from_str(&block).unwrap();
        let shown = body.get("data").map_or(&body, |data| &data["notice"]);
        let notice: Notice = serde_json::from_value(shown.clone()).unwrap();
        let again = match &notice {
            Notice::RunSuspicious { run, drifts, .. } => Notice::suspicious(*run, drifts),
            Notice::ReadingsRefused { tests, .. } => Notice::refused(tests),
            other => other.clone(),
        };
        assert_eq!(&serde_json::to_value(&again).unwrap(), shown, "its sentences are those of its figures");
        kinds.push(notice.kind().to_string());
        if let Some(kind) = body["type"].as_str() {
            assert_eq!(kind, format!("gridspark.{}", notice.kind()));
        }
    }
    let all = ["run-failed", "run-late", "run-suspicious", "readings-refused", "weekly-digest"];
    assert_eq!(kinds, all);
}

#[test]
fn every_configuration_in_the_handbook_can_be_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gridspark.toml");
    let mut loaded = 0;
    for page in std::fs::read_dir(docs().join("operator")).unwrap() {
        let page = page.unwrap().path();
        for block in blocks(page.to_str().unwrap(), "toml") {
            std::fs::write(&path, &block).unwrap();
            let outcome = gridspark::configuration::Configuration::load(Some(&path), None).map(drop);
            assert!(outcome.is_ok(), "{}: {outcome:?}\n{block}", page.display());
            loaded += 1;
        }
    }
    assert!(loaded > 3, "{loaded} examples");
}

//! The privileges of a database user, and the messages if they are insufficient.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::{Store, Tables};

use crate::support::postgres::new_database;
use crate::support::{fill, metadata};

/// A store that another user made, and the address of one with these rights on its tables.
async fn user_with(name: &str, rights: &str) -> String {
    let url = new_database().await;
    let store = Store::open(&url).await.unwrap();
    fill(&store, &[300.0], 20).await;
    store.close().await;
    let mut owner = PgConnection::connect(&url).await.unwrap();
    for statement in [
        format!("CREATE ROLE {name} LOGIN"),
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned(),
        format!("GRANT {rights} TO {name}"),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut owner).await.unwrap();
    }
    url.replace("postgres://postgres@", &format!("postgres://{name}@"))
}

#[tokio::test]
async fn a_user_who_may_write_but_make_no_tables_can_work_with_those_that_fit() {
    let url = user_with("writer", "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public").await;
    let probe = Store::probe(&url).await.unwrap();
    assert_eq!((probe.tables, probe.may_create), (Tables::Fitting, Some(false)));
    assert!(probe.inaccessible_tables.is_empty(), "{:?}", probe.inaccessible_tables);
    let store = Store::open(&url).await.unwrap();
    assert_eq!(store.save_boxes(&[metadata(1)]).await.unwrap(), 1);
    store.close().await;
}

#[tokio::test]
async fn a_user_who_may_only_read_is_reported_which_rights_are_missing() {
    let url = user_with("reader", "SELECT ON ALL TABLES IN SCHEMA public").await;
    let probe = Store::probe(&url).await.unwrap();
    for table in ["box", "week_extremes", "forecast", "run_record", "learning"] {
        assert!(
            probe.inaccessible_tables.iter().any(|found| found == table),
            "{table}: {:?}",
            probe.inaccessible_tables
        );
    }
    let store = Store::open(&url).await.unwrap();
    let error = store.save_boxes(&[metadata(1)]).await.unwrap_err().to_string();
    assert!(error.contains("permission denied") && error.contains("`gridspark check`"), "{error}");
    store.close().await;
}

#[tokio::test]
async fn tables_that_may_not_be_looked_at_do_not_count_as_absent() {
    let url = user_with("stranger", "USAGE ON SCHEMA public").await;
    let error = Store::probe(&url).await.unwrap_err().to_string();
    assert!(error.contains("permission denied for table _sqlx_migrations"), "{error}");
}

#[tokio::test]
async fn who_may_make_no_tables_where_there_are_none_is_reported_the_grant() {
    let url = new_database().await;
    let mut owner = PgConnection::connect(&url).await.unwrap();
    for statement in ["CREATE ROLE newcomer LOGIN", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    let error = Store::open(&url.replace("postgres://postgres@", "postgres://newcomer@")).await.unwrap_err();
    assert!(error.to_string().contains("GRANT CREATE ON SCHEMA"), "{error}");
}

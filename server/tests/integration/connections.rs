//! The connections to PostgreSQL: limits of the server, and poolers in between.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::{MaxConnections, Store, StoreError};

use crate::support::pooler::Pooler;
use crate::support::postgres::new_database;
use crate::support::{fill, forecast};

const LEVELS_KW: [f64; 12] =
    [90.0, 120.0, 150.0, 180.0, 210.0, 240.0, 270.0, 300.0, 330.0, 360.0, 390.0, 420.0];

/// A database whose user `name` may open so many connections, and its address for the user.
async fn database_with(name: &str, limit: u16) -> String {
    let url = new_database().await;
    let mut owner = PgConnection::connect(&url).await.unwrap();
    for statement in [
        format!("CREATE ROLE {name} LOGIN CONNECTION LIMIT {limit}"),
        format!("GRANT CREATE ON SCHEMA public TO {name}"),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut owner).await.unwrap();
    }
    url.replace("postgres://postgres@", &format!("postgres://{name}@"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_works_with_the_four_connections_that_the_server_grants() {
    let url = database_with("four", 4).await;
    assert_eq!(Store::probe(&url).await.unwrap().granted_connections.unwrap().get(), 4);
    let store = Store::open(&url).await.unwrap();
    fill(&store, &LEVELS_KW, 160).await;
    assert!(forecast(&store).await.unwrap().failures.is_empty());
    let rows = (0..24).map(|_| store.overview());
    for overview in futures_util::future::join_all(rows).await {
        assert_eq!(overview.unwrap().boxes, LEVELS_KW.len() as u32);
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_works_with_a_single_connection() {
    let store = Store::open_with(&new_database().await, MaxConnections::new(1).unwrap()).await.unwrap();
    fill(&store, &LEVELS_KW, 160).await;
    assert!(forecast(&store).await.unwrap().failures.is_empty());
    store.close().await;
}

#[tokio::test]
async fn where_the_server_takes_no_more_its_own_reason_is_told() {
    let url = database_with("taken", 1).await;
    let taken = PgConnection::connect(&url).await.unwrap();
    let refused = Store::open(&url).await.unwrap_err().to_string();
    assert!(refused.contains("too many connections for role \"taken\""), "{refused}");
    taken.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_works_through_a_pooler_in_session_mode() {
    let url = new_database().await;
    let pooler = Pooler::start(&url, "session", 20);
    let store = Store::open(&pooler.address(&url)).await.unwrap();
    fill(&store, &LEVELS_KW, 160).await;
    assert!(forecast(&store).await.unwrap().failures.is_empty());
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_in_transaction_mode_is_refused_with_the_remedy() {
    let url = new_database().await;
    for pool_size in [1, 20] {
        let pooler = Pooler::start(&url, "transaction", pool_size);
        let refused = Store::open(&pooler.address(&url)).await.unwrap_err();
        assert!(matches!(refused, StoreError::TransactionPooling), "{pool_size}: {refused}");
        assert!(refused.to_string().contains("`pool_mode = session`"), "{refused}");
    }
}

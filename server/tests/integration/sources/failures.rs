//! Whatever fails, one sentence says what to do, and the store is unchanged.

use gridspark::extremes::{IngestError, ingest, scope_of};
use gridspark::sources::{
    Answer, BatchSender, BoxReadOutcome, PostgresSource, Scope, Source, SourceError, WeekReadOutcome,
};
use sqlx::{Connection, PgConnection};
use tokio::sync::mpsc;

use super::readings::{SUMLI, reading, three_weeks};
use super::table::Database;
use super::{content, open, request, update};
use crate::on_both_databases;
use crate::support::TestStore;

async fn sentence(database: &Database) -> String {
    open(&database.settings()).await.err().unwrap().to_string()
}

fn assert_tells(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "{message} does not say {word}");
    }
}

#[tokio::test]
async fn wrong_tables_columns_and_types_are_named_with_the_setting_that_mends_them() {
    let mut database = Database::with(&[]).await;
    database.toml = "measurements = \"meet.waarden\"".to_owned();
    assert_tells(
        &sentence(&database).await,
        &["no table or view meet.waarden", "[source.postgres] measurements"],
    );
    database.toml = "boxes = \"stations\"".to_owned();
    assert_tells(&sentence(&database).await, &["no table or view stations", "[source.postgres] boxes"]);
    database.toml.clear();
    database.execute("ALTER TABLE measurements RENAME COLUMN waarde TO value").await;
    let missing = sentence(&database).await;
    assert_tells(
        &missing,
        &["no column waarde", "boxid, channelid, value, datumtijd", "measurement_columns"],
    );
    database.toml = "measurement_columns = { waarde = \"value\" }".to_owned();
    assert!(open(&database.settings()).await.is_ok());
    database.execute("ALTER TABLE measurements ALTER datumtijd TYPE TIMESTAMP").await;
    assert_tells(
        &sentence(&database).await,
        &["datumtijd", "timestamp without time zone", "wanted is timestamp with time zone"],
    );
    database
        .execute("ALTER TABLE measurements ALTER datumtijd TYPE TIMESTAMPTZ, ALTER value TYPE TEXT")
        .await;
    assert_tells(&sentence(&database).await, &["value", "of type text", "wanted is a number"]);
}

#[tokio::test]
async fn missing_rights_are_reported_with_the_grant_that_helps() {
    let mut database = Database::with(&[]).await;
    // Roles belong to the whole server, which other tests share.
    let role = format!("reader_{}", std::process::id());
    database.execute(&format!("CREATE ROLE {role} LOGIN")).await;
    let settings = database.settings_at(&database.url_of(&role));
    let error = open(&settings).await.err().unwrap().to_string();
    assert_tells(&error, &["may not read measurements", &format!("GRANT SELECT ON measurements TO {role}")]);
    database.execute(&format!("GRANT SELECT (boxid, channelid, waarde) ON measurements TO {role}")).await;
    assert!(matches!(open(&settings).await, Err(SourceError::NoRights { .. })));
    database.execute(&format!("GRANT SELECT ON measurements TO {role}")).await;
    assert!(open(&settings).await.is_ok());
    database.execute("CREATE SCHEMA closed").await;
    database.toml = "measurements = \"closed.measurements\"".to_owned();
    let settings = database.settings_at(&database.url_of(&role));
    let error = open(&settings).await.err().unwrap().to_string();
    assert_tells(&error, &[&format!("GRANT USAGE ON SCHEMA closed TO {role}")]);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_without_the_password() {
    let database = Database::with(&[]).await;
    for (url, expected) in [
        ("postgres://me:hidden@localhost:1/x?host=/nowhere", "/nowhere"),
        ("postgres://me:hidden@localhost:99999/x", "it looks like postgres://"),
        ("mysql://me:hidden@localhost/x", "postgres://"),
        (&database.url.replace("/test_", "/absent_").replace("postgres@", "postgres:hidden@"), "absent_"),
    ] {
        let error = open(&database.settings_at(url)).await.err().unwrap();
        let (shown, whole) = (error.to_string(), format!("{error:?}"));
        assert!(shown.contains(expected) && shown.contains("GRIDSPARK_SOURCE_URL"), "{shown}");
        assert!(!shown.contains("hidden") && !whole.contains("hidden"), "{whole}");
    }
}

on_both_databases! {
    async fn a_source_without_readings_is_taken_for_the_wrong_one(test: &TestStore) {
        let mut database = Database::with(&three_weeks("A")).await;
        update(&test.store, &database, &request()).await.unwrap();
        let before = content(&test.url).await;
        database.execute("DELETE FROM measurements").await;
        database.insert(&[reading("A", SUMLI, f64::NAN, "2024-12-03T10:00:00Z")]).await;
        let error = update(&test.store, &database, &request()).await.unwrap_err().to_string();
        assert_tells(&error, &["no usable readings since 2024-11-25, in 1 rows", "nothing was changed"]);
        assert_eq!(content(&test.url).await, before);
    }
}

on_both_databases! {
    async fn an_aggregation_that_takes_too_long_is_given_up(test: &TestStore) {
        let mut database = Database::with(&three_weeks("A")).await;
        database.toml = "statement_timeout_seconds = 1".to_owned();
        let mut source = open(&database.settings()).await.unwrap();
        let scope = scope_of(&test.store, &source, &request()).await.unwrap();
        // The table is locked: the aggregation waits for it until its own limit.
        database.execute("BEGIN; LOCK TABLE measurements IN ACCESS EXCLUSIVE MODE").await;
        let error = ingest(&test.store, &mut source, &scope, None).await.unwrap_err();
        assert!(matches!(error, IngestError::Source(SourceError::TimedOut { seconds: 1, .. })), "{error}");
        assert_tells(&error.to_string(), &["statement timeout", "statement_timeout_seconds"]);
        assert!(content(&test.url).await.weeks.is_empty());
    }
}

/// A source whose connection is cut after its first batch.
struct Cut {
    source: PostgresSource,
    url: String,
}

impl Source for Cut {
    fn description(&self) -> String {
        self.source.description()
    }

    fn name(&self) -> Option<String> {
        self.source.name()
    }

    fn boxes(&mut self) -> Answer<'_, BoxReadOutcome> {
        self.source.boxes()
    }

    fn weeks<'a>(&'a mut self, scope: &'a Scope, batches: BatchSender) -> Answer<'a, WeekReadOutcome> {
        let Self { source, url } = self;
        Box::pin(async move {
            let (sender, mut received) = mpsc::channel(1);
            let cut = async {
                batches.send(received.recv().await.unwrap()).await.unwrap();
                let mut other = PgConnection::connect(url).await.unwrap();
                let killed: Vec<bool> = sqlx::query_scalar(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE application_name LIKE 'gridspark%' AND datname = current_database()",
                )
                .fetch_all(&mut other)
                .await
                .unwrap();
                assert_eq!(killed, [true]);
                while let Some(batch) = received.recv().await {
                    batches.send(batch).await.unwrap();
                }
            };
            tokio::join!(source.weeks(scope, sender), cut).0
        })
    }
}

on_both_databases! {
    async fn a_connection_that_breaks_off_in_the_middle_leaves_the_store_as_it_was(test: &TestStore) {
        let mut database = Database::with(&three_weeks("A")).await;
        update(&test.store, &database, &request()).await.unwrap();
        let before = content(&test.url).await;
        // Far more weeks than the connection buffers: the server is still sending when it is cut.
        database.execute(&format!(
            "INSERT INTO measurements SELECT 'N' || n % 10000, '{SUMLI}', n, TIMESTAMPTZ '2024-11-26 10:00Z' \
             + n / 10000 * INTERVAL '7 days' FROM generate_series(0, 29999) n"
        )).await;
        let source = open(&database.settings()).await.unwrap();
        let scope = scope_of(&test.store, &source, &request()).await.unwrap();
        let error = ingest(&test.store, &mut Cut { source, url: database.url.clone() }, &scope, None).await.unwrap_err();
        assert!(matches!(error, IngestError::Source(SourceError::Lost { .. })), "{error:?}");
        assert_tells(&error.to_string(), &["broke off", "nothing was changed"]);
        assert_eq!(content(&test.url).await, before);
        let ingested = update(&test.store, &database, &request()).await.unwrap();
        assert_eq!(ingested.counts.changed_weeks, 30_000);
    }
}

//! A PostgreSQL database that holds readings.

use gridspark::configuration::Configuration;
use gridspark::configuration::source::PostgresSettings;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::readings::Reading;
use crate::support::postgres::new_database;

/// A database of its own with a table of readings in the source system's words.
pub(super) struct Database {
    pub(super) url: String,
    connection: PgConnection,
    /// What is set beside the address.
    pub(super) toml: String,
}

impl Database {
    pub(super) async fn empty() -> Self {
        let url = new_database().await;
        let connection = PgConnection::connect(&url).await.unwrap();
        Self { url, connection, toml: String::new() }
    }

    pub(super) async fn with(readings: &[Reading]) -> Self {
        let mut database = Self::empty().await;
        database
            .execute(
                "CREATE TABLE measurements (boxid TEXT, channelid VARCHAR(200), waarde DOUBLE PRECISION, \
                 datumtijd TIMESTAMPTZ)",
            )
            .await;
        database.insert(readings).await;
        database
    }

    pub(super) async fn insert(&mut self, readings: &[Reading]) {
        let boxes: Vec<_> = readings.iter().map(|row| row.box_id.clone()).collect();
        let channels: Vec<_> = readings.iter().map(|row| row.channel.clone()).collect();
        let values: Vec<_> = readings.iter().map(|row| row.kw).collect();
        let times: Vec<_> = readings.iter().map(|row| row.at).collect();
        sqlx::query("INSERT INTO measurements SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::FLOAT8[], $4::TIMESTAMPTZ[])")
            .bind(boxes)
            .bind(channels)
            .bind(values)
            .bind(times)
            .execute(&mut self.connection)
            .await
            .unwrap();
    }

    pub(super) async fn execute(&mut self, statement: &str) {
        self.connection.execute(AssertSqlSafe(statement)).await.unwrap();
    }

    /// The address for another user of the same server.
    pub(super) fn url_of(&self, user: &str) -> String {
        self.url.replace("postgres@", &format!("{user}@"))
    }

    /// The settings of a source that is this database.
    pub(super) fn settings(&self) -> PostgresSettings {
        self.settings_at(&self.url)
    }

    pub(super) fn settings_at(&self, url: &str) -> PostgresSettings {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gridspark.toml");
        let text =
            format!("[source]\nkind = \"postgres\"\n[source.postgres]\nurl = \"{url}\"\n{}", self.toml);
        std::fs::write(&path, text).unwrap();
        Configuration::load(Some(&path), None).unwrap().source.unwrap().postgres
    }
}

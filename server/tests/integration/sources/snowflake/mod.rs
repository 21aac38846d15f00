//! Snowflake: its SQL API before an emulator, ingested into stores of both kinds.

mod agreement;
mod command;
mod failures;
mod statements;
mod updates;

use gridspark::configuration::Configuration;
use gridspark::configuration::source::SnowflakeSettings;
use gridspark::credentials::SourceCredentials;
use gridspark::extremes::{IngestError, Ingested, Request, ingest, scope_of};
use gridspark::sources::{SnowflakeSource, SourceError};
use store::Store;

use super::readings::{Reading, write_parquet};
use super::{Content, content, only, rebuild, request};
use crate::support::TestStore;
use crate::support::snowflake::Account;

/// The settings of the account in TOML; `changed` overrides them.
fn section(account: &Account, changed: &str) -> String {
    let key = account.file("key.p8");
    let mut lines = vec![
        "account = 'grid-test'".to_owned(),
        format!("host = '{}'", account.address),
        "user = 'gridspark'".to_owned(),
        "role = 'READER'".to_owned(),
        "warehouse = 'SMALL'".to_owned(),
        "database = 'METEN'".to_owned(),
        format!("private_key_file = '{}'", key.display()),
    ];
    let name = |line: &str| line.split(" =").next().unwrap_or_default().to_owned();
    lines.retain(|line| !changed.lines().any(|other| name(other) == name(line)));
    format!("[source]\nkind = \"snowflake\"\n[source.snowflake]\n{}\n{changed}\n", lines.join("\n"))
}

fn settings(account: &Account, changed: &str) -> SnowflakeSettings {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gridspark.toml");
    std::fs::write(&path, section(account, changed)).unwrap();
    Configuration::load(Some(&path), None).unwrap().source.unwrap().snowflake
}

/// A source in the account as its settings have it.
async fn open(settings: &SnowflakeSettings) -> Result<SnowflakeSource, SourceError> {
    SnowflakeSource::open(settings, &SourceCredentials::default()).await
}

async fn source(account: &Account) -> SnowflakeSource {
    open(&settings(account, "")).await.unwrap()
}

/// What [`super::update`] does, from Snowflake.
async fn update(store: &Store, account: &Account, request: &Request) -> Result<Ingested, IngestError> {
    let mut source = open(&settings(account, "")).await?;
    let scope = scope_of(store, &source, request).await?;
    ingest(store, &mut source, &scope, Some(&request.gate)).await
}

/// Adds readings to the account's table.
async fn insert(account: &Account, readings: &[Reading]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("readings.parquet");
    write_parquet(&path, readings);
    account.take_file(&path).await;
}

/// A store of either kind.
async fn stores() -> [TestStore; 2] {
    [TestStore::sqlite().await, TestStore::postgres().await]
}

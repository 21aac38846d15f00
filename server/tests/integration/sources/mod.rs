//! Sources: a PostgreSQL or a folder of files, ingested into stores of both kinds.

mod agreement;
mod command;
mod data_quality;
mod failures;
mod files;
mod incremental;
mod metadata;
mod readings;
mod snowflake;
mod table;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use gridspark::configuration::RunWatchSettings;
use gridspark::configuration::source::PostgresSettings;
use gridspark::credentials::DatabaseAddress;
use gridspark::data_quality::Gate;
use gridspark::extremes::{IngestError, Ingested, Request, ingest, scope_of};
use gridspark::sources::{PostgresSource, SourceError};
use model::BoxId;
use sqlx::Row;
use store::Store;

use crate::support::calendar;
use table::Database;

/// The current time of these tests.
fn now() -> DateTime<Utc> {
    "2024-12-20T12:00:00Z".parse().unwrap()
}

/// An update with an overlap of two weeks.
fn request() -> Request {
    Request {
        calendar: calendar(),
        now: now(),
        overlap_weeks: 2,
        rebuild: false,
        boxes: BTreeSet::new(),
        gate: Gate::default(),
        runs: RunWatchSettings::default(),
    }
}

fn rebuild() -> Request {
    Request { rebuild: true, ..request() }
}

fn only(box_id: &str) -> Request {
    Request { boxes: BTreeSet::from([BoxId::new(box_id).unwrap()]), ..request() }
}

/// A source in PostgreSQL as its settings have it.
async fn open(settings: &PostgresSettings) -> Result<PostgresSource, SourceError> {
    let address = settings.url.clone().map(DatabaseAddress::Fixed);
    PostgresSource::open(settings, address.as_ref()).await
}

async fn update(store: &Store, database: &Database, request: &Request) -> Result<Ingested, IngestError> {
    let mut source = open(&database.settings()).await?;
    let scope = scope_of(store, &source, request).await?;
    ingest(store, &mut source, &scope, Some(&request.gate)).await
}

/// A stored week: box, phase, week, the bits of minimum and maximum, number of readings,
/// quarter-hours seen.
type Week = (String, i32, i32, u64, u64, i32, Option<Vec<u8>>);

/// All that a store holds of readings, to the bit.
#[derive(Debug, Clone, PartialEq)]
struct Content {
    weeks: Vec<Week>,
    newest: Vec<Option<DateTime<Utc>>>,
    /// Boxes and their revisions.
    boxes: Vec<(String, i64)>,
}

impl Content {
    fn revision(&self, box_id: &str) -> i64 {
        self.boxes.iter().find(|(id, _)| id == box_id).unwrap().1
    }

    /// The maximum of a box's sum in the n-th of its weeks, in kW.
    fn max_kw(&self, box_id: &str, n: usize) -> f64 {
        let mut weeks = self.weeks.iter().filter(|week| week.0 == box_id && week.1 == 0);
        f64::from_bits(weeks.nth(n).unwrap().4)
    }

    fn count(&self, box_id: &str) -> usize {
        self.weeks.iter().filter(|week| week.0 == box_id).count()
    }
}

async fn content(url: &str) -> Content {
    let weeks = "SELECT b.box_id, e.phase, e.week, e.min_kw, e.max_kw, e.readings, e.seen \
                 FROM week_extremes e JOIN box b USING (box_key) ORDER BY b.box_id, e.phase, e.week";
    let state = "SELECT newest_reading FROM data_state";
    let boxes = "SELECT box_id, revision FROM box ORDER BY box_id";
    macro_rules! read {
        ($pool:expr) => {{
            let pool = $pool;
            let weeks = sqlx::query(weeks).fetch_all(&pool).await.unwrap();
            let weeks = weeks.iter().map(|row| {
                let bits = |column: usize| row.get::<f64, _>(column).to_bits();
                (row.get(0), row.get(1), row.get(2), bits(3), bits(4), row.get(5), row.get(6))
            });
            let content = Content {
                weeks: weeks.collect(),
                newest: sqlx::query_scalar(state).fetch_all(&pool).await.unwrap(),
                boxes: sqlx::query_as(boxes).fetch_all(&pool).await.unwrap(),
            };
            pool.close().await;
            content
        }};
    }
    if url.starts_with("sqlite") {
        read!(sqlx::SqlitePool::connect(url).await.unwrap())
    } else {
        read!(sqlx::PgPool::connect(url).await.unwrap())
    }
}

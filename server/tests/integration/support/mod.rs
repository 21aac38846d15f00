//! What the integration tests share: stores of both kinds, and boxes to put into them.

pub(crate) mod pages;
pub(crate) mod parquet_rows;
pub(crate) mod pooler;
pub(crate) mod postgres;
pub(crate) mod receiver;
pub(crate) mod shared;
pub(crate) mod snowflake;
pub(crate) mod vault;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::box_metadata::{BoxMetadata, OperatingStatus};
use domain::calendar::Calendar;
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use gridspark::configuration::{Configuration, ForecastSettings};
use gridspark::worker::{FitSettings, Progress, Selection, make_forecasts};
use model::{BoxId, Capacity, IsoWeek, ModelName, Phase};
use store::{OpenRun, RunSummary, Store};

/// A store, and the folder that goes with it.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) url: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestStore {
    /// A new SQLite file.
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self { store: Store::open(&url).await.unwrap(), url, _folder: Some(folder) }
    }

    /// A new PostgreSQL database.
    pub(crate) async fn postgres() -> Self {
        let url = postgres::new_database().await;
        Self { store: Store::open(&url).await.unwrap(), url, _folder: None }
    }
}

/// Makes two tests of one: against SQLite and against PostgreSQL.
#[macro_export]
macro_rules! on_both_databases {
    ($(#[doc = $doc:literal])* async fn $name:ident($store:ident: &TestStore) $body:block) => {
        mod $name {
            use super::*;

            async fn scenario($store: &TestStore) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                scenario(&TestStore::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgresql() {
                scenario(&TestStore::postgres().await).await;
            }
        }
    };
}

/// The calendar of the default zone.
pub(crate) fn calendar() -> Calendar {
    Calendar::new(chrono_tz::Europe::Amsterdam)
}

/// The `n`-th test box.
pub(crate) fn box_id(n: usize) -> BoxId {
    BoxId::new(&format!("ESD.{n:06}-1")).unwrap()
}

/// Its metadata: 400 kVA, in an area by its number.
pub(crate) fn metadata(n: usize) -> BoxMetadata {
    BoxMetadata {
        box_id: box_id(n),
        capacity: Capacity::new(400.0).ok(),
        area: Some(["Breda", "Venlo"][n % 2].to_owned()),
        region: None,
        station_number: Some(format!("{n:04}")),
        station_name: Some(format!("Station {n}")),
        station_function: None,
        town: Some("Tilburg".to_owned()),
        street: Some("Heuvelring".to_owned()),
        house_number: Some(n.to_string()),
        postcode: None,
        municipality: None,
        latitude: Some(51.5),
        longitude: Some(5.0),
        tap_position: None,
        station_status: OperatingStatus::InService,
        box_status: OperatingStatus::InService,
    }
}

/// The first week of every test history.
pub(crate) const FIRST_WEEK: i32 = 2_700;

/// Full weeks of a winter-peaking load around `level_kw`, with deterministic pseudo-random noise.
pub(crate) fn tallies(n: usize, weeks: i32, level_kw: f64) -> Vec<TallyRecord> {
    let calendar = calendar();
    (0..weeks)
        .map(|place| {
            let week = IsoWeek::from_index(FIRST_WEEK + place);
            let season = (f64::from(place) / 52.1775 * std::f64::consts::TAU).cos();
            let noise = f64::from((place * 7919 + n as i32 * 31) % 101) / 101.0 - 0.5;
            let seen = SeenQuarters::full(calendar.quarters_in(week).unwrap());
            let max_kw = level_kw * (0.8 + 0.2 * season + 0.05 * noise);
            TallyRecord {
                box_id: box_id(n),
                phase: Phase::Sumli,
                week,
                tally: WeekTally::new(0.1 * level_kw * (1.0 + 0.3 * season + 0.1 * noise), max_kw, seen)
                    .unwrap(),
            }
        })
        .collect()
}

/// The instant of the last quarter-hour of the `weeks`-th week of a test history.
pub(crate) fn end_of(weeks: i32) -> DateTime<Utc> {
    calendar().start_of(IsoWeek::from_index(FIRST_WEEK + weeks)).unwrap() - chrono::TimeDelta::minutes(15)
}

/// Puts boxes with metadata and histories into a store; the level of box n is `levels_kw[n]`.
pub(crate) async fn fill(store: &Store, levels_kw: &[f64], weeks: i32) {
    let boxes: Vec<BoxMetadata> = (0..levels_kw.len()).map(metadata).collect();
    store.save_boxes(&boxes).await.unwrap();
    let mut import = store.begin_import(&calendar(), Utc::now()).await.unwrap();
    for (n, &level_kw) in levels_kw.iter().enumerate() {
        import.merge(&tallies(n, weeks, level_kw)).await.unwrap();
    }
    import.commit(Some(end_of(weeks))).await.unwrap();
}

/// A progress that is ignored.
pub(crate) struct Silent;

impl Progress for Silent {
    fn begins(&self, _: &OpenRun) {}
    fn advances(&self, _: u64) {}
}

/// A configuration of the source system's model.
fn spark() -> Configuration {
    let forecast = ForecastSettings { model: ModelName::Spark, ..ForecastSettings::default() };
    Configuration { forecast, ..Configuration::default() }
}

/// The settings of the source system's model, by whose rules short and small series have no
/// forecast.
pub(crate) fn settings() -> FitSettings {
    FitSettings::new(spark())
}

/// Fits what is due.
pub(crate) async fn forecast(store: &Store) -> Option<RunSummary> {
    make_forecasts(store, &settings(), &Selection::default(), Arc::new(Silent)).await.unwrap()
}

/// Fits what is due in a store whose weeks are those of another zone.
pub(crate) async fn forecast_in(store: &Store, time_zone: &str) -> Option<RunSummary> {
    let configuration = Configuration { time_zone: time_zone.parse().unwrap(), ..settings().configuration };
    let settings = FitSettings::new(configuration);
    make_forecasts(store, &settings, &Selection::default(), Arc::new(Silent)).await.unwrap()
}

/// The dashboard over a store.
pub(crate) fn pages_of(store: &Store, time_zone: &str) -> pages::Pages {
    pages::Pages::new(store, time_zone)
}

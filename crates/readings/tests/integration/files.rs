//! Helpers: writes measurement files and imports them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::tally::WeekTally;
use model::{IsoWeek, Phase};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::test_runner::{Config, RngSeed};
use readings::{FileReport, ReadSettings, read_measurements};

pub(crate) const HEADER: &str = "BOXID,CHANNELID,WAARDE,DATUMTIJD";
pub(crate) const SUMLI: &str = "register://electricity/0/activepower/sumli?avg=15";

/// Tallies by box, phase and week: what a store would hold.
pub(crate) type Store = BTreeMap<(String, Phase, IsoWeek), WeekTally>;

/// The current time in all tests.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn settings() -> ReadSettings {
    ReadSettings::at(now())
}

pub(crate) fn amsterdam() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::new(chrono_tz::Europe::Amsterdam))
}

/// A fixed seed: the same cases in every run.
pub(crate) fn cases(cases: u32) -> Config {
    Config { rng_seed: RngSeed::Fixed(20_260_601), failure_persistence: None, ..Config::with_cases(cases) }
}

/// Imports a file by the rules of the server's store.
pub(crate) fn import(
    store: &mut Store,
    path: &Path,
    calendar: &Calendar,
    settings: &ReadSettings,
) -> FileReport {
    let file = read_measurements(path, calendar, settings).unwrap();
    for record in file.tallies {
        let record = record.unwrap();
        let key = (record.box_id.to_string(), record.phase, record.week);
        let merged = store.get(&key).map_or(record.tally, |stored| stored.merged(&record.tally));
        store.insert(key, merged);
    }
    file.report
}

pub(crate) fn read(path: &Path) -> (FileReport, Store) {
    let mut store = Store::new();
    let report = import(&mut store, path, amsterdam(), &settings());
    (report, store)
}

pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with_parent(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub(crate) fn bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.with_parent(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A CSV file with the usual header and these rows.
    pub(crate) fn csv(&self, name: &str, rows: &[&str]) -> PathBuf {
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        self.bytes(name, text.as_bytes())
    }

    /// A Parquet file with these columns, all nullable, in row groups of `rows_per_group`.
    pub(crate) fn parquet(
        &self,
        name: &str,
        columns: Vec<(&str, ArrayRef)>,
        rows_per_group: usize,
    ) -> PathBuf {
        let columns = columns.into_iter().map(|(name, column)| (name, column, true));
        let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        let path = self.with_parent(name);
        let properties =
            WriterProperties::builder().set_max_row_group_row_count(Some(rows_per_group)).build();
        let file = File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        path
    }

    /// A Parquet file in the source's usual types: text, text, double, microseconds in UTC.
    pub(crate) fn usual_parquet(&self, name: &str, rows: &[Row]) -> PathBuf {
        self.parquet(name, usual_columns(rows), 1000)
    }
}

/// A reading at an instant in Unix seconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) box_id: String,
    pub(crate) channel: String,
    pub(crate) value_kw: f64,
    pub(crate) second: i64,
}

impl Row {
    pub(crate) fn csv(&self) -> String {
        let time = DateTime::from_timestamp(self.second, 0).unwrap().to_rfc3339();
        format!("{},{},{},{time}", self.box_id, self.channel, self.value_kw)
    }
}

pub(crate) fn usual_columns(rows: &[Row]) -> Vec<(&'static str, ArrayRef)> {
    let times = TimestampMicrosecondArray::from_iter_values(rows.iter().map(|row| row.second * 1_000_000));
    vec![
        ("BOXID", text(rows.iter().map(|row| row.box_id.as_str()))),
        ("CHANNELID", text(rows.iter().map(|row| row.channel.as_str()))),
        ("WAARDE", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.value_kw)))),
        ("DATUMTIJD", Arc::new(times.with_timezone("UTC"))),
    ]
}

pub(crate) fn text<'a>(cells: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(cells))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// A file of the shared real data; None, with a message, if it is absent.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("GRIDSPARK_REQUIRE_SHARED").is_none_or(|value| value != "1"),
        "{} is missing",
        path.display()
    );
    println!("skipped: {} is missing", path.display());
    None
}

//! Readings for both a table and a file.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use chrono::{DateTime, TimeDelta, Utc};
use parquet::arrow::ArrowWriter;

pub(super) const SUMLI: &str = "register://electricity/0/activepower/sumli?avg=15";

/// One row of the source; what is none is null.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) box_id: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) kw: Option<f64>,
    pub(super) at: Option<DateTime<Utc>>,
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn reading(box_id: &str, channel: &str, kw: f64, time: &str) -> Reading {
    Reading {
        box_id: Some(box_id.to_owned()),
        channel: Some(channel.to_owned()),
        kw: Some(kw),
        at: Some(at(time)),
    }
}

/// Every quarter-hour from `from` until before `until`, with deterministic pseudo-random values.
pub(super) fn quarter_hours(box_id: &str, channel: &str, from: &str, until: &str) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut time = at(from);
    while time < at(until) {
        let place = time.timestamp() / 900;
        let kw = (place * 7919 % 10_007) as f64 / 37.0 - 90.0 + box_id.len() as f64;
        readings.push(Reading { at: Some(time), kw: Some(kw), ..reading(box_id, channel, 0.0, from) });
        time += TimeDelta::minutes(15);
    }
    readings
}

/// The three whole weeks before the one of the tests' present: 25 November to 15 December 2024,
/// local time.
pub(super) fn three_weeks(box_id: &str) -> Vec<Reading> {
    quarter_hours(box_id, SUMLI, "2024-11-24T23:00:00Z", "2024-12-15T23:00:00Z")
}

/// Writes the readings as a Parquet file.
pub(super) fn write_parquet(path: &Path, readings: &[Reading]) {
    let boxes: StringArray = readings.iter().map(|row| row.box_id.as_deref()).collect();
    let channels: StringArray = readings.iter().map(|row| row.channel.as_deref()).collect();
    let values: Float64Array = readings.iter().map(|row| row.kw).collect();
    let times: TimestampMicrosecondArray =
        readings.iter().map(|row| row.at.map(|time| time.timestamp_micros())).collect();
    let columns: [(&str, ArrayRef, bool); 4] = [
        ("BOXID", Arc::new(boxes), true),
        ("CHANNELID", Arc::new(channels), true),
        ("WAARDE", Arc::new(values), true),
        ("DATUMTIJD", Arc::new(times.with_timezone("UTC")), true),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

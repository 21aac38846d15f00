//! Generates measurement files of any size.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use chrono::DateTime;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Time of the first reading: 2021-01-04 00:00 in Amsterdam.
pub(crate) const START: i64 = 1_609_714_800;
/// Boxes in a file ordered by time; one ordered by box has a year (35,040 quarter-hours) of each
/// series.
const BOXES_AT_A_TIME: u64 = 5_000;
const QUARTERS_A_YEAR: u64 = 35_040;
const PHASES: [&str; 4] = ["sumli", "l1", "l2", "l3"];
const ROWS_PER_BATCH: u64 = 65_536;

/// The order of a file's rows.
#[derive(Clone, Copy)]
pub(crate) enum Order {
    /// Box, phase, time: a year of one series after the other.
    ByBox,
    /// Time, box, phase: the order in which boxes send.
    ByTime,
    /// As `ByTime` with two readings per day, so that there are more tallies than fit in memory.
    Sparse,
}

impl Order {
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::ByBox => "by box",
            Self::ByTime => "by time",
            Self::Sparse => "two a day, by time",
        }
    }
}

struct Row {
    box_id: String,
    phase: &'static str,
    value_kw: f64,
    second: i64,
}

fn row(number: u64, order: Order) -> Row {
    let (series, quarter) = match order {
        Order::ByBox => (number / QUARTERS_A_YEAR, number % QUARTERS_A_YEAR),
        Order::ByTime => (number % (4 * BOXES_AT_A_TIME), number / (4 * BOXES_AT_A_TIME)),
        Order::Sparse => (number % (4 * BOXES_AT_A_TIME), number / (4 * BOXES_AT_A_TIME) * 48),
    };
    // A daily sine with noise, three decimals; the multiplier is 2^64 divided by the golden ratio.
    let scatter = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) as f64 / 1e4;
    let day = (quarter as f64 * std::f64::consts::TAU / 96.0).sin() * 100.0;
    Row {
        box_id: format!("ESD.{:06}-{}", series / 4, series / 4 % 3),
        phase: PHASES[(series % 4) as usize],
        value_kw: ((day + scatter) * 1000.0).round() / 1000.0,
        second: START + quarter as i64 * 900,
    }
}

fn channel(phase: &str) -> String {
    format!("register://electricity/0/activepower/{phase}?avg=15")
}

pub(crate) fn parquet(path: &Path, rows: u64, order: Order) {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap()))
        .build();
    let mut writer = None;
    for start in (0..rows).step_by(ROWS_PER_BATCH as usize) {
        let rows: Vec<Row> =
            (start..rows.min(start + ROWS_PER_BATCH)).map(|number| row(number, order)).collect();
        let times = rows.iter().map(|row| row.second * 1_000_000);
        let columns: [(&str, ArrayRef); 4] = [
            ("BOXID", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.box_id)))),
            ("CHANNELID", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| channel(row.phase))))),
            ("WAARDE", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.value_kw)))),
            ("DATUMTIJD", Arc::new(TimestampMicrosecondArray::from_iter_values(times).with_timezone("UTC"))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let writer = writer.get_or_insert_with(|| {
            let file = File::create(path).unwrap();
            ArrowWriter::try_new(file, batch.schema(), Some(properties.clone())).unwrap()
        });
        writer.write(&batch).unwrap();
    }
    writer.unwrap().close().unwrap();
}

/// Compressed as the path's extension says.
pub(crate) fn csv(path: &Path, rows: u64, order: Order) {
    let file = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("gz") => {
            let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            write_rows(&mut encoder, rows, order);
            encoder.finish().unwrap().flush().unwrap();
        }
        Some("zst") => {
            let mut encoder = zstd::Encoder::new(file, 1).unwrap();
            write_rows(&mut encoder, rows, order);
            encoder.finish().unwrap().flush().unwrap();
        }
        _ => {
            let mut file = file;
            write_rows(&mut file, rows, order);
            file.flush().unwrap();
        }
    }
}

fn write_rows(file: &mut impl Write, rows: u64, order: Order) {
    file.write_all(b"BOXID,CHANNELID,WAARDE,DATUMTIJD\n").unwrap();
    for number in 0..rows {
        let Row { box_id, phase, value_kw, second } = row(number, order);
        let time = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
        writeln!(file, "{box_id},{},{value_kw},{time}Z", channel(phase)).unwrap();
    }
}

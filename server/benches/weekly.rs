//! A week of a whole fleet, all four phases: `cargo bench -p gridspark --bench weekly -- [BOXES]
//! [WEEKS]` (35,000 boxes with 208 weeks by default, which take some ten gigabytes of the temporary
//! folder and half an hour).
//!
//! The store holds the weeks before and the forecasts of the last run. Then a new week of
//! quarter-hours is ingested, a Parquet file per day, and the two weekly commands are measured:
//! `update-extremes` and `make-forecasts`, the latter with data tests, verification and the
//! built-in backtest. The baseline in the same run is reading the same files.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its table and stops where it can't go on"
)]

#[path = "../tests/integration/support/postgres.rs"]
mod postgres;

mod network;

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::Calendar;
use gridspark::configuration::Configuration;
use model::{IsoWeek, Phase};
use network::{fill, until};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use simulation::{Growth, Network, Settings};
use store::Store;

const QUARTERS_A_DAY: i64 = 96;

/// The readings of one day: every box and phase, by time within a box, as the source system exports
/// them.
fn write_day(folder: &Path, day: i64, start: DateTime<Utc>, boxes: &[String]) {
    let file = File::create(folder.join(format!("day-{day}.parquet"))).unwrap();
    let zstd = Compression::ZSTD(ZstdLevel::try_new(1).unwrap());
    let properties = WriterProperties::builder().set_compression(zstd).build();
    let mut writer = None;
    let names: ArrayRef = Arc::new(StringArray::from_iter_values(boxes));
    let channels = ["sumli", "l1", "l2", "l3"]
        .map(|phase| format!("register://electricity/0/activepower/{phase}?avg=15"));
    let channels: ArrayRef = Arc::new(StringArray::from_iter_values(channels));
    for some in (0..boxes.len() as i32).collect::<Vec<_>>().chunks(500) {
        let rows = some
            .iter()
            .flat_map(|&n| (0..4).flat_map(move |phase| (0..QUARTERS_A_DAY).map(move |at| (n, phase, at))));
        let rows: Vec<(i32, i32, i64)> = rows.collect();
        let place = Int32Array::from_iter_values(rows.iter().map(|row| row.0));
        let channel = Int32Array::from_iter_values(rows.iter().map(|row| row.1));
        let value = |&(n, phase, at): &(i32, i32, i64)| {
            let noise = (i64::from(n) * 7_919 + (day * QUARTERS_A_DAY + at) * 104_729) % 1_009;
            let load = 40.0 + 30.0 * (at as f64 / 15.3).sin() + noise as f64 / 50.0;
            if phase == 0 { load } else { load / 3.0 }
        };
        let values = Float64Array::from_iter_values(rows.iter().map(value));
        let times = rows.iter().map(|row| (start + TimeDelta::minutes(15 * row.2)).timestamp_micros());
        let times = TimestampMicrosecondArray::from_iter_values(times).with_timezone("UTC");
        let batch = RecordBatch::try_from_iter([
            ("BOXID", Arc::new(DictionaryArray::<Int32Type>::new(place, Arc::clone(&names))) as ArrayRef),
            ("CHANNELID", Arc::new(DictionaryArray::<Int32Type>::new(channel, Arc::clone(&channels)))),
            ("WAARDE", Arc::new(values)),
            ("DATUMTIJD", Arc::new(times)),
        ])
        .unwrap();
        let writer = writer.get_or_insert_with(|| {
            ArrowWriter::try_new(file.try_clone().unwrap(), batch.schema(), Some(properties.clone())).unwrap()
        });
        writer.write(&batch).unwrap();
    }
    writer.unwrap().close().unwrap();
}

/// The cost of a command: time, processor time, and peak memory in megabytes.
struct Measured {
    took: Duration,
    processor_seconds: f64,
    megabytes: u64,
}

fn measure(configuration: &Path, database: &str, words: &[&str]) -> Measured {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridspark"))
        .args(words)
        .args(["--config", configuration.to_str().unwrap(), "--database", database])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let process = format!("/proc/{}", command.id());
    let (mut megabytes, mut processor_seconds) = (0, 0.0);
    loop {
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap_or_default();
        let held = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let held = held.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        megabytes = megabytes.max(held.unwrap_or(0) / 1024);
        let times = std::fs::read_to_string(format!("{process}/stat")).unwrap_or_default();
        let after_name = times.rsplit(')').next().unwrap_or_default();
        let ticks =
            after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
        processor_seconds = f64::max(processor_seconds, ticks.sum::<f64>() / 100.0);
        match command.try_wait().unwrap() {
            Some(status) => {
                assert!(matches!(status.code(), Some(0 | 3)), "{words:?} ended with {status}");
                break;
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    Measured { took: start.elapsed(), processor_seconds, megabytes }
}

fn numbers() -> (usize, f64) {
    let mut numbers = std::env::args().filter_map(|word| word.parse::<usize>().ok());
    (numbers.next().unwrap_or(35_000), numbers.next().unwrap_or(208) as f64)
}

#[tokio::main]
async fn main() {
    let (boxes, weeks) = numbers();
    let folder = tempfile::tempdir().unwrap();
    let unused = folder.path().join("unused");
    let settings = Settings::new(boxes, weeks / 52.1775, 1, until(), unused);
    let settings = Settings { growth: Growth::Exponential, ..settings };
    let network = Network::new(&settings).unwrap();
    let calendar = Calendar::new(Configuration::default().time_zone);
    let files = folder.path().join("week");
    std::fs::create_dir(&files).unwrap();
    let names: Vec<String> =
        (0..boxes).map(|number| network.weekly_extremes(number).unwrap().0.box_id.to_string()).collect();
    let monday = calendar.start_of(IsoWeek::containing(until())).unwrap();
    for day in 0..7 {
        write_day(&files, day, monday + TimeDelta::days(day), &names);
    }
    // The newest reading ends the week, which would otherwise still be running.
    write_day(&files, 7, monday + TimeDelta::days(7), &names[..1]);
    let configuration = folder.path().join("gridspark.toml");
    let text =
        format!("[source]\nkind = \"files\"\n[source.files]\nmeasurements = [\"{}\"]\n", files.display());
    std::fs::write(&configuration, text).unwrap();
    let bytes: u64 =
        std::fs::read_dir(&files).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    let readings = boxes as i64 * 4 * 7 * QUARTERS_A_DAY;
    println!(
        "{boxes} boxes, 4 phases, {weeks} weeks; the new week: {:.1} million readings, {} MB of Parquet\n",
        readings as f64 / 1e6,
        bytes / 1_000_000
    );
    let start = Instant::now();
    for day in 0..7 {
        let text = std::fs::read(files.join(format!("day-{day}.parquet"))).unwrap();
        std::hint::black_box(text.len());
    }
    println!("reading the bytes alone: {:.2} s\n", start.elapsed().as_secs_f64());
    println!("| step | store | time | processor time | memory |\n|---|---|---|---|---|");
    for url in
        [format!("sqlite://{}", folder.path().join("fleet.db").display()), postgres::new_database().await]
    {
        let store = Store::open(&url).await.unwrap();
        let kind = store.kind();
        let (rows, filled) = fill(&store, &network, boxes, &calendar, &Phase::ALL).await;
        store.close().await;
        println!("| {rows} weeks into the empty store | {kind} | {:.1} s | | |", filled.as_secs_f64());
        for (words, name) in [
            (vec!["make-forecasts"], "the run of the week before"),
            (vec!["update-extremes", "--despite-data-tests"], "update-extremes, the new week"),
            (vec!["make-forecasts", "--despite-data-tests"], "make-forecasts, the new week"),
        ] {
            let measured = measure(&configuration, &url, &words);
            println!(
                "| {name} | {kind} | {:.1} s | {:.1} s | {} MB |",
                measured.took.as_secs_f64(),
                measured.processor_seconds,
                measured.megabytes
            );
        }
    }
}

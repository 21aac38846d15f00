//! Speed and memory of reading measurement files.
//!
//! `cargo bench -p readings` generates files, reads each in its own process and prints a table:
//! readings per CPU second, the time relative to a loop that only decodes the same file (so that
//! the ratio holds on any machine), and the peak memory at two sizes, which should be equal. An
//! argument such as `0.1` scales the sizes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark: it prints, and stops at any failure"
)]

mod decode;
mod generate;
mod process;

use std::path::Path;

use chrono::DateTime;
use domain::calendar::Calendar;
use readings::{ReadSettings, read_measurements};

use generate::Order;
use process::{Measured, measure_in_child};

const MILLION: u64 = 1_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, task, path] = arguments.as_slice()
        && flag == process::CHILD_FLAG
    {
        return process::report(|| run(task, Path::new(path)));
    }
    if arguments.iter().any(|argument| argument == "--list") {
        return;
    }
    // Without `--bench` a test runner started this: use small files.
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let scale = arguments.iter().find_map(|argument| argument.parse().ok());
    table(scale.unwrap_or(if is_bench { 1.0 } else { 0.002 }));
}

/// One task of a child process; the number of rows read.
fn run(task: &str, path: &Path) -> u64 {
    match task {
        "decode-parquet" => decode::parquet(path),
        "decode-csv" => decode::csv(path),
        _ => {
            let calendar = Calendar::new(chrono_tz::Europe::Amsterdam);
            let now = DateTime::from_timestamp(generate::START + 10 * 366 * 86_400, 0).unwrap();
            let file = read_measurements(path, &calendar, &ReadSettings::at(now)).unwrap();
            let readings: u64 = file.tallies.map(|record| u64::from(record.unwrap().tally.readings())).sum();
            assert_eq!((file.report.rows, readings), (file.report.accepted, file.report.accepted));
            file.report.rows
        }
    }
}

fn table(scale: f64) {
    let folder = tempfile::tempdir().unwrap();
    println!(
        "{:<34} {:>10} {:>14} {:>16} {:>12} {:>8}",
        "file", "rows", "million/CPU s", "decoding alone", "time ratio", "peak MB"
    );
    for (kind, order, small, large) in [
        ("parquet", Order::ByBox, 5, 20),
        ("parquet", Order::ByTime, 5, 20),
        ("parquet", Order::Sparse, 10, 40),
        ("csv", Order::ByBox, 2, 8),
        ("csv.gz", Order::ByBox, 2, 8),
        ("csv.zst", Order::ByBox, 2, 8),
    ] {
        for millions in [small, large] {
            let rows = (millions as f64 * MILLION as f64 * scale) as u64;
            let path = folder.path().join(format!("readings.{kind}"));
            match kind {
                "parquet" => generate::parquet(&path, rows, order),
                _ => generate::csv(&path, rows, order),
            }
            let decode = if kind == "parquet" { "decode-parquet" } else { "decode-csv" };
            let alone = measure_in_child(decode, &path);
            let read = measure_in_child("read", &path);
            assert_eq!((read.rows, alone.rows), (rows, rows));
            print_line(&format!("{kind}, {}", order.description()), &read, &alone);
        }
    }
}

fn print_line(name: &str, read: &Measured, alone: &Measured) {
    println!(
        "{name:<34} {:>10} {:>14.2} {:>16.2} {:>12.2} {:>8.1}",
        read.rows,
        read.million_per_second(),
        alone.million_per_second(),
        read.cpu_seconds / alone.cpu_seconds,
        read.peak_megabytes
    );
}

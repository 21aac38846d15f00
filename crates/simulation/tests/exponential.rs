//! A network of exponential growth has the same bytes in every version, so that results are
//! comparable.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::path::Path;

use chrono::NaiveDate;
use simulation::{Growth, Settings, simulate};

/// FNV-1a, 64 bits.
fn digest(path: &Path) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    std::fs::read(path).unwrap().iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Simulates and compares the digests of files. If only Parquet files differ after an update of the
/// encoder, compare their rows instead.
fn assert_digests(settings: &Settings, expected: &[(&str, u64)]) {
    simulate(settings, |_, _| {}).unwrap();
    let found = expected.iter().map(|(name, _)| (*name, digest(&settings.output.join(name))));
    let text = |(name, digest): (&str, u64)| format!("{name} {digest:#018x}");
    let (found, expected): (Vec<_>, Vec<_>) =
        (found.map(text).collect(), expected.iter().copied().map(text).collect());
    assert_eq!(found, expected);
}

fn settings(boxes: usize, years: f64, seed: u64, until: &str, output: &Path) -> Settings {
    let until: NaiveDate = until.parse().unwrap();
    Settings { growth: Growth::Exponential, ..Settings::new(boxes, years, seed, until, output) }
}

#[test]
fn weekly_extremes_register_and_truth_of_seed_5_are_those_of_the_first_version() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { weekly: true, ..settings(60, 3.0, 5, "2026-06-01", folder.path()) };
    let expected = [
        ("boxes.csv", 0x6f87_c51a_8614_1b1b),
        ("extremes.parquet", 0x1681_d01b_941c_36cc),
        ("truth.json", 0x1d74_934b_6785_9c9c),
    ];
    assert_digests(&settings, &expected);
}

#[test]
fn readings_register_and_truth_of_seed_7_are_those_of_the_first_version() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(4, 0.5, 7, "2025-11-26", folder.path());
    let expected = [
        ("boxes.csv", 0x18f2_8a5c_c376_5dd1),
        ("measurements-000.parquet", 0x6145_a1a3_bc05_6a1a),
        ("truth.json", 0xd0ab_7531_0363_7ab9),
    ];
    assert_digests(&settings, &expected);
}

//! Equal settings give equal files, and a box doesn't depend on the size of the network.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use model::Phase;
use simulation::{Growth, Network, Settings, simulate};

fn settings(boxes: usize, seed: u64, output: &Path) -> Settings {
    let until = NaiveDate::from_ymd_opt(2025, 11, 24).unwrap();
    Settings { phases: vec![Phase::Sumli, Phase::L2], ..Settings::new(boxes, 0.5, seed, until, output) }
}

fn files(settings: &Settings) -> BTreeMap<String, Vec<u8>> {
    simulate(settings, |_, _| {}).unwrap();
    let entries = std::fs::read_dir(&settings.output).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: std::path::PathBuf| {
        (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap())
    };
    entries.map(named).collect()
}

#[test]
fn equal_settings_give_equal_bytes_and_other_seeds_other_bytes() {
    let folders = [0; 3].map(|_| tempfile::tempdir().unwrap());
    let growths = [Growth::default(), Growth::Exponential];
    let kinds = growths.into_iter().flat_map(|growth| [(false, growth), (true, growth)]);
    for (kind, (weekly, growth)) in kinds.enumerate() {
        let of = |folder: usize, seed| {
            let output = folders[folder].path().join(kind.to_string());
            files(&Settings { weekly, growth, ..settings(5, seed, &output) })
        };
        let (one, again, other) = (of(0, 7), of(1, 7), of(2, 8));
        let measured = if weekly { "extremes.parquet" } else { "measurements-000.parquet" };
        let mut expected = ["boxes.csv", measured, "future.json", "truth.json"];
        expected.sort_unstable();
        assert_eq!(one.keys().collect::<Vec<_>>(), expected);
        assert!(one == again, "the same seed gave other bytes (weekly: {weekly}, {growth:?})");
        for (name, bytes) in &one {
            assert_ne!(bytes, &other[name], "{name} is the same under another seed");
        }
    }
}

#[test]
fn repeating_a_simulation_in_its_own_folder_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(3, 1, folder.path());
    assert!(files(&settings) == files(&settings));
}

#[test]
fn a_box_is_the_same_in_a_network_of_any_size() {
    let folder = tempfile::tempdir().unwrap();
    let small = Network::new(&settings(5, 3, folder.path())).unwrap();
    let large = Network::new(&settings(500, 3, folder.path())).unwrap();
    for number in 0..5 {
        assert_eq!(small.weekly_extremes(number).unwrap(), large.weekly_extremes(number).unwrap());
        assert_eq!(
            small.quarter_hours(number, Phase::L2).unwrap(),
            large.quarter_hours(number, Phase::L2).unwrap()
        );
        assert_eq!(small.truth(number).unwrap(), large.truth(number).unwrap());
    }
}

#[test]
fn the_register_depends_on_the_seed_but_not_on_the_length_of_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let short = Network::new(&settings(4, 3, folder.path())).unwrap();
    let long = Network::new(&Settings { years: 2.0, ..settings(4, 3, folder.path()) }).unwrap();
    let other = Network::new(&settings(4, 4, folder.path())).unwrap();
    for number in 0..4 {
        assert_eq!(short.metadata(number).unwrap(), long.metadata(number).unwrap());
        assert_ne!(short.metadata(number).unwrap(), other.metadata(number).unwrap());
        assert_eq!(short.metadata(number).unwrap(), short.weekly_extremes(number).unwrap().0);
    }
}

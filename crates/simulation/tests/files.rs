//! The files have the format of the source's.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, TimestampMicrosecondType};
use arrow_schema::{DataType, TimeUnit};
use chrono::NaiveDate;
use model::Phase;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use simulation::{Network, Settings, SimulationError, simulate};

fn settings(output: &Path) -> Settings {
    let until = NaiveDate::from_ymd_opt(2025, 11, 24).unwrap();
    Settings { other_channels_share: 1.0, ..Settings::new(3, 0.2, 5, until, output) }
}

#[test]
fn measurements_hold_the_readings_of_every_box_and_phase_in_the_source_s_long_format() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let summary = simulate(&settings, |_, _| {}).unwrap();
    let mut rows: BTreeMap<(String, String), Vec<(i64, f64)>> = BTreeMap::new();
    for path in &summary.measurements {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
        let types: Vec<(String, DataType)> = reader
            .schema()
            .fields()
            .iter()
            .map(|field| (field.name().clone(), field.data_type().clone()))
            .collect();
        assert_eq!(
            types,
            [
                ("BOXID".into(), DataType::Utf8),
                ("CHANNELID".into(), DataType::Utf8),
                ("WAARDE".into(), DataType::Float64),
                ("DATUMTIJD".into(), DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
            ]
        );
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            let (boxes, channels) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
            let values = batch.column(2).as_primitive::<Float64Type>();
            let times = batch.column(3).as_primitive::<TimestampMicrosecondType>();
            for at in 0..batch.num_rows() {
                let key = (boxes.value(at).to_owned(), channels.value(at).to_owned());
                rows.entry(key).or_default().push((times.value(at), values.value(at)));
            }
        }
    }
    assert_eq!(rows.values().map(Vec::len).sum::<usize>() as u64, summary.rows);
    let network = Network::new(&settings).unwrap();
    for number in 0..settings.boxes {
        let box_id = network.metadata(number).unwrap().box_id.to_string();
        for phase in Phase::ALL {
            let readings = network.quarter_hours(number, phase).unwrap();
            let expected: Vec<(i64, f64)> =
                readings.iter().map(|reading| (reading.at.timestamp_micros(), reading.value_kw)).collect();
            let channel = format!("register://electricity/0/activepower/{}?avg=15", phase.as_str());
            assert_eq!(rows.get(&(box_id.clone(), channel)), Some(&expected), "{box_id} {phase}");
        }
    }
    let channels: BTreeSet<&str> = rows.keys().map(|(_, channel)| channel.as_str()).collect();
    assert_eq!(channels.len(), 7, "four phases and three other channels: {channels:?}");
}

#[test]
fn the_register_has_the_source_s_columns_and_the_places_of_the_towns() {
    let folder = tempfile::tempdir().unwrap();
    let until = NaiveDate::from_ymd_opt(2025, 11, 24).unwrap();
    let settings = Settings { weekly: true, ..Settings::new(200, 0.2, 5, until, folder.path()) };
    let summary = simulate(&settings, |_, _| {}).unwrap();
    let mut csv = csv::Reader::from_path(&summary.boxes_csv).unwrap();
    let header = csv.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (mut boxes, mut areas) = (BTreeSet::new(), BTreeSet::new());
    let mut status = BTreeSet::new();
    for record in csv.records() {
        let record = record.unwrap();
        boxes.insert(record[column("BOXID")].to_owned());
        areas.insert(record[column("VESTIGING")].to_owned());
        status.insert(record[column("BOX_BEDRIJFSSTATUS")].to_lowercase());
        let (north, east): (f64, f64) =
            (record[column("LAT")].parse().unwrap(), record[column("LONG")].parse().unwrap());
        assert!((51.2..52.4).contains(&north) && (4.6..7.0).contains(&east));
        let capacity = &record[column("VERMOGEN_NOMINAAL")];
        assert!(capacity.is_empty() || capacity.parse::<f64>().unwrap() >= 50.0);
        assert_eq!(record[column("POSTCODE")].len(), 7);
    }
    assert_eq!(boxes.len(), 200, "box ids are unique");
    assert_eq!(areas.len(), 6);
    assert!(status.contains("in bedrijf") && status.contains("buiten bedrijf"));
}

#[test]
fn weekly_extremes_are_those_of_the_network_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { weekly: true, phases: vec![Phase::Sumli], ..settings(folder.path()) };
    let summary = simulate(&settings, |_, _| {}).unwrap();
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(&summary.measurements[0]).unwrap()).unwrap();
    let names: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["boxid", "year", "week", "date", "phase", "min", "max", "n"]);
    let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    let maxima: Vec<f64> = batches
        .iter()
        .flat_map(|batch| batch.column(6).as_primitive::<Float64Type>().values().to_vec())
        .collect();
    let network = Network::new(&settings).unwrap();
    let expected: Vec<f64> = (0..settings.boxes)
        .flat_map(|number| network.weekly_extremes(number).unwrap().1)
        .map(|week| week.max_kw)
        .collect();
    assert_eq!(maxima, expected);
}

#[test]
fn a_folder_with_readings_of_another_simulation_is_refused_and_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("measurements-017.parquet");
    std::fs::write(&other, "someone's").unwrap();
    let refused = simulate(&settings(folder.path()), |_, _| {});
    assert!(matches!(refused, Err(SimulationError::LeftOver(path)) if path == other));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn settings_out_of_range_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let good = settings(&folder.path().join("made"));
    let bad = [
        Settings { boxes: 0, ..good.clone() },
        Settings { years: f64::NAN, ..good.clone() },
        Settings { years: 31.0, ..good.clone() },
        Settings { phases: vec![], ..good.clone() },
        Settings { phases: vec![Phase::L1, Phase::L1], ..good.clone() },
        Settings { other_channels_share: 1.5, ..good.clone() },
        Settings { until: NaiveDate::from_ymd_opt(1901, 1, 1).unwrap(), ..good.clone() },
    ];
    for settings in bad {
        assert!(simulate(&settings, |_, _| {}).is_err(), "{settings:?}");
    }
    assert!(!good.output.exists());
}

#[test]
fn progress_ends_with_all_boxes() {
    let folder = tempfile::tempdir().unwrap();
    let calls = std::sync::Mutex::new(Vec::new());
    simulate(&settings(folder.path()), |done, total| calls.lock().unwrap().push((done, total))).unwrap();
    assert_eq!(calls.into_inner().unwrap().into_iter().max(), Some((3, 3)));
}

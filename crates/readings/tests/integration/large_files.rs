//! Files with more tallies than are kept in memory.

use readings::{ReadSettings, Reason, read_measurements};

use crate::files::{Folder, Row, SUMLI, Store, amsterdam, import, read, settings};

/// 60 boxes × 40 weeks, by time (as a source writes them) or box by box, backwards in time.
fn rows(is_by_time: bool) -> Vec<Row> {
    let row = |number: i64, step: i64| Row {
        box_id: format!("B{number}"),
        channel: SUMLI.to_owned(),
        value_kw: ((number * 31 + step * 17) % 97) as f64,
        second: 1_700_000_000 + step * 6 * 3600,
    };
    let steps = 40 * 28;
    if is_by_time {
        (0..steps).flat_map(|step| (0..60).map(move |number| row(number, step))).collect()
    } else {
        (0..60).flat_map(|number| (0..steps).rev().map(move |step| row(number, step))).collect()
    }
}

#[test]
fn spilled_tallies_are_returned_once_each_and_in_order() {
    let folder = Folder::new();
    for is_by_time in [true, false] {
        let path = folder.usual_parquet("a.parquet", &rows(is_by_time));
        let (_, expected) = read(&path);
        for max_open_tallies in [0, 100, 1000] {
            let few = ReadSettings { max_open_tallies, spill_folder: folder.path(""), ..settings() };
            let mut store = Store::new();
            let report = import(&mut store, &path, amsterdam(), &few);
            assert_eq!((report.accepted, report.boxes), (60 * 40 * 28, 60));
            assert_eq!(store, expected);

            let file = read_measurements(&path, amsterdam(), &few).unwrap();
            let order: Vec<_> = file
                .tallies
                .map(|record| record.unwrap())
                .map(|record| (record.box_id.to_string(), record.phase.index(), record.week))
                .collect();
            assert_eq!(order.len(), expected.len(), "each once");
            let number = |id: &str| id[1..].parse::<u32>().unwrap();
            assert!(
                order.is_sorted_by_key(|(id, phase, week)| (number(id), *phase, *week)),
                "by box in order of the file, phase, week"
            );
        }
    }
}

#[test]
fn nothing_is_left_in_the_folder_for_temporary_files() {
    let folder = Folder::new();
    let path = folder.usual_parquet("a.parquet", &rows(true));
    let spill = Folder::new();
    let few = ReadSettings { max_open_tallies: 10, spill_folder: spill.path(""), ..settings() };
    let file = read_measurements(&path, amsterdam(), &few).unwrap();
    assert_eq!(file.report.refusals.count(Reason::BadTime), 0);
    drop(file);
    assert_eq!(std::fs::read_dir(spill.path("")).unwrap().count(), 0);
}

#[test]
fn a_folder_for_temporary_files_that_can_t_be_used_is_an_error() {
    let folder = Folder::new();
    let path = folder.usual_parquet("a.parquet", &rows(true));
    let few = ReadSettings { max_open_tallies: 10, spill_folder: folder.path("absent"), ..settings() };
    let error = read_measurements(&path, amsterdam(), &few).unwrap_err();
    assert!(matches!(error, readings::FileError::Spill { .. }), "{error}");
}

#[test]
fn tallies_can_be_handed_to_another_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<readings::MeasurementFile>();
    is_send::<readings::FileError>();
}

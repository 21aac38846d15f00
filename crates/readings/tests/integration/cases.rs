//! The small inputs of `../shared/cases`: files in the shapes that people really have, and what is
//! right for each.

use std::path::{Path, PathBuf};

use domain::box_metadata::BoxMetadata;
use model::Phase;
use readings::{
    FileError, FileNote, FileReport, Notation, Reason, measurement_files, read_boxes, read_measurements,
};

use crate::files::{Store, amsterdam, import, settings};

/// The present for the cases, which are of November 2026.
const NOW: &str = "2026-12-01T12:00:00Z";

fn case(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases").join(name);
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

fn read(path: &Path) -> Result<(FileReport, Store), FileError> {
    let settings = readings::ReadSettings { now: NOW.parse().unwrap(), ..settings() };
    read_measurements(path, amsterdam(), &settings)?;
    let mut store = Store::new();
    let report = import(&mut store, path, amsterdam(), &settings);
    Ok((report, store))
}

/// What a file came to: the rows accepted and refused, and of each box minimum, maximum and
/// quarter-hours over all its weeks.
#[derive(Debug, PartialEq)]
struct Came {
    accepted: u64,
    refused: Vec<(Reason, u64)>,
    boxes: Vec<(String, f64, f64, u16)>,
}

impl Came {
    fn of(report: &FileReport, store: &Store) -> Self {
        let mut boxes: Vec<(String, f64, f64, u16)> = Vec::new();
        for ((id, phase, _), tally) in store {
            assert_eq!(*phase, Phase::Sumli);
            match boxes.last_mut().filter(|last| last.0 == *id) {
                Some((_, min, max, readings)) => {
                    *min = min.min(tally.min_kw());
                    *max = max.max(tally.max_kw());
                    *readings += tally.readings();
                }
                None => boxes.push((id.clone(), tally.min_kw(), tally.max_kw(), tally.readings())),
            }
        }
        Self { accepted: report.accepted, refused: report.refusals.counts().collect(), boxes }
    }

    fn one(id: &str, min_kw: f64, max_kw: f64, readings: u16) -> Self {
        let boxes = vec![(id.to_owned(), min_kw, max_kw, readings)];
        Self { accepted: u64::from(readings), refused: Vec::new(), boxes }
    }

    fn reference() -> Self {
        Self::one("ESD.000700-1", 21.25, 1234.5, 192)
    }
}

#[test]
fn each_file_of_readings_comes_out_as_is_right() {
    let numbered = || Came::one("70000123", 21.25, 1234.5, 192);
    let refused = |mut came: Came, refused: Vec<(Reason, u64)>, accepted| {
        (came.refused, came.accepted) = (refused, accepted);
        came
    };
    let all_surplus = Came { accepted: 0, refused: vec![(Reason::SurplusFields, 192)], boxes: Vec::new() };
    let repeated = refused(Came::reference(), vec![(Reason::UnknownChannelShape, 1)], 192);
    // The one row with a thousands comma is refused; without it the maximum is another.
    let thousands =
        refused(Came::one("ESD.000700-1", 21.25, 83.75, 191), vec![(Reason::SurplusFields, 1)], 191);
    let midnight = Came::one("ESD.000700-1", 21.25, 5000.0, 192);
    for (name, right, notes) in [
        ("00-reference/readings.csv", Came::reference(), vec![]),
        ("01-bom-quoted/readings.csv", Came::reference(), vec![]),
        ("02-quoted-header/value-last.csv", Came::reference(), vec![]),
        ("02-quoted-header/with-voltage-behind.csv", Came::reference(), vec![]),
        ("03-decimal-comma-unquoted/readings.csv", all_surplus, vec![]),
        ("03-decimal-comma-unquoted/thousands.csv", thousands, vec![]),
        ("04-semicolon-decimal-comma/decimal-comma.csv", Came::reference(), vec![FileNote::DecimalCommas]),
        ("04-semicolon-decimal-comma/dutch-thousands.csv", Came::reference(), vec![FileNote::DecimalCommas]),
        ("05-utf16/le-bom.csv", Came::reference(), vec![FileNote::Utf16]),
        ("05-utf16/le-without-bom-tabs.csv", Came::reference(), vec![FileNote::Utf16]),
        ("07-midnight-as-date/readings.csv", midnight, vec![]),
        ("11-folders/macos/readings.csv", Came::reference(), vec![]),
        ("12-parquet/codec-brotli.parquet", Came::reference(), vec![]),
        ("12-parquet/nested-beside.parquet", Came::reference(), vec![]),
        ("12-parquet/time-int96-spark.parquet", Came::reference(), vec![]),
        ("12-parquet/v2-pages-delta.parquet", Came::reference(), vec![]),
        ("12-parquet/value-int64.parquet", Came::one("ESD.000700-1", 21.0, 1234.0, 192), vec![]),
        ("12-parquet/value-text.parquet", Came::reference(), vec![]),
        ("16-compressed/plain.csv", Came::reference(), vec![]),
        ("16-compressed/pzstd.csv.zst", Came::reference(), vec![]),
        ("16-compressed/two-members.csv.gz", Came::reference(), vec![]),
        ("17-numeric-ids/readings.csv", numbered(), vec![]),
        ("17-numeric-ids/readings.parquet", numbered(), vec![]),
        ("21-metadata/readings.csv", Came::reference(), vec![]),
        ("23-lines/cr-only.csv", Came::reference(), vec![]),
        ("23-lines/pipe.csv", Came::reference(), vec![]),
        ("23-lines/header-repeated.csv", repeated, vec![]),
    ] {
        let Some(path) = case(name) else { continue };
        match read(&path) {
            Ok((report, store)) => {
                assert_eq!((Came::of(&report, &store), report.notes), (right, notes), "{name}")
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn the_wall_clock_of_impala_and_the_utc_of_spark_come_out_alike() {
    let files = ["reference.csv", "impala.parquet", "spark.parquet"];
    let read = |name| case(&format!("14-int96-impala/{name}")).map(|path| self::read(&path).unwrap());
    let [Some(reference), Some(impala), Some(spark)] = files.map(read) else { return };
    assert_eq!(impala.1, reference.1);
    assert_eq!(Came::of(&reference.0, &reference.1), Came::one("ESD.000700-1", 21.25, 900.0, 192));
    // This one holds the readings of 00-reference.
    assert_eq!(Came::of(&spark.0, &spark.1), Came::reference());
    assert_eq!((impala.0.notes, spark.0.notes), (vec![FileNote::Int96WallClock], vec![]));
}

#[test]
fn clocks_come_out_as_they_did() {
    let skipped = |rows| vec![(Reason::SkippedTime, rows)];
    for (name, right) in [
        ("doubled-hour-with-offsets.csv", Came::one("ESD.000700-1", 100.0, 115.0, 16)),
        // Without offsets the second pass shares the first's quarter-hours.
        ("doubled-hour-without.csv", Came { accepted: 16, ..Came::one("ESD.000700-1", 100.0, 115.0, 12) }),
        ("leap-day-and-week-53.csv", Came::one("A", 1.0, 4.0, 4)),
        ("shuffled-and-doubled.csv", Came { accepted: 242, ..Came::one("ESD.000700-1", 21.25, 1234.5, 192) }),
        ("skipped-hour.csv", Came { refused: skipped(4), ..Came::one("ESD.000700-1", 50.0, 65.0, 12) }),
    ] {
        let Some(path) = case(&format!("25-clocks/{name}")) else { continue };
        let (report, store) = read(&path).unwrap();
        assert_eq!(Came::of(&report, &store), right, "{name}");
    }
    for name in ["sentinel-dates-int96.parquet", "sentinel-dates-us.parquet"] {
        let Some(path) = case(&format!("25-clocks/{name}")) else { continue };
        let (report, _) = read(&path).unwrap();
        println!("{name}: {:?} of {}", report.refusals.counts().collect::<Vec<_>>(), report.rows);
        assert!(report.refusals.count(Reason::OutOfCalendar) > 0, "{name}");
        assert_eq!(report.refusals.total(), report.refusals.count(Reason::OutOfCalendar), "{name}");
    }
}

#[test]
fn what_cannot_be_told_is_refused_in_one_sentence() {
    for (name, says) in [
        ("04-semicolon-decimal-comma/thousands-without-decimals.csv", "decimal_mark"),
        ("11-folders/macos/._readings.csv", "is not supported"),
        ("12-parquet/time-epoch-ms-int64.parquet", "DATUMTIJD is of type Int64"),
    ] {
        let Some(path) = case(name) else { continue };
        let error = read(&path).expect_err(name).to_string();
        assert!(error.contains(says), "{name}: {error}");
        assert!(error.len() < 800 && !error.chars().any(char::is_control), "{error}");
    }
    // What decides is the setting.
    let Some(path) = case("04-semicolon-decimal-comma/thousands-without-decimals.csv") else { return };
    let notation = Notation { decimal_mark: Some(readings::DecimalMark::Comma), ..Notation::default() };
    let settings = readings::ReadSettings { now: NOW.parse().unwrap(), notation, ..settings() };
    let mut store = Store::new();
    let report = import(&mut store, &path, amsterdam(), &settings);
    let came = Came::of(&report, &store);
    assert_eq!((came.accepted, came.boxes[0].2), (192, 1234.0));
}

#[test]
fn folders_give_their_data_and_name_the_rest() {
    for (name, unread) in [
        ("source", &["_temporary"][..]),
        ("spark", &["_SUCCESS", "_temporary"]),
        ("impala", &["_impala_insert_staging"]),
        ("macos", &["._readings.csv"]),
        ("delta", &["_delta_log", "part-00000-old.snappy.parquet"]),
    ] {
        let Some(folder) = case(&format!("11-folders/{name}")) else { continue };
        let found = measurement_files(&[folder], None).unwrap();
        let names: Vec<_> =
            found.unread_named.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!((names, found.unread), (unread.to_vec(), unread.len() as u64), "{name}");
        let [file] = found.files.as_slice() else { panic!("{name}: {:?}", found.files) };
        let (report, store) = read(file).unwrap();
        assert_eq!(Came::of(&report, &store), Came::reference(), "{name}");
    }
}

#[test]
fn folders_named_for_a_box_give_its_column() {
    let Some(folder) = case("18-hive-partitions/data") else { return };
    let found = measurement_files(&[folder], None).unwrap();
    let ids: Vec<String> = found
        .files
        .iter()
        .map(|file| {
            let (report, store) = read(file).unwrap();
            let came = Came::of(&report, &store);
            assert_eq!((came.accepted, came.boxes[0].1, came.boxes[0].2), (192, 21.25, 1234.5));
            came.boxes[0].0.clone()
        })
        .collect();
    assert_eq!(ids, ["ESD.000700-1", "ESD.000701-1"]);
}

#[test]
fn each_file_of_metadata_comes_out_as_is_right() {
    let boxes = |name: &str| Some(read_boxes(&case(name)?, &Notation::default()).unwrap());
    for (name, note) in [
        ("21-metadata/boxes.csv", FileNote::Windows1252),
        ("21-metadata/boxes-utf16.csv", FileNote::Utf16),
        ("21-metadata/boxes-names-only.csv", FileNote::Windows1252),
    ] {
        let Some(file) = boxes(name) else { continue };
        assert!(file.refusals.is_empty() && file.warnings.is_empty(), "{name}: {:?}", file.warnings);
        assert!(file.notes.contains(&note), "{name}: {:?}", file.notes);
        let first = &file.boxes[0];
        assert_eq!(first.station_name.as_deref(), Some("Café België"), "{name}");
        assert_eq!(first.street.as_deref(), Some("Ruïnepad"), "{name}");
        assert_eq!((first.latitude, first.longitude), (Some(53.1746), Some(5.4236)), "{name}");
        let kva = |found: &BoxMetadata| found.capacity.map(model::Capacity::kva);
        let capacities: Vec<_> = file.boxes.iter().map(kva).collect();
        assert_eq!(capacities, [Some(630.0), Some(1000.0), Some(1000.0)], "{name}");
    }
    for name in ["boxes.csv", "boxes-thousands.csv"] {
        let Some(file) = boxes(&format!("03-decimal-comma-unquoted/{name}")) else { continue };
        assert_eq!(file.refusals.counts().collect::<Vec<_>>(), [(Reason::SurplusFields, 1)], "{name}");
        assert!(file.boxes.is_empty());
    }
    for (name, notes) in [
        ("boxes.parquet", vec![]),
        ("boxes-double.parquet", vec![]),
        ("boxes-double.csv", vec![FileNote::WholeIds]),
    ] {
        let Some(file) = boxes(&format!("17-numeric-ids/{name}")) else { continue };
        assert_eq!(file.boxes[0].box_id.as_str(), "70000123", "{name}");
        assert!(file.boxes[0].capacity.is_some(), "{name}");
        assert_eq!(file.notes, notes, "{name}");
    }
}

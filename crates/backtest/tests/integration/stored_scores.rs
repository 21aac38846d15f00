//! Compares our scores of `spark` and the seasonal naive with stored scores of another program.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use backtest::{DataSet, Job, ModelName, Plan, Settings, WindowSettings, run};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// A file of the shared data; None, with a message, if it is absent, or a failure with
/// `GRIDSPARK_REQUIRE_SHARED=1`.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var_os("GRIDSPARK_REQUIRE_SHARED").is_some_and(|value| value == "1");
    assert!(!required, "{} is required but absent", path.display());
    eprintln!("skipped: {} is absent", path.display());
    None
}

/// Set, box, extreme and origin.
type Key = (String, String, String, usize);

/// Pinball loss and coverage of the 90 % band of one method.
fn stored(path: &Path, wanted: &str) -> BTreeMap<Key, [f64; 2]> {
    let mut scores = BTreeMap::new();
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    for batch in reader.map(Result::unwrap) {
        let text = |name| texts(&batch, name);
        let number = |name| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>();
        let (pinball, coverage) = (number("pin"), number("c90"));
        let origins = batch.column_by_name("origin").unwrap().as_primitive::<Int64Type>();
        let names = text("set").into_iter().zip(text("boxid")).zip(text("extreme")).zip(text("method"));
        for (row, (((set, box_id), extreme), method)) in names.enumerate() {
            if method == wanted {
                let key = (set, box_id, extreme, usize::try_from(origins.value(row)).unwrap());
                scores.insert(key, [pinball.value(row), coverage.value(row)]);
            }
        }
    }
    scores
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap();
    match column.as_string_opt::<i64>() {
        Some(large) => large.iter().map(|text| text.unwrap().to_owned()).collect(),
        None => column.as_string::<i32>().iter().map(|text| text.unwrap().to_owned()).collect(),
    }
}

/// Our scores, with a job per box and origin to keep series separate.
fn measured(model: ModelName) -> BTreeMap<Key, [f64; 2]> {
    let plan = Plan::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/real_loads.toml")).unwrap();
    let mut jobs = Vec::new();
    for data in &plan.data_set {
        let (job, refused) = data.open(WindowSettings::default()).unwrap();
        assert!(refused.is_empty());
        for (index, &origin) in job.origins.iter().enumerate() {
            for history in &job.data.boxes {
                let name = format!("{}\t{}\t{index}", data.name, history.box_id);
                let data = DataSet::new(name, vec![history.clone()]);
                jobs.push(Job { data, origins: vec![origin], windows: job.windows });
            }
        }
    }
    let settings = Settings { models: vec![model], bootstrap_draws: 0, ..Settings::default() };
    let report = run(&jobs, &settings, &|_, _| ()).unwrap();
    let mut scores = BTreeMap::new();
    for (name, extremes) in &report.models[0].per_set_and_extreme {
        let parts: Vec<&str> = name.split('\t').collect();
        for (extreme, of_one) in extremes {
            let key =
                (parts[0].to_owned(), parts[1].to_owned(), extreme.to_string(), parts[2].parse().unwrap());
            scores.insert(key, [of_one.pinball, of_one.coverage_90]);
        }
    }
    scores
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
    sum / count
}

#[test]
fn spark_agrees_with_the_stored_scores_by_series() {
    let Some(path) = shared("baseline_scores.parquet") else { return };
    let (stored, measured) = (stored(&path, "spark"), measured(ModelName::Spark));
    assert_eq!(stored.len(), 959);
    assert!(stored.keys().eq(measured.keys()), "other series were left out");
    for (key, [pinball, coverage]) in &measured {
        let [expected, expected_coverage] = stored[key];
        // A stale series needs a longer forecast, which changes the predecessor's time scale
        // slightly.
        assert!((pinball - expected).abs() < 2e-3, "{key:?}: {pinball} instead of {expected}");
        assert!((coverage - expected_coverage).abs() < 0.05, "{key:?}: {coverage} for {expected_coverage}");
    }
    let off = mean(measured.iter().map(|(key, [pinball, _])| (pinball - stored[key][0]).abs()));
    assert!(off < 1e-4, "{off}");
}

#[test]
fn the_seasonal_naive_agrees_with_the_stored_scores() {
    let Some(path) = shared("baseline_scores.parquet") else { return };
    let (stored, measured) = (stored(&path, "snaive"), measured(ModelName::SeasonalNaive));
    assert!(stored.keys().eq(measured.keys()), "other series were left out");
    // The other program fills gaps differently, so single series differ, but sets must agree.
    for set in ["ausgrid", "eia", "gefcom2012", "ieso", "pjm", "ucsd"] {
        let of = |scores: &BTreeMap<Key, [f64; 2]>| {
            mean(scores.iter().filter(|(key, _)| key.0 == set).map(|(_, [pinball, _])| *pinball))
        };
        assert!((of(&stored) - of(&measured)).abs() < 3e-4, "{set}: {} for {}", of(&measured), of(&stored));
    }
}

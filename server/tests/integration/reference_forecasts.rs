//! Exact forecasts of real series, computed elsewhere: ours agree.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::{IsoWeek, Observation, Quantile, Series, spark::Spark};

use crate::support::parquet_rows::{batches, dates, numbers, text};
use crate::support::shared;

/// Box, then its weeks: Monday, minimum, maximum.
type Weekly = BTreeMap<String, Vec<(NaiveDate, f64, f64)>>;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    set: String,
    box_id: String,
    extreme: String,
    train_first: NaiveDate,
    train_last: NaiveDate,
}

fn weekly(set: &str) -> Option<Weekly> {
    let mut found = Weekly::new();
    for batch in batches(&shared::path(&format!("data/{set}_weekly.parquet"))?) {
        let boxes = text(&batch, "boxid");
        let (mondays, minima, maxima) =
            (dates(&batch, "date"), numbers(&batch, "min"), numbers(&batch, "max"));
        for (row, name) in boxes.into_iter().enumerate() {
            found.entry(name).or_default().push((mondays[row], minima[row], maxima[row]));
        }
    }
    Some(found)
}

#[test]
fn every_series_of_the_reference_is_forecast_to_a_millionth_of_its_range() {
    let Some(path) = shared::path("data/spark_exact_forecasts.parquet") else { return };
    let mut expected: BTreeMap<Key, Vec<(NaiveDate, [f64; 5])>> = BTreeMap::new();
    for batch in batches(&path) {
        let (sets, boxes, extremes) = (text(&batch, "set"), text(&batch, "boxid"), text(&batch, "extreme"));
        let (first, last, date) =
            (dates(&batch, "train_first"), dates(&batch, "train_last"), dates(&batch, "date"));
        let levels = ["q05", "q15", "q50", "q85", "q95"].map(|name| numbers(&batch, name));
        for row in 0..batch.num_rows() {
            let key = Key {
                set: sets[row].clone(),
                box_id: boxes[row].clone(),
                extreme: extremes[row].clone(),
                train_first: first[row],
                train_last: last[row],
            };
            expected.entry(key).or_default().push((date[row], levels.each_ref().map(|level| level[row])));
        }
    }
    let sets: BTreeMap<String, Weekly> = ["ausgrid", "eia", "gefcom2012"]
        .into_iter()
        .filter_map(|set| Some((set.to_owned(), weekly(set)?)))
        .collect();
    let (mut compared, mut worst) = (0, 0.0f64);
    for (key, weeks) in &expected {
        let rows: Vec<Observation> = sets[&key.set][&key.box_id]
            .iter()
            .filter(|(date, ..)| (key.train_first..=key.train_last).contains(date))
            .map(|&(date, min_kw, max_kw)| Observation {
                week: IsoWeek::containing(date),
                value_kw: Some(if key.extreme == "max" { max_kw } else { min_kw }),
            })
            .collect();
        let values = || rows.iter().filter_map(|row| row.value_kw);
        let range = values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min);
        let forecast = Spark::default().fit(&Series::new(rows.clone()).unwrap()).unwrap().forecast();
        for (date, levels) in weeks {
            let place = forecast.weeks.iter().rposition(|week| week.monday() == *date).unwrap();
            for (quantile, level) in Quantile::ALL.into_iter().zip(levels) {
                worst = worst.max((forecast.total.get(quantile)[place] - level).abs() / range);
                compared += 1;
            }
        }
    }
    eprintln!("{} series, {compared} quantiles, largest deviation {worst:.1e} of the range", expected.len());
    assert!(expected.len() > 200 && compared > 25_000);
    assert!(worst < 1e-6, "{worst}");
}

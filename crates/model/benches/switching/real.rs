//! Real series of weekly extremes.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int8Type, Int16Type};
use model::{IsoWeek, WeekExtremes};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// The sets of series.
pub(crate) const SETS: [&str; 6] = ["ausgrid", "eia", "gefcom2012", "ieso", "pjm", "ucsd"];

type Boxes = BTreeMap<String, Vec<WeekExtremes>>;

/// All boxes of a set.
pub(crate) fn read(folder: &Path, set: &str) -> Result<Boxes, Box<dyn std::error::Error>> {
    let file = File::open(folder.join(format!("{set}_weekly.parquet")))?;
    let mut boxes = Boxes::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
        let batch = batch?;
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| format!("{set} has no {name}"));
        let names = column("boxid")?.as_string_opt::<i32>().ok_or("boxid is no text")?;
        let years = column("year")?.as_primitive_opt::<Int16Type>().ok_or("year is no 16-bit integer")?;
        let numbers = column("week")?.as_primitive_opt::<Int8Type>().ok_or("week is no 8-bit integer")?;
        let lows = column("min")?.as_primitive_opt::<Float64Type>().ok_or("min is no float")?;
        let highs = column("max")?.as_primitive_opt::<Float64Type>().ok_or("max is no float")?;
        for row in 0..batch.num_rows() {
            let week =
                IsoWeek::from_year_and_number(years.value(row).into(), numbers.value(row).try_into()?)?;
            let extremes =
                WeekExtremes { week, min_kw: lows.value(row), max_kw: highs.value(row), readings: 672 };
            boxes.entry(names.value(row).to_owned()).or_default().push(extremes);
        }
    }
    Ok(boxes)
}

/// A series' noise, kW: the robust standard deviation of differences to the year before, over √2.
pub(crate) fn deviations_kw(weeks: &[WeekExtremes]) -> [f64; 2] {
    let by_week: BTreeMap<IsoWeek, &WeekExtremes> = weeks.iter().map(|row| (row.week, row)).collect();
    [|row: &WeekExtremes| row.min_kw, |row: &WeekExtremes| row.max_kw].map(|value| {
        let mut differences: Vec<f64> = weeks
            .iter()
            .filter_map(|row| Some(value(row) - value(by_week.get(&row.week.plus(-52))?)))
            .collect();
        differences.sort_by(f64::total_cmp);
        let middle = differences.get(differences.len() / 2).copied().unwrap_or(0.0);
        let mut sizes: Vec<f64> = differences.iter().map(|x| (x - middle).abs()).collect();
        sizes.sort_by(f64::total_cmp);
        1.4826 * sizes.get(sizes.len() / 2).copied().unwrap_or(0.0) / 2.0_f64.sqrt()
    })
}

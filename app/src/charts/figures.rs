//! The figures behind the charts, row by row, as texts.

use domain::box_detail::{BoxDetail, ExtremeForecast};
use model::{Forecast, Part, Quantile};

use crate::words::Words;

/// A table: groups of columns with their width, the columns after the week, and the rows, each a week and its cells.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Figures {
    pub(super) groups: Vec<(&'static str, usize)>,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<(String, Vec<String>)>,
}

/// The forecast of both extremes, the future first, as it is what is asked for; then what was measured, newest first.
pub(crate) fn forecast_figures(detail: &BoxDetail, words: &Words) -> Figures {
    let (Some(minimum), Some(maximum)) = (&detail.minimum, &detail.maximum) else {
        return Figures::default();
    };
    let cells = |extreme: &ExtremeForecast, row: usize| {
        let forecast = &extreme.forecast;
        let Some(future) = row.checked_sub(forecast.history) else {
            let nothing = String::new;
            return vec![measured(forecast, row, words), nothing(), nothing(), nothing(), nothing()];
        };
        let overload = extreme.overload.as_ref().and_then(|overload| overload.weekly.get(future));
        let mut cells = vec![String::new()];
        cells.extend(quantiles(forecast, Part::Total, row, words));
        cells.push(overload.map_or_else(String::new, |probability| words.probability(*probability)));
        cells
    };
    let columns =
        [words.measured, words.median_short, words.from_to_70, words.from_to_90, words.weekly_probability];
    Figures {
        groups: vec![(words.maximum, columns.len()), (words.minimum, columns.len())],
        columns: [columns, columns].concat(),
        rows: rows(&maximum.forecast, words, |row| [cells(maximum, row), cells(minimum, row)].concat()),
    }
}

/// What both extremes are made of, in the same order.
pub(crate) fn breakdown_figures(detail: &BoxDetail, words: &Words) -> Figures {
    let (Some(minimum), Some(maximum)) = (&detail.minimum, &detail.maximum) else {
        return Figures::default();
    };
    let parts = [Part::Total, Part::Drift, Part::Yearly];
    let cells = |forecast: &Forecast, row| {
        let median = |part| forecast.part(part).get(Quantile::Q50).get(row).copied().unwrap_or(f64::NAN);
        let mut cells = vec![measured(forecast, row, words)];
        cells.extend(parts.map(|part| words.kw_value(median(part))));
        cells
    };
    let mut columns = vec![words.measured];
    columns.extend(parts.map(|part| words.part(part)));
    Figures {
        groups: vec![(words.maximum, columns.len()), (words.minimum, columns.len())],
        columns: [columns.clone(), columns].concat(),
        rows: rows(&maximum.forecast, words, |row| {
            [cells(&maximum.forecast, row), cells(&minimum.forecast, row)].concat()
        }),
    }
}

fn rows(
    forecast: &Forecast,
    words: &Words,
    cells: impl Fn(usize) -> Vec<String>,
) -> Vec<(String, Vec<String>)> {
    let future = forecast.future();
    let history = (0..future.start).rev();
    future
        .chain(history)
        .filter_map(|row| Some((words.week(*forecast.weeks.get(row)?), cells(row))))
        .collect()
}

fn measured(forecast: &Forecast, row: usize, words: &Words) -> String {
    forecast.observed_kw.get(row).copied().flatten().map_or_else(|| "–".to_owned(), |kw| words.kw_value(kw))
}

/// Median and both bands.
fn quantiles(forecast: &Forecast, part: Part, row: usize, words: &Words) -> [String; 3] {
    let at = |quantile| forecast.part(part).get(quantile).get(row).copied().unwrap_or(f64::NAN);
    [
        words.kw_value(at(Quantile::Q50)),
        words.between(at(Quantile::Q15), at(Quantile::Q85)),
        words.between(at(Quantile::Q05), at(Quantile::Q95)),
    ]
}

#[cfg(test)]
mod tests {
    use domain::language::Language;

    use super::super::samples::crossing_zero;
    use super::*;

    #[test]
    fn every_week_has_a_row_as_wide_as_the_head_and_the_future_comes_first() {
        let detail = crossing_zero();
        let words = Words::of(Language::English);
        let forecast = &detail.minimum.as_ref().unwrap().forecast;
        for figures in [forecast_figures(&detail, words), breakdown_figures(&detail, words)] {
            let width = figures.columns.len();
            assert_eq!(figures.groups.iter().map(|(_, width)| width).sum::<usize>(), width);
            assert_eq!(figures.rows.len(), forecast.weeks.len());
            assert!(figures.rows.iter().all(|(_, cells)| cells.len() == width));
            assert_eq!(figures.rows[0].0, words.week(forecast.weeks[forecast.history]));
            assert_eq!(figures.rows.last().unwrap().0, words.week(forecast.weeks[0]));
        }
    }

    #[test]
    fn without_a_forecast_there_are_no_figures() {
        let mut detail = crossing_zero();
        detail.maximum = None;
        assert_eq!(forecast_figures(&detail, Words::of(Language::English)), Figures::default());
    }
}

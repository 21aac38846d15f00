//! The tooltips: one text a week, made beforehand, so that the browser needs no formatting code.
//!
//! They are HTML out of the page's own words and of numbers only; nothing in them comes from the data's texts.

use std::fmt::Write as _;

use domain::box_detail::{BoxDetail, ExtremeForecast};
use model::{Forecast, Limits, Part, Quantile};

use super::last_year::last_year_kw;
use crate::words::Words;

/// The tooltips of the forecast's chart, by row of the maximum's weeks.
pub(super) fn forecast_tips(detail: &BoxDetail, words: &Words) -> Vec<String> {
    let (Some(minimum), Some(maximum)) = (&detail.minimum, &detail.maximum) else { return Vec::new() };
    let rows = maximum.forecast.weeks.len();
    (0..rows)
        .map(|row| {
            let mut tip = heading(&maximum.forecast, row, words);
            for (name, class, extreme) in
                [(words.maximum, "maximum", maximum), (words.minimum, "minimum", minimum)]
            {
                write(&mut tip, format_args!("<table><caption class=\"tip-{class}\">{name}</caption>"));
                extreme_rows(&mut tip, extreme, row, detail.limits, words);
                tip.push_str("</table>");
            }
            tip
        })
        .collect()
}

fn extreme_rows(
    tip: &mut String,
    extreme: &ExtremeForecast,
    row: usize,
    limits: Option<Limits>,
    words: &Words,
) {
    let forecast = &extreme.forecast;
    if row < forecast.history {
        let measured = forecast.observed_kw.get(row).copied().flatten();
        line(tip, words.measured, &measured.map_or_else(|| words.gap.to_owned(), |kw| words.kw(kw)));
        let Some(kw) = measured else { return };
        if limits.is_some_and(|limits| limits.exceeded_by(kw)) {
            note(tip, words.on_detail().over_limit);
        }
        let outliers = extreme.forecast_basis.as_ref().map(|basis| basis.outliers.as_slice());
        if forecast.weeks.get(row).is_some_and(|week| outliers.unwrap_or_default().contains(week)) {
            note(tip, words.on_detail().outlier);
        }
        return;
    }
    quantile_lines(tip, forecast, Part::Total, row, words);
    let future = row - forecast.history;
    if let Some(probability) = extreme.overload.as_ref().and_then(|overload| overload.weekly.get(future)) {
        line(tip, words.weekly_probability, &words.probability(*probability));
    }
    let median = forecast.total.get(Quantile::Q50).get(row);
    if let Some((before, median)) = last_year_kw(forecast, row).zip(median) {
        line(tip, words.on_detail().last_year, &words.kw(before));
        let difference =
            format!("{}\u{a0}kW", words.signed(median - before, if before.abs() < 99.95 { 1 } else { 0 }));
        line(tip, words.on_detail().against_last_year, &difference);
    }
}

/// The tooltips of the chart of the components, by row of the maximum's weeks.
pub(super) fn breakdown_tips(detail: &BoxDetail, words: &Words) -> Vec<String> {
    let (Some(minimum), Some(maximum)) = (&detail.minimum, &detail.maximum) else { return Vec::new() };
    (0..maximum.forecast.weeks.len())
        .map(|row| {
            let mut tip = heading(&maximum.forecast, row, words);
            for (name, class, extreme) in
                [(words.maximum, "maximum", maximum), (words.minimum, "minimum", minimum)]
            {
                write(&mut tip, format_args!("<table><caption class=\"tip-{class}\">{name}</caption>"));
                if let Some(kw) = extreme.forecast.observed_kw.get(row).copied().flatten() {
                    line(&mut tip, words.measured, &words.kw(kw));
                }
                for part in [Part::Total, Part::Drift, Part::Yearly] {
                    let median = extreme.forecast.part(part).get(Quantile::Q50).get(row).copied();
                    line(&mut tip, words.part(part), &words.kw(median.unwrap_or(f64::NAN)));
                }
                tip.push_str("</table>");
            }
            tip
        })
        .collect()
}

fn heading(forecast: &Forecast, row: usize, words: &Words) -> String {
    let Some(week) = forecast.weeks.get(row) else { return String::new() };
    format!("<strong>{}</strong> <small>{}</small>", words.week(*week), words.day(week.monday()))
}

fn quantile_lines(tip: &mut String, forecast: &Forecast, part: Part, row: usize, words: &Words) {
    let at = |quantile| forecast.part(part).get(quantile).get(row).copied().unwrap_or(f64::NAN);
    line(tip, words.median_short, &words.kw(at(Quantile::Q50)));
    line(tip, words.from_to_70, &words.between(at(Quantile::Q15), at(Quantile::Q85)));
    line(tip, words.from_to_90, &words.between(at(Quantile::Q05), at(Quantile::Q95)));
}

fn line(tip: &mut String, name: &str, value: &str) {
    write(tip, format_args!("<tr><th>{name}</th><td>{value}</td></tr>"));
}

fn note(tip: &mut String, text: &str) {
    write(tip, format_args!("<tr><td class=\"tip-note\" colspan=\"2\">{text}</td></tr>"));
}

fn write(tip: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = tip.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use domain::language::Language;

    use super::super::samples::crossing_zero;
    use super::*;

    #[test]
    fn each_week_has_a_tip_with_year_week_and_values() {
        let detail = crossing_zero();
        let tips = forecast_tips(&detail, Words::of(Language::English));
        let forecast = &detail.maximum.as_ref().unwrap().forecast;
        assert_eq!(tips.len(), forecast.weeks.len());
        assert!(tips[0].contains("week\u{a0}1, 2024") && tips[0].contains("Measured"));
        assert!(tips[forecast.history].contains("9 of 10 weeks") && tips[forecast.history].contains('%'));
        assert!(tips[forecast.history].contains("The same weeks last year"));
        assert!(tips[forecast.history].contains("Against last year"));
        let gap = forecast.observed_kw.iter().position(Option::is_none).unwrap();
        assert!(tips[gap].contains("No data"));
    }
}

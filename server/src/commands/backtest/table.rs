//! A backtest as text: tables of the scores, and what was left out.

use std::fmt::Write;

use backtest::{Interval, ModelReport, Report, Scores};

/// Series and rows that are listed one by one.
const MAX_NAMED: usize = 20;

/// The whole report as text.
pub(super) fn text(report: &Report, stored_as: Option<i64>) -> String {
    let mut text = String::new();
    let (series, origins) = (report.series(), report.origins());
    line(&mut text, format_args!("{series} series, each extreme at each of {origins} origins."));
    let tables: [(&str, usize, Figure); 4] = [
        ("Pinball loss", 4, |scores| scores.pinball),
        ("Coverage of the 90 % band", 3, |scores| scores.coverage_90),
        ("Coverage of the 70 % band", 3, |scores| scores.coverage_70),
        ("Mean absolute error", 4, |scores| scores.mae),
    ];
    for (title, digits, figure) in tables {
        table(&mut text, report, title, digits, figure);
    }
    text.push_str(&super::growth_table::text(report));
    text.push('\n');
    for model in &report.models {
        for shown in about(model) {
            line(&mut text, format_args!("{shown}"));
        }
    }
    refusals(&mut text, report);
    if let Some(number) = stored_as {
        line(&mut text, format_args!("Kept as backtest {number}."));
    }
    text
}

/// Why series were left out, by number; for a backtest without any scores.
pub(super) fn reasons(report: &Report) -> String {
    let counts = report.refused.counts.iter().map(|(reason, count)| format!("{count} {reason}"));
    let counts = counts.collect::<Vec<_>>().join(", ");
    if counts.is_empty() { "there are no boxes".to_owned() } else { counts }
}

type Figure = fn(&Scores) -> f64;

/// Writing to a string can't fail.
fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{words}");
}

/// Models as rows, data sets and extremes as columns.
fn table(text: &mut String, report: &Report, title: &str, digits: usize, figure: Figure) {
    let sets: Vec<&str> = report.data.iter().map(|data| data.description.name.as_str()).collect();
    let mut head: Vec<String> = Vec::new();
    if sets.len() > 1 {
        head.extend(sets.iter().map(|&name| name.to_owned()));
    }
    head.extend(["minima", "maxima", "all"].map(str::to_owned));
    let names = report.models.iter().map(|model| model.model.as_str().len());
    let first = names.chain([title.len()]).max().unwrap_or(0);
    let widths: Vec<usize> = head.iter().map(|name| name.chars().count().max(digits + 2)).collect();
    let _ = write!(text, "\n{title:<first$}");
    for (name, width) in head.iter().zip(&widths) {
        let _ = write!(text, "  {name:>width$}");
    }
    text.push('\n');
    for model in &report.models {
        let _ = write!(text, "{:<first$}", model.model);
        let by_set = if sets.len() > 1 { sets.as_slice() } else { &[] };
        let cells = by_set.iter().map(|&name| model.per_set.get(name));
        let extremes = model::Extreme::ALL.iter().map(|extreme| model.per_extreme.get(extreme));
        for (scores, width) in cells.chain(extremes).chain([model.all.as_ref()]).zip(&widths) {
            let cell = scores.map(|scores| format!("{:.digits$}", figure(scores))).unwrap_or_default();
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
}

/// Uncertainty, overloads and time of one model.
fn about(model: &ModelReport) -> Vec<String> {
    let Some(all) = &model.all else { return vec![format!("{}: no series.", model.model)] };
    let mut shown = Vec::new();
    let mut first = format!("{}: {:.2} ms a series", model.model, 1e3 * all.seconds_per_fit);
    if let Some(uncertainty) = &model.uncertainty {
        let between = |Interval { low, high, .. }: Interval| format!("{low:.4} to {high:.4}");
        let _ = write!(first, "; pinball {} with other boxes", between(uncertainty.pinball));
        if let Some(ratio) = uncertainty.pinball_ratio {
            let _ = write!(first, ", {:.3} of spark's ({})", ratio.value, between(ratio));
        }
    }
    shown.push(first + ".");
    if let Some(weekly) = &all.overload_weekly {
        let mut overloads = format!(
            "  {} of {} weeks overloaded; Brier score {:.5}, the base rate scores {:.5}",
            weekly.events, weekly.count, weekly.brier, weekly.brier_base_rate
        );
        if let Some(any) = &all.overload_any_week {
            let (brier, base) = (any.brier, any.brier_base_rate);
            let _ = write!(overloads, "; over the horizon {brier:.5} and {base:.5}");
        }
        shown.push(overloads + ".");
    }
    let kinds = [("a band", all.warnings_by_band), ("even odds", all.warnings_by_probability)];
    for (kind, warnings) in kinds.into_iter().filter_map(|(kind, warnings)| Some((kind, warnings?))) {
        let share = |share: Option<f64>| share.map_or("none".to_owned(), |share| format!("{share:.2}"));
        let (precision, recall) = (share(warnings.precision()), share(warnings.recall()));
        shown.push(format!("  Warned of an overload by {kind}: precision {precision}, recall {recall}."));
    }
    shown
}

fn refusals(text: &mut String, report: &Report) {
    let refused = &report.refused.series;
    if !refused.is_empty() {
        line(text, format_args!("\n{} series left out: {}.", refused.len(), reasons(report)));
    }
    for series in refused.iter().take(MAX_NAMED) {
        let model = series.model.map(|model| format!(" by {model}")).unwrap_or_default();
        let (set, box_id, extreme, until) = (&series.set, &series.box_id, series.extreme, series.last_week);
        line(text, format_args!("  {set}, {box_id}, {extreme}, until {until}{model}: {}", series.detail));
    }
    if refused.len() > MAX_NAMED {
        line(text, format_args!("  and {} more; --json names them all", refused.len() - MAX_NAMED));
    }
    for file in &report.refused_rows {
        line(text, format_args!("{}: {} rows left out.", file.file.display(), file.rows.count));
        for row in &file.rows.first {
            line(text, format_args!("  {row}"));
        }
    }
}

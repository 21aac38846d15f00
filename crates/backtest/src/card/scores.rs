//! The card's tables of scores.

use std::fmt::Write;

use super::keep_last;
use crate::{Interval, ModelReport, Report, Scores, Uncertainty};

/// A table in Markdown; the first row is the header.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        // Writing to a string can't fail.
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Escapes the text of a cell.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn set_names(report: &Report) -> Vec<String> {
    report.data.iter().map(|data| data.description.name.clone()).collect()
}

fn head(first: &str, report: &Report) -> Vec<String> {
    let names = set_names(report);
    [first.to_owned()].into_iter().chain(names).chain(["all".to_owned()]).collect()
}

/// The row of a model over data sets.
fn row(
    report: &Report,
    model: &ModelReport,
    figure: impl Fn(&Scores, Option<&Uncertainty>) -> String,
) -> Vec<String> {
    let mut row = vec![format!("`{}`", model.model)];
    for name in set_names(report) {
        let uncertainty = model.uncertainty_per_set.get(&name);
        row.push(model.per_set.get(&name).map(|scores| figure(scores, uncertainty)).unwrap_or_default());
    }
    row.push(model.all.as_ref().map(|all| figure(all, model.uncertainty.as_ref())).unwrap_or_default());
    row
}

/// A number without its leading zero: `.0408`, `−.05`.
pub(super) fn short(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let text = text.strip_prefix("0.").map_or(text.clone(), |rest| format!(".{rest}"));
    let is_negative = value < 0.0 && text.contains(|digit| ('1'..='9').contains(&digit));
    if is_negative { format!("−{text}") } else { text }
}

pub(super) fn with_range(value: f64, range: Option<Interval>, digits: usize) -> String {
    match range {
        Some(Interval { low, high, .. }) => {
            format!("{} ({}–{})", short(value, digits), short(low, digits), short(high, digits))
        }
        None => short(value, digits),
    }
}

/// The table of data sets.
pub(super) fn data(report: &Report) -> String {
    let mut rows = vec![
        ["set", "what", "boxes", "weeks", "span", "training window", "origins (last week)", "licence"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for data in &report.data {
        let description = &data.description;
        let year =
            |day: Option<chrono::NaiveDate>| day.map(|day| day.format("%Y").to_string()).unwrap_or_default();
        let origins: Vec<String> = data.origins.iter().map(|origin| origin.last_week.to_string()).collect();
        let training = data.windows.training_weeks.map_or("all".to_owned(), |weeks| format!("{weeks} weeks"));
        rows.push(vec![
            description.name.clone(),
            cell(description.about.as_deref().unwrap_or_default()),
            description.boxes.to_string(),
            description.weeks.to_string(),
            format!("{}–{}", year(description.first_week), year(description.last_week)),
            training,
            origins.join(", "),
            cell(description.licence.as_deref().unwrap_or("unknown")),
        ]);
    }
    table(&rows)
}

/// Pinball loss by set and model.
pub(super) fn pinball(report: &Report) -> String {
    let mut rows = vec![head("pinball loss", report)];
    for model in &report.models {
        rows.push(row(report, model, |scores, range| {
            with_range(scores.pinball, range.map(|range| range.pinball), 4)
        }));
    }
    for model in &report.models {
        let ratio = |_: &Scores, range: Option<&Uncertainty>| {
            let ratio = range.and_then(|range| range.pinball_ratio);
            ratio.map(|ratio| with_range(ratio.value, Some(ratio), 3)).unwrap_or_default()
        };
        let mut ratios = row(report, model, ratio);
        if ratios.iter().skip(1).any(|cell| !cell.is_empty()) {
            ratios[0] = format!("`{}` relative to `spark`", model.model);
            rows.push(ratios);
        }
    }
    table(&rows)
}

/// Both coverages by set and model.
pub(super) fn coverage(report: &Report) -> String {
    let mut rows = vec![head("share within the 90 % band", report)];
    for model in &report.models {
        rows.push(row(report, model, |scores, range| {
            with_range(scores.coverage_90, range.map(|range| range.coverage_90), 3)
        }));
    }
    let mut second = vec![head("share within the 70 % band", report)];
    for model in &report.models {
        second.push(row(report, model, |scores, range| {
            with_range(scores.coverage_70, range.map(|range| range.coverage_70), 3)
        }));
    }
    format!("{}\n\n{}", table(&rows), table(&second))
}

/// The share of weeks below each quantile.
pub(super) fn quantiles(report: &Report) -> String {
    let mut rows = vec![
        ["share of weeks below the …", "5 %", "15 %", "50 %", "85 %", "95 % quantile"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for model in &report.models {
        let extremes = model.per_extreme.iter().map(|(extreme, scores)| {
            (
                format!(
                    "`{}`, {}",
                    model.model,
                    if *extreme == model::Extreme::Min { "minima" } else { "maxima" }
                ),
                scores,
            )
        });
        for (name, scores) in extremes {
            rows.push([name].into_iter().chain(scores.below.map(|share| short(share, 3))).collect());
        }
    }
    table(&rows)
}

/// Brier scores and warnings, by threshold.
pub(super) fn overloads<'a>(reports: impl Iterator<Item = &'a Report>) -> String {
    let mut rows = vec![
        [
            "model",
            "limit, % of capacity",
            "overloaded weeks",
            "Brier score, weekly",
            "of the base rate",
            "overloaded half-years",
            "Brier score, any week",
            "of the base rate",
            "warned by a band: precision, recall",
            "warned at probability ½: precision, recall",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    for report in reports {
        let settings = &report.settings;
        let limit = match (100.0 * settings.import_threshold, 100.0 * settings.feed_in_threshold) {
            (import, feed_in) if import == feed_in => format!("{import:.0}"),
            (import, feed_in) => format!("{import:.0}, feed-in {feed_in:.0}"),
        };
        for model in &report.models {
            let Some(all) = &model.all else { continue };
            let share = |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{share:.2}"));
            let warnings = |warnings: Option<crate::Warnings>| {
                warnings.map_or("–".to_owned(), |warnings| {
                    format!("{}, {}", share(warnings.precision()), share(warnings.recall()))
                })
            };
            let event = |scores: &Option<crate::EventScores>| match scores {
                Some(scores) => [
                    format!("{} of {}", scores.events, scores.count),
                    short(scores.brier, 4),
                    short(scores.brier_base_rate, 4),
                ],
                None => ["–", "–", "–"].map(str::to_owned),
            };
            let mut row = vec![format!("`{}`", model.model), limit.clone()];
            row.extend(event(&all.overload_weekly));
            row.extend(event(&all.overload_any_week));
            row.push(warnings(all.warnings_by_band));
            row.push(warnings(all.warnings_by_probability));
            rows.push(row);
        }
    }
    format!(
        "{}\n\nThe Brier score is the mean of (probability − outcome)²; next to it is the score of always predicting the base \
         rate, which is known only in hindsight. The ranked list warns if any stored band reaches the limit.",
        table(&rows)
    )
}

/// Scores of all loads within the half-year that boxes are judged by, and beyond it.
pub(super) fn by_distance(report: &Report) -> String {
    let mut rows = vec![
        ["model", "weeks ahead", "observed weeks", "pinball", "within the 90 % band", "within the 70 % band"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for model in &report.models {
        for scores in model.by_distance().into_iter().flatten() {
            let (first, last) = scores.weeks_ahead;
            rows.push(vec![
                format!("`{}`", model.model),
                format!("{first} to {last}"),
                scores.weeks.to_string(),
                short(scores.pinball, 4),
                short(scores.coverage_90, 3),
                short(scores.coverage_70, 3),
            ]);
        }
    }
    table(&rows)
}

/// Scores of truncated histories.
pub(super) fn short_histories(reports: &[&Report]) -> String {
    let mut tables = Vec::new();
    for report in reports {
        let weeks = keep_last(report).unwrap_or_default();
        let mut rows = vec![head(&format!("last {weeks} weeks: pinball (90 % band)"), report)];
        for model in &report.models {
            rows.push(row(report, model, |scores, _| {
                format!("{} ({})", short(scores.pinball, 4), short(scores.coverage_90, 2))
            }));
        }
        tables.push(table(&rows));
    }
    tables.join("\n\n")
}

/// Scores of the first model with switchings masked and with all weeks.
pub(super) fn switchings(main: &Report, otherwise: &Report) -> String {
    let mut rows = vec![head("pinball (90 % band)", main)];
    for report in [main, otherwise] {
        let Some(model) = report.models.first() else { continue };
        let mut cells = row(report, model, |scores, _| {
            format!("{} ({})", short(scores.pinball, 4), short(scores.coverage_90, 3))
        });
        cells[0] =
            if report.settings.leave_out_switchings { "switchings left out" } else { "all weeks" }.to_owned();
        rows.push(cells);
    }
    table(&rows)
}

/// Excluded series by reason.
pub(super) fn left_out(report: &Report) -> String {
    if report.refused.counts.is_empty() {
        return "None.".to_owned();
    }
    let counts = report.refused.counts.iter().map(|(reason, count)| format!("{count} {reason}"));
    let counts = counts.collect::<Vec<_>>().join(", ");
    format!("Series at an origin, by reason: {counts}. `gridspark backtest --json` lists them.")
}

/// The table of computing times.
pub(super) fn times(report: &Report) -> String {
    let mut rows = vec![
        ["model", "one series (fit, bands, probabilities), ms", "learning from the fleet, s"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for model in &report.models {
        let Some(all) = &model.all else { continue };
        rows.push(vec![
            format!("`{}`", model.model),
            format!("{:.2}", 1e3 * all.seconds_per_fit),
            model.seconds_of_learning.map_or("–".to_owned(), |seconds| format!("{seconds:.2}")),
        ]);
    }
    format!(
        "{}\n\nAs measured in the backtest, with all cores busy; learning is the total over all origins.",
        table(&rows)
    )
}

//! The scores of the real loads compared with the model without growth.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use backtest::{Plan, Report, Settings, WindowSettings};

use crate::tables;

/// Set, pinball loss and coverages of the 90 % and 70 % bands of `gridspark` 2 on the plan
/// `real_loads.toml`.
const BEFORE: [(&str, [f64; 3]); 6] = [
    ("ausgrid", [0.040_717, 0.875_48, 0.666_79]),
    ("eia", [0.026_429, 0.910_81, 0.726_57]),
    ("gefcom2012", [0.056_797, 0.868_59, 0.648_72]),
    ("ieso", [0.023_530, 0.920_67, 0.733_17]),
    ("pjm", [0.031_108, 0.901_28, 0.708_97]),
    ("ucsd", [0.024_753, 0.939_56, 0.757_42]),
];
/// Largest allowed ratio of the pinball losses.
const MAX_LOSS_RATIO: f64 = 1.005;
/// Allowed increase of the distance from nominal coverage: less than one week in two series.
const COVERAGE_SLACK: f64 = 0.002;

/// The report of the plan; None if its data are absent.
pub(crate) fn report(settings: &Settings) -> Result<Option<Report>, Box<dyn Error>> {
    let plan = Plan::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/real_loads.toml"))?;
    if plan.data_set.iter().any(|data| !data.extremes.exists()) {
        return Ok(None);
    }
    let mut jobs = Vec::new();
    for data in &plan.data_set {
        jobs.push(data.open(WindowSettings::default())?.0);
    }
    Ok(Some(backtest::run(&jobs, settings, &|_, _| ())?))
}

/// Scores by set compared with those of version 2, and by measured growth class.
pub(crate) fn table(report: &Report) -> String {
    let mut text = String::new();
    let Some(first) = report.models.first() else { return text };
    let _ = writeln!(
        text,
        "\n{:<12} {:>8} {:>8} {:>7}   90 %  before    70 %  before",
        "", "pinball", "before", ""
    );
    for (name, [pinball, c90, c70]) in BEFORE {
        let Some(scores) = first.per_set.get(name) else { continue };
        let ratio = scores.pinball / pinball;
        // Worse means further from nominal coverage.
        let worse = |now: f64, before: f64, nominal: f64| {
            (now - nominal).abs() > (before - nominal).abs() + COVERAGE_SLACK
        };
        let mut missed = Vec::new();
        if ratio > MAX_LOSS_RATIO {
            missed.push("pinball");
        }
        if worse(scores.coverage_90, c90, 0.9) {
            missed.push("90 %");
        }
        if worse(scores.coverage_70, c70, 0.7) {
            missed.push("70 %");
        }
        let verdict =
            if missed.is_empty() { "met".to_owned() } else { format!("missed: {}", missed.join(", ")) };
        let _ = writeln!(
            text,
            "{name:<12} {:>8.4} {pinball:>8.4} {:>6.2}%  {:.3}   {c90:.3}   {:.3}   {c70:.3}  {verdict}",
            scores.pinball,
            100.0 * (ratio - 1.0),
            scores.coverage_90,
            scores.coverage_70,
        );
    }
    let _ = writeln!(text, "\nall sets, by class of measured growth\n{}", tables::head());
    for group in first.by_growth.iter().filter(|group| group.is_class(None)) {
        let _ = writeln!(text, "{}", tables::row(group, &[]));
    }
    text
}

//! The scores of a backtest by class of measured growth, for people.

use std::fmt::Write;

use backtest::{GroupScores, GrowthClass, Interval, Report, WARNING_PROBABILITY};
use model::Extreme;

const COLUMNS: [&str; 10] =
    ["series", "pinball", "over naive", "90 %", "70 %", "overloads", "skill", "slope", "precision", "recall"];
const WIDTH: usize = 10;

/// A table of the first model; empty if no growth could be measured.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    let Some(first) = report.models.first() else { return text };
    let of_classes: Vec<&GroupScores> =
        first.by_growth.iter().filter(|group| group.is_class(None) && group.class.is_some()).collect();
    if of_classes.is_empty() {
        return text;
    }
    // Writing to a string can't fail.
    let title = format!("{} by growth", first.model);
    let _ = write!(text, "\n{title:<28}");
    for name in COLUMNS {
        let _ = write!(text, "  {name:>WIDTH$}");
    }
    text.push('\n');
    for group in of_classes {
        let name = group.class.map(name).unwrap_or_default();
        let _ = write!(text, "{:<28}", format!("{}, {name}", extreme(group.extreme)));
        for cell in cells(group) {
            let _ = write!(text, "  {cell:>WIDTH$}");
        }
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "Growth: the median change a year of the same week in the busier half of the year, toward feed-in (minima)\n\
         or import (maxima), in per cent of the capacity. Overloads over the horizon by that direction, warned of\n\
         from {:.0} % on.",
        100.0 * WARNING_PROBABILITY
    );
    text
}

const fn extreme(extreme: Extreme) -> &'static str {
    match extreme {
        Extreme::Min => "minima",
        Extreme::Max => "maxima",
    }
}

fn name(class: GrowthClass) -> String {
    format!("{} ({})", class.as_str(), class.bounds())
}

fn cells(group: &GroupScores) -> [String; 10] {
    let shown = |figure: Option<Interval>, digits: usize| {
        figure.map_or_else(|| "–".to_owned(), |figure| format!("{:.digits$}", figure.value))
    };
    let overloads = group.overloads.first();
    let of = |figure: fn(&backtest::OverloadScores) -> Option<Interval>| shown(overloads.and_then(figure), 2);
    [
        group.series.to_string(),
        shown(Some(group.pinball), 4),
        shown(group.over_naive, 3),
        shown(Some(group.coverage_90), 3),
        shown(Some(group.coverage_70), 3),
        overloads.map_or_else(|| "–".to_owned(), |overloads| overloads.events.to_string()),
        of(|overloads| overloads.skill),
        of(|overloads| overloads.slope),
        of(|overloads| overloads.precision),
        of(|overloads| overloads.recall),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use backtest::{BoxHistory, DataSet, Job, ModelName, Settings, WindowSettings};
    use model::{BoxId, Capacity, IsoWeek, WeekExtremes};

    fn report(weeks: i32) -> Report {
        let last = IsoWeek::from_index(2_800);
        // 3 % of the capacity a year more import, no feed-in.
        let week = |ahead: i32| WeekExtremes {
            week: last.plus(ahead - weeks),
            min_kw: f64::from(ahead % 4),
            max_kw: 20.0 + 3.0 * f64::from(ahead) / 52.0 + f64::from(ahead % 4),
            readings: 672,
        };
        let history = BoxHistory {
            box_id: BoxId::new("BOX-1").unwrap(),
            capacity: Capacity::new(100.0).ok(),
            weeks: (1..=weeks).map(week).collect(),
        };
        let data = DataSet::new("store", vec![history]);
        let windows = WindowSettings { min_training_weeks: 52, ..WindowSettings::default() };
        let job = Job { data, origins: vec![last], windows };
        let models = vec![ModelName::Spark, ModelName::SeasonalNaive];
        let settings = Settings { models, bootstrap_draws: 5, ..Settings::default() };
        backtest::run(&[job], &settings, &|_, _| ()).unwrap()
    }

    #[test]
    fn each_class_that_was_met_has_a_row() {
        let shown = text(&report(260));
        let rows: Vec<&str> = shown.lines().filter(|line| line.contains('(')).collect();
        assert!(shown.starts_with("\nspark by growth "), "{shown}");
        assert!(rows[0].starts_with("minima, stable (< 0.5 %) "), "{shown}");
        assert!(rows[1].starts_with("maxima, moderate (2–5 %) "), "{shown}");
        assert!(shown.contains("warned of\nfrom 25 % on"), "{shown}");
    }

    #[test]
    fn where_no_growth_can_be_measured_nothing_is_reported() {
        assert_eq!(text(&report(80)), "");
    }
}

//! Tables of the simulated fleets.

use std::fmt::Write;

use backtest::targets::{MIN_STOPPED_SERIES, Target, TargetFigure, targets};
use backtest::{DataSource, GroupScores, Interval, OverloadScores, Report};
use model::Extreme;

/// A row per fleet and extreme.
pub(crate) fn summary(report: &Report) -> String {
    let mut text = format!("\n{:<16} {}\n", "", head());
    let Some(first) = report.models.first() else { return text };
    for data in &report.data {
        let name = &data.description.name;
        let of_fleet =
            first.by_growth.iter().filter(|group| group.is_class(Some(name)) && group.class.is_none());
        for group in of_fleet {
            let _ = writeln!(text, "{name:<16} {}", row(group, &targets(group, data.description.source)));
        }
    }
    text
}

/// All fleets of a report, in detail by class, course and origin, and the missed targets.
pub(crate) fn fleets(report: &Report, in_detail: bool) -> String {
    let mut text = String::new();
    let Some(first) = report.models.first() else { return text };
    let (mut met, mut missed) = (0, Vec::new());
    for data in &report.data {
        let name = &data.description.name;
        if in_detail {
            let _ = writeln!(text, "\n{name}: {} boxes\n{}", data.description.boxes, head());
        }
        let of_fleet = first.by_growth.iter().filter(|group| group.set.as_deref() == Some(name));
        for group in of_fleet.filter(|group| is_shown(group)) {
            let asked = targets(group, data.description.source);
            if in_detail {
                let _ = writeln!(text, "{}", row(group, &asked));
            }
            for target in asked {
                if target.is_met() {
                    met += 1;
                } else {
                    missed.push(format!("{name}, {}: {}", label(group), formatted(&target)));
                }
            }
        }
    }
    let _ = writeln!(text, "\nTargets: {met} met, {} missed.", missed.len());
    missed.iter().for_each(|missed| {
        let _ = writeln!(text, "  {missed}");
    });
    if report.data.len() > 1 {
        let _ = writeln!(text, "\nall of them\n{}", head());
        for group in first.by_growth.iter().filter(|group| group.set.is_none() && is_shown(group)) {
            let asked = targets(group, DataSource::Simulated { for_choosing: false });
            let _ = writeln!(text, "{}", row(group, &asked));
        }
    }
    text
}

/// Shows single origins without classes, and courses with enough series.
fn is_shown(group: &GroupScores) -> bool {
    let is_small = group.course.is_some() && group.series < MIN_STOPPED_SERIES;
    !is_small && (group.last_week.is_none() || group.class.is_none())
}

pub(crate) fn head() -> String {
    let overload = |limit: &str| {
        format!("{:>5} {:>17} {:>6} {:>5} {:>5}", format!("{limit} n"), "slope", "skill", "prec", "rec")
    };
    format!(
        "{:<16} {:>6} {:>17} {:>17} {:>17} | {} | {} | targets",
        "",
        "series",
        "pinball / naive",
        "90 % band",
        "70 % band",
        overload("70"),
        overload("100")
    )
}

/// The row of a group, with its missed targets.
pub(crate) fn row(group: &GroupScores, asked: &[Target]) -> String {
    let over_naive = group.over_naive.map(|over| interval(over, 3)).unwrap_or_default();
    let (c90, c70) = (interval(group.coverage_90, 3), interval(group.coverage_70, 3));
    let overload = |index: usize| overload(group.overloads.get(index));
    let missed: Vec<&str> =
        asked.iter().filter(|target| !target.is_met()).map(|target| short(target.figure)).collect();
    let verdict = match (asked.is_empty(), missed.is_empty()) {
        (true, _) => String::new(),
        (false, true) => "met".to_owned(),
        (false, false) => format!("missed: {}", missed.join(", ")),
    };
    format!(
        "{:<16} {:>6} {over_naive:>17} {c90:>17} {c70:>17} | {} | {} | {verdict}",
        label(group),
        group.series,
        overload(0),
        overload(1),
    )
}

/// The label of a group: extreme, and class, course or origin.
fn label(group: &GroupScores) -> String {
    let extreme = if group.extreme == Extreme::Min { "min" } else { "max" };
    let class = group.class.map(|class| class.bounds().replace(' ', ""));
    let course = group.course.map(|course| course.as_str().to_owned());
    let part = class.or(course).unwrap_or_else(|| "all".to_owned());
    match group.last_week {
        Some(monday) => format!("{extreme} {part} {}", monday.format("%y-%m")),
        None => format!("{extreme} {part}"),
    }
}

fn overload(scores: Option<&OverloadScores>) -> String {
    let Some(scores) = scores else { return format!("{:>5} {:>17} {:>6} {:>5} {:>5}", "", "", "", "", "") };
    let value = |of: Option<Interval>, digits: usize| {
        of.map_or_else(|| "–".to_owned(), |of| without_zero(of.value, digits))
    };
    let slope = scores.slope.map_or_else(|| "–".to_owned(), |slope| interval(slope, 2));
    let (skill, precision) = (value(scores.skill, 2), value(scores.precision, 2));
    format!("{:>5} {slope:>17} {skill:>6} {precision:>5} {:>5}", scores.events, value(scores.recall, 2))
}

/// An interval as `.81 (.79–.83)`, without its bounds if they are equal.
fn interval(Interval { value, low, high }: Interval, digits: usize) -> String {
    let written = |value| without_zero(value, digits);
    if low == high {
        return written(value);
    }
    format!("{} ({}–{})", written(value), written(low), written(high))
}

fn without_zero(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let sign = if value < 0.0 { "−" } else { "" };
    text.strip_prefix("0.").map_or(format!("{sign}{text}"), |rest| format!("{sign}.{rest}"))
}

fn short(figure: TargetFigure) -> &'static str {
    match figure {
        TargetFigure::OverNaive => "pinball",
        TargetFigure::Coverage90 => "90 %",
        TargetFigure::Coverage70 => "70 %",
        TargetFigure::Slope(threshold) if threshold < 1.0 => "slope 70",
        TargetFigure::Slope(_) => "slope 100",
        TargetFigure::Recall => "recall",
        TargetFigure::Precision => "precision",
    }
}

fn formatted(target: &Target) -> String {
    let (name, value) = (short(target.figure), without_zero(target.value, 3));
    format!("{name} {value}, target {:.2} to {:.2}", target.min, target.max)
}

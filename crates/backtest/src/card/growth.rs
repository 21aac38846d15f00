//! The card's tables of growing loads: simulated fleets by growth class, and the real loads.

use model::Extreme;

use super::scores::{cell, short, table, with_range};
use crate::targets::MIN_SERIES;
use crate::{
    DataSource, EvaluatedData, GroupScores, GrowthClass, GrowthCourse, Interval, ModelReport, OverloadScores,
    Report,
};

/// A fleet and the report of the first model on it.
type Fleet<'a> = (&'a EvaluatedData, &'a ModelReport);

/// The fleets of the reports, in the given order.
fn fleets<'a>(reports: &[&'a Report]) -> Vec<Fleet<'a>> {
    let of = |report: &&'a Report| {
        let model = report.models.first()?;
        Some(report.data.iter().map(move |data| (data, model)))
    };
    reports.iter().filter_map(of).flatten().collect()
}

/// The table of fleets.
pub(super) fn data(reports: &[&Report]) -> String {
    let mut rows =
        vec![["fleet", "what grows", "boxes", "origins (last week)", "used for"].map(str::to_owned).to_vec()];
    for (data, _) in fleets(reports) {
        let origins: Vec<String> = data.origins.iter().map(|origin| origin.last_week.to_string()).collect();
        let used = match data.description.source {
            DataSource::Simulated { for_choosing: true } => "choosing",
            DataSource::Simulated { for_choosing: false } => "confirming",
            DataSource::Measured => "",
        };
        rows.push(vec![
            data.description.name.clone(),
            cell(data.description.about.as_deref().unwrap_or_default()),
            data.description.boxes.to_string(),
            origins.join(", "),
            used.to_owned(),
        ]);
    }
    table(&rows)
}

/// Pinball loss relative to the seasonal naive and both coverages: a table per extreme and figure,
/// with fleets as rows and classes as columns.
pub(super) fn classes(reports: &[&Report]) -> String {
    let fleets = fleets(reports);
    let mut tables = Vec::new();
    for (extreme, name) in [(Extreme::Min, "minima"), (Extreme::Max, "maxima")] {
        let figures: [(&str, Figure); 3] = [
            ("pinball relative to the seasonal naive", |group| group.over_naive),
            ("share within the 90 % band", |group| Some(group.coverage_90)),
            ("share within the 70 % band", |group| Some(group.coverage_70)),
        ];
        for (title, figure) in figures {
            let mut rows = vec![head(format!("{name}: {title}"))];
            for (data, model) in &fleets {
                let set = data.description.name.as_str();
                rows.push(row(set.to_owned(), model, Some(set), extreme, figure));
            }
            tables.push(table(&rows));
        }
    }
    tables.join("\n\n")
}

/// The real loads by measured growth class.
pub(super) fn measured(report: &Report) -> String {
    let Some(model) = report.models.first() else { return String::new() };
    let figures: [(&str, Figure); 3] = [
        ("pinball relative to the seasonal naive", |group| group.over_naive),
        ("within the 90 % band", |group| Some(group.coverage_90)),
        ("within the 70 % band", |group| Some(group.coverage_70)),
    ];
    let mut rows = vec![head("all real sets".to_owned())];
    for (extreme, name) in [(Extreme::Min, "minima"), (Extreme::Max, "maxima")] {
        let count = |class| {
            find(model, None, extreme, class).map_or("–".to_owned(), |group| group.series.to_string())
        };
        rows.push([format!("{name}: series")].into_iter().chain(columns().map(count)).collect());
        for (title, figure) in figures {
            rows.push(row(format!("{name}: {title}"), model, None, extreme, figure));
        }
    }
    table(&rows)
}

type Figure = fn(&GroupScores) -> Option<Interval>;

/// All classes together, then each class.
fn columns() -> impl Iterator<Item = Option<GrowthClass>> {
    [None].into_iter().chain(GrowthClass::ALL.map(Some))
}

fn head(first: String) -> Vec<String> {
    let name = |class: Option<GrowthClass>| class.map_or("all".to_owned(), |class| class.bounds().to_owned());
    [first].into_iter().chain(columns().map(name)).collect()
}

fn find<'a>(
    model: &'a ModelReport,
    set: Option<&str>,
    extreme: Extreme,
    class: Option<GrowthClass>,
) -> Option<&'a GroupScores> {
    model
        .by_growth
        .iter()
        .find(|group| group.is_class(set) && group.extreme == extreme && group.class == class)
}

/// A row by class; small classes are omitted.
fn row(
    name: String,
    model: &ModelReport,
    set: Option<&str>,
    extreme: Extreme,
    figure: Figure,
) -> Vec<String> {
    let formatted = |class: Option<GrowthClass>| {
        let group = find(model, set, extreme, class)?;
        let figure = figure(group).filter(|_| class.is_none() || group.series >= MIN_SERIES)?;
        Some(with_range(figure.value, Some(figure), 3))
    };
    [name]
        .into_iter()
        .chain(columns().map(|class| formatted(class).unwrap_or_else(|| "–".to_owned())))
        .collect()
}

/// Overloads within the horizon by fleet, direction and limit.
pub(super) fn overloads(reports: &[&Report]) -> String {
    let mut rows = vec![
        [
            "fleet",
            "overload by",
            "limit, % of capacity",
            "overloaded half-years",
            "Brier skill",
            "slope",
            "warned at probability ¼: precision",
            "recall",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    for (data, model) in fleets(reports) {
        let set = data.description.name.as_str();
        for (extreme, direction) in [(Extreme::Min, "feed-in"), (Extreme::Max, "import")] {
            let Some(group) = find(model, Some(set), extreme, None) else { continue };
            for scores in &group.overloads {
                let first = [set.to_owned(), direction.to_owned()];
                rows.push(first.into_iter().chain(overload(scores)).collect());
            }
        }
    }
    table(&rows)
}

fn overload(scores: &OverloadScores) -> [String; 6] {
    let formatted = |figure: Option<Interval>| {
        figure.map_or("–".to_owned(), |figure| with_range(figure.value, Some(figure), 2))
    };
    [
        format!("{:.0}", 100.0 * scores.threshold),
        format!("{} of {}", scores.events, scores.count),
        formatted(scores.skill),
        formatted(scores.slope),
        formatted(scores.precision),
        formatted(scores.recall),
    ]
}

/// Coverage by growth course, over all fleets of a report.
pub(super) fn courses(reports: &[&Report]) -> String {
    let mut rows = vec![
        [
            "course of growth",
            "extreme",
            "series",
            "pinball relative to the seasonal naive",
            "90 % band",
            "70 % band",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    // The validation fleets, if there are any.
    let is_confirming = |report: &&&Report| {
        let is =
            |data: &EvaluatedData| data.description.source == DataSource::Simulated { for_choosing: false };
        report.data.iter().any(is)
    };
    let Some(report) = reports.iter().find(is_confirming).or(reports.first()) else { return String::new() };
    let Some(model) = report.models.first() else { return String::new() };
    for course in GrowthCourse::ALL {
        let of_course = |group: &&GroupScores| group.set.is_none() && group.course == Some(course);
        for group in model.by_growth.iter().filter(of_course) {
            let extreme = if group.extreme == Extreme::Min { "minima" } else { "maxima" };
            let formatted = |figure: Interval| with_range(figure.value, Some(figure), 3);
            rows.push(vec![
                course.as_str().replace('-', " "),
                extreme.to_owned(),
                group.series.to_string(),
                group.over_naive.map_or("–".to_owned(), formatted),
                formatted(group.coverage_90),
                short(group.coverage_70.value, 3),
            ]);
        }
    }
    table(&rows)
}

//! Reliability diagrams of the quantiles, of overloaded weeks and of overloaded half-years.

use model::Quantile;

use super::frame::{Frame, legend};
use super::words::FigureWords;
use crate::card::svg::{Svg, colour};
use crate::{EventScores, Report, Scores};

const SIDE: f64 = 185.0;

pub(super) fn reliability(report: &Report, words: &FigureWords) -> String {
    let mut svg = Svg::new(760.0, 335.0, words.reliability);
    let weeks = report.data.first().map_or(0, |data| data.windows.horizon_weeks);
    svg.label("ink title", "start", [20.0, 28.0], words.reliability);
    legend(&mut svg, report, [25.0, 52.0]);
    let panels =
        [words.below.to_owned(), words.week_above(report.settings.import_threshold), words.any_week(weeks)];
    for (panel, title) in panels.iter().enumerate() {
        let frame = Frame {
            left: 62.0 + 248.0 * panel as f64,
            top: 90.0,
            width: SIDE,
            height: SIDE,
            x: [0.0, 1.0],
            y: [0.0, 1.0],
        };
        let ticks = [0.0, 0.5, 1.0].map(|share| (share, words.percent(share)));
        // The label at the origin belongs to the other axis.
        frame.draw(&mut svg, &ticks[1..], &ticks);
        svg.line("axis", frame.at(0.0, 0.0), frame.at(1.0, 1.0));
        svg.label("ink small", "middle", [frame.left + SIDE / 2.0, 80.0], title);
        for (index, model) in report.models.iter().enumerate().rev() {
            let Some(all) = &model.all else { continue };
            let points = points(panel, all);
            let line: Vec<[f64; 2]> = points.iter().map(|[x, y, _]| frame.at(*x, *y)).collect();
            svg.path(colour(index), "", &line);
            for ([_, _, count], at) in points.iter().zip(line) {
                // A dot for a hundred cases has twice the radius of one for a single case.
                svg.dot(colour(index), at, 2.0 + count.max(1.0).log10());
            }
        }
    }
    svg.label("faint small", "start", [20.0, 320.0], words.larger_dots);
    svg.finish()
}

/// Predicted probability, observed frequency and number of cases.
fn points(panel: usize, all: &Scores) -> Vec<[f64; 3]> {
    let events = |scores: &Option<EventScores>| {
        let bins = scores.iter().flat_map(|scores| &scores.reliability);
        bins.map(|bin| [bin.predicted, bin.observed, bin.count as f64]).collect()
    };
    match panel {
        0 => Quantile::ALL.iter().zip(all.below).map(|(level, share)| [level.level(), share, 1.0]).collect(),
        1 => events(&all.overload_weekly),
        _ => events(&all.overload_any_week),
    }
}

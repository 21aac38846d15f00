//! Coverage of the bands by weeks ahead.

use super::frame::{Frame, legend};
use super::words::FigureWords;
use crate::card::svg::{Svg, colour};
use crate::{HorizonScores, Report};

pub(super) fn horizon(report: &Report, words: &FigureWords) -> String {
    let last =
        report.models.iter().filter_map(|model| Some(model.by_horizon.last()?.horizon)).max().unwrap_or(2);
    let mut svg = Svg::new(760.0, 340.0, words.horizon);
    svg.label("ink title", "start", [20.0, 28.0], words.horizon);
    legend(&mut svg, report, [25.0, 52.0]);
    let frame = Frame {
        left: 60.0,
        top: 72.0,
        width: 680.0,
        height: 220.0,
        x: [1.0, last.max(2) as f64],
        y: [0.4, 1.0],
    };
    let ys = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0].map(|share| (share, words.percent(share)));
    let xs: Vec<_> = (1..=last)
        .filter(|week| *week == 1 || (*week > 2 && week % 4 == 2))
        .map(|week| (week as f64, week.to_string()))
        .collect();
    frame.draw(&mut svg, &xs, &ys);
    for nominal in [0.9, 0.7] {
        svg.line("axis", frame.at(frame.x[0], nominal), frame.at(frame.x[1], nominal));
    }
    svg.label("faint small", "middle", [400.0, 328.0], words.weeks_ahead);
    // The first model is drawn last, on top of the others.
    for (index, model) in report.models.iter().enumerate().rev() {
        let points = |share: fn(&HorizonScores) -> f64| -> Vec<[f64; 2]> {
            model.by_horizon.iter().map(|at| frame.at(at.horizon as f64, share(at))).collect()
        };
        svg.path(colour(index), "", &points(|at| at.coverage_90));
        svg.path(colour(index), "6 4", &points(|at| at.coverage_70));
    }
    svg.finish()
}

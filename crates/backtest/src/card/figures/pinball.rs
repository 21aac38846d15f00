//! Pinball loss by data set and model, with the spread over boxes.

use super::frame::{Frame, legend};
use super::words::FigureWords;
use crate::Report;
use crate::card::svg::{Svg, colour};

pub(super) fn pinball(report: &Report, words: &FigureWords) -> String {
    let names: Vec<&str> = report.data.iter().map(|data| data.description.name.as_str()).collect();
    let top = report
        .models
        .iter()
        .flat_map(|model| &model.uncertainty_per_set)
        .map(|(_, range)| range.pinball.high)
        .fold(0.01, f64::max);
    // Rounded up to the next hundredth.
    let top = (top * 100.0).ceil() / 100.0;
    let mut svg = Svg::new(760.0, 340.0, words.pinball);
    svg.label("ink title", "start", [20.0, 28.0], words.pinball);
    legend(&mut svg, report, [25.0, 52.0]);
    let sets = names.len().max(1) as f64;
    let frame = Frame { left: 60.0, top: 72.0, width: 680.0, height: 228.0, x: [0.0, sets], y: [0.0, top] };
    let steps = 4;
    let ys: Vec<_> = (0..=steps).map(|step| top * f64::from(step) / f64::from(steps)).collect();
    let ys: Vec<_> = ys.into_iter().map(|value| (value, words.number(value, 3))).collect();
    let xs: Vec<_> =
        names.iter().enumerate().map(|(index, name)| (index as f64 + 0.5, (*name).to_owned())).collect();
    frame.draw(&mut svg, &xs, &ys);
    for (index, model) in report.models.iter().enumerate() {
        let aside = (index as f64 - (report.models.len() as f64 - 1.0) / 2.0) * 0.2;
        for (set, name) in names.iter().enumerate() {
            let Some(range) = model.uncertainty_per_set.get(*name) else { continue };
            let across = set as f64 + 0.5 + aside;
            let at = |value| frame.at(across, value);
            svg.line(colour(index), at(range.pinball.low), at(range.pinball.high));
            svg.dot(colour(index), at(range.pinball.value), 5.0);
        }
    }
    svg.finish()
}

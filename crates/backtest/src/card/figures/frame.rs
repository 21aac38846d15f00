//! The frame of a plot: axes, grid and scaling.

use crate::Report;
use crate::card::svg::{Svg, colour};

/// A rectangle in the drawing with linear axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// The values at the left and right ends.
    pub(super) x: [f64; 2],
    /// The values at the bottom and top.
    pub(super) y: [f64; 2],
}

impl Frame {
    /// The position of a point; points outside are moved to the edge.
    pub(super) fn at(&self, x: f64, y: f64) -> [f64; 2] {
        let share = |value: f64, [from, to]: [f64; 2]| ((value - from) / (to - from)).clamp(0.0, 1.0);
        [self.left + self.width * share(x, self.x), self.top + self.height * (1.0 - share(y, self.y))]
    }

    /// Draws the grid lines with their labels.
    pub(super) fn draw(&self, svg: &mut Svg, xs: &[(f64, String)], ys: &[(f64, String)]) {
        for (value, words) in ys {
            let [_, height] = self.at(self.x[0], *value);
            svg.line("grid", [self.left, height], [self.left + self.width, height]);
            svg.label("faint small", "end", [self.left - 6.0, height + 4.0], words);
        }
        let bottom = self.top + self.height;
        for (value, words) in xs {
            let [across, _] = self.at(*value, self.y[0]);
            svg.line("axis", [across, bottom], [across, bottom + 4.0]);
            svg.label("faint small", "middle", [across, bottom + 17.0], words);
        }
        svg.line("axis", [self.left, bottom], [self.left + self.width, bottom]);
    }
}

/// The names of the models in their colours.
pub(super) fn legend(svg: &mut Svg, report: &Report, mut at: [f64; 2]) {
    for (index, model) in report.models.iter().enumerate() {
        svg.dot(colour(index), [at[0], at[1] - 4.0], 5.0);
        svg.label("ink", "start", [at[0] + 10.0, at[1]], model.model.as_str());
        at[0] += 40.0 + 8.0 * model.model.as_str().len() as f64;
    }
}

//! How large a step is, and whether it looks like a switching.

use super::SwitchingSettings;
use super::analysis::{Analysis, Window};
use super::edges::Edges;
use super::extremes::{MAX, MIN};
use super::findings::SwitchingKind;
use crate::robust::median;

/// This share of a switching's weeks lies beyond half of its step.
const STEADY: f64 = 0.7;
/// A step of fewer standard deviations has no direction.
const NOTICEABLE: f64 = 2.0;

const WEEKS_A_YEAR: f64 = 52.177_5;

/// The steps of both extremes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Steps {
    /// In the unit of the values.
    pub(super) values: [f64; 2],
    /// Standard deviations of the noise, in the same unit.
    pub(super) deviation: [f64; 2],
    /// The medians of the values expected without the step.
    pub(super) fitted: [f64; 2],
}

impl Steps {
    /// Medians over the weeks that each extreme sees; 0 where it sees none.
    pub(super) fn within(
        window: &Window<'_>,
        analysis: &Analysis,
        left_out: &[bool],
        seen: [Option<(usize, usize)>; 2],
    ) -> Self {
        let baseline = &analysis.baseline;
        let medians = [MIN, MAX].map(|extreme| {
            let Some((first, last)) = seen[extreme] else { return (0.0, 0.0) };
            let weeks = || (first..=last).filter(|&k| !left_out[k]);
            let (values, fitted) = (&window.extremes.values[extreme], &baseline.fitted[extreme]);
            let mut steps: Vec<f64> = weeks().map(|k| values[k] - fitted[k]).collect();
            let mut fitted: Vec<f64> = weeks().map(|k| fitted[k]).collect();
            (median(&mut steps), median(&mut fitted))
        });
        Self {
            values: medians.map(|(step, _)| step),
            deviation: baseline.deviation,
            fitted: medians.map(|(_, fitted)| fitted),
        }
    }

    pub(super) fn in_deviations(&self) -> [f64; 2] {
        [MIN, MAX].map(|extreme| self.values[extreme] / self.deviation[extreme])
    }

    /// Extra load when an extreme moves noticeably away from zero, else relief.
    pub(super) fn kind(&self) -> SwitchingKind {
        let away = [MIN, MAX].into_iter().any(|extreme| {
            let (step, fitted) = (self.values[extreme], self.fitted[extreme]);
            step.abs() >= NOTICEABLE * self.deviation[extreme] && (fitted + step).abs() > fitted.abs()
        });
        if away { SwitchingKind::ExtraLoad } else { SwitchingKind::Relief }
    }
}

/// Whether a step is large enough, and steady: most of its weeks share it.
pub(super) fn is_switching(
    analysis: &Analysis,
    left_out: &[bool],
    edges: &Edges,
    steps: &Steps,
    settings: &SwitchingSettings,
) -> bool {
    [MIN, MAX].into_iter().any(|extreme| {
        let step = steps.in_deviations()[extreme];
        let Some((first, last)) = edges.seen[extreme] else { return false };
        let weeks = || (first..=last).filter(|&k| !left_out[k]);
        let beyond = weeks().filter(|&k| analysis.residuals[extreme][k] * step.signum() >= 0.5 * step.abs());
        let count = weeks().count();
        step.abs() >= settings.least_step && beyond.count() as f64 >= STEADY * count as f64
    })
}

/// Whether the same weeks of most other years show at least half of the step: a holiday, not a switching.
pub(super) fn recurs(analysis: &Analysis, weeks: &[i32], edges: &Edges, steps: &Steps) -> bool {
    let deviations = steps.in_deviations();
    let extreme = if deviations[MIN].abs() > deviations[MAX].abs() { MIN } else { MAX };
    let (Some((first, last)), step) = (edges.seen[extreme], deviations[extreme]) else { return false };
    let (mut years, mut similar) = (0, 0);
    for year in (-4..=4).filter(|year| *year != 0) {
        let away = (f64::from(year) * WEEKS_A_YEAR).round() as i32;
        // Holidays move by a week.
        let medians = [-1, 0, 1].map(|slip| {
            let span = weeks[first] + away + slip..=weeks[last] + away + slip;
            let from = weeks.partition_point(|week| week < span.start());
            let until = weeks.partition_point(|week| week <= span.end());
            let observed = until - from;
            let enough = observed > 0 && 2 * observed > last - first;
            enough.then(|| median(&mut analysis.residuals[extreme][from..until].to_vec()))
        });
        let Some(most) = medians.into_iter().flatten().map(|x| x * step.signum()).reduce(f64::max) else {
            continue;
        };
        years += 1;
        similar += usize::from(most >= 0.5 * step.abs());
    }
    similar > 0 && 2 * similar >= years
}

//! A window's residuals with baseline and autocorrelation removed.

use super::SwitchingSettings;
use super::baseline::{Baseline, Design};
use super::edges::{self, Edges};
use super::extremes::{Extremes, MAX, MIN};
use super::noise::{self, Symmetric};
use super::scan::{Excess, deflated};
use super::whitening::Whitened;

/// Residuals are clipped at this many standard deviations, which bounds one week's influence.
const CUT: f64 = 4.5;
/// An outlier lies beyond this many standard deviations, and both its neighbours within this share of it.
const OUTLYING: f64 = 4.0;
const NEIGHBOURING: f64 = 0.4;
/// Weeks beside an assumed step that may belong to it as well.
const MARGIN: usize = 3;

/// Weeks to either side, and weeks of ordinary noise assumed beforehand, for the noise over the year.
const NEAR: usize = 4;
const PRIOR_WEEKS: f64 = 10.0;
const WEEKS_A_YEAR: f64 = 52.177_5;

/// A window's series and the least noise it is granted.
pub(super) struct Window<'a> {
    pub(super) extremes: &'a Extremes,
    pub(super) floors: [f64; 2],
    pub(super) spreads: [f64; 2],
    pub(super) settings: &'a SwitchingSettings,
}

/// A fit without the weeks left out, and the rest whitened.
pub(super) struct Analysis {
    pub(super) baseline: Baseline,
    /// In standard deviations, of all weeks.
    pub(super) residuals: [Vec<f64>; 2],
    /// Single weeks far from both neighbours; they are in no interval.
    pub(super) outliers: Vec<bool>,
    pub(super) whitened: Whitened,
    pub(super) inverse: Symmetric,
    autocorrelation: f64,
    /// Of the noise over the year, by week, mean 1.
    profile: Vec<f64>,
    innovation_deviations: [f64; 2],
}

/// A step as it is assumed before its edges are refined.
pub(super) struct Assumed {
    /// Positions of its first and last week.
    pub(super) around: (usize, usize),
    pub(super) ended: bool,
    /// Of both extremes, in standard deviations.
    pub(super) steps: [f64; 2],
}

impl Analysis {
    /// Fits and whitens; `seasonal` noise takes part only once the steps are left out, which it would
    /// swallow.
    pub(super) fn new(window: &Window<'_>, design: &Design, left_out: &[bool], seasonal: bool) -> Self {
        let extremes = window.extremes;
        let baseline = Baseline::new(extremes, design, left_out, window.floors, window.spreads);
        let residuals = [MIN, MAX].map(|extreme| {
            let pairs = extremes.values[extreme].iter().zip(&baseline.fitted[extreme]);
            pairs.map(|(value, fitted)| (value - fitted) / baseline.deviation[extreme]).collect::<Vec<f64>>()
        });
        let outliers = outliers(&residuals, left_out);
        let positions: Vec<usize> = (0..extremes.len()).filter(|&k| !left_out[k] && !outliers[k]).collect();
        let autocorrelation = noise::autocorrelation(&residuals, &extremes.weeks, &positions);
        let cut = residuals
            .each_ref()
            .map(|values| values.iter().map(|value| value.clamp(-CUT, CUT)).collect::<Vec<f64>>());
        let profile =
            if seasonal { profile(&cut, &extremes.weeks, &positions) } else { vec![1.0; left_out.len()] };
        let mut whitened = Whitened::new(
            &cut,
            &design.rows,
            &profile,
            &extremes.weeks,
            positions,
            autocorrelation,
            &baseline.precision,
        );
        let innovation_deviations = noise::deviations(&whitened.innovations);
        whitened.rescale(innovation_deviations);
        let inverse = noise::inverse_correlation(&whitened.innovations);
        Self {
            baseline,
            residuals,
            outliers,
            whitened,
            inverse,
            autocorrelation,
            profile,
            innovation_deviations,
        }
    }

    /// The best edges of a step near an assumed one, with the noise of this analysis (that leaves its weeks
    /// out) and all of its weeks. `residuals` hold the step, `design` does not. The edges are positions.
    pub(super) fn edges(
        &self,
        window: &Window<'_>,
        design: &Design,
        residuals: &[Vec<f64>; 2],
        left_out: &[bool],
        assumed: &Assumed,
        prior: impl Fn(i32) -> f64,
    ) -> Option<Edges> {
        let Assumed { around, ended, steps } = *assumed;
        let weeks = &window.extremes.weeks;
        let near = around.0.saturating_sub(MARGIN)..=around.1 + MARGIN;
        let positions: Vec<usize> =
            (0..weeks.len()).filter(|&k| !left_out[k] && (!self.outliers[k] || near.contains(&k))).collect();
        let cut = [MIN, MAX].map(|extreme| {
            let step = steps[extreme];
            let bounds = |k: usize| {
                if near.contains(&k) { (step.min(0.0) - CUT, step.max(0.0) + CUT) } else { (-CUT, CUT) }
            };
            let values = residuals[extreme].iter().enumerate();
            values.map(|(k, value)| value.clamp(bounds(k).0, bounds(k).1)).collect::<Vec<f64>>()
        });
        let precision = &self.baseline.precision;
        let mut whitened = Whitened::new(
            &cut,
            &design.rows,
            &self.profile,
            weeks,
            positions,
            self.autocorrelation,
            precision,
        );
        whitened.rescale(self.innovation_deviations);
        let number = |position: usize| whitened.positions.partition_point(|&other| other < position);
        let numbers = (number(around.0), number(around.1).min(whitened.len().checked_sub(1)?));
        let position = |number: usize| whitened.positions[number];
        let touched = |first: usize, last: usize| weeks[position(last)] - weeks[position(first)] + 1;
        // One measure for all edges: a longer interval is not to be chosen or left for another excess.
        let count = numbers.1 + 1 - numbers.0;
        let inverse = deflated(self.inverse, Excess::without_steps(&self.whitened, count).get(count));
        let edges =
            edges::refine(&whitened, inverse, numbers, ended, |first, last| prior(touched(first, last)))?;
        let span = |(first, last): (usize, usize)| (position(first), position(last));
        Some(Edges {
            first: position(edges.first),
            last: position(edges.last),
            seen: edges.seen.map(|seen| seen.map(span)),
            ..edges
        })
    }
}

/// Weeks that lie far out in an extreme while neither neighbour follows, and that hold nothing else.
fn outliers(residuals: &[Vec<f64>; 2], left_out: &[bool]) -> Vec<bool> {
    let n = left_out.len();
    let mut outliers = vec![false; n];
    let kept: Vec<usize> = (0..n).filter(|&k| !left_out[k]).collect();
    for (number, &k) in kept.iter().enumerate() {
        let before = number.checked_sub(1).map(|number| kept[number]);
        let after = kept.get(number + 1).copied();
        let far = residuals.iter().filter(|values| values[k].abs() > OUTLYING);
        let alone = |values: &Vec<f64>| {
            let follows = |other: usize| values[other] * values[k].signum() > NEIGHBOURING * values[k].abs();
            !before.into_iter().chain(after).any(follows)
        };
        let mut far = far.peekable();
        outliers[k] = far.peek().is_some() && far.all(alone);
    }
    outliers
}

/// Standard deviation of the noise at each week, in its unit, from the same time of all years: weather makes
/// some seasons noisier than others.
fn profile(residuals: &[Vec<f64>; 2], weeks: &[i32], positions: &[usize]) -> Vec<f64> {
    // Sums over the weeks of the year, then over a window of them.
    let mut squares = [0.0; 52];
    let mut counts = [0.0; 52];
    let season = |week: i32| (f64::from(week) / WEEKS_A_YEAR).rem_euclid(1.0);
    let bin = |week: i32| ((52.0 * season(week)) as usize).min(51);
    for &k in positions {
        squares[bin(weeks[k])] += 0.5 * (residuals[0][k].powi(2) + residuals[1][k].powi(2));
        counts[bin(weeks[k])] += 1.0;
    }
    let mean = squares.iter().sum::<f64>() / counts.iter().sum::<f64>().max(1.0);
    let smooth: Vec<f64> = (0..52)
        .map(|at| {
            let (mut square, mut count) = (PRIOR_WEEKS * mean, PRIOR_WEEKS);
            for near in 0..=2 * NEAR {
                let other = (at + 52 + near - NEAR) % 52;
                square += squares[other];
                count += counts[other];
            }
            (square / (count * mean.max(1e-12))).sqrt().max(0.7)
        })
        .collect();
    weeks.iter().map(|&week| smooth[bin(week)]).collect()
}

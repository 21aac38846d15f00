//! Whitening: the autocorrelation removed from the residuals, in one pass over the weeks.
//!
//! The autoregressive part is a scalar state a_k = ρ^Δ a_{k−1} + …, of variance r (in units of σ²), seen
//! through independent noise of variance 1 − r. A Kalman filter run over the values and over each column of
//! the design with the same gains yields their whitened forms L⁻¹z and L⁻¹X for R = L L' without ever forming
//! R: n steps instead of n³ (Harvey 1989, section 3.4). A gap is a longer step.

use super::autocorrelation::Autocorrelation;
use crate::additive::{COEFFICIENTS, Row};
use crate::gram;
use crate::lanes::Lanes;

/// The observed weeks of a training window: a design's columns, and perhaps the values for a last one.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Observed<const N: usize> {
    /// The columns, all divided by √D.
    pub(crate) columns: Vec<[f64; N]>,
    /// 1/√D.
    pub(crate) inverse_sd: Vec<f64>,
    /// Σ ln D.
    log_variance: f64,
}

impl<const N: usize> Observed<N> {
    /// Adds a week, in ascending order: its columns and its variance D relative to an average week.
    pub(crate) fn push(&mut self, columns: [f64; N], variance: f64) {
        let inverse = 1.0 / variance.sqrt();
        self.columns.push(columns.map(|entry| entry * inverse));
        self.inverse_sd.push(inverse);
        self.log_variance += variance.ln();
    }
}

/// What a unit of each coefficient takes from the mean of the autoregressive state after the last observed
/// week, and the state's variance there given the coefficients.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct State {
    /// In units of √D.
    pub(crate) columns: Row,
    /// In units of σ².
    pub(crate) variance: f64,
}

impl State {
    /// The stationary state, before any observation.
    pub(crate) fn unknown(autocorrelation: Autocorrelation) -> Self {
        Self { columns: [0.0; COEFFICIENTS], variance: autocorrelation.share }
    }
}

/// The gains of the filter, which depend on the weeks and the autocorrelation alone.
pub(crate) struct Gains {
    /// ρ^Δ, the gain, and one over the deviation of what is new, a week.
    decay: Vec<f64>,
    gain: Vec<f64>,
    inverse: Vec<f64>,
    /// The state's variance at the end, in units of σ².
    pub(crate) variance: f64,
    /// ln |R| of unit variances D.
    log_determinant: f64,
}

impl Gains {
    /// Of weeks so far apart, the first zero.
    pub(crate) fn new(steps: &[i32], autocorrelation: Autocorrelation) -> Self {
        let n = steps.len();
        let (mut decays, mut gains) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut inverses = Vec::with_capacity(n);
        let mut variance = autocorrelation.share;
        let mut determinant = LogProduct::default();
        for &step in steps {
            let decay = autocorrelation.decay(step);
            variance = decay * decay * (variance - autocorrelation.share) + autocorrelation.share;
            let innovation = variance + 1.0 - autocorrelation.share;
            determinant.multiply(innovation);
            let gain = variance / innovation;
            variance -= gain * variance;
            decays.push(decay);
            gains.push(gain);
            inverses.push(1.0 / innovation.sqrt());
        }
        Self { decay: decays, gain: gains, inverse: inverses, variance, log_determinant: determinant.ln() }
    }
}

/// The filters of a few autocorrelations side by side.
#[derive(Debug)]
pub(crate) struct Filters {
    /// ρ^Δ, gain and one over the deviation of what is new, a week.
    weeks: Vec<[Lanes; 3]>,
}

impl Filters {
    /// Of as many autocorrelations as there are lanes, or fewer, over the same weeks.
    pub(crate) fn new(gains: &[Gains]) -> Self {
        let weeks = gains.first().map_or(0, |first| first.decay.len());
        let lanes = |week: usize, of: &dyn Fn(&Gains) -> &Vec<f64>| {
            Lanes(std::array::from_fn(|lane| gains.get(lane).map_or(0.0, |gains| of(gains)[week])))
        };
        let week =
            |week| [lanes(week, &|g| &g.decay), lanes(week, &|g| &g.gain), lanes(week, &|g| &g.inverse)];
        Self { weeks: (0..weeks).map(week).collect() }
    }

    /// R⁻¹z = L⁻ᵀ L⁻¹ z into `solved`; returns |L⁻¹z|² and the state's mean at the end.
    ///
    /// L⁻ᵀ is the filter's adjoint, run from the last week to the first.
    pub(crate) fn solve(&self, z: &[f64], solved: &mut Vec<Lanes>) -> (Lanes, Lanes) {
        solved.clear();
        let (mut state, mut square) = (Lanes::ZERO, Lanes::ZERO);
        for (&[decay, gain, inverse], &z) in self.weeks.iter().zip(z) {
            let prediction = state * decay;
            let surprise = Lanes::splat(z) - prediction;
            state = prediction + surprise * gain;
            let white = surprise * inverse;
            square += white * white;
            solved.push(white * inverse);
        }
        let mut adjoint = Lanes::ZERO;
        for (&[decay, gain, _], solved) in self.weeks.iter().zip(solved).rev() {
            *solved += gain * adjoint;
            adjoint = decay * (adjoint - *solved);
        }
        (square, state)
    }
}

/// The whitened problem, as far as the posterior needs it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Whitened<const N: usize> {
    /// The autocorrelation that was removed.
    pub(crate) autocorrelation: Autocorrelation,
    /// The number of weeks.
    pub(crate) weeks: usize,
    /// The products of the whitened columns; the lower triangle.
    pub(crate) products: [[f64; N]; N],
    /// ln |R|, the variances D included.
    pub(crate) log_determinant: f64,
    /// The state at the end for each column, and its variance in units of σ².
    pub(crate) state: [f64; N],
    pub(crate) variance: f64,
}

/// Whitens the observed weeks.
pub(crate) fn whiten<const N: usize>(
    observed: &Observed<N>,
    autocorrelation: Autocorrelation,
    gains: &Gains,
) -> Whitened<N> {
    let mut state = [0.0; N];
    let weeks = gains.decay.iter().zip(&gains.gain).zip(&gains.inverse);
    let white = observed.columns.iter().zip(weeks).map(|(columns, ((decay, gain), inverse))| {
        let mut row = [0.0; N];
        for ((entry, state), column) in row.iter_mut().zip(&mut state).zip(columns) {
            let prediction = *state * decay;
            let surprise = column - prediction;
            *state = prediction + surprise * gain;
            *entry = surprise * inverse;
        }
        row
    });
    let products = gram::products(white);
    Whitened {
        autocorrelation,
        weeks: observed.columns.len(),
        products,
        log_determinant: gains.log_determinant + observed.log_variance,
        state,
        variance: gains.variance,
    }
}

/// The logarithm of a product of many factors, with few logarithms.
pub(crate) struct LogProduct {
    product: f64,
    logarithm: f64,
}

impl Default for LogProduct {
    fn default() -> Self {
        Self { product: 1.0, logarithm: 0.0 }
    }
}

impl LogProduct {
    /// One more factor, above zero.
    #[inline]
    pub(crate) fn multiply(&mut self, factor: f64) {
        self.product *= factor;
        if !(1e-100..1e100).contains(&self.product) {
            self.logarithm += self.product.ln();
            self.product = 1.0;
        }
    }

    /// Σ ln factor.
    pub(crate) fn ln(&self) -> f64 {
        self.logarithm + self.product.ln()
    }
}

/// The state's smoothed means over the observed weeks, in units of √D, for given residuals (likewise).
///
/// Rauch, Tung and Striebel's backward pass over the filter's means and variances.
pub(crate) fn smooth(steps: &[i32], residuals: &[f64], autocorrelation: Autocorrelation) -> Vec<f64> {
    let mut filtered = Vec::with_capacity(steps.len());
    let (mut mean, mut variance) = (0.0, autocorrelation.share);
    for (&step, &residual) in steps.iter().zip(residuals) {
        let decay = autocorrelation.decay(step);
        let predicted = decay * decay * (variance - autocorrelation.share) + autocorrelation.share;
        let gain = predicted / (predicted + 1.0 - autocorrelation.share);
        mean = decay * mean + gain * (residual - decay * mean);
        variance = predicted - gain * predicted;
        filtered.push((mean, variance, predicted));
    }
    let mut smoothed: Vec<f64> = filtered.iter().map(|&(mean, ..)| mean).collect();
    for k in (1..smoothed.len()).rev() {
        let (mean, variance, _) = filtered[k - 1];
        let (.., predicted) = filtered[k];
        if predicted > 0.0 {
            let decay = autocorrelation.decay(steps[k]);
            smoothed[k - 1] = mean + variance * decay / predicted * (smoothed[k] - decay * mean);
        }
    }
    smoothed
}

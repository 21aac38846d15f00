//! The memory taken out of the residuals, in one pass over the weeks.
//!
//! The part with a memory is a scalar state a_k = ρ^Δ a_{k−1} + …, of variance r (in units of σ²), seen through
//! independent noise of variance 1 − r. A Kalman filter run over the values and over each column of the design with
//! the same gains yields their whitened forms L⁻¹z and L⁻¹X for R = L L' without ever forming R: n steps instead of
//! n³ (Harvey 1989, section 3.4). A gap is a longer step.

use super::memory::Memory;
use crate::additive::{COEFFICIENTS, Row};
use crate::gram;

/// The observed weeks of a training window: a design's columns, and the values for their last column.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Observed<const N: usize> {
    /// Weeks from the row before, zero for the first.
    steps: Vec<i32>,
    /// The columns, all divided by √D.
    columns: Vec<[f64; N]>,
    /// Σ ln D.
    log_variance: f64,
}

impl<const N: usize> Observed<N> {
    /// Adds a week, in ascending order: its distance from the one before, its columns with the scaled value for the last,
    /// and its variance D relative to an average week.
    pub(crate) fn push(&mut self, step: i32, columns: [f64; N], variance: f64) {
        let inverse = 1.0 / variance.sqrt();
        self.steps.push(step);
        self.columns.push(columns.map(|entry| entry * inverse));
        self.log_variance += variance.ln();
    }
}

/// What is known of the memory after the last observed week, given the coefficients.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct State {
    /// The mean for coefficients that are all zero, in units of √D.
    pub(crate) value: f64,
    /// What a unit of each coefficient takes from it.
    pub(crate) columns: Row,
    /// The variance, in units of σ².
    pub(crate) variance: f64,
}

impl State {
    /// Nothing known yet but the share of the memory.
    pub(crate) fn unknown(memory: Memory) -> Self {
        Self { value: 0.0, columns: [0.0; COEFFICIENTS], variance: memory.share }
    }
}

/// The whitened problem, as far as the posterior needs it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Whitened<const N: usize> {
    /// The memory that was taken out.
    pub(crate) memory: Memory,
    /// The number of weeks.
    pub(crate) weeks: usize,
    /// The products of the whitened columns, the values among them; the lower triangle.
    pub(crate) products: [[f64; N]; N],
    /// ln |R|, the variances D included.
    pub(crate) log_determinant: f64,
    /// The memory at the end for each column, and its variance in units of σ².
    pub(crate) state: [f64; N],
    pub(crate) variance: f64,
}

/// Whitens the observed weeks.
pub(crate) fn whiten<const N: usize>(observed: &Observed<N>, memory: Memory) -> Whitened<N> {
    let mut state = [0.0; N];
    let mut variance = memory.share;
    let mut determinant = LogProduct::default();
    let white = observed.steps.iter().zip(&observed.columns).map(|(&step, columns)| {
        let decay = memory.decay(step);
        variance = decay * decay * (variance - memory.share) + memory.share;
        let innovation = variance + 1.0 - memory.share;
        determinant.multiply(innovation);
        let gain = variance / innovation;
        let inverse = 1.0 / innovation.sqrt();
        let mut row = [0.0; N];
        for ((entry, state), column) in row.iter_mut().zip(&mut state).zip(columns) {
            let prediction = *state * decay;
            let surprise = column - prediction;
            *state = prediction + surprise * gain;
            *entry = surprise * inverse;
        }
        variance -= gain * variance;
        row
    });
    let products = gram::products(white);
    Whitened {
        memory,
        weeks: observed.steps.len(),
        products,
        log_determinant: determinant.ln() + observed.log_variance,
        state,
        variance,
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

/// The memory's smoothed means over the observed weeks, in units of √D, for given residuals (likewise).
///
/// Rauch, Tung and Striebel's backward pass over the filter's means and variances.
pub(crate) fn smooth(steps: &[i32], residuals: &[f64], memory: Memory) -> Vec<f64> {
    let mut filtered = Vec::with_capacity(steps.len());
    let (mut mean, mut variance) = (0.0, memory.share);
    for (&step, &residual) in steps.iter().zip(residuals) {
        let decay = memory.decay(step);
        let predicted = decay * decay * (variance - memory.share) + memory.share;
        let gain = predicted / (predicted + 1.0 - memory.share);
        mean = decay * mean + gain * (residual - decay * mean);
        variance = predicted - gain * predicted;
        filtered.push((mean, variance, predicted));
    }
    let mut smoothed: Vec<f64> = filtered.iter().map(|&(mean, ..)| mean).collect();
    for k in (1..smoothed.len()).rev() {
        let (mean, variance, _) = filtered[k - 1];
        let (.., predicted) = filtered[k];
        if predicted > 0.0 {
            let decay = memory.decay(steps[k]);
            smoothed[k - 1] = mean + variance * decay / predicted * (smoothed[k] - decay * mean);
        }
    }
    smoothed
}

//! The autocorrelation of the noise: its share, its correlation from week to week, and the grid of both.

/// The covariance of the residuals is σ² R with R = (1 − r) I + r ρ^|Δk|: a share r of their variance follows
/// a first-order autoregression of correlation ρ from week to week, the rest is independent.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Autocorrelation {
    /// r, from zero to below one.
    pub(crate) share: f64,
    /// ρ, a week.
    pub(crate) correlation: f64,
}

/// Shares and correlations of the grid.
const SHARES: [f64; 5] = [0.3, 0.5, 0.7, 0.85, 0.95];
const CORRELATIONS: [f64; 5] = [0.5, 0.8, 0.92, 0.97, 0.99];

impl Autocorrelation {
    /// Independent noise.
    pub(crate) const NONE: Self = Self { share: 0.0, correlation: 0.0 };

    /// Each possibility and its prior probability: the independent one weighs as much as 18 others.
    pub(crate) fn grid() -> impl Iterator<Item = (Self, f64)> {
        let others = (SHARES.len() * CORRELATIONS.len()) as f64;
        let all = 18.0 + others;
        let grid_point = move |share, correlation| (Self { share, correlation }, 1.0 / all);
        let grid = SHARES.into_iter().flat_map(move |share| {
            CORRELATIONS.into_iter().map(move |correlation| grid_point(share, correlation))
        });
        std::iter::once((Self::NONE, 18.0 / all)).chain(grid)
    }

    /// ρ^weeks.
    pub(crate) fn decay(self, weeks: i32) -> f64 {
        if weeks == 1 { self.correlation } else { self.correlation.powi(weeks) }
    }
}

//! A week in time, and the prior of a design's coefficients.

use nalgebra::SMatrix;

use crate::IsoWeek;
use crate::additive::{self, COEFFICIENTS, Row, YEAR_WEEKS};

/// [1, u, u², cos(2πhk/year), sin(2πhk/year)] with u the years since the last training week and k the weeks
/// since 1970-01-05, so that the season's coefficients mean the same for every box. A
/// [`Design`](super::design::Design) makes its columns of it.
pub(crate) fn row(week: IsoWeek, last: IsoWeek) -> Row {
    additive::row(f64::from(week - last) / YEAR_WEEKS, week.index())
}

/// β ~ N(m, F F') in scaled values.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct CoefficientPrior {
    /// m.
    pub(crate) mean: Row,
    /// F, lower triangular.
    pub(crate) factor: SMatrix<f64, COEFFICIENTS, COEFFICIENTS>,
    /// Whether F is diagonal.
    is_independent: bool,
}

/// Standard deviations of the harmonics' cosines and sines, for values scaled to their range.
pub(crate) const SEASON_SD: [f64; 5] = [0.25, 0.12, 0.08, 0.05, 0.04];

impl CoefficientPrior {
    /// Independent coefficients.
    pub(crate) fn independent(mean: Row, sd: Row) -> Self {
        Self { mean, factor: SMatrix::from_diagonal(&sd.into()), is_independent: true }
    }

    /// Coefficients with a covariance; nothing if that is not positive definite.
    pub(crate) fn correlated(
        mean: Row,
        covariance: SMatrix<f64, COEFFICIENTS, COEFFICIENTS>,
    ) -> Option<Self> {
        Some(Self { mean, factor: covariance.cholesky()?.l(), is_independent: false })
    }

    /// F'G F for a symmetric G.
    pub(crate) fn inner(
        &self,
        gram: &SMatrix<f64, COEFFICIENTS, COEFFICIENTS>,
    ) -> SMatrix<f64, COEFFICIENTS, COEFFICIENTS> {
        if self.is_independent {
            return SMatrix::from_fn(|i, j| self.factor[(i, i)] * gram[(i, j)] * self.factor[(j, j)]);
        }
        self.factor.transpose() * gram * self.factor
    }

    /// The prior of values scaled to [0, 1] that hardly grow: level 0.5 ± 0.5, slope ± 0.05 a year, a
    /// curvature that is practically off, and a season that is smooth.
    pub(crate) fn steady() -> Self {
        Self::of_own_range([0.05, 0.005])
    }

    /// The prior of values scaled to [0, 1] that grow along directions which hold what is likely.
    pub(crate) fn growing() -> Self {
        Self::of_own_range([1.0, 1.0])
    }

    fn of_own_range(growth: [f64; 2]) -> Self {
        let mut mean = [0.0; COEFFICIENTS];
        mean[0] = 0.5;
        Self::independent(mean, deviations([0.5, growth[0], growth[1]], SEASON_SD))
    }
}

/// One standard deviation a coefficient: those of the drift, and one a harmonic for cosine and sine alike.
pub(crate) fn deviations(drift: [f64; 3], season: [f64; 5]) -> Row {
    std::array::from_fn(|i| if i < 3 { drift[i] } else { season[(i - 3) % 5] })
}

//! The columns that explain a week: level, growth and season.
//!
//! Every design has 13 columns, so that one piece of code solves them all: the level, two columns of growth, and cosine
//! and sine of five harmonics of the year. A column of growth is
//! g(u) (a₀ + a₁ cos₁ + a₂ sin₁ + a₃ cos₂ + a₄ sin₂): what grows all year alike by a₀, and what grows with the season by
//! the rest; u is in years after the last training week and g zero there, so that the season's own coefficients
//! describe the window's last year.

use serde::{Deserialize, Serialize};

use super::future_noise::FutureNoise;
use super::variance::VarianceProfile;
use crate::additive::{DRIFT, HARMONICS, Row};

/// What growth is made of: all year alike, and cosine and sine of two harmonics.
pub(crate) const GROWTH_TERMS: usize = 5;
/// Columns of growth in a design.
pub(crate) const GROWTH_COLUMNS: usize = DRIFT - 1;
/// The rate of growth that accelerates or slows down, a year.
const RATE: f64 = 0.25;

/// How growth goes on: g(u), u in years after the last training week.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GrowthLaw {
    /// By the same amount each year: u.
    Linear,
    /// By a quarter more each year: (e^(u/4) − 1) / (1/4).
    Accelerating,
    /// By a quarter less each year: (1 − e^(−u/4)) / (1/4).
    Slowing,
    /// Linear until half a year before the last training week, none since: min(u + ½, 0).
    Stopped,
}

impl GrowthLaw {
    /// All laws.
    pub const ALL: [Self; 4] = [Self::Linear, Self::Accelerating, Self::Slowing, Self::Stopped];

    /// g(u).
    pub(crate) fn at(self, years: f64) -> f64 {
        match self {
            Self::Linear => years,
            Self::Accelerating => (RATE * years).exp_m1() / RATE,
            Self::Slowing => -(-RATE * years).exp_m1() / RATE,
            Self::Stopped => (years + 0.5).min(0.0),
        }
    }

    /// How much of the growth of one year is still to come in the year after the last training week: g(1).
    pub(crate) fn next_year(self) -> f64 {
        self.at(1.0)
    }
}

/// The columns of a fit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Design {
    law: GrowthLaw,
    columns: [[f64; GROWTH_TERMS]; GROWTH_COLUMNS],
}

/// How the weeks of a series behave: what explains them, and how the rest scatters.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Regime {
    pub(crate) design: Design,
    pub(crate) profile: VarianceProfile,
    pub(crate) future_noise: FutureNoise,
}

/// [1, cos₁, sin₁, cos₂, sin₂] of a week.
pub(crate) fn growth_terms(base: &Row) -> [f64; GROWTH_TERMS] {
    [1.0, base[DRIFT], base[DRIFT + HARMONICS], base[DRIFT + 1], base[DRIFT + HARMONICS + 1]]
}

impl Default for Regime {
    /// Steady, with the same scatter all year.
    fn default() -> Self {
        Self { design: Design::STEADY, profile: VarianceProfile::default(), future_noise: FutureNoise::default() }
    }
}

impl Design {
    /// Level, a slope and the season; the second column of growth is zero.
    pub(crate) const STEADY: Self =
        Self { law: GrowthLaw::Linear, columns: [[1.0, 0.0, 0.0, 0.0, 0.0], [0.0; GROWTH_TERMS]] };

    /// Level, growth by a law along two directions, and the season.
    pub(crate) const fn growing(law: GrowthLaw, directions: [[f64; GROWTH_TERMS]; GROWTH_COLUMNS]) -> Self {
        Self { law, columns: directions }
    }

    /// A slope, and one direction of growth beside it.
    pub(crate) const fn slope_and(law: GrowthLaw, direction: [f64; GROWTH_TERMS]) -> Self {
        Self { law, columns: [[1.0, 0.0, 0.0, 0.0, 0.0], direction] }
    }

    /// Whether nothing but the level grows.
    pub(crate) fn is_steady(&self) -> bool {
        *self == Self::STEADY
    }

    /// The columns of a week.
    pub(crate) fn row(&self, base: &Row) -> Row {
        let (grown, terms) = (self.law.at(base[1]), growth_terms(base));
        let mut row = *base;
        for (entry, column) in row[1..DRIFT].iter_mut().zip(&self.columns) {
            *entry = grown * terms.iter().zip(column).map(|(term, a)| term * a).sum::<f64>();
        }
        row
    }

    /// The part of the columns that is the same all year: the level with what grows alike.
    pub(crate) fn drift(&self, base: &Row) -> Row {
        let grown = self.law.at(base[1]);
        let mut row = [0.0; _];
        row[0] = base[0];
        for (entry, column) in row[1..DRIFT].iter_mut().zip(&self.columns) {
            *entry = grown * column[0];
        }
        row
    }

    /// What growth adds in a year after the last training week, at a week's place in the season.
    pub(crate) fn growth_a_year(&self, base: &Row) -> Row {
        let (grown, terms) = (self.law.next_year(), growth_terms(base));
        let mut row = [0.0; _];
        for (entry, column) in row[1..DRIFT].iter_mut().zip(&self.columns) {
            *entry = grown * terms.iter().zip(column).map(|(term, a)| term * a).sum::<f64>();
        }
        row
    }

    /// One coefficient of growth, in the order of [`growth_terms`], as a form of the design's own coefficients.
    pub(crate) fn growth_coefficient(&self, term: usize) -> Row {
        let mut row = [0.0; _];
        for (entry, column) in row[1..DRIFT].iter_mut().zip(&self.columns) {
            *entry = column[term];
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IsoWeek;
    use crate::gridspark::basis;

    #[test]
    fn every_law_is_nothing_at_the_end_of_the_window_and_never_falls() {
        for law in GrowthLaw::ALL {
            let end = if law == GrowthLaw::Stopped { 0.5 } else { 0.0 };
            assert!(law.at(0.0).abs() < 1e-15, "{law:?}");
            assert!((law.at(1e-6 - end) - law.at(-1e-6 - end)).abs() < 3e-6, "{law:?} is continuous");
            let path: Vec<f64> = (-40..=10).map(|tenth| law.at(f64::from(tenth) / 10.0)).collect();
            assert!(path.windows(2).all(|pair| pair[1] >= pair[0]), "{law:?}");
        }
        assert!(GrowthLaw::Accelerating.next_year() > 1.0 && GrowthLaw::Slowing.next_year() < 1.0);
        assert_eq!(GrowthLaw::Stopped.next_year(), 0.0);
    }

    #[test]
    fn drift_and_season_add_up_to_the_whole_row() {
        let last = IsoWeek::from_index(2_900);
        let design =
            Design::growing(GrowthLaw::Accelerating, [[0.1, -0.2, 0.05, 0.03, 0.0], [0.0, 0.02, 0.3, 0.0, 0.1]]);
        let base = basis::row(IsoWeek::from_index(2_850), last);
        let (whole, drift) = (design.row(&base), design.drift(&base));
        assert_eq!(whole[DRIFT..], base[DRIFT..]);
        let grown = GrowthLaw::Accelerating.at(base[1]);
        let seasonal = grown * (-0.2 * base[3] + 0.05 * base[8] + 0.03 * base[4]);
        assert!((whole[1] - drift[1] - seasonal).abs() < 1e-15);
        assert_eq!(Design::STEADY.row(&base)[..DRIFT], [1.0, base[1], 0.0]);
    }
}

//! The columns that explain a week: level, growth and season.
//!
//! Every design has 13 columns, so that one piece of code solves them all: the level, two more, and cosine
//! and sine of five harmonics of the year. The two are slope and (practically no) curvature of a load that is
//! steady, else columns of growth, g(u) (a₀ + a₁ cos₁ + a₂ sin₁ + a₃ cos₂ + a₄ sin₂): what grows all year
//! alike by a₀, and what grows with the season by the rest; u is in years after the last training week and g
//! zero there, so that the season's own coefficients describe the window's last year.

use serde::{Deserialize, Serialize};

use super::future_noise::FutureNoise;
use super::variance::VarianceProfile;
use crate::additive::{DRIFT, HARMONICS, Row};

/// What growth is made of: all year alike, and cosine and sine of two harmonics.
pub(crate) const GROWTH_TERMS: usize = 5;
/// Columns of growth in a design.
pub(crate) const GROWTH_COLUMNS: usize = DRIFT - 1;
/// The rate at which growth accelerates, a year.
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
    /// Linear until half a year before the last training week, none since: min(u + ½, 0).
    Stopped,
    /// None until a year before the last training week, linear since: max(u, −1).
    Begun,
    /// All at once a year before the last training week: −1 before, 0 since.
    Stepped,
}

impl GrowthLaw {
    /// All laws.
    pub const ALL: [Self; 5] = [Self::Linear, Self::Accelerating, Self::Stopped, Self::Begun, Self::Stepped];

    /// g(u).
    pub(crate) fn at(self, years: f64) -> f64 {
        match self {
            Self::Linear => years,
            Self::Accelerating => (RATE * years).exp_m1() / RATE,
            Self::Stopped => (years + 0.5).min(0.0),
            Self::Begun => years.max(-1.0),
            Self::Stepped if years < -1.0 => -1.0,
            Self::Stepped => 0.0,
        }
    }

    /// What it adds in the year after the last training week: g(1) − g(0).
    pub(crate) fn next_year(self) -> f64 {
        self.at(1.0) - self.at(0.0)
    }
}

/// The columns of a fit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Design {
    /// Level, slope and curvature.
    Steady,
    /// Level, and growth by a law in two columns.
    Growing {
        /// The law.
        law: GrowthLaw,
        /// a of each column.
        columns: [[f64; GROWTH_TERMS]; GROWTH_COLUMNS],
    },
}

/// How the weeks of a series behave: what explains them, and how the rest scatters.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Regime {
    pub(crate) design: Design,
    pub(crate) profile: VarianceProfile,
    pub(crate) future_noise: FutureNoise,
    /// τ: by how much growth to come differs from that of the past, in standard deviations of the fleet's
    /// growth.
    pub(crate) change: f64,
}

/// [1, cos₁, sin₁, cos₂, sin₂] of a week.
pub(crate) fn growth_terms(base: &Row) -> [f64; GROWTH_TERMS] {
    [1.0, base[DRIFT], base[DRIFT + HARMONICS], base[DRIFT + 1], base[DRIFT + HARMONICS + 1]]
}

impl Regime {
    /// What growth that changes from now on adds to a week, by direction, as standard deviations.
    pub(crate) fn changes(&self, base: &Row) -> [f64; GROWTH_COLUMNS] {
        if self.change == 0.0 {
            return [0.0; GROWTH_COLUMNS];
        }
        self.design.changed_growth(base).map(|by| self.change * by)
    }
}

impl Default for Regime {
    /// Steady, with the same scatter all year.
    fn default() -> Self {
        Self {
            design: Design::Steady,
            profile: VarianceProfile::default(),
            future_noise: FutureNoise::default(),
            change: 0.0,
        }
    }
}

impl Design {
    /// A slope, and one direction of growth beside it.
    pub(crate) const fn slope_and(law: GrowthLaw, direction: [f64; GROWTH_TERMS]) -> Self {
        Self::Growing { law, columns: [[1.0, 0.0, 0.0, 0.0, 0.0], direction] }
    }

    /// Whether it knows no growth but a slope.
    pub(crate) const fn is_steady(&self) -> bool {
        matches!(self, Self::Steady)
    }

    /// The row of some growth: for each column what the terms of a week (all, or those wanted) make of it.
    fn grown(
        columns: &[[f64; GROWTH_TERMS]; GROWTH_COLUMNS],
        grown: f64,
        terms: &[f64; GROWTH_TERMS],
    ) -> Row {
        let mut row = [0.0; _];
        for (entry, column) in row[1..DRIFT].iter_mut().zip(columns) {
            *entry = grown * terms.iter().zip(column).map(|(term, a)| term * a).sum::<f64>();
        }
        row
    }

    /// The columns of a week in time, see [`basis::row`](super::basis::row).
    pub(crate) fn row(&self, base: &Row) -> Row {
        let mut row = *base;
        if let Self::Growing { law, columns } = self {
            let grown = Self::grown(columns, law.at(base[1]), &growth_terms(base));
            row[1..DRIFT].copy_from_slice(&grown[1..DRIFT]);
        }
        row
    }

    /// The part of the columns that is the same all year: the level with what grows alike.
    pub(crate) fn drift(&self, base: &Row) -> Row {
        let mut row = match self {
            Self::Steady => *base,
            Self::Growing { law, columns } => Self::grown(columns, law.at(base[1]), &ALL_YEAR),
        };
        row[0] = base[0];
        row[DRIFT..].fill(0.0);
        row
    }

    /// What growth adds in the year after the last training week, at a week's place in the season.
    pub(crate) fn growth_a_year(&self, base: &Row) -> Row {
        match self {
            Self::Steady => {
                let mut row = [0.0; _];
                row[1] = 1.0;
                row
            }
            Self::Growing { law, columns } => Self::grown(columns, law.next_year(), &growth_terms(base)),
        }
    }

    /// What a change of growth by a standard deviation along each direction at the last training week does to
    /// a later one.
    pub(crate) fn changed_growth(&self, base: &Row) -> [f64; GROWTH_COLUMNS] {
        match self {
            Self::Steady => [0.0; GROWTH_COLUMNS],
            Self::Growing { columns, .. } => {
                let row = Self::grown(columns, base[1].max(0.0), &growth_terms(base));
                std::array::from_fn(|column| row[1 + column])
            }
        }
    }

    /// One coefficient of growth, in the order of [`growth_terms`], as a form of the design's own
    /// coefficients.
    pub(crate) fn growth_coefficient(&self, term: usize) -> Row {
        let mut row = [0.0; _];
        match self {
            Self::Steady => row[1] = if term == 0 { 1.0 } else { 0.0 },
            Self::Growing { columns, .. } => {
                for (entry, column) in row[1..DRIFT].iter_mut().zip(columns) {
                    *entry = column[term];
                }
            }
        }
        row
    }
}

/// The terms of growth that is the same all year.
const ALL_YEAR: [f64; GROWTH_TERMS] = [1.0, 0.0, 0.0, 0.0, 0.0];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IsoWeek;
    use crate::gridspark::basis;

    #[test]
    fn every_law_is_nothing_at_the_end_of_the_window_and_never_falls() {
        for law in GrowthLaw::ALL {
            assert!(law.at(0.0).abs() < 1e-15, "{law:?}");
            let path: Vec<f64> = (-40..=10).map(|tenth| law.at(f64::from(tenth) / 10.0)).collect();
            assert!(path.windows(2).all(|pair| pair[1] >= pair[0]), "{law:?}");
            assert!(path[0] < 0.0, "{law:?} has grown before");
        }
        assert!(GrowthLaw::Accelerating.next_year() > 1.0);
        assert_eq!([GrowthLaw::Stopped, GrowthLaw::Stepped].map(GrowthLaw::next_year), [0.0; 2]);
        assert_eq!([GrowthLaw::Linear, GrowthLaw::Begun].map(GrowthLaw::next_year), [1.0; 2]);
    }

    #[test]
    fn drift_and_season_add_up_to_the_whole_row() {
        let last = IsoWeek::from_index(2_900);
        let columns = [[0.1, -0.2, 0.05, 0.03, 0.0], [0.0, 0.02, 0.3, 0.0, 0.1]];
        let design = Design::Growing { law: GrowthLaw::Accelerating, columns };
        let base = basis::row(IsoWeek::from_index(2_850), last);
        let (whole, drift) = (design.row(&base), design.drift(&base));
        assert_eq!(whole[DRIFT..], base[DRIFT..]);
        let grown = GrowthLaw::Accelerating.at(base[1]);
        let seasonal = grown * (-0.2 * base[3] + 0.05 * base[8] + 0.03 * base[4]);
        assert!((whole[1] - drift[1] - seasonal).abs() < 1e-15);
        assert_eq!(Design::Steady.row(&base), base);
    }
}

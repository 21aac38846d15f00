//! The growth laws of installed power.

use serde::Serialize;

/// The growth law of installed power. Times are years (of 365.25 days) from the end of the history,
/// negative within it. A law is relative; the power at the end of the history scales it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Law {
    /// No change.
    Stable,
    /// The same power is added every year; zero before the line crosses zero.
    Linear {
        /// Power added per year, as a fraction of that at the end of the history.
        slope_per_year: f64,
    },
    /// Growth at a constant rate: `exp(rate · time)`.
    Exponential {
        /// The rate per year (0.2 is 22 % a year).
        rate_per_year: f64,
    },
    /// Saturating growth: `1 / (1 + exp(−steepness · (time − midpoint)))`.
    Logistic {
        /// Steepness: at the midpoint a quarter of the final power times this is added per year.
        steepness_per_year: f64,
        /// Time at which half of the final power is installed.
        midpoint_years: f64,
    },
    /// Growth by another law that ends.
    Stop {
        /// The law before the stop; its times count from the stop.
        before: Box<Self>,
        /// Time at which growth ends.
        stops_at_years: f64,
    },
    /// Nothing is installed until growth by another law starts.
    Start {
        /// The law after the start.
        after: Box<Self>,
        /// Time at which growth starts.
        starts_at_years: f64,
    },
    /// A few large installations.
    Steps {
        /// Initial power, in the unit of the steps' sizes.
        initial: f64,
        /// The installations in chronological order.
        steps: Vec<Step>,
    },
}

/// A large installation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Time in years from the end of the history.
    pub at_years: f64,
    /// Size, relative to the other steps and the initial power.
    pub size: f64,
}

impl Law {
    /// Installed power at a time, relative to that at the end of the history.
    pub fn relative(&self, years_from_end: f64) -> f64 {
        match self {
            // Exactly 1 at the end without a division.
            Self::Stable | Self::Linear { .. } | Self::Exponential { .. } => self.shape(years_from_end),
            _ => self.shape(years_from_end) / self.shape(0.0).max(f64::MIN_POSITIVE),
        }
    }

    /// Whether power changes at all.
    pub const fn grows(&self) -> bool {
        !matches!(self, Self::Stable)
    }

    fn shape(&self, years: f64) -> f64 {
        match self {
            Self::Stable => 1.0,
            Self::Linear { slope_per_year } => (1.0 + slope_per_year * years).max(0.0),
            Self::Exponential { rate_per_year } => (rate_per_year * years).exp(),
            Self::Logistic { steepness_per_year, midpoint_years } => {
                1.0 / (1.0 + (-steepness_per_year * (years - midpoint_years)).exp())
            }
            Self::Stop { before, stops_at_years } => before.shape((years - stops_at_years).min(0.0)),
            Self::Start { starts_at_years, .. } if years <= *starts_at_years => 0.0,
            Self::Start { after, starts_at_years } => after.shape(years) - after.shape(*starts_at_years),
            Self::Steps { initial, steps } => {
                let done = steps.iter().filter(|step| step.at_years <= years);
                initial + done.map(|step| step.size).sum::<f64>()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laws() -> Vec<Law> {
        let linear = Law::Linear { slope_per_year: 0.2 };
        vec![
            Law::Stable,
            linear.clone(),
            Law::Exponential { rate_per_year: 0.3 },
            Law::Logistic { steepness_per_year: 2.0, midpoint_years: -2.0 },
            Law::Stop { before: Box::new(linear), stops_at_years: -1.0 },
            Law::Start { after: Box::new(Law::Linear { slope_per_year: 0.5 }), starts_at_years: -2.0 },
            Law::Steps { initial: 1.0, steps: vec![Step { at_years: -1.5, size: 3.0 }] },
        ]
    }

    #[test]
    fn every_law_is_one_at_the_end_non_negative_and_non_decreasing() {
        for law in laws() {
            assert!((law.relative(0.0) - 1.0).abs() < 1e-12, "{law:?}");
            let course: Vec<f64> = (-600..60).map(|week| law.relative(f64::from(week) / 52.0)).collect();
            assert!(course.windows(2).all(|pair| 0.0 <= pair[0] && pair[0] <= pair[1]), "{law:?}");
        }
    }

    #[test]
    fn linear_growth_adds_the_same_every_year_and_exponential_growth_the_same_factor() {
        let linear = Law::Linear { slope_per_year: 0.2 };
        assert!((linear.relative(-1.0) - 0.8).abs() < 1e-12 && (linear.relative(0.5) - 1.1).abs() < 1e-12);
        assert_eq!(linear.relative(-7.0), 0.0);
        let exponential = Law::Exponential { rate_per_year: 0.3 };
        let factors = [-3.0, -2.0, -1.0].map(|at| exponential.relative(at + 1.0) / exponential.relative(at));
        assert!(factors.iter().all(|factor| (factor - 0.3_f64.exp()).abs() < 1e-12));
    }

    #[test]
    fn logistic_growth_saturates() {
        let law = Law::Logistic { steepness_per_year: 2.0, midpoint_years: -2.0 };
        let added = |from: f64| law.relative(from + 1.0) - law.relative(from);
        assert!(added(-2.5) > 5.0 * added(-0.5), "{} then {}", added(-2.5), added(-0.5));
        assert!(law.relative(30.0) < 1.02);
        assert!((law.relative(-2.0) / law.relative(30.0) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn stopped_growth_is_constant_after_the_stop() {
        let law = Law::Stop { before: Box::new(Law::Linear { slope_per_year: 0.2 }), stops_at_years: -1.0 };
        assert_eq!(law.relative(-1.0), 1.0);
        assert_eq!(law.relative(0.5), 1.0);
        assert!((law.relative(-2.0) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn growth_with_a_start_is_zero_before_it() {
        let law = Law::Start { after: Box::new(Law::Linear { slope_per_year: 0.5 }), starts_at_years: -2.0 };
        assert_eq!(law.relative(-5.0), 0.0);
        assert_eq!(law.relative(-2.0), 0.0);
        assert!((law.relative(-1.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn steps_change_only_at_their_times() {
        let law = Law::Steps { initial: 1.0, steps: vec![Step { at_years: -1.5, size: 3.0 }] };
        assert_eq!([law.relative(-4.0), law.relative(-1.51), law.relative(-1.5)], [0.25, 0.25, 1.0]);
    }
}

//! What a forecast depends on besides the readings and the population.

use domain::calendar::Calendar;
use domain::urgency::ClassThresholds;
use model::{
    Capacity, CheckSettings, Limits, LimitsError, ModelName, PowerFactor, Risk, WeekExtremes,
    gridspark::Gridspark,
};

use super::Threshold;

/// What is looked at beside the forecast, and before it: boxes that were assessed by another version are due again.
const CHECKS_VERSION: u32 = 3;

/// Everything that changes a forecast: a box assessed with other settings is due again.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastSettings {
    /// The model.
    pub model: ModelName,
    /// How many of the last weeks the model is fitted to.
    pub training_weeks: usize,
    /// Whether weeks of bypass switching are left out of the fit unless a planner keeps them.
    pub mask_switchings: bool,
    /// For how many weeks ahead forecasts are made.
    pub horizon_weeks: usize,
    /// Active power that a transformer may carry for each kVA of its capacity.
    pub power_factor: PowerFactor,
    /// The share of the capacity at which a transformer counts as overloaded by import.
    pub import_threshold: Threshold,
    /// The same by feed-in.
    pub feed_in_threshold: Threshold,
    /// The probability of an overload that a planner accepts.
    pub risk: Risk,
    /// From which probability of an overload on a transformer is in which class.
    pub classes: ClassThresholds,
    /// Weeks with a smaller share of their readings, 0 to 1, count as gaps.
    pub minimum_completeness: f64,
    /// The checks before a fit.
    pub checks: CheckSettings,
}

impl Default for ForecastSettings {
    fn default() -> Self {
        Self {
            model: ModelName::default(),
            training_weeks: Gridspark::default().training_weeks,
            mask_switchings: true,
            horizon_weeks: 53,
            power_factor: PowerFactor::default(),
            import_threshold: Threshold::CAPACITY,
            feed_in_threshold: Threshold::CAPACITY,
            risk: Risk::default(),
            classes: ClassThresholds::default(),
            minimum_completeness: 0.5,
            checks: CheckSettings::default(),
        }
    }
}

impl ForecastSettings {
    /// The limits of a transformer of this capacity.
    ///
    /// # Errors
    /// [`LimitsError`] if one of them isn't finite.
    pub fn limits(&self, capacity: Capacity) -> Result<Limits, LimitsError> {
        let (import, feed_in) = (self.import_threshold.share(), self.feed_in_threshold.share());
        Limits::of(capacity, self.power_factor, import, feed_in)
    }

    /// Whether a week has enough of its readings to show its extremes.
    pub fn is_filled(&self, week: &WeekExtremes, calendar: &Calendar) -> bool {
        let expected = calendar.quarters_in(week.week).unwrap_or(672);
        f64::from(week.readings) >= self.minimum_completeness * f64::from(expected)
    }

    /// The settings as one text, which identifies boxes that were assessed with other settings. The
    /// population is not part of it: it changes a little with every run, and is stored with the
    /// run.
    pub fn fingerprint(&self) -> String {
        let Self {
            model,
            training_weeks,
            mask_switchings,
            horizon_weeks,
            power_factor,
            import_threshold,
            feed_in_threshold,
            risk,
            classes: ClassThresholds { overload, near },
            minimum_completeness,
            checks: CheckSettings { too_short_weeks, too_small_fraction, idling_fraction },
        } = self;
        format!(
            "{model} {} training={training_weeks} mask-switchings={mask_switchings} horizon={horizon_weeks} \
             power-factor={} import={import_threshold} feed-in={feed_in_threshold} risk={} overload={overload} near={near} \
             completeness={minimum_completeness} short={too_short_weeks} small={too_small_fraction} \
             idling={idling_fraction} checks={CHECKS_VERSION}",
            model.version(),
            power_factor.value(),
            risk.probability(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any other text would make every box of every installation due.
    #[test]
    fn the_fingerprint_of_some_settings_never_changes() {
        let version = ModelName::Gridspark.version();
        assert_eq!(
            ForecastSettings::default().fingerprint(),
            format!(
                "gridspark {version} training=208 mask-switchings=true horizon=53 power-factor=1 import=1 feed-in=1 risk=0.1 \
                 overload=0.1 near=0.01 completeness=0.5 short=104 small=0.5 idling=0.01 checks=3"
            )
        );
        let version = ModelName::Spark.version();
        let changed = ForecastSettings {
            model: ModelName::Spark,
            training_weeks: 100,
            mask_switchings: false,
            horizon_weeks: 13,
            power_factor: PowerFactor::new(0.95).unwrap(),
            import_threshold: Threshold::new(1.2).unwrap(),
            feed_in_threshold: Threshold::new(0.9).unwrap(),
            risk: Risk::new(0.05).unwrap(),
            classes: ClassThresholds { overload: 0.25, near: 0.05 },
            minimum_completeness: 0.625,
            checks: CheckSettings { too_short_weeks: 52, too_small_fraction: 0.25, idling_fraction: 0.02 },
        };
        assert_eq!(
            changed.fingerprint(),
            format!(
                "spark {version} training=100 mask-switchings=false horizon=13 power-factor=0.95 import=1.2 feed-in=0.9 \
                 risk=0.05 overload=0.25 near=0.05 completeness=0.625 short=52 small=0.25 idling=0.02 checks=3"
            )
        );
    }

    #[test]
    fn a_threshold_is_above_zero_and_at_most_ten() {
        for refused in [0.0, -1.0, 10.1, f64::NAN] {
            assert_eq!(Threshold::new(refused), None, "{refused}");
        }
        assert_eq!(Threshold::new(10.0).map(Threshold::share), Some(10.0));
    }
}

//! What a run learned about the growth of the fleet.

use std::fmt;

use model::{Extreme, gridspark::Population};
use serde::{Deserialize, Serialize};

/// What a run learned about the fleet's growth, by extreme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GrowthFacts {
    /// Of the weekly minimum.
    pub minimum: ExtremeGrowth,
    /// Of the weekly maximum.
    pub maximum: ExtremeGrowth,
}

/// What a run learned about the growth of one extreme.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExtremeGrowth {
    /// The weight of growth in the forecasts, 0 to 1.
    pub weight: f64,
    /// Realised over forecast growth in the half-years held out; 0 if none could be verified.
    pub realised: f64,
    /// The standard error of `realised`.
    pub standard_error: f64,
    /// Half-years held out.
    pub half_years: u32,
    /// Series verified, counted anew in each half-year.
    pub judged: u32,
    /// Series long enough to learn from.
    pub learned_from: u32,
    /// The noise variance of the coming months relative to the past.
    pub future_noise: f64,
    /// The same for growing series.
    pub growing_future_noise: f64,
}

/// Whether growth was learned, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrowthStatus {
    /// Forecasts include growth.
    Learned,
    /// Too few series are long enough.
    TooFewSeries,
    /// Fewer than two half-years could be held out.
    TooFewHalfYears,
    /// The series show no growth.
    NoGrowthForecast,
    /// The forecast growth was realised, but by too few series.
    Uncertain,
    /// The forecast growth was not realised.
    NotRealised,
}

/// Minimum number of series to learn growth from.
const MIN_SERIES: u32 = 5;
/// Minimum number of half-years to judge how reliably growth is realised.
const MIN_HALF_YEARS: u32 = 2;
/// Above this realised share, by a standard error, growth is rejected only for lack of series.
const MIN_REALISED_SHARE: f64 = 0.5;

impl GrowthFacts {
    /// The growth of one extreme.
    pub fn of(&self, extreme: Extreme) -> &ExtremeGrowth {
        match extreme {
            Extreme::Min => &self.minimum,
            Extreme::Max => &self.maximum,
        }
    }
}

impl From<&Population> for ExtremeGrowth {
    fn from(population: &Population) -> Self {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let growth = &population.growth;
        Self {
            weight: growth.weight,
            realised: growth.realised,
            standard_error: growth.standard_error,
            half_years: count(growth.half_years),
            judged: count(growth.judged),
            learned_from: count(population.learned_from),
            future_noise: population.future_noise.middle,
            growing_future_noise: growth.future_noise.middle,
        }
    }
}

impl ExtremeGrowth {
    /// Whether growth was learned, or why not.
    pub fn status(&self) -> GrowthStatus {
        if self.weight > 0.0 {
            GrowthStatus::Learned
        } else if self.learned_from < MIN_SERIES {
            GrowthStatus::TooFewSeries
        } else if self.half_years < MIN_HALF_YEARS {
            GrowthStatus::TooFewHalfYears
        } else if self.realised == 0.0 && self.standard_error == 0.0 {
            GrowthStatus::NoGrowthForecast
        } else if self.realised - self.standard_error >= MIN_REALISED_SHARE {
            GrowthStatus::Uncertain
        } else {
            GrowthStatus::NotRealised
        }
    }

    /// The realised share, where half-years could be verified.
    pub fn realised(&self) -> Option<f64> {
        use GrowthStatus::{Learned, NotRealised, Uncertain};
        matches!(self.status(), Learned | Uncertain | NotRealised).then_some(self.realised)
    }
}

/// As a sentence without its first capital, for logs and programs.
impl fmt::Display for ExtremeGrowth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let Self { half_years, judged, learned_from, .. } = self;
        let came = format!(
            "{} (± {}) of the forecast growth was realised in {half_years} half-years ({judged} series)",
            percent(self.realised),
            percent(self.standard_error)
        );
        if self.status() != GrowthStatus::Learned {
            formatter.write_str("no growth is taken into account: ")?;
        }
        match self.status() {
            GrowthStatus::Learned => {
                write!(formatter, "growth is taken into account to {}: {came}", percent(self.weight))
            }
            GrowthStatus::TooFewSeries => {
                write!(formatter, "too few series have two years or more ({learned_from})")
            }
            GrowthStatus::TooFewHalfYears => {
                formatter.write_str("the histories are too short to judge it on two half-years")
            }
            GrowthStatus::NoGrowthForecast => formatter.write_str("the series show none"),
            GrowthStatus::Uncertain => write!(formatter, "{came}, but these are too few to be certain"),
            GrowthStatus::NotRealised => write!(formatter, "{came}, which is too little or too uncertain"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(weight: f64, realised: f64, standard_error: f64, half_years: u32) -> ExtremeGrowth {
        let noise = 0.78;
        ExtremeGrowth {
            weight,
            realised,
            standard_error,
            half_years,
            judged: 214,
            learned_from: 60,
            future_noise: noise,
            growing_future_noise: noise,
        }
    }

    #[test]
    fn a_fleet_that_teaches_no_growth_says_why() {
        for (growth, status) in [
            (growth(1.0, 0.97, 0.06, 4), GrowthStatus::Learned),
            (growth(0.4, 0.8, 0.3, 3), GrowthStatus::Learned),
            (ExtremeGrowth { learned_from: 4, ..growth(0.0, 0.0, 0.0, 0) }, GrowthStatus::TooFewSeries),
            (growth(0.0, 1.0, 0.5, 1), GrowthStatus::TooFewHalfYears),
            (growth(0.0, 0.0, 0.0, 4), GrowthStatus::NoGrowthForecast),
            (growth(0.0, 1.0, 0.1, 2), GrowthStatus::Uncertain),
            (growth(0.0, 0.1, 0.1, 4), GrowthStatus::NotRealised),
            (growth(0.0, 0.9, 0.6, 4), GrowthStatus::NotRealised),
        ] {
            assert_eq!(growth.status(), status, "{growth}");
        }
    }

    #[test]
    fn the_sentence_has_the_figures() {
        assert_eq!(
            growth(1.0, 0.97, 0.06, 4).to_string(),
            "growth is taken into account to 100 %: 97 % (± 6 %) of the forecast growth was realised in 4 half-years (214 series)"
        );
        let few = ExtremeGrowth { learned_from: 3, ..ExtremeGrowth::default() };
        assert_eq!(
            few.to_string(),
            "no growth is taken into account: too few series have two years or more (3)"
        );
    }

    #[test]
    fn what_a_run_learned_is_read_as_it_was_written() {
        let facts = GrowthFacts { minimum: growth(1.0, 0.97, 0.06, 4), maximum: ExtremeGrowth::default() };
        let text = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<GrowthFacts>(&text).unwrap(), facts);
    }
}

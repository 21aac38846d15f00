//! Windows: training and hold-out weeks of a series, and which series are excluded.

use model::{Capacity, Extreme, IsoWeek, Observation, Series, WeekExtremes};
use serde::{Deserialize, Serialize};

/// Settings of windows and of the exclusion of series.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct WindowSettings {
    /// Number of hold-out weeks.
    pub horizon_weeks: usize,
    /// Calendar weeks of training data before the hold-out; None for all.
    pub training_weeks: Option<usize>,
    /// Truncates the training data to so many observed weeks, for evaluating short histories; None
    /// for all.
    pub keep_last: Option<usize>,
    /// A series with fewer observed training weeks (before `keep_last` is applied) is excluded.
    #[serde(rename = "least_training_weeks")]
    pub min_training_weeks: usize,
    /// A series with fewer observed hold-out weeks is excluded.
    #[serde(rename = "least_hold_out_weeks")]
    pub min_hold_out_weeks: usize,
    /// A series whose last observed training week is more than so many weeks before the last
    /// possible one is excluded.
    #[serde(rename = "most_stale_weeks")]
    pub max_stale_weeks: usize,
    /// A series whose training values span less than this fraction of the capacity is excluded.
    #[serde(rename = "least_range_of_capacity")]
    pub min_range_of_capacity: f64,
}

impl Default for WindowSettings {
    /// 26 weeks ahead, all earlier weeks for training; at least 104 training and 20 hold-out weeks,
    /// at most 4 weeks stale, and a range of at least 2 % of the capacity.
    fn default() -> Self {
        Self {
            horizon_weeks: 26,
            training_weeks: None,
            keep_last: None,
            min_training_weeks: 104,
            min_hold_out_weeks: 20,
            max_stale_weeks: 4,
            min_range_of_capacity: 0.02,
        }
    }
}

/// Why a series is excluded at an origin.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Exclusion {
    /// Too few training weeks.
    #[error("{weeks} training weeks, at least {required} are required")]
    ShortTraining {
        /// Observed training weeks.
        weeks: usize,
        /// Required number.
        required: usize,
    },
    /// Too few hold-out weeks.
    #[error("{weeks} hold-out weeks, at least {required} are required")]
    ShortHoldOut {
        /// Observed hold-out weeks.
        weeks: usize,
        /// Required number.
        required: usize,
    },
    /// The last training week is too old.
    #[error("the last training week is {weeks} weeks old, at most {allowed} are allowed")]
    Stale {
        /// Weeks between the last observed training week and the hold-out.
        weeks: usize,
        /// Allowed number.
        allowed: usize,
    },
    /// The load hardly varies, so scaled scores would be meaningless.
    #[error(
        "the training values span {range_kw} kW, less than {fraction} of the capacity of {capacity_kva} kVA"
    )]
    SmallRange {
        /// Range of the training values, kW.
        range_kw: f64,
        /// Required fraction.
        fraction: f64,
        /// The capacity, kVA.
        capacity_kva: f64,
    },
    /// All training values are equal, so there is no range to scale scores by.
    #[error("all training values are {value_kw} kW")]
    Constant {
        /// The value, kW.
        value_kw: f64,
    },
}

impl Exclusion {
    /// The identifier of the reason in files and tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ShortTraining { .. } => "short-training",
            Self::ShortHoldOut { .. } => "short-hold-out",
            Self::Stale { .. } => "stale",
            Self::SmallRange { .. } => "small-range",
            Self::Constant { .. } => "constant",
        }
    }
}

/// A series at an origin.
#[derive(Clone, PartialEq, Debug)]
pub struct Window {
    /// All training weeks, before truncation to a short history; populations are learned from
    /// these.
    pub training: Series,
    /// The last training weeks, if the history is truncated.
    pub short: Option<Series>,
    /// Range of `training`, kW: the unit of the scores, also for truncated histories to keep them
    /// comparable.
    pub range_kw: f64,
    /// The last observed training week.
    pub last_seen: IsoWeek,
    /// The first week of the hold-out: horizon 1.
    pub first_hold_out: IsoWeek,
    /// The last week of the hold-out.
    pub last_hold_out: IsoWeek,
    /// The observed weeks of the hold-out, kW.
    pub hold_out: Vec<(IsoWeek, f64)>,
}

impl Window {
    /// Splits one extreme of a box's weeks (ascending) at the origin whose hold-out ends with
    /// `last_hold_out`.
    ///
    /// # Errors
    /// [`Exclusion`] by the first rule that the series violates.
    pub fn cut(
        weeks: &[WeekExtremes],
        extreme: Extreme,
        capacity: Option<Capacity>,
        last_hold_out: IsoWeek,
        settings: &WindowSettings,
    ) -> Result<Self, Exclusion> {
        let whole = |weeks: usize| i32::try_from(weeks).unwrap_or(i32::MAX);
        let first_hold_out = last_hold_out.plus(1 - whole(settings.horizon_weeks));
        let first_training =
            settings.training_weeks.map_or(IsoWeek::MIN, |weeks| first_hold_out.plus(-whole(weeks)));
        let finite = |week: &&WeekExtremes| week.get(extreme).is_finite();
        let training: Vec<Observation> = weeks
            .iter()
            .filter(finite)
            .filter(|week| (first_training..first_hold_out).contains(&week.week))
            .map(|week| Observation { week: week.week, value_kw: Some(week.get(extreme)) })
            .collect();
        let hold_out: Vec<(IsoWeek, f64)> = weeks
            .iter()
            .filter(finite)
            .filter(|week| (first_hold_out..=last_hold_out).contains(&week.week))
            .map(|week| (week.week, week.get(extreme)))
            .collect();

        let short = Exclusion::ShortTraining { weeks: training.len(), required: settings.min_training_weeks };
        if training.len() < settings.min_training_weeks {
            return Err(short);
        }
        if hold_out.len() < settings.min_hold_out_weeks.max(1) {
            return Err(Exclusion::ShortHoldOut {
                weeks: hold_out.len(),
                required: settings.min_hold_out_weeks,
            });
        }
        let Some(last_seen) = training.last().map(|row| row.week) else { return Err(short) };
        let stale = usize::try_from(first_hold_out - last_seen - 1).unwrap_or(0);
        if stale > settings.max_stale_weeks {
            return Err(Exclusion::Stale { weeks: stale, allowed: settings.max_stale_weeks });
        }
        let values = || training.iter().filter_map(|row| row.value_kw);
        let lowest_kw = values().fold(f64::INFINITY, f64::min);
        let range_kw = values().fold(f64::NEG_INFINITY, f64::max) - lowest_kw;
        if let Some(capacity_kva) = capacity.map(Capacity::kva)
            && range_kw < settings.min_range_of_capacity * capacity_kva
        {
            let fraction = settings.min_range_of_capacity;
            return Err(Exclusion::SmallRange { range_kw, fraction, capacity_kva });
        }
        if range_kw <= 0.0 {
            return Err(Exclusion::Constant { value_kw: lowest_kw });
        }
        let kept = settings.keep_last.map(|weeks| weeks.clamp(1, training.len()));
        let last_weeks = kept.and_then(|weeks| Series::new(training[training.len() - weeks..].to_vec()).ok());
        // Can't fail: there is at least one value, and all are finite.
        let Ok(training) = Series::new(training) else { return Err(short) };
        Ok(Self { training, short: last_weeks, range_kw, last_seen, first_hold_out, last_hold_out, hold_out })
    }

    /// The training weeks that the model is given.
    #[must_use]
    pub fn seen(&self) -> &Series {
        self.short.as_ref().unwrap_or(&self.training)
    }

    /// The number of weeks from the last training week to the end of the hold-out.
    #[must_use]
    pub fn forecast_weeks(&self) -> usize {
        usize::try_from(self.last_hold_out - self.last_seen).unwrap_or(0)
    }

    /// The horizon of a hold-out week, from 1.
    #[must_use]
    pub fn horizon_of(&self, week: IsoWeek) -> usize {
        usize::try_from(week - self.first_hold_out + 1).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: IsoWeek = IsoWeek::from_index(2_700);

    fn weeks(indices: impl IntoIterator<Item = i32>) -> Vec<WeekExtremes> {
        indices
            .into_iter()
            .map(|index| WeekExtremes {
                week: IsoWeek::from_index(index),
                min_kw: -f64::from(index % 7),
                max_kw: f64::from(index % 10),
                readings: 672,
            })
            .collect()
    }

    fn cut(weeks: &[WeekExtremes], settings: &WindowSettings) -> Result<Window, Exclusion> {
        Window::cut(weeks, Extreme::Max, Capacity::new(100.0).ok(), LAST, settings)
    }

    #[test]
    fn training_ends_where_the_hold_out_begins() {
        let settings = WindowSettings { training_weeks: Some(156), ..WindowSettings::default() };
        let window = cut(&weeks(2_300..=2_750), &settings).unwrap();
        assert_eq!(window.first_hold_out.index(), 2_675);
        assert_eq!(window.hold_out.len(), 26);
        assert_eq!(window.training.rows().len(), 156);
        assert_eq!(window.last_seen.index(), 2_674);
        assert_eq!(window.forecast_weeks(), 26);
        assert_eq!(window.horizon_of(LAST), 26);
        assert_eq!(window.range_kw, 9.0);
        assert_eq!(window.seen(), &window.training);
    }

    #[test]
    fn a_history_is_truncated_after_the_rules_and_keeps_the_unit_of_the_scores() {
        let settings = WindowSettings { keep_last: Some(5), ..WindowSettings::default() };
        let window = cut(&weeks(2_300..=2_700), &settings).unwrap();
        assert_eq!(window.seen().rows().len(), 5);
        assert_eq!(window.training.rows().len(), 375);
        assert_eq!(window.range_kw, 9.0);
    }

    #[test]
    fn each_rule_names_its_reason() {
        let settings = WindowSettings::default();
        let reason = |weeks: &[WeekExtremes]| cut(weeks, &settings).unwrap_err().name();
        assert_eq!(reason(&weeks(2_572..=2_700)), "short-training");
        assert_eq!(reason(&weeks(2_300..=2_693)), "short-hold-out");
        assert_eq!(reason(&weeks((2_300..2_670).chain(2_675..=2_700))), "stale");
        assert!(cut(&weeks((2_300..2_671).chain(2_675..=2_700)), &settings).is_ok());
        let mut dead = weeks(2_300..=2_700);
        dead.iter_mut().for_each(|week| week.max_kw *= 0.1);
        assert_eq!(reason(&dead), "small-range");
        dead.iter_mut().for_each(|week| week.max_kw = 4.0);
        let unknown = Window::cut(&dead, Extreme::Max, None, LAST, &settings);
        assert_eq!(unknown, Err(Exclusion::Constant { value_kw: 4.0 }));
    }
}

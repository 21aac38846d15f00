//! Overload probabilities of a fit, also with loads that are to come.

use super::future_paths::FuturePaths;
use super::horizon::{RoughPaths, joint};
use super::outlook::Outlook;
use super::posterior::GridsparkPosterior;
use super::solution::{Mixture, Solution};
use crate::normal::UpperTail;
use crate::shortfall::{Passing, beyond, extreme_at_risk_kw, shortfall_kw, weeks_in_reach};
use crate::{Extreme, Forecast, IsoWeek, Limits, Overload, RANKED_WEEKS, Risk};

/// Why loads can't be added to the future weeks.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AddedLoadError {
    /// There is not one number a future week.
    #[error("{given} added loads for {expected} future weeks")]
    Weeks {
        /// How many loads were given.
        given: usize,
        /// How many future weeks there are.
        expected: usize,
    },
    /// A load is NaN or infinite.
    #[error("the load of {kw} kW added to week {week} is not finite")]
    NotFinite {
        /// The week.
        week: IsoWeek,
        /// The number.
        kw: f64,
    },
}

impl GridsparkPosterior {
    /// The overload probabilities of the future weeks.
    #[must_use]
    pub fn overload(&self, limits: &Limits) -> Overload {
        self.overload_of(limits, &[], self.future_weeks())
    }

    /// P(overload in a week) for each ranked week: the first of [`Overload::weekly`], without the joint distribution
    /// of the weeks, which takes most of the time. Added loads are as for [`Self::shortfall_kw`].
    #[must_use]
    pub fn ranked_weekly_overload(&self, limits: &Limits, added_kw: &[f64]) -> Vec<f64> {
        let weeks = &self.future_weeks()[..self.future_weeks().len().min(RANKED_WEEKS)];
        match &self.solution {
            Solution::Constant(_) => {
                let added_kw = added_kw.get(..weeks.len()).unwrap_or_default();
                self.overload_of(limits, added_kw, weeks).weekly
            }
            Solution::Mixture(mixture) => {
                let added_kw = added_kw.get(..weeks.len()).unwrap_or_default();
                let (import, feed_in) = mixture.weekly(weeks, limits, added_kw);
                either_limit(&import, &feed_in)
            }
        }
    }

    /// P(overload in at least one of the ranked weeks). Added loads are as for [`Self::shortfall_kw`].
    #[must_use]
    pub fn ranked_overload(&self, limits: &Limits, added_kw: &[f64]) -> f64 {
        let weeks = &self.future_weeks()[..self.future_weeks().len().min(RANKED_WEEKS)];
        self.overload_of(limits, added_kw.get(..weeks.len()).unwrap_or_default(), weeks).any_week
    }

    /// How far the largest value of the ranked weeks lies beyond its limit at a risk, kW; nothing where an
    /// overload in them is no more probable than the risk. The forecast and the overload probabilities are
    /// this posterior's, with the same added loads (none: empty). The error is below 0.5 % of probability.
    #[must_use]
    pub fn shortfall_kw(
        &self,
        limits: &Limits,
        risk: Risk,
        (forecast, overload): (&Forecast, &Overload),
        added_kw: &[f64],
    ) -> Option<f64> {
        let at_limit = overload.within_ranked();
        if at_limit <= risk.probability() {
            return None;
        }
        self.search(added_kw, &weeks_in_reach(forecast, limits), |passing| {
            shortfall_kw(forecast, limits, at_limit, risk, passing)
        })
    }

    /// What the most extreme of the ranked weeks passes with a probability of `risk`, kW with its sign: P(max > it)
    /// of the weekly maximum, P(min < it) of the minimum. The difference to the limit is the room for a constant
    /// load. Forecast and added loads are as for [`Self::shortfall_kw`]; nothing without a future week.
    #[must_use]
    pub fn extreme_at_risk_kw(
        &self,
        extreme: Extreme,
        risk: Risk,
        forecast: &Forecast,
        added_kw: &[f64],
    ) -> Option<f64> {
        let weeks = weeks_in_reach(forecast, &beyond(extreme, 0.0));
        self.search(added_kw, &weeks, |passing| extreme_at_risk_kw(forecast, extreme, risk, passing))
    }

    /// The overload probabilities of the future weeks with a load of so many kW added to each of them.
    ///
    /// # Errors
    /// [`AddedLoadError`] unless there is a finite number for each future week.
    pub fn overload_with(&self, limits: &Limits, added_kw: &[f64]) -> Result<Overload, AddedLoadError> {
        self.check_added(added_kw)?;
        Ok(self.overload_of(limits, added_kw, self.future_weeks()))
    }

    /// The bands with a load of so many kW added to the total of each future week; drift and season stay as
    /// they are.
    ///
    /// # Errors
    /// [`AddedLoadError`] unless there is a finite number for each future week.
    pub fn forecast_with(&self, added_kw: &[f64]) -> Result<Forecast, AddedLoadError> {
        self.check_added(added_kw)?;
        Ok(self.forecast().with_added(added_kw))
    }

    /// What a search finds among the probabilities of the ranked weeks; rough ones are those of the places `rough`.
    fn search<T>(&self, added_kw: &[f64], rough: &[usize], search: impl FnOnce(&Passing<'_>) -> T) -> T {
        let weeks = &self.future_weeks()[..self.future_weeks().len().min(RANKED_WEEKS)];
        let added_kw = added_kw.get(..weeks.len()).unwrap_or_default();
        let exact = |limits: &Limits| self.overload_of(limits, added_kw, weeks).any_week;
        match &self.solution {
            Solution::Constant(_) => search(&Passing { exact: &exact, rough: None }),
            Solution::Mixture(mixture) => {
                let added = |i: usize| added_kw.get(i).copied().unwrap_or(0.0);
                let paths = FuturePaths::new(mixture, rough.iter().map(|&i| (weeks[i], added(i))));
                let paths = RoughPaths::new(paths);
                let rough = |limits: &Limits| paths.any_week(limits);
                search(&Passing { exact: &exact, rough: Some(&rough) })
            }
        }
    }

    fn check_added(&self, added_kw: &[f64]) -> Result<(), AddedLoadError> {
        let weeks = self.future_weeks();
        if added_kw.len() != weeks.len() {
            return Err(AddedLoadError::Weeks { given: added_kw.len(), expected: weeks.len() });
        }
        match weeks.iter().zip(added_kw).find(|(_, kw)| !kw.is_finite()) {
            Some((&week, &kw)) => Err(AddedLoadError::NotFinite { week, kw }),
            None => Ok(()),
        }
    }

    fn overload_of(&self, limits: &Limits, added_kw: &[f64], future: &[IsoWeek]) -> Overload {
        match &self.solution {
            Solution::Constant(kw) if added_kw.is_empty() => Overload::of_level(*kw, future.len(), limits),
            Solution::Constant(kw) => Overload::of_levels(added_kw.iter().map(|added| kw + added), limits),
            Solution::Mixture(mixture) => mixture.overload(future, limits, added_kw),
        }
    }
}

/// P(beyond either limit) from those of the single ones, which exclude each other.
fn either_limit(import: &[f64], feed_in: &[f64]) -> Vec<f64> {
    import.iter().zip(feed_in).map(|(p, q)| f64::min(p + q, 1.0)).collect()
}

impl Mixture {
    /// P(v > import) and P(v < −feed-in) for each week.
    fn weekly(&self, future: &[IsoWeek], limits: &Limits, added_kw: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let outlook = Outlook::new(self);
        let table = UpperTail::table();
        let mut total = Vec::new();
        let (mut weekly_import, mut weekly_feed_in) = (Vec::new(), Vec::new());
        let added = |i: usize| added_kw.get(i).copied().unwrap_or(0.0);
        for (i, &week) in future.iter().enumerate() {
            outlook.future_total(week, &mut total);
            let (high_kw, low_kw) = (limits.import_kw - added(i), -limits.feed_in_kw - added(i));
            let (mut import, mut feed_in) = (0.0, 0.0);
            for component in &total {
                let precision = 1.0 / component.sd;
                import += component.weight * table.at((high_kw - component.mean) * precision);
                feed_in += component.weight * table.at((component.mean - low_kw) * precision);
            }
            weekly_import.push(import.clamp(0.0, 1.0));
            weekly_feed_in.push(feed_in.clamp(0.0, 1.0));
        }
        (weekly_import, weekly_feed_in)
    }

    fn overload(&self, future: &[IsoWeek], limits: &Limits, added_kw: &[f64]) -> Overload {
        let (weekly_import, weekly_feed_in) = self.weekly(future, limits, added_kw);
        let weekly = either_limit(&weekly_import, &weekly_feed_in);
        let added = |i: usize| added_kw.get(i).copied().unwrap_or(0.0);
        let paths = |weeks: &[usize]| FuturePaths::new(self, weeks.iter().map(|&i| (future[i], added(i))));
        let joint = joint(&weekly_feed_in, &weekly_import, limits, paths);
        Overload {
            any_week: joint.any_week,
            any_week_standard_error: joint.standard_error,
            first_week: joint.first_week,
            weekly,
            weekly_import,
            weekly_feed_in,
        }
    }
}

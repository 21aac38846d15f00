//! What a fit knows, and what can be asked of it.

use crate::additive::Row;
use crate::mixture;
use crate::scale::ValueScale;
use crate::shortfall::{Passing, extreme_at_risk_kw, shortfall_kw};
use crate::{
    Bands, Coefficient, Extreme, Forecast, IsoWeek, Limits, Moments, Observation, Overload, Part,
    RANKED_WEEKS, Risk, SigmaSummary,
};

use super::bands::{bands, components, in_kw};
use super::conditional::{Conditional, coefficients};
use super::factorisation::Factorisation;
use super::noise::NoisePosterior;
use super::overload::{either_limit, overload, weekly};

/// The exact posterior of a series; a constant series has a degenerate one, a flat line.
#[derive(Clone, PartialEq, Debug)]
pub struct Posterior {
    weeks: Vec<IsoWeek>,
    observed_kw: Vec<Option<f64>>,
    scale: ValueScale,
    solution: Option<Solution>,
}

/// What a series that is not constant has beyond its rows.
#[derive(Clone, PartialEq, Debug)]
struct Solution {
    rows: Vec<Row>,
    factorisation: Factorisation,
    noise: NoisePosterior,
    conditionals: Vec<Conditional>,
    coefficients: Vec<Coefficient>,
}

impl Posterior {
    /// The flat line of a constant series.
    pub(crate) fn flat(history: &[Observation], future: &[IsoWeek], scale: ValueScale) -> Self {
        Self {
            weeks: history.iter().map(|row| row.week).chain(future.iter().copied()).collect(),
            observed_kw: history.iter().map(|row| row.value_kw).collect(),
            scale,
            solution: None,
        }
    }

    /// The posterior from the factorised observed rows; `rows` are those of history and future.
    pub(crate) fn solved(flat: Self, rows: Vec<Row>, factorisation: Factorisation) -> Self {
        let noise = NoisePosterior::new(&factorisation);
        let conditionals: Vec<Conditional> =
            noise.rule.iter().map(|&node| Conditional::at(node, &factorisation)).collect();
        let coefficients = coefficients(&factorisation, &conditionals);
        Self { solution: Some(Solution { rows, factorisation, noise, conditionals, coefficients }), ..flat }
    }

    /// The posterior of σ as a fraction of [`Self::range_kw`]; all zero for a degenerate series.
    #[must_use]
    pub fn sigma(&self) -> SigmaSummary {
        match &self.solution {
            Some(solution) => solution.noise.summary(&solution.factorisation),
            None => SigmaSummary { mean: 0.0, sd: 0.0, q05: 0.0, q15: 0.0, q50: 0.0, q85: 0.0, q95: 0.0 },
        }
    }

    /// The posterior of the coefficients of the scaled model, in the order of the design's columns; none for
    /// a degenerate series.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        self.solution.as_ref().map_or(&[], |solution| &solution.coefficients)
    }

    /// log ∫ p(y | σ) dσ over (0, 1) for the scaled values y; for kW subtract n log([`Self::range_kw`]).
    /// Nothing for a degenerate series.
    #[must_use]
    pub fn log_marginal_likelihood(&self) -> Option<f64> {
        self.solution.as_ref().map(|solution| solution.noise.log_evidence)
    }

    /// Whether all values are equal (range ≤ 1e-9 · max |v|), so that the forecast is a flat line.
    #[must_use]
    pub fn is_degenerate(&self) -> bool {
        self.solution.is_none()
    }

    /// Largest less smallest observed value, kW: the unit of the scaled model.
    #[must_use]
    pub fn range_kw(&self) -> f64 {
        self.scale.unit_kw
    }

    /// The number of historic rows.
    fn history(&self) -> usize {
        self.observed_kw.len()
    }

    /// The bands of all parts over the rows of the series, in their order, and the future weeks.
    #[must_use]
    pub fn forecast(&self) -> Forecast {
        let [drift, yearly, total] = match &self.solution {
            Some(s) => bands(&s.rows, &s.factorisation, &s.conditionals, &self.scale),
            None => [self.scale.offset_kw, 0.0, self.scale.offset_kw]
                .map(|kw| Bands::of_one_length(std::array::from_fn(|_| vec![kw; self.weeks.len()]))),
        };
        let mut observed_kw = self.observed_kw.clone();
        observed_kw.resize(self.weeks.len(), None);
        Forecast { weeks: self.weeks.clone(), observed_kw, history: self.history(), drift, yearly, total }
    }

    /// Mean and standard deviation of a part over the rows of the series and the future weeks.
    #[must_use]
    pub fn moments(&self, part: Part) -> Moments {
        let Some(s) = &self.solution else {
            let level_kw = if part == Part::Yearly { 0.0 } else { self.scale.offset_kw };
            return Moments { mean_kw: vec![level_kw; self.weeks.len()], sd_kw: vec![0.0; self.weeks.len()] };
        };
        let (factor, offset) = in_kw(part, &self.scale);
        let (mean_kw, sd_kw) = s
            .rows
            .iter()
            .map(|row| {
                let (mean, sd) = mixture::moments(&components(part, row, &s.factorisation, &s.conditionals));
                (mean * factor + offset, sd * factor)
            })
            .unzip();
        Moments { mean_kw, sd_kw }
    }

    /// The overload probabilities of the future weeks.
    #[must_use]
    pub fn overload(&self, limits: &Limits) -> Overload {
        self.overload_of(limits, self.weeks.len())
    }

    /// P(overload in a week) for each ranked week: the first of [`Overload::weekly`], without the joint distribution
    /// of the weeks, which takes most of the time.
    #[must_use]
    pub fn ranked_weekly_overload(&self, limits: &Limits) -> Vec<f64> {
        let future = self.history()..self.weeks.len().min(self.history() + RANKED_WEEKS);
        match &self.solution {
            Some(s) => {
                let rows = &s.rows[future];
                let (import, feed_in) = weekly(rows, &s.factorisation, &s.conditionals, &self.scale, limits);
                either_limit(&import, &feed_in)
            }
            None => Overload::of_level(self.scale.offset_kw, future.len(), limits).weekly,
        }
    }

    /// P(overload in at least one of the ranked weeks).
    #[must_use]
    pub fn ranked_overload(&self, limits: &Limits) -> f64 {
        self.overload_of(limits, self.weeks.len().min(self.history() + RANKED_WEEKS)).any_week
    }

    /// How far the largest value of the ranked weeks lies beyond its limit at a risk, kW; nothing where an
    /// overload in them is no more probable than the risk. Forecast and probabilities are this posterior's.
    #[must_use]
    pub fn shortfall_kw(
        &self,
        limits: &Limits,
        risk: Risk,
        (forecast, overload): (&Forecast, &Overload),
    ) -> Option<f64> {
        let end = self.weeks.len().min(self.history() + RANKED_WEEKS);
        let exact = |limits: &Limits| self.overload_of(limits, end).any_week;
        let passing = Passing { exact: &exact, rough: None };
        shortfall_kw(forecast, limits, overload.within_ranked(), risk, &passing)
    }

    /// What the most extreme of the ranked weeks passes with a probability of `risk`, kW with its sign: P(max > it)
    /// of the weekly maximum, P(min < it) of the minimum; nothing without a future week.
    #[must_use]
    pub fn extreme_at_risk_kw(&self, extreme: Extreme, risk: Risk, forecast: &Forecast) -> Option<f64> {
        let end = self.weeks.len().min(self.history() + RANKED_WEEKS);
        let exact = |limits: &Limits| self.overload_of(limits, end).any_week;
        extreme_at_risk_kw(forecast, extreme, risk, &Passing { exact: &exact, rough: None })
    }

    /// The overload probabilities of the future weeks before row `end`.
    fn overload_of(&self, limits: &Limits, end: usize) -> Overload {
        let future = self.history()..end;
        match &self.solution {
            Some(s) => {
                overload(&s.rows[future], &s.factorisation, &s.noise, &s.conditionals, &self.scale, limits)
            }
            None => Overload::of_level(self.scale.offset_kw, future.len(), limits),
        }
    }
}

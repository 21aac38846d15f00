//! The weeks that a fit is made of.

use super::basis;
use super::design::Regime;
use super::outliers::{RobustDesign, RobustFit};
use super::whitening::Observed;
use crate::additive::{COEFFICIENTS, Row};
use crate::scale::ValueScale;
use crate::{FitError, IsoWeek, Series};

/// Outliers are a few only up to this share of the weeks.
const FEW_OUTLIERS: f64 = 0.05;
/// The share of the range below which the rest of the values has a scale of its own.
const MAX_OF_RANGE: f64 = 0.5;
/// How often the scale is narrowed: each time by a factor of two or far more.
const RESCALINGS: usize = 4;

/// The observed weeks of the training window, ascending.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Window {
    /// The weeks, one a value.
    pub(crate) weeks: Vec<IsoWeek>,
    /// The values, kW.
    pub(crate) values_kw: Vec<f64>,
    /// The weeks in time, see [`basis::row`].
    pub(crate) rows: Vec<Row>,
    /// The last observed week: the origin of the drift.
    pub(crate) last: IsoWeek,
}

impl Window {
    /// The last `training_weeks` weeks of a series, up to its last observed one.
    ///
    /// # Errors
    /// [`FitError::TooFewValues`] if no week is observed at all.
    pub(crate) fn of(series: &Series, training_weeks: usize) -> Result<Self, FitError> {
        let mut observed: Vec<(IsoWeek, f64)> =
            series.rows().iter().filter_map(|row| row.value_kw.map(|kw| (row.week, kw))).collect();
        // In a fixed order the answer does not depend on that of the input, to the last bit.
        observed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let Some(&(last, _)) = observed.last() else {
            return Err(FitError::TooFewValues { observed: 0 });
        };
        let reach = i32::try_from(training_weeks).unwrap_or(i32::MAX);
        let window = observed.into_iter().filter(|(week, _)| last - *week < reach);
        let (weeks, values_kw): (Vec<IsoWeek>, Vec<f64>) = window.unzip();
        let rows = weeks.iter().map(|&week| basis::row(week, last)).collect();
        Ok(Self { weeks, values_kw, rows, last })
    }

    /// The values on the scale of all of them, or on that of the values without a few outliers where these
    /// alone make up most of the range: the priors are shares of the scale, and an extreme week must not make
    /// the others look like noise.
    ///
    /// # Errors
    /// [`FitError::Numerical`] if the robust fit fails.
    pub(crate) fn scaled_by_most(
        &self,
        whole: ValueScale,
        robust: RobustDesign,
    ) -> Result<(ValueScale, RobustFit), FitError> {
        let few = (FEW_OUTLIERS * self.values_kw.len() as f64) as usize;
        let mut scale = whole;
        for _ in 0..RESCALINGS {
            let scaled = self.scaled(&scale);
            let fit = robust.fit(&self.rows, &scaled)?;
            let outliers =
                fit.winsorised.iter().zip(&scaled).filter(|(after, before)| after != before).count();
            let inner = ValueScale::of(fit.winsorised.iter().copied());
            if outliers > few || inner.unit_kw >= MAX_OF_RANGE || inner.is_constant() {
                return Ok((scale, fit));
            }
            scale =
                ValueScale { offset_kw: scale.kw(inner.offset_kw), unit_kw: inner.unit_kw * scale.unit_kw };
        }
        Ok((scale, robust.fit(&self.rows, &self.scaled(&scale))?))
    }

    /// The values on a scale.
    pub(crate) fn scaled(&self, scale: &ValueScale) -> Vec<f64> {
        self.values_kw.iter().map(|&kw| scale.scaled(kw)).collect()
    }

    /// The columns of the weeks under a regime.
    pub(crate) fn observed(&self, regime: &Regime) -> Observed<COEFFICIENTS> {
        self.with_columns(regime, |base, _| regime.design.row(base))
    }

    /// The same with the scaled values for a last column.
    pub(crate) fn observed_values(&self, regime: &Regime, values: &[f64]) -> Observed<{ COEFFICIENTS + 1 }> {
        self.with_columns(regime, |base, place| {
            let row = regime.design.row(base);
            std::array::from_fn(|i| if i < COEFFICIENTS { row[i] } else { values[place] })
        })
    }

    fn with_columns<const N: usize>(
        &self,
        regime: &Regime,
        columns: impl Fn(&Row, usize) -> [f64; N],
    ) -> Observed<N> {
        let mut observed = Observed::default();
        for (place, base) in self.rows.iter().enumerate() {
            observed.push(columns(base, place), regime.profile.at(base));
        }
        observed
    }

    /// Weeks from the first observed one to the last, both counted.
    pub(crate) fn span_weeks(&self) -> i32 {
        self.weeks.first().map_or(0, |&first| self.last - first + 1)
    }

    /// Weeks from each row to the one before; zero for the first.
    pub(crate) fn steps(&self) -> Vec<i32> {
        let later = self.weeks.windows(2).map(|pair| pair[1] - pair[0]);
        std::iter::once(0).chain(later).take(self.weeks.len()).collect()
    }
}

//! The part of a fit that depends on the observed weeks alone, not on their values.
//!
//! Most boxes of a fleet have been observed in the same weeks. The whitened design, its products and their
//! eigen-decomposition, nine tenths of a fit, are the same for all of them: they are prepared once for weeks
//! that were met before, and kept. A series then costs its own column only: with y = L⁻ᵀ L⁻¹ z for the
//! covariance R = L L' of the noise, z̃'z̃ and X̃'z̃ = X'y are what is left to compute. The answer is the
//! same to the bit, kept or not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::autocorrelation::Autocorrelation;
use super::basis::CoefficientPrior;
use super::design::Regime;
use super::grid_point::{Conditions, Projected};
use super::noise_grid::NoiseGrid;
use super::whitening::{Filters, Gains, whiten};
use super::window::Window;
use crate::additive::{COEFFICIENTS, Row};
use crate::lanes::{LANES, Lanes};
use crate::{FitError, IsoWeek};

/// The weeks of a window under a regime and a prior, for some autocorrelations.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The design's rows divided by √D, and 1/√D.
    rows: Vec<Row>,
    inverse_sd: Vec<f64>,
    /// The filters, [`LANES`] autocorrelations each.
    filters: Vec<Filters>,
    /// The autocorrelations, in the order of the grid.
    conditions: Vec<Arc<Conditions>>,
}

impl Prepared {
    /// Prepares a window's weeks for some autocorrelations of the grid.
    ///
    /// # Errors
    /// [`FitError::Numerical`] if the eigenvalues are not found.
    pub(crate) fn new(
        window: &Window,
        (regime, prior): (&Regime, &CoefficientPrior),
        autocorrelations: impl Iterator<Item = (Autocorrelation, f64)>,
        grid: &NoiseGrid,
    ) -> Result<Self, FitError> {
        let (observed, steps) = (window.observed(regime), window.steps());
        let autocorrelations: Vec<(Autocorrelation, f64)> = autocorrelations.collect();
        let gains: Vec<Gains> = autocorrelations
            .iter()
            .map(|(autocorrelation, _)| Gains::new(&steps, *autocorrelation))
            .collect();
        let conditions = autocorrelations
            .iter()
            .zip(&gains)
            .map(|((autocorrelation, probability), gains)| {
                let whitened = whiten(&observed, *autocorrelation, gains);
                Conditions::new(&whitened, prior, *probability, grid).map(Arc::new)
            })
            .collect::<Result<_, _>>()?;
        let filters = gains.chunks(LANES).map(Filters::new).collect();
        Ok(Self { rows: observed.columns, inverse_sd: observed.inverse_sd, filters, conditions })
    }

    /// The scaled values of a series under every autocorrelation.
    ///
    /// # Errors
    /// [`FitError::Numerical`] if the likelihood leaves double precision.
    pub(crate) fn project(
        &self,
        values: &[f64],
        grid: &NoiseGrid,
    ) -> Result<Vec<(Arc<Conditions>, Projected)>, FitError> {
        self.project_on(values, |_| true, grid)
    }

    /// The same for some of the autocorrelations, chosen by their places, in their order.
    ///
    /// # Errors
    /// [`FitError::Numerical`] if the likelihood leaves double precision.
    pub(crate) fn project_on(
        &self,
        values: &[f64],
        is_chosen: impl Fn(usize) -> bool,
        grid: &NoiseGrid,
    ) -> Result<Vec<(Arc<Conditions>, Projected)>, FitError> {
        let scaled: Vec<f64> =
            values.iter().zip(&self.inverse_sd).map(|(value, inverse)| value * inverse).collect();
        let mut solved = Vec::with_capacity(scaled.len());
        let mut projected = Vec::with_capacity(self.conditions.len());
        for (block, (filters, conditions)) in
            self.filters.iter().zip(self.conditions.chunks(LANES)).enumerate()
        {
            let is_chosen = |lane: usize| is_chosen(block * LANES + lane);
            if !(0..conditions.len()).any(is_chosen) {
                continue;
            }
            let (square, state) = filters.solve(&scaled, &mut solved);
            let mut projection = [Lanes::ZERO; COEFFICIENTS];
            for (row, &y) in self.rows.iter().zip(&solved) {
                for (sum, &entry) in projection.iter_mut().zip(row) {
                    *sum += y * entry;
                }
            }
            for (lane, conditions) in conditions.iter().enumerate().filter(|(lane, _)| is_chosen(*lane)) {
                let projection = projection.map(|sum| sum.0[lane]);
                let of_values = conditions.project(&projection, square.0[lane], state.0[lane], grid)?;
                projected.push((Arc::clone(conditions), of_values));
            }
        }
        Ok(projected)
    }
}

/// Windows that are kept, each under one regime: some 0.3 MB.
const MAX_KEPT: usize = 64;
/// Windows of which it is noted that they were met.
const MAX_MET: usize = 2_048;

/// Prepared weeks by regime, those that were met before; a copy begins empty, and all are equal.
#[derive(Debug, Default)]
pub(crate) struct Shared(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// By the weeks and the place of the regime among the population's.
    prepared: BTreeMap<(Vec<IsoWeek>, usize), Arc<Prepared>>,
    met: BTreeSet<(Vec<IsoWeek>, usize)>,
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Shared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Shared {
    /// The prepared weeks of a window, if they are kept.
    pub(crate) fn kept(&self, window: &Window, regime: usize) -> Option<Arc<Prepared>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.prepared.get(&(window.weeks.clone(), regime)).map(Arc::clone)
    }

    /// The prepared weeks of a window, kept or made by `prepare`; `regime` is its place among the
    /// population's.
    ///
    /// # Errors
    /// Those of `prepare`.
    pub(crate) fn prepared(
        &self,
        window: &Window,
        regime: usize,
        prepare: impl FnOnce() -> Result<Prepared, FitError>,
    ) -> Result<Arc<Prepared>, FitError> {
        let is_met_again = {
            // What a panicking thread may have left behind is whole entries.
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let key = (window.weeks.clone(), regime);
            if let Some(prepared) = kept.prepared.get(&key) {
                return Ok(Arc::clone(prepared));
            }
            // By regime, too: the regimes of one box are no second box.
            let is_met_again = kept.met.contains(&key);
            if !is_met_again && kept.met.len() < MAX_MET {
                kept.met.insert(key);
            }
            is_met_again
        };
        let prepared = Arc::new(prepare()?);
        if is_met_again {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.prepared.len() < MAX_KEPT {
                kept.prepared.insert((window.weeks.clone(), regime), Arc::clone(&prepared));
            }
        }
        Ok(prepared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Observation, Series};

    fn window(first: i32) -> Window {
        let row = |week: i32| Observation {
            week: IsoWeek::from_index(first + week),
            value_kw: Some(f64::from(week % 7)),
        };
        Window::of(&Series::new((0..120).map(row).collect()).unwrap(), 208).unwrap()
    }

    #[test]
    fn weeks_are_kept_from_the_second_box_on_however_many_regimes_a_box_has() {
        let shared = Shared::default();
        let made = std::cell::Cell::new(0);
        let meet = |window: &Window| {
            for regime in 0..3 {
                let prepare = || {
                    made.set(made.get() + 1);
                    let prior = CoefficientPrior::steady();
                    let autocorrelations = Autocorrelation::grid().take(1);
                    Prepared::new(
                        window,
                        (&Regime::default(), &prior),
                        autocorrelations,
                        &NoiseGrid::of_own_range(),
                    )
                };
                shared.prepared(window, regime, prepare).unwrap();
            }
        };
        // Boxes with weeks of their own take no place.
        (0..40).for_each(|first| meet(&window(2_000 + first)));
        assert!(shared.0.lock().unwrap().prepared.is_empty());
        let common = window(2_900);
        (0..5).for_each(|_| meet(&common));
        assert_eq!(made.get(), 40 * 3 + 2 * 3, "made for the first and the second box");
    }
}

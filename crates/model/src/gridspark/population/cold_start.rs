//! A box without any history: the population at the scale of its capacity.

use super::super::grid_point::GridPoint;
use super::super::solution::{Branch, Mixture};
use super::Population;
use crate::scale::ValueScale;
use crate::{Capacity, IsoWeek};

/// The population's coefficients and noise, at each of the sizes that transformers of this capacity have;
/// nothing where the population does not know them.
pub(in super::super) fn cold_start(
    population: &Population,
    capacity: Capacity,
    last: IsoWeek,
) -> Option<Mixture> {
    let (coefficients, size) = (population.coefficients.as_ref()?, population.size.as_ref()?);
    let prior = coefficients.prior()?;
    let sizes: Vec<f64> = size.sizes_kw(capacity).collect();
    let weight = 1.0 / sizes.len() as f64;
    let log_sigma = coefficients.sigma.ln();
    let branch = |unit_kw| Branch {
        grid_point: GridPoint::of_prior(&prior, log_sigma, weight),
        scale: ValueScale { offset_kw: 0.0, unit_kw },
        regime: 0,
    };
    Some(Mixture {
        branches: sizes.into_iter().map(branch).collect(),
        regimes: vec![population.of_short_histories()],
        last,
        window: None,
        winsorised_kw: Vec::new(),
        outliers: Vec::new(),
        sigma: vec![(coefficients.sigma, 1.0)],
        log_evidence: None,
    })
}

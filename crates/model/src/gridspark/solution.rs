//! The solved problem: grid points over autocorrelation and noise, under one or more regimes of growth.

use super::design::{Design, Regime};
use super::grid_point::{Form, GridPoint};
use super::window::Window;
use crate::IsoWeek;
use crate::mixture::{self, Component};
use crate::scale::ValueScale;

/// The solved problem.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Solution {
    /// All values are equal, kW.
    Constant(f64),
    /// A mixture over autocorrelation, noise and, without a history, size.
    Mixture(Box<Mixture>),
}

/// A grid point of a mixture, with the scale and the regime that it was solved in.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Branch {
    pub(super) grid_point: GridPoint,
    pub(super) scale: ValueScale,
    /// The place among the mixture's regimes.
    pub(super) regime: usize,
}

/// A mixture of grid points.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Mixture {
    pub(super) branches: Vec<Branch>,
    pub(super) regimes: Vec<Regime>,
    /// The origin of the drift, and the week of the last autoregressive state.
    pub(super) last: IsoWeek,
    pub(super) window: Option<Window>,
    /// The training values, kW, outliers winsorised; and the weeks whose values were.
    pub(super) winsorised_kw: Vec<f64>,
    pub(super) outliers: Vec<IsoWeek>,
    /// σ and its probability, as shares of the scale's unit.
    pub(super) sigma: Vec<(f64, f64)>,
    pub(super) log_evidence: Option<f64>,
}

impl Mixture {
    /// The share of each regime.
    pub(super) fn shares(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.regimes.len()];
        for branch in &self.branches {
            shares[branch.regime] += branch.grid_point.noise.iter().map(|node| node.weight).sum::<f64>();
        }
        shares
    }

    /// Mean and standard deviation of a linear form of the coefficients, scaled.
    pub(super) fn moments(&self, form: impl Fn(&GridPoint, &Design) -> Form) -> (f64, f64) {
        let components = |branch: &Branch| -> Vec<Component> {
            let form = form(&branch.grid_point, &self.regimes[branch.regime].design);
            branch.grid_point.conditionals().map(|conditional| conditional.component(&form, 0.0)).collect()
        };
        mixture::moments(&self.branches.iter().flat_map(components).collect::<Vec<_>>())
    }
}

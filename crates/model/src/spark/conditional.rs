//! The coefficients given σ, at each point of the rule that represents the posterior of σ.
//!
//! With w_j = σ² / (λ_j + σ²) and m_j = z_j / (λ_j + σ²): u_j | σ, y ~ N(m_j, w_j), independent, and g = Q u
//! are the coefficients of the rows w(t).

use crate::Coefficient;
use crate::quadrature::Node;

use super::design::PRIOR_SD;
use super::factorisation::Factorisation;
use crate::additive::{COEFFICIENTS, NAMES, Row};
use crate::mixture::{Component, moments};

/// The Gaussian of the coefficients at one σ.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Conditional {
    /// This point's share of the posterior of σ.
    pub(crate) weight: f64,
    /// σ².
    pub(crate) variance: f64,
    /// w, the variances of the rotated coefficients u.
    pub(crate) spread: Row,
    /// The means Q m of g.
    pub(crate) mean: Row,
}

impl Conditional {
    /// At log σ = `node.x`.
    pub(crate) fn at(node: Node, factorisation: &Factorisation) -> Self {
        let variance = (2.0 * node.x).exp();
        let total: Row = std::array::from_fn(|j| factorisation.lambda[j] + variance);
        let m: Row = std::array::from_fn(|j| factorisation.z[j] / total[j]);
        Self {
            weight: node.weight,
            variance,
            spread: std::array::from_fn(|j| variance / total[j]),
            mean: std::array::from_fn(|i| {
                (0..COEFFICIENTS).map(|j| factorisation.rotation[i][j] * m[j]).sum()
            }),
        }
    }

    /// The normal distribution of w'g for a row w with rotated form b = Q'w, plus noise of variance `noise`.
    pub(crate) fn component(&self, row: &Row, rotated: &Row, noise: f64) -> Component {
        let mean = (0..COEFFICIENTS).map(|i| row[i] * self.mean[i]).sum();
        let variance: f64 = (0..COEFFICIENTS).map(|j| rotated[j] * rotated[j] * self.spread[j]).sum();
        Component { weight: self.weight, mean, sd: (variance + noise).sqrt().max(f64::MIN_POSITIVE) }
    }
}

/// b = Q'w.
pub(crate) fn rotated(factorisation: &Factorisation, row: &Row) -> Row {
    let mut b = [0.0; COEFFICIENTS];
    for (w, q) in row.iter().zip(&factorisation.rotation) {
        for (b, q) in b.iter_mut().zip(q) {
            *b += q * w;
        }
    }
    b
}

/// Posterior mean and standard deviation of β = D^½ g.
pub(crate) fn coefficients(factorisation: &Factorisation, conditionals: &[Conditional]) -> Vec<Coefficient> {
    let mut mixture = vec![Component::default(); conditionals.len()];
    (0..COEFFICIENTS)
        .map(|i| {
            for (component, conditional) in mixture.iter_mut().zip(conditionals) {
                let mut row = [0.0; COEFFICIENTS];
                row[i] = PRIOR_SD[i];
                let q = factorisation.rotation[i].map(|q| q * PRIOR_SD[i]);
                *component = conditional.component(&row, &q, 0.0);
            }
            let (mean, sd) = moments(&mixture);
            Coefficient { name: NAMES[i], mean, sd }
        })
        .collect()
}

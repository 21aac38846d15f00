//! The posterior given the autocorrelation: exact for every σ after one eigen-decomposition.
//!
//! With R = L L', z̃ = L⁻¹(z − X m), X̃ = L⁻¹X, β = m + F w and F'X̃'X̃F = V Λ V':
//! the rotated w has w_j | σ ~ N(c_j / (λ_j + σ²), σ² / (λ_j + σ²)), c = V'F'X̃'z̃, and
//! ln p(z | σ) = −½ Σ_j ln((λ_j + σ²)/σ²) − n ln σ − (|z̃|² − Σ_j c_j²/(λ_j + σ²)) / 2σ² − ½ ln|R| − n/2 ln
//! 2π.

use std::sync::Arc;

use nalgebra::{SMatrix, SymmetricEigen};

use super::autocorrelation::Autocorrelation;
use super::basis::CoefficientPrior;
use super::noise_grid::NoiseGrid;
use super::whitening::{State, Whitened};
use crate::FitError;
use crate::additive::{COEFFICIENTS, Row, dot};
use crate::mixture::Component;
use crate::quadrature::Node;

/// The part of the posterior under one autocorrelation that does not depend on the values.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Conditions {
    /// The autocorrelation.
    pub(crate) autocorrelation: Autocorrelation,
    /// m.
    prior_mean: Row,
    /// X̃'X̃ m.
    expected: Row,
    /// F V by rows: what each direction does to coefficient i.
    turned: [Row; COEFFICIENTS],
    /// λ.
    lambda: Row,
    /// The autoregressive state at the end of the training window.
    state: State,
    /// What the directions take from it.
    carried: Row,
    /// The part of ln p(z, σ) on the grid that does not depend on z.
    log_determinants: Vec<f64>,
}

/// The values, projected under one autocorrelation.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Projected {
    /// c.
    c: Row,
    /// The mean of the autoregressive state at the end of the training window, if the coefficients are what
    /// the prior expects.
    state_value: f64,
    /// ln p(z, σ) on the grid.
    pub(crate) log_density: Vec<f64>,
}

/// The posterior of the coefficients under one autocorrelation.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct GridPoint {
    conditions: Arc<Conditions>,
    c: Row,
    state_value: f64,
    /// What σ is, as a measure in log σ; its mass is the grid point's share of the posterior.
    pub(crate) noise: Vec<Node>,
}

/// A linear form of the coefficients, as the rotated ones see it: constant + Σ_j gradient_j w_j.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Form {
    pub(crate) constant: f64,
    pub(crate) gradient: Row,
}

impl Form {
    /// The sum of two forms.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            constant: self.constant + other.constant,
            gradient: std::array::from_fn(|j| self.gradient[j] + other.gradient[j]),
        }
    }
}

/// The rotated coefficients at one σ.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Conditional {
    /// Share of the whole posterior.
    pub(crate) weight: f64,
    /// σ².
    pub(crate) variance: f64,
    /// Means of w.
    pub(crate) mean: Row,
    /// Variances of w.
    pub(crate) spread: Row,
}

impl Conditional {
    /// The distribution of a form, with independent noise of variance `noise` × σ² on top.
    #[inline]
    pub(crate) fn component(&self, form: &Form, noise: f64) -> Component {
        let (mut mean, mut variance) = (form.constant, noise * self.variance);
        for j in 0..COEFFICIENTS {
            mean += form.gradient[j] * self.mean[j];
            variance += form.gradient[j] * form.gradient[j] * self.spread[j];
        }
        Component { weight: self.weight, mean, sd: variance.sqrt().max(f64::MIN_POSITIVE) }
    }
}

/// A whitened problem and its values, for every σ of the grid.
///
/// # Errors
/// [`FitError::Numerical`] if the eigenvalues are not found, or the values are beyond double precision.
pub(crate) fn solve(
    whitened: &Whitened<{ COEFFICIENTS + 1 }>,
    prior: &CoefficientPrior,
    prior_probability: f64,
    grid: &NoiseGrid,
) -> Result<(Conditions, Projected), FitError> {
    let conditions = Conditions::new(whitened, prior, prior_probability, grid)?;
    let products = &whitened.products[COEFFICIENTS];
    let projection = std::array::from_fn(|i| products[i]);
    let (square, state) = (products[COEFFICIENTS], whitened.state[COEFFICIENTS]);
    let projected = conditions.project(&projection, square, state, grid)?;
    Ok((conditions, projected))
}

impl Conditions {
    /// From the design's columns, whitened; columns behind them are passed over.
    ///
    /// # Errors
    /// [`FitError::Numerical`] if the eigenvalues are not found.
    pub(crate) fn new<const N: usize>(
        whitened: &Whitened<N>,
        prior: &CoefficientPrior,
        prior_probability: f64,
        grid: &NoiseGrid,
    ) -> Result<Self, FitError> {
        let Whitened { autocorrelation, weeks, products, log_determinant, state, variance } = whitened;
        let gram = SMatrix::from_fn(|i: usize, j: usize| products[i.max(j)][i.min(j)]);
        let eigen = SymmetricEigen::try_new(prior.inner(&gram), f64::EPSILON, 400)
            .ok_or(FitError::Numerical { step: "the eigenvalues of the whitened design do not settle" })?;
        let lambda: Row = std::array::from_fn(|j| eigen.eigenvalues[j].max(0.0));
        let product = prior.factor * eigen.eigenvectors;
        let constant = prior_probability.ln() - 0.5 * log_determinant;
        let mut conditions = Self {
            autocorrelation: *autocorrelation,
            prior_mean: prior.mean,
            expected: std::array::from_fn(|i| (0..COEFFICIENTS).map(|j| gram[(i, j)] * prior.mean[j]).sum()),
            turned: std::array::from_fn(|i| std::array::from_fn(|j| product[(i, j)])),
            lambda,
            state: State { columns: std::array::from_fn(|i| state[i]), variance: *variance },
            carried: [0.0; COEFFICIENTS],
            log_determinants: grid.log_determinants(*weeks, &lambda, constant),
        };
        conditions.carried = conditions.gradient(&conditions.state.columns);
        Ok(conditions)
    }

    /// The values z with X̃'z̃, |z̃|² and the autoregressive state at the end.
    ///
    /// # Errors
    /// [`FitError::Numerical`] if the likelihood leaves double precision.
    pub(crate) fn project(
        &self,
        projection: &Row,
        square: f64,
        state: f64,
        grid: &NoiseGrid,
    ) -> Result<Projected, FitError> {
        // What the prior expects is taken off the values: z̃ − X̃m.
        let projection: Row = std::array::from_fn(|i| projection[i] - self.expected[i]);
        let total = square - 2.0 * dot(&projection, &self.prior_mean) - dot(&self.expected, &self.prior_mean);
        let c = self.gradient(&projection);
        let log_density = grid.log_density(&self.log_determinants, &self.lambda, &c, total);
        if !log_density.iter().all(|density| density.is_finite()) {
            return Err(FitError::Numerical { step: "the likelihood leaves double precision" });
        }
        let state_value = state - dot(&self.state.columns, &self.prior_mean);
        Ok(Projected { c, state_value, log_density })
    }

    /// (F V)'x.
    #[inline]
    fn gradient(&self, x: &Row) -> Row {
        let mut gradient = [0.0; COEFFICIENTS];
        // Drift and season have columns of their own: half of a row is zero.
        for (x, turned) in x.iter().zip(&self.turned).filter(|(x, _)| **x != 0.0) {
            for (entry, turned) in gradient.iter_mut().zip(turned) {
                *entry += x * turned;
            }
        }
        gradient
    }
}

impl GridPoint {
    /// What was observed under some conditions, with the measure of σ.
    pub(crate) fn new(conditions: Arc<Conditions>, projected: &Projected, noise: Vec<Node>) -> Self {
        Self { conditions, c: projected.c, state_value: projected.state_value, noise }
    }

    /// The prior alone, as if nothing had been observed, at one σ.
    pub(crate) fn of_prior(prior: &CoefficientPrior, log_sigma: f64, weight: f64) -> Self {
        let conditions = Conditions {
            autocorrelation: Autocorrelation::NONE,
            prior_mean: prior.mean,
            expected: [0.0; COEFFICIENTS],
            turned: std::array::from_fn(|i| std::array::from_fn(|j| prior.factor[(i, j)])),
            lambda: [0.0; COEFFICIENTS],
            state: State::unknown(Autocorrelation::NONE),
            carried: [0.0; COEFFICIENTS],
            log_determinants: Vec::new(),
        };
        let noise = vec![Node { x: log_sigma, weight }];
        Self { conditions: Arc::new(conditions), c: [0.0; COEFFICIENTS], state_value: 0.0, noise }
    }

    /// The autocorrelation.
    pub(crate) fn autocorrelation(&self) -> Autocorrelation {
        self.conditions.autocorrelation
    }

    /// The coefficients at the points of the measure of σ.
    pub(crate) fn conditionals(&self) -> impl Iterator<Item = Conditional> + '_ {
        self.noise.iter().map(|node| self.conditional(*node))
    }

    fn conditional(&self, node: Node) -> Conditional {
        let variance = (2.0 * node.x).exp();
        let inverse: Row = self.conditions.lambda.map(|lambda| 1.0 / (lambda + variance));
        Conditional {
            weight: node.weight,
            variance,
            mean: std::array::from_fn(|j| self.c[j] * inverse[j]),
            spread: inverse.map(|inverse| variance * inverse),
        }
    }

    /// The coefficients at the grid point's typical σ, with the weight of the whole grid point; nothing for a
    /// grid point without weight.
    pub(crate) fn typical(&self) -> Option<Conditional> {
        let weight: f64 = self.noise.iter().map(|node| node.weight).sum();
        let x = self.noise.iter().map(|node| node.weight * node.x).sum::<f64>() / weight;
        (weight > 0.0).then(|| self.conditional(Node { x, weight }))
    }

    /// Mean and covariance of β at one σ.
    pub(crate) fn coefficients(&self, given: &Conditional) -> (Row, [Row; COEFFICIENTS]) {
        let Conditions { prior_mean, turned, .. } = &*self.conditions;
        let mut mean = *prior_mean;
        let mut covariance = [[0.0; COEFFICIENTS]; COEFFICIENTS];
        for i in 0..COEFFICIENTS {
            mean[i] += dot(&turned[i], &given.mean);
            let spread: Row = std::array::from_fn(|j| turned[i][j] * given.spread[j]);
            for (entry, turned) in covariance[i].iter_mut().zip(turned) {
                *entry = dot(&spread, turned);
            }
        }
        (mean, covariance)
    }

    /// x'β as a form.
    #[inline]
    pub(crate) fn form(&self, x: &Row) -> Form {
        Form { constant: dot(x, &self.conditions.prior_mean), gradient: self.conditions.gradient(x) }
    }

    /// What the autoregressive state adds to a form `lead` weeks after the last observed one, of relative
    /// variance D.
    ///
    /// Its mean is √D ρ^lead (s − S'(β − m)), with the state's value s and columns S.
    #[inline]
    pub(crate) fn with_autocorrelation(&self, form: &Form, lead: i32, relative_variance: f64) -> Form {
        let carried = relative_variance.sqrt() * self.autocorrelation().decay(lead);
        Form {
            constant: form.constant + carried * self.state_value,
            gradient: std::array::from_fn(|j| form.gradient[j] - carried * self.conditions.carried[j]),
        }
    }

    /// The variance of the autoregressive state `lead` weeks after the last observed one, given the
    /// coefficients, in units of σ² D.
    pub(crate) fn autocorrelated_variance(&self, lead: i32) -> f64 {
        let (autocorrelation, decay) = (self.autocorrelation(), self.autocorrelation().decay(lead));
        decay * decay * (self.conditions.state.variance - autocorrelation.share) + autocorrelation.share
    }

    /// The variance of the independent part of the noise, in units of σ² D.
    pub(crate) fn independent_variance(&self) -> f64 {
        1.0 - self.autocorrelation().share
    }

    /// Posterior variances of β within the grid point, averaged over σ: those given σ and that of the means.
    pub(crate) fn covariance(&self) -> SMatrix<f64, COEFFICIENTS, COEFFICIENTS> {
        let mass: f64 = self.noise.iter().map(|node| node.weight).sum();
        let conditionals: Vec<Conditional> = self.conditionals().collect();
        let centre: Row = std::array::from_fn(|j| {
            conditionals.iter().map(|given| given.weight / mass * given.mean[j]).sum()
        });
        let mut rotated = SMatrix::<f64, COEFFICIENTS, COEFFICIENTS>::zeros();
        for given in &conditionals {
            let share = given.weight / mass;
            for i in 0..COEFFICIENTS {
                rotated[(i, i)] += share * given.spread[i];
                for j in 0..COEFFICIENTS {
                    rotated[(i, j)] += share * (given.mean[i] - centre[i]) * (given.mean[j] - centre[j]);
                }
            }
        }
        let turned = SMatrix::<f64, COEFFICIENTS, COEFFICIENTS>::from_fn(|i, j| self.conditions.turned[i][j]);
        turned * rotated * turned.transpose()
    }

    /// Posterior mean of β within the grid point, averaged over σ.
    pub(crate) fn mean(&self) -> Row {
        let mass: f64 = self.noise.iter().map(|node| node.weight).sum();
        let mut centre = [0.0; COEFFICIENTS];
        for given in self.conditionals() {
            for (entry, mean) in centre.iter_mut().zip(given.mean) {
                *entry += given.weight / mass * mean;
            }
        }
        let Conditions { prior_mean, turned, .. } = &*self.conditions;
        std::array::from_fn(|i| prior_mean[i] + dot(&turned[i], &centre))
    }
}

//! A series' information on level, growth and season, under its most probable autocorrelation and σ.

use nalgebra::{SMatrix, SVector, SymmetricEigen};

use super::super::super::autocorrelation::Autocorrelation;
use super::super::super::basis::SEASON_SD;
use super::super::super::design::{GROWTH_TERMS, GrowthLaw, growth_terms};
use super::super::super::noise_grid::NoiseGrid;
use super::super::super::variance::VarianceProfile;
use super::super::super::whitening::{Gains, Observed, Whitened, whiten};
use super::super::training_series::TrainingSeries;
use crate::additive::{DRIFT, HARMONICS, Row};

/// Coefficients: level, season, growth.
pub(super) const TERMS: usize = GROWTH_FROM + GROWTH_TERMS;
/// The place of the first coefficient of growth.
pub(super) const GROWTH_FROM: usize = 1 + 2 * HARMONICS;

pub(super) type Matrix = SMatrix<f64, TERMS, TERMS>;
pub(super) type Vector = SVector<f64, TERMS>;

/// Standard deviation of each coefficient of growth before anything is learned, in ranges a year.
pub(super) const GROWTH_SD: f64 = 0.1;

/// A series' information about its growth under each law, for values scaled to their range.
pub(super) struct SeriesInformation {
    /// By law, in the order of [`GrowthLaw::ALL`].
    pub(super) by_law: Vec<GrowthInformation>,
}

/// A series' information on growth θ with level and season integrated out:
/// ln p(z | θ) = `log_evidence` + `projection`'θ − ½ θ' `precision` θ, up to what all laws share.
///
/// With A = X̃'X̃/σ² and b = X̃'z̃/σ², r for level and season of prior mean m and precision P, g for growth:
/// precision = A_gg − A_gr (A_rr + P)⁻¹ A_rg, projection = b_g − A_gr (A_rr + P)⁻¹ (b_r + P m).
pub(super) struct GrowthInformation {
    pub(super) precision: SMatrix<f64, GROWTH_TERMS, GROWTH_TERMS>,
    pub(super) projection: SVector<f64, GROWTH_TERMS>,
    pub(super) log_evidence: f64,
}

impl GrowthInformation {
    /// From A and b; nothing if a matrix is not positive definite.
    pub(super) fn new(gram: &Matrix, projection: &Vector) -> Option<Self> {
        let (mean, sd) = (prior_mean(), prior_sd());
        let mut rest = gram.fixed_view::<GROWTH_FROM, GROWTH_FROM>(0, 0).into_owned();
        let mut right = projection.fixed_rows::<GROWTH_FROM>(0).into_owned();
        for i in 0..GROWTH_FROM {
            let precision = 1.0 / (sd[i] * sd[i]);
            rest[(i, i)] += precision;
            right[i] += precision * mean[i];
        }
        let cholesky = rest.cholesky()?;
        let coupled = gram.fixed_view::<GROWTH_FROM, GROWTH_TERMS>(0, GROWTH_FROM).into_owned();
        let (solved, explained) = (cholesky.solve(&coupled), cholesky.solve(&right));
        let of_growth = gram.fixed_view::<GROWTH_TERMS, GROWTH_TERMS>(GROWTH_FROM, GROWTH_FROM);
        let log_determinant: f64 = (0..GROWTH_FROM).map(|i| cholesky.l_dirty()[(i, i)].ln()).sum();
        Some(Self {
            precision: of_growth - coupled.transpose() * solved,
            projection: projection.fixed_rows::<GROWTH_TERMS>(GROWTH_FROM) - coupled.transpose() * explained,
            log_evidence: 0.5 * right.dot(&explained) - log_determinant,
        })
    }
}

/// Prior means of the coefficients.
pub(super) fn prior_mean() -> Vector {
    let mut mean = Vector::zeros();
    mean[0] = 0.5;
    mean
}

/// Prior standard deviations of level and season; of growth before anything is learned.
pub(super) fn prior_sd() -> Vector {
    let mut sd = Vector::repeat(GROWTH_SD);
    sd[0] = 0.5;
    for h in 0..HARMONICS {
        (sd[1 + h], sd[1 + HARMONICS + h]) = (SEASON_SD[h], SEASON_SD[h]);
    }
    sd
}

fn columns(base: &Row, law: GrowthLaw, value: f64) -> [f64; TERMS + 1] {
    let mut columns = [0.0; TERMS + 1];
    columns[0] = 1.0;
    columns[1..GROWTH_FROM].copy_from_slice(&base[DRIFT..]);
    let grown = law.at(base[1]);
    for (entry, term) in columns[GROWTH_FROM..TERMS].iter_mut().zip(growth_terms(base)) {
        *entry = grown * term;
    }
    columns[TERMS] = value;
    columns
}

/// The autocorrelation and log σ that are most probable for a series whose growth is linear: they differ
/// little under other laws.
#[derive(Clone, Copy)]
pub(super) struct Noise {
    autocorrelation: Autocorrelation,
    log_sigma: f64,
}

fn observed(taught: &TrainingSeries, profile: &VarianceProfile, law: GrowthLaw) -> Observed<{ TERMS + 1 }> {
    let mut observed = Observed::default();
    for (base, &value) in taught.window.rows.iter().zip(&taught.values) {
        observed.push(columns(base, law, value), profile.at(base));
    }
    observed
}

/// The noise of a series; nothing if a numerical step fails.
pub(super) fn noise(taught: &TrainingSeries, profile: &VarianceProfile, grid: &NoiseGrid) -> Option<Noise> {
    let (linear, steps) = (observed(taught, profile, GrowthLaw::Linear), taught.window.steps());
    Autocorrelation::grid()
        .filter_map(|(autocorrelation, probability)| {
            let whitened = whiten(&linear, autocorrelation, &Gains::new(&steps, autocorrelation));
            let (evidence, log_sigma) = evidence(&whitened, probability, grid)?;
            Some((evidence, Noise { autocorrelation, log_sigma }))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, noise)| noise)
}

/// A series as a information_of of all laws under its noise; nothing if a numerical step fails.
pub(super) fn information_of(
    taught: &TrainingSeries,
    profile: &VarianceProfile,
    noise: Noise,
) -> Option<SeriesInformation> {
    let gains = Gains::new(&taught.window.steps(), noise.autocorrelation);
    let precision = (-2.0 * noise.log_sigma).exp();
    let of_law = |law: GrowthLaw| {
        let Whitened { products, .. } =
            whiten(&observed(taught, profile, law), noise.autocorrelation, &gains);
        let gram = Matrix::from_fn(|i, j| products[i.max(j)][i.min(j)] * precision);
        let projection = Vector::from_fn(|i, _| products[TERMS][i] * precision);
        GrowthInformation::new(&gram, &projection)
    };
    let by_law = GrowthLaw::ALL.into_iter().map(of_law).collect::<Option<_>>()?;
    Some(SeriesInformation { by_law })
}

/// ln p(z) under an autocorrelation, and the mean of log σ.
fn evidence(whitened: &Whitened<{ TERMS + 1 }>, probability: f64, grid: &NoiseGrid) -> Option<(f64, f64)> {
    let products = &whitened.products;
    let gram = Matrix::from_fn(|i, j| products[i.max(j)][i.min(j)]);
    let projection = Vector::from_fn(|i, _| products[TERMS][i]);
    let (mean, sd) = (prior_mean(), prior_sd());
    let expected = gram * mean;
    let residual = projection - expected;
    let total = products[TERMS][TERMS] - 2.0 * residual.dot(&mean) - expected.dot(&mean);
    let inner = Matrix::from_fn(|i, j| sd[i] * gram[(i, j)] * sd[j]);
    let eigen = SymmetricEigen::try_new(inner, f64::EPSILON, 400)?;
    let lambda: Vec<f64> = eigen.eigenvalues.iter().map(|lambda| lambda.max(0.0)).collect();
    let c = eigen.eigenvectors.transpose() * residual.component_mul(&sd);
    let constant = probability.ln() - 0.5 * whitened.log_determinant;
    let determinants = grid.log_determinants(whitened.weeks, &lambda, constant);
    let density = grid.log_density(&determinants, &lambda, c.as_slice(), total);
    if !density.iter().all(|density| density.is_finite()) {
        return None;
    }
    let weighed = grid.weigh(&[&density]);
    let mean = grid.sigma(&weighed).iter().map(|(sigma, p)| p * sigma.ln()).sum();
    Some((weighed.log_evidence, mean))
}

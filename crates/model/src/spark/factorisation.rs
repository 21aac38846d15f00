//! One factorisation of the design, after which every σ is cheap.
//!
//! With W (n × K) the observed rows w(t), W'W = Q diag(λ) Q' and z = Q'W'y; equivalently W = U S V' with λ =
//! S², Q = V, z = S U'y. Further c = U'y = z / √λ and ρ = |y − U c|², the squared length of y outside the
//! column space. The Gram route costs a tenth of the singular value decomposition but squares the condition
//! number; it is taken where that does no harm.

use nalgebra::{DMatrix, DVector, SMatrix, SymmetricEigen};

use crate::additive::{COEFFICIENTS, Row};
use crate::gram;

/// Below this share of the largest eigenvalue the Gram route is not trusted.
const GRAM_CONDITION: f64 = 1e-8;
/// Below this share of y'y a difference has lost too many digits to be ρ.
const GRAM_RESIDUAL: f64 = 1e-7;
/// Singular values below this share of the largest one are zero: no data speaks of their direction.
const RANK_TOLERANCE: f64 = 1e-13;
/// The residual mean square of noise-free data, as if the values were rounded to 1e-6 of their range.
const RESIDUAL_FLOOR: f64 = 1e-12;

/// The factorisation of one series; null directions have λ = z = c² = 0 and so keep their prior.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Factorisation {
    /// The number n of observed rows.
    pub(crate) observed: usize,
    /// The eigenvalues λ of W'W, at or above zero.
    pub(crate) lambda: Row,
    /// Q by rows: `rotation[i][j]` belongs to coefficient i and direction j.
    pub(crate) rotation: [Row; COEFFICIENTS],
    /// z = Q'W'y.
    pub(crate) z: Row,
    /// c² = z² / λ.
    pub(crate) c_squared: Row,
    /// ρ, floored where n exceeds the rank.
    pub(crate) residual: f64,
}

impl Factorisation {
    /// Factorises the observed rows and scaled values, of equal number.
    pub(crate) fn new(rows: &[Row], y: &[f64]) -> Self {
        let mut factorisation = gram_route(rows, y).unwrap_or_else(|| singular_value_route(rows, y));
        let rank = factorisation.lambda.iter().filter(|&&lambda| lambda > 0.0).count();
        let freedom = y.len().saturating_sub(rank);
        factorisation.residual = factorisation.residual.max(RESIDUAL_FLOOR * freedom as f64);
        if freedom == 0 {
            factorisation.residual = 0.0;
        }
        factorisation
    }
}

/// Eigen-decomposition of W'W, or nothing where it would lose digits.
fn gram_route(rows: &[Row], y: &[f64]) -> Option<Factorisation> {
    if rows.len() < 2 * COEFFICIENTS {
        return None;
    }
    let (gram, projection) = gram(rows, y);
    let eigen = SymmetricEigen::try_new(gram, f64::EPSILON, 200)?;
    let lambda: Row = std::array::from_fn(|j| eigen.eigenvalues[j]);
    let largest = lambda.iter().copied().fold(0.0, f64::max);
    if !lambda.iter().all(|&lambda| lambda > GRAM_CONDITION * largest) {
        return None;
    }
    let rotation: [Row; COEFFICIENTS] =
        std::array::from_fn(|i| std::array::from_fn(|j| eigen.eigenvectors[(i, j)]));
    let z: Row = std::array::from_fn(|j| (0..COEFFICIENTS).map(|i| rotation[i][j] * projection[i]).sum());
    let c_squared: Row = std::array::from_fn(|j| z[j] * z[j] / lambda[j]);
    let total: f64 = y.iter().map(|y| y * y).sum();
    let residual = total - c_squared.iter().sum::<f64>();
    (residual > GRAM_RESIDUAL * total).then_some(Factorisation {
        observed: y.len(),
        lambda,
        rotation,
        z,
        c_squared,
        residual,
    })
}

/// W'W and W'y.
fn gram(rows: &[Row], y: &[f64]) -> (SMatrix<f64, COEFFICIENTS, COEFFICIENTS>, Row) {
    let products = gram::products(rows.iter().zip(y).map(|(row, &y)| {
        // One more column for y.
        std::array::from_fn::<_, { COEFFICIENTS + 1 }, _>(|i| if i < COEFFICIENTS { row[i] } else { y })
    }));
    let gram = SMatrix::from_fn(|i, j| products[i.max(j)][i.min(j)]);
    (gram, std::array::from_fn(|j| products[COEFFICIENTS][j]))
}

/// Singular value decomposition of W itself, padded with zero rows to K so that Q is complete.
fn singular_value_route(rows: &[Row], y: &[f64]) -> Factorisation {
    let height = rows.len().max(COEFFICIENTS);
    let w = DMatrix::from_fn(height, COEFFICIENTS, |i, j| rows.get(i).map_or(0.0, |row| row[j]));
    let mut residual = DVector::from_fn(height, |i, _| y.get(i).copied().unwrap_or(0.0));
    let mut factorisation = Factorisation {
        observed: y.len(),
        lambda: [0.0; COEFFICIENTS],
        rotation: [[0.0; COEFFICIENTS]; COEFFICIENTS],
        z: [0.0; COEFFICIENTS],
        c_squared: [0.0; COEFFICIENTS],
        residual: 0.0,
    };
    let svd = w.svd(true, true);
    // Both factors were asked for, so both are there.
    let (Some(u), Some(v_transposed)) = (svd.u, svd.v_t) else { return factorisation };
    let largest = svd.singular_values.max();
    for j in 0..COEFFICIENTS {
        for i in 0..COEFFICIENTS {
            factorisation.rotation[i][j] = v_transposed[(j, i)];
        }
        let s = svd.singular_values[j];
        if s > RANK_TOLERANCE * largest {
            // The coefficient against what is left of y: the same as against y, but the residual stays clean.
            let c = u.column(j).dot(&residual);
            residual.axpy(-c, &u.column(j), 1.0);
            factorisation.lambda[j] = s * s;
            factorisation.z[j] = s * c;
            factorisation.c_squared[j] = c * c;
        }
    }
    factorisation.residual = residual.norm_squared();
    factorisation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IsoWeek;
    use crate::spark::design::TimeScale;

    fn rows(weeks: i32) -> (Vec<Row>, Vec<f64>) {
        let scale = TimeScale::new(IsoWeek::from_index(0), IsoWeek::from_index(weeks + 26));
        let rows = (0..weeks).map(|week| scale.row(IsoWeek::from_index(week))).collect();
        let y = (0..weeks).map(|week| f64::from(week * week % 17) / 16.0).collect();
        (rows, y)
    }

    #[test]
    fn both_routes_agree() {
        let (rows, y) = rows(160);
        let (gram, svd) = (gram_route(&rows, &y).unwrap(), singular_value_route(&rows, &y));
        let mut eigenvalues = [gram.lambda, svd.lambda];
        eigenvalues.iter_mut().for_each(|lambda| lambda.sort_by(f64::total_cmp));
        for (lambda, lambda_svd) in eigenvalues[0].iter().zip(eigenvalues[1]) {
            assert!((lambda / lambda_svd - 1.0).abs() < 1e-10);
        }
        // Nearly equal eigenvalues may mix their directions: only sums over them are comparable.
        for variance in [1e-6, 1e-2, 1.0] {
            let explained = |f: &Factorisation| -> f64 {
                f.c_squared.iter().zip(f.lambda).map(|(c2, lambda)| c2 / (lambda + variance)).sum()
            };
            assert!((explained(&gram) / explained(&svd) - 1.0).abs() < 1e-9);
        }
        assert!((gram.residual / svd.residual - 1.0).abs() < 1e-12);
    }

    #[test]
    fn fewer_rows_than_coefficients_leave_null_directions() {
        let (rows, y) = rows(5);
        let factorisation = Factorisation::new(&rows, &y);
        assert_eq!(factorisation.lambda.iter().filter(|&&lambda| lambda == 0.0).count(), 8);
        assert_eq!(factorisation.residual, 0.0);
        for i in 0..COEFFICIENTS {
            let length: f64 = factorisation.rotation[i].iter().map(|q| q * q).sum();
            assert!((length - 1.0).abs() < 1e-12, "Q is orthogonal, null directions included");
        }
    }

    #[test]
    fn noise_free_values_keep_a_floor_of_noise() {
        let (rows, _) = rows(150);
        let y: Vec<f64> = rows.iter().map(|row| 0.5 + 0.3 * row[3]).collect();
        assert_eq!(Factorisation::new(&rows, &y).residual, 137.0 * RESIDUAL_FLOOR);
    }
}

//! By which laws and along which directions a fleet's series grow, by expectation and maximisation.
//!
//! A series' growth θ (five coefficients, ranges a year) is N(0, C_l) under law l, of which a share π_l of
//! the fleet is, and next to none under no law. Expectation: mean E, covariance V and evidence of each series
//! under each law, and by these its probability p_l. Maximisation: π_l = mean of p_l; T = Σ p_l (E E' + V);
//! C_l = (T + 6 diag(T)/N)/(N + 6) with N = Σ p_l, which draws a small fleet's correlations towards none. Of
//! each C_l the two largest principal axes are kept.

use nalgebra::{SMatrix, SymmetricEigen};

use super::super::super::design::{GROWTH_COLUMNS, GROWTH_TERMS, GrowthLaw};
use super::LearnedLaw;
use super::information::{GROWTH_SD, GrowthInformation, SeriesInformation};

type Covariance = SMatrix<f64, GROWTH_TERMS, GROWTH_TERMS>;

const LAWS: usize = GrowthLaw::ALL.len();
/// Rounds of the iteration.
const ROUNDS: usize = 15;
/// The weight of independence, in series, that the correlations are shrunk towards.
const SHRINKAGE: f64 = 6.0;
/// A variance that keeps covariances positive definite.
const FLOOR: f64 = 1e-8;
/// Growth under no law: the slope and the growing season, ranges a year.
const NONE_SD: [f64; GROWTH_TERMS] = [0.05, 1e-3, 1e-3, 1e-3, 1e-3];
/// A law that fewer of the series follow is forgotten, and so is one by which they grow less than this,
/// ranges a year.
const RARE: f64 = 0.02;
const NOTHING: f64 = 0.015;

/// What a series is under one covariance of its growth.
struct Posterior {
    mean: SMatrix<f64, GROWTH_TERMS, 1>,
    covariance: Covariance,
    /// ln p(z), up to what all covariances share.
    log_evidence: f64,
}

fn posterior(known: &GrowthInformation, growth: &Covariance) -> Option<Posterior> {
    let prior = growth.cholesky()?;
    let cholesky = (known.precision + prior.inverse()).cholesky()?;
    let mean = cholesky.solve(&known.projection);
    let log_determinant = |l: &Covariance| 2.0 * (0..GROWTH_TERMS).map(|i| l[(i, i)].ln()).sum::<f64>();
    let of_both = log_determinant(cholesky.l_dirty()) + log_determinant(prior.l_dirty());
    let log_evidence = known.log_evidence + 0.5 * (known.projection.dot(&mean) - of_both);
    log_evidence.is_finite().then(|| Posterior { mean, covariance: cholesky.inverse(), log_evidence })
}

/// Learns the laws, indexed as in [`GrowthLaw::ALL`], the most frequent first; and the
/// probability that each information_of grows at all.
pub(super) fn learn(teachers: &[SeriesInformation]) -> (Vec<LearnedLaw>, Vec<f64>) {
    let laws = GrowthLaw::ALL;
    let none = Covariance::from_diagonal(&NONE_SD.map(|sd| sd * sd).into());
    let mut covariances = [Covariance::from_diagonal_element(GROWTH_SD * GROWTH_SD); LAWS];
    // Half of the series grow, before any was seen.
    let mut prevalences = [0.5 / LAWS as f64; LAWS];
    let mut grows = vec![0.0; teachers.len()];
    for _ in 0..ROUNDS {
        let mut scatters = [Covariance::zeros(); LAWS];
        let (mut counts, mut taught) = ([0.0; LAWS], 0.0);
        for (grows, information_of) in grows.iter_mut().zip(teachers) {
            let posteriors: Option<Vec<Posterior>> = information_of
                .by_law
                .iter()
                .zip(&covariances)
                .map(|(known, covariance)| posterior(known, covariance))
                .collect();
            // A series whose computation fails is left out.
            let (Some(posteriors), Some(steady)) = (posteriors, posterior(&information_of.by_law[0], &none))
            else {
                continue;
            };
            let logs: Vec<f64> =
                posteriors.iter().zip(&prevalences).map(|(p, share)| p.log_evidence + share.ln()).collect();
            let rest = (1.0 - prevalences.iter().sum::<f64>()).max(f64::EPSILON);
            let nothing = steady.log_evidence + rest.ln();
            let peak = logs.iter().copied().fold(nothing, f64::max);
            let total: f64 = logs.iter().map(|log| (log - peak).exp()).sum::<f64>() + (nothing - peak).exp();
            taught += 1.0;
            *grows = 1.0 - (nothing - peak).exp() / total;
            for (l, (posterior, log)) in posteriors.iter().zip(&logs).enumerate() {
                let p = (log - peak).exp() / total;
                counts[l] += p;
                scatters[l] += p * (posterior.mean * posterior.mean.transpose() + posterior.covariance);
            }
        }
        for l in 0..LAWS {
            // One series of each kind more, so that none is ruled out by a few.
            prevalences[l] = (counts[l] + 1.0) / (taught + LAWS as f64 + 1.0);
            let diagonal = Covariance::from_diagonal(&scatters[l].diagonal());
            let shrunk =
                (scatters[l] + diagonal * (SHRINKAGE / counts[l].max(1.0))) / (counts[l] + SHRINKAGE);
            covariances[l] = shrunk + Covariance::from_diagonal_element(FLOOR);
        }
    }
    let mut learned: Vec<LearnedLaw> = laws
        .into_iter()
        .zip(prevalences)
        .zip(&covariances)
        .filter(|((_, prevalence), _)| *prevalence >= RARE)
        .filter_map(|((law, prevalence), covariance)| {
            Some(LearnedLaw { law, prevalence, directions: principal(covariance)? })
        })
        .filter(|law| law.main_direction().iter().map(|a| a * a).sum::<f64>() >= NOTHING * NOTHING)
        .collect();
    learned.sort_by(|a, b| b.prevalence.total_cmp(&a.prevalence).then(a.law.cmp(&b.law)));
    (learned, grows)
}

/// The principal axes of the largest variances, each times its standard deviation, its largest entry
/// positive.
fn principal(covariance: &Covariance) -> Option<[[f64; GROWTH_TERMS]; GROWTH_COLUMNS]> {
    let eigen = SymmetricEigen::try_new(*covariance, f64::EPSILON, 200)?;
    let mut order: Vec<usize> = (0..GROWTH_TERMS).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let axis = |place: usize| {
        let column = eigen.eigenvectors.column(order[place]);
        let largest = column.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
        let length = eigen.eigenvalues[order[place]].max(0.0).sqrt() * largest.signum();
        std::array::from_fn(|i| column[i] * length)
    };
    Some(std::array::from_fn(axis))
}

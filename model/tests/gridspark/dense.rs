//! The `gridspark` model once more, plainly: the covariance of all weeks as one dense matrix, a Cholesky decomposition
//! for every memory and σ, the textbook conditional normal distribution. Slow, and sharing no code with the crate.

use model::{IsoWeek, Observation};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

const YEAR: f64 = 52.1775;
const SHARES: [f64; 5] = [0.3, 0.5, 0.7, 0.85, 0.95];
const CORRELATIONS: [f64; 5] = [0.5, 0.8, 0.92, 0.97, 0.99];
const SEASON_SD: [f64; 5] = [0.25, 0.12, 0.08, 0.05, 0.04];

/// What a week's value is made of, as covariances between two weeks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Of {
    Drift,
    Yearly,
    /// Drift, yearly and the noise of a week elsewhere in time, of which the observed weeks know nothing.
    Apart,
    /// Drift, yearly, and the noise of a future week with its memory.
    Total,
}

/// One memory and σ.
struct Point {
    weight: f64,
    sigma: f64,
    share: f64,
    correlation: f64,
    cholesky: Cholesky<f64, Dyn>,
    /// S⁻¹ (z − prior mean).
    solved: DVector<f64>,
}

/// The whole posterior of a series.
pub(crate) struct Dense {
    weeks: Vec<i32>,
    last: i32,
    min_kw: f64,
    range_kw: f64,
    points: Vec<Point>,
    pub(crate) log_evidence: f64,
}

fn basis(week: i32, last: i32) -> [f64; 13] {
    let u = f64::from(week - last) / YEAR;
    let mut row = [1.0, u, u * u, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    for h in 0..5 {
        let angle = std::f64::consts::TAU * (h + 1) as f64 * f64::from(week) / YEAR;
        row[3 + h] = angle.cos();
        row[8 + h] = angle.sin();
    }
    row
}

fn prior_sd() -> [f64; 13] {
    let mut sd = [0.5, 0.05, 0.005, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    for h in 0..5 {
        (sd[3 + h], sd[8 + h]) = (SEASON_SD[h], SEASON_SD[h]);
    }
    sd
}

/// Prior covariance of the linear part of two weeks.
fn linear(a: i32, b: i32, last: i32, of: Of) -> f64 {
    let (x, y, sd) = (basis(a, last), basis(b, last), prior_sd());
    let range = match of {
        Of::Drift => 0..3,
        Of::Yearly => 3..13,
        Of::Apart | Of::Total => 0..13,
    };
    range.map(|i| x[i] * y[i] * sd[i] * sd[i]).sum()
}

impl Dense {
    /// All memories, every σ of the grid.
    pub(crate) fn fit(rows: &[Observation]) -> Self {
        let observed: Vec<(i32, f64)> =
            rows.iter().filter_map(|row| Some((row.week.index(), row.value_kw?))).collect();
        let last = observed.iter().map(|(week, _)| *week).max().unwrap();
        let min_kw = observed.iter().map(|(_, kw)| *kw).fold(f64::INFINITY, f64::min);
        let max_kw = observed.iter().map(|(_, kw)| *kw).fold(f64::NEG_INFINITY, f64::max);
        let range_kw = max_kw - min_kw;
        let n = observed.len();
        let weeks: Vec<i32> = observed.iter().map(|(week, _)| *week).collect();
        // Level 0.5 is expected of every week.
        let z = DVector::from_iterator(n, observed.iter().map(|(_, kw)| (kw - min_kw) / range_kw - 0.5));
        let signal = DMatrix::from_fn(n, n, |i, j| linear(weeks[i], weeks[j], last, Of::Total));
        let step = (1.2_f64 / 0.008).ln() / 89.0;
        let mut points = Vec::new();
        let mut logs = Vec::new();
        let grid = SHARES.into_iter().flat_map(|r| CORRELATIONS.into_iter().map(move |rho| (r, rho, 1.0)));
        for (share, correlation, prior) in std::iter::once((0.0, 0.0, 18.0)).chain(grid) {
            let noise = DMatrix::from_fn(n, n, |i, j| {
                let own = if i == j { 1.0 - share } else { 0.0 };
                own + share * f64::powi(correlation, (weeks[i] - weeks[j]).abs())
            });
            for k in 0..90 {
                let sigma = 0.008 * (step * f64::from(k)).exp();
                let cholesky = Cholesky::new(&signal + &noise * (sigma * sigma)).unwrap();
                let solved = cholesky.solve(&z);
                let log_determinant: f64 = cholesky.l_dirty().diagonal().iter().map(|d| 2.0 * d.ln()).sum();
                let density = -0.5 * (z.dot(&solved) + log_determinant)
                    - 0.5 * n as f64 * std::f64::consts::TAU.ln()
                    + sigma.ln()
                    - (1.2_f64 - 0.008).ln()
                    + (prior / 43.0_f64).ln();
                logs.push(density);
                points.push(Point { weight: 0.0, sigma, share, correlation, cholesky, solved });
            }
        }
        let peak = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = logs.iter().map(|log| (log - peak).exp()).sum();
        for (point, log) in points.iter_mut().zip(&logs) {
            point.weight = (log - peak).exp() / total;
        }
        points.retain(|point| point.weight > 1e-9);
        Self { weeks, last, min_kw, range_kw, points, log_evidence: peak + (total * step).ln() }
    }

    /// Weight, mean and standard deviation in kW of a week under each memory, σ and factor on the future noise.
    pub(crate) fn components(&self, week: IsoWeek, of: Of, factors: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
        let week = week.index();
        let n = self.weeks.len();
        let prior_mean = if of == Of::Yearly { 0.0 } else { 0.5 };
        let offset_kw = if of == Of::Yearly { 0.0 } else { self.min_kw };
        let mut components = Vec::new();
        for point in &self.points {
            let variance = point.sigma * point.sigma;
            let remembered = |other: i32| match of {
                Of::Total => variance * point.share * f64::powi(point.correlation, (week - other).abs()),
                _ => 0.0,
            };
            let covariance = DVector::from_fn(n, |i, _| {
                linear(week, self.weeks[i], self.last, of) + remembered(self.weeks[i])
            });
            let mean = prior_mean + covariance.dot(&point.solved);
            let explained = |vector: &DVector<f64>| vector.dot(&point.cholesky.solve(vector));
            let noise = match of {
                Of::Drift | Of::Yearly => 0.0,
                Of::Apart | Of::Total => variance,
            };
            // The factor is on the noise that is left of a future week given the coefficients: its memory of the
            // observed weeks and what is fresh. Split the conditional variance accordingly.
            let whole = linear(week, week, self.last, of) + noise - explained(&covariance);
            let left = match of {
                Of::Total => variance * self.noise_left(week, point),
                Of::Apart => variance,
                Of::Drift | Of::Yearly => 0.0,
            };
            for (factor, probability) in factors {
                let sd = (whole + (factor - 1.0) * left).max(0.0).sqrt();
                components.push((
                    point.weight * probability,
                    mean * self.range_kw + offset_kw,
                    sd * self.range_kw,
                ));
            }
        }
        components
    }

    /// The variance of a future week's noise given the observed weeks' noise, in units of σ².
    fn noise_left(&self, week: i32, point: &Point) -> f64 {
        let n = self.weeks.len();
        let noise = DMatrix::from_fn(n, n, |i, j| {
            let own = if i == j { 1.0 - point.share } else { 0.0 };
            own + point.share * f64::powi(point.correlation, (self.weeks[i] - self.weeks[j]).abs())
        });
        let towards = DVector::from_fn(n, |i, _| {
            point.share * f64::powi(point.correlation, (week - self.weeks[i]).abs())
        });
        1.0 - towards.dot(&Cholesky::new(noise).unwrap().solve(&towards))
    }

    /// Share of paths over the weeks that stay below a limit throughout, by drawing so many of them.
    pub(crate) fn survival(
        &self,
        weeks: &[IsoWeek],
        factors: &[(f64, f64)],
        limit_kw: f64,
        paths: usize,
        normal: &mut impl FnMut() -> f64,
    ) -> f64 {
        let h = weeks.len();
        let mut kept = 0.0;
        let at: Vec<i32> = weeks.iter().map(|week| week.index()).collect();
        let towards =
            DMatrix::from_fn(self.weeks.len(), h, |i, j| linear(at[j], self.weeks[i], self.last, Of::Total));
        let prior = DMatrix::from_fn(h, h, |i, j| linear(at[i], at[j], self.last, Of::Total));
        // The points of one memory stand together.
        for points in self.points.chunk_by(|a, b| (a.share, a.correlation) == (b.share, b.correlation)) {
            let noise = self.noise(&at, &points[0]);
            for point in points {
                let variance = point.sigma * point.sigma;
                let towards = &towards + &noise.towards * variance;
                let mean = (towards.transpose() * &point.solved).add_scalar(0.5);
                let whole =
                    &prior + &noise.own * variance - towards.transpose() * point.cholesky.solve(&towards);
                for (factor, probability) in factors {
                    let share = point.weight * probability;
                    // At least one path each, weighted, so that no point is left out.
                    let draws = ((share * paths as f64).round() as usize).max(1);
                    let covariance = &whole + &noise.left * ((factor - 1.0) * variance);
                    let lower = Cholesky::new(covariance + DMatrix::identity(h, h) * 1e-12).unwrap().unpack();
                    for _ in 0..draws {
                        let path = &mean + &lower * DVector::from_fn(h, |_, _| normal());
                        let below = path.iter().all(|z| z * self.range_kw + self.min_kw <= limit_kw);
                        kept += share / draws as f64 * f64::from(u8::from(below));
                    }
                }
            }
        }
        kept
    }

    /// The noise of future weeks under a point's memory, in units of σ².
    fn noise(&self, at: &[i32], point: &Point) -> FutureNoise {
        let (n, h) = (self.weeks.len(), at.len());
        let noise = |a: i32, b: i32| {
            let own = if a == b { 1.0 - point.share } else { 0.0 };
            own + point.share * f64::powi(point.correlation, (a - b).abs())
        };
        let towards = DMatrix::from_fn(n, h, |i, j| noise(self.weeks[i], at[j]));
        let past = DMatrix::from_fn(n, n, |i, j| noise(self.weeks[i], self.weeks[j]));
        let own = DMatrix::from_fn(h, h, |i, j| noise(at[i], at[j]));
        let left = &own - towards.transpose() * Cholesky::new(past).unwrap().solve(&towards);
        FutureNoise { own, towards, left }
    }
}

/// Covariances of future weeks' noise.
struct FutureNoise {
    /// Among themselves.
    own: DMatrix<f64>,
    /// With the observed weeks.
    towards: DMatrix<f64>,
    /// Among themselves, given the observed weeks' noise.
    left: DMatrix<f64>,
}

//! The `gridspark` model once more, plainly: the covariance of all weeks as one dense matrix, a Cholesky
//! decomposition for every autocorrelation and σ, the textbook conditional normal distribution. Slow, and
//! sharing no code with the crate. Growth is one more kind of explanation: columns that are handed over, and
//! noise that grows with the years.

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
    /// Drift, yearly, and the noise of a future week with its autocorrelation.
    Total,
}

/// One autocorrelation and σ.
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
    growth: Option<Growth>,
    points: Vec<Point>,
    pub(crate) log_evidence: f64,
}

/// How a load grows: g(u), two columns of what grows all year and with two harmonics, and the noise's trend a
/// year.
#[derive(Clone, Copy)]
pub(crate) struct Growth {
    pub(crate) law: fn(f64) -> f64,
    pub(crate) columns: [[f64; 5]; 2],
    pub(crate) trend: f64,
}

/// What explains a week, each entry times the standard deviation of its coefficient.
fn explained_by(week: i32, last: i32, growth: Option<Growth>, of: Of) -> [f64; 13] {
    let u = f64::from(week - last) / YEAR;
    let angle = |h: usize| std::f64::consts::TAU * (h + 1) as f64 * f64::from(week) / YEAR;
    let mut season = [0.0; 13];
    for h in 0..5 {
        season[3 + h] = SEASON_SD[h] * angle(h).cos();
        season[8 + h] = SEASON_SD[h] * angle(h).sin();
    }
    let (drift, yearly) = match growth {
        None => {
            let mut drift = [0.0; 13];
            drift[..3].copy_from_slice(&[0.5, 0.05 * u, 0.005 * u * u]);
            (drift, season)
        }
        Some(Growth { law, columns, .. }) => {
            let terms = [angle(0).cos(), angle(0).sin(), angle(1).cos(), angle(1).sin()];
            let (mut drift, mut yearly) = ([0.0; 13], season);
            drift[0] = 0.5;
            for (j, column) in columns.iter().enumerate() {
                drift[1 + j] = law(u) * column[0];
                yearly[1 + j] = law(u) * column[1..].iter().zip(terms).map(|(a, term)| a * term).sum::<f64>();
            }
            (drift, yearly)
        }
    };
    match of {
        Of::Drift => drift,
        Of::Yearly => yearly,
        Of::Apart | Of::Total => std::array::from_fn(|i| drift[i] + yearly[i]),
    }
}

impl Dense {
    /// All autocorrelations, every σ of the grid, for a steady load.
    pub(crate) fn fit(rows: &[Observation]) -> Self {
        Self::fit_growing(rows, None)
    }

    /// The same for a load that grows.
    pub(crate) fn fit_growing(rows: &[Observation], growth: Option<Growth>) -> Self {
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
        let signal = DMatrix::from_fn(n, n, |i, j| {
            product(
                explained_by(weeks[i], last, growth, Of::Total),
                explained_by(weeks[j], last, growth, Of::Total),
            )
        });
        let step = (1.2_f64 / 0.008).ln() / 89.0;
        let mut points = Vec::new();
        let mut logs = Vec::new();
        let grid = SHARES.into_iter().flat_map(|r| CORRELATIONS.into_iter().map(move |rho| (r, rho, 1.0)));
        for (share, correlation, prior) in std::iter::once((0.0, 0.0, 18.0)).chain(grid) {
            let noise = DMatrix::from_fn(n, n, |i, j| {
                noise_between(weeks[i], weeks[j], (share, correlation))
                    * scatter(weeks[i], weeks[j], last, growth)
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
        Self { weeks, last, min_kw, range_kw, growth, points, log_evidence: peak + (total * step).ln() }
    }

    /// Weight, mean and standard deviation in kW of a week under each autocorrelation, σ and factor on the
    /// future noise.
    pub(crate) fn components(&self, week: IsoWeek, of: Of, factors: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
        self.components_changing(week, of, factors, 0.0)
    }

    /// The same where growth changes after the last week by so many standard deviations along each column.
    pub(crate) fn components_changing(
        &self,
        week: IsoWeek,
        of: Of,
        factors: &[(f64, f64)],
        change: f64,
    ) -> Vec<(f64, f64, f64)> {
        let changes = self.changes(week.index()) * change * change;
        let week = week.index();
        let n = self.weeks.len();
        let prior_mean = if of == Of::Yearly { 0.0 } else { 0.5 };
        let offset_kw = if of == Of::Yearly { 0.0 } else { self.min_kw };
        let mut components = Vec::new();
        for point in &self.points {
            let variance = point.sigma * point.sigma;
            let carried = |other: i32| match of {
                Of::Total => {
                    variance
                        * point.share
                        * f64::powi(point.correlation, (week - other).abs())
                        * self.scatter(week, other)
                }
                _ => 0.0,
            };
            let covariance = DVector::from_fn(n, |i, _| {
                let other = self.weeks[i];
                product(self.explained_by(week, of), self.explained_by(other, Of::Total)) + carried(other)
            });
            let mean = prior_mean + covariance.dot(&point.solved);
            let explained = |vector: &DVector<f64>| vector.dot(&point.cholesky.solve(vector));
            let noise = match of {
                Of::Drift | Of::Yearly => 0.0,
                Of::Apart | Of::Total => variance * self.scatter(week, week),
            };
            // The factor is on the noise that is left of a future week given the coefficients: its
            // autocorrelation of the observed weeks and what is fresh. Split the conditional variance
            // accordingly.
            let own = self.explained_by(week, of);
            let whole = product(own, own) + noise - explained(&covariance);
            let left = match of {
                Of::Total => variance * self.noise_left(week, point) * self.scatter(week, week),
                Of::Apart => variance * self.scatter(week, week),
                Of::Drift | Of::Yearly => 0.0,
            };
            for (factor, probability) in factors {
                let changes = if of == Of::Total { changes } else { 0.0 };
                let sd = (whole + (factor - 1.0) * left + changes).max(0.0).sqrt();
                components.push((
                    point.weight * probability,
                    mean * self.range_kw + offset_kw,
                    sd * self.range_kw,
                ));
            }
        }
        components
    }

    fn explained_by(&self, week: i32, of: Of) -> [f64; 13] {
        explained_by(week, self.last, self.growth, of)
    }

    fn scatter(&self, a: i32, b: i32) -> f64 {
        scatter(a, b, self.last, self.growth)
    }

    /// The variance, in squares of the range, by growth that changes by a standard deviation after the last
    /// week.
    fn changes(&self, week: i32) -> f64 {
        let linear = self.growth.map(|growth| Growth { law: |u| u.max(0.0), ..growth });
        let row = explained_by(week, self.last, linear, Of::Total);
        if self.growth.is_some() { row[1] * row[1] + row[2] * row[2] } else { 0.0 }
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
        (limit_kw, change): (f64, f64),
        paths: usize,
        normal: &mut impl FnMut() -> f64,
    ) -> f64 {
        let mut kept = 0.0;
        self.draw_paths(weeks, factors, change, paths, normal, |weight, path_kw| {
            kept += weight * f64::from(u8::from(path_kw.iter().all(|&kw| kw <= limit_kw)));
        });
        kept
    }

    /// Draws so many paths over the weeks, kW, each with its weight; the weights sum to one.
    pub(crate) fn draw_paths(
        &self,
        weeks: &[IsoWeek],
        factors: &[(f64, f64)],
        change: f64,
        paths: usize,
        normal: &mut impl FnMut() -> f64,
        mut each: impl FnMut(f64, &[f64]),
    ) {
        let h = weeks.len();
        let at: Vec<i32> = weeks.iter().map(|week| week.index()).collect();
        let whole =
            |a: i32, b: i32| product(self.explained_by(a, Of::Total), self.explained_by(b, Of::Total));
        let linear = self.growth.map(|growth| Growth { law: |u| u.max(0.0), ..growth });
        let changed = |a: i32, b: i32| {
            let row = |week| explained_by(week, self.last, linear, Of::Total);
            let (a, b) = (row(a), row(b));
            if self.growth.is_some() { change * change * (a[1] * b[1] + a[2] * b[2]) } else { 0.0 }
        };
        let towards = DMatrix::from_fn(self.weeks.len(), h, |i, j| whole(at[j], self.weeks[i]));
        let prior = DMatrix::from_fn(h, h, |i, j| whole(at[i], at[j]) + changed(at[i], at[j]));
        // The points of one autocorrelation stand together.
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
                        let path_kw: Vec<f64> =
                            path.iter().map(|z| z * self.range_kw + self.min_kw).collect();
                        each(share / draws as f64, &path_kw);
                    }
                }
            }
        }
    }

    /// The noise of future weeks under a point's autocorrelation, in units of σ².
    fn noise(&self, at: &[i32], point: &Point) -> FutureNoise {
        let (n, h) = (self.weeks.len(), at.len());
        let noise =
            |a: i32, b: i32| noise_between(a, b, (point.share, point.correlation)) * self.scatter(a, b);
        let towards = DMatrix::from_fn(n, h, |i, j| noise(self.weeks[i], at[j]));
        let past = DMatrix::from_fn(n, n, |i, j| noise(self.weeks[i], self.weeks[j]));
        let own = DMatrix::from_fn(h, h, |i, j| noise(at[i], at[j]));
        let left = &own - towards.transpose() * Cholesky::new(past).unwrap().solve(&towards);
        FutureNoise { own, towards, left }
    }
}

/// Σ a_i b_i.
fn product(a: [f64; 13], b: [f64; 13]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The covariance of two weeks' noise, in units of σ², both of an average variance.
fn noise_between(a: i32, b: i32, (share, correlation): (f64, f64)) -> f64 {
    let own = if a == b { 1.0 - share } else { 0.0 };
    own + share * f64::powi(correlation, (a - b).abs())
}

/// √(D(a) D(b)).
fn scatter(a: i32, b: i32, last: i32, growth: Option<Growth>) -> f64 {
    let log =
        |week: i32| growth.map_or(0.0, |growth| growth.trend * (f64::from(week - last) / YEAR).min(0.25));
    (0.5 * (log(a) + log(b))).exp()
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

//! The `spark` model once more, plainly: dense nodes, normal equations at every node, bisection, and a
//! distribution function of its own. Slow, and sharing no code with the crate.
//!
//! Given σ the posterior of the scaled coefficients is N(A⁻¹W'y, σ² A⁻¹) with A = W'W + σ² I, and the density
//! of σ follows from log |A| and the residual sum y'y − (W'y)'A⁻¹(W'y). Everything is computed afresh at each
//! of a some hundred nodes in log σ by Cholesky's decomposition.

use model::{Observation, Part};

/// Columns of the design.
const K: usize = 13;
/// Panels of the composite rule, each of six Gauss-Legendre nodes.
const PANELS: usize = 120;
/// Nodes and weights of the six-point rule on [−1, 1].
const GAUSS6: [(f64, f64); 6] = [
    (-0.932_469_514_203_152, 0.171_324_492_379_170_35),
    (-0.661_209_386_466_264_5, 0.360_761_573_048_138_6),
    (-0.238_619_186_083_196_9, 0.467_913_934_572_691_04),
    (0.238_619_186_083_196_9, 0.467_913_934_572_691_04),
    (0.661_209_386_466_264_5, 0.360_761_573_048_138_6),
    (0.932_469_514_203_152, 0.171_324_492_379_170_35),
];

/// The posterior at one σ.
struct AtSigma {
    weight: f64,
    sigma: f64,
    /// Lower triangle of A.
    cholesky: Vec<Vec<f64>>,
    mean: Vec<f64>,
}

/// The dense posterior of a series.
pub(crate) struct Dense {
    rows: Vec<[f64; K]>,
    nodes: Vec<AtSigma>,
    min_kw: f64,
    range_kw: f64,
    pub(crate) log_evidence: f64,
}

impl Dense {
    /// Fits rows, with that many future weeks.
    pub(crate) fn fit(rows: &[Observation], horizon_weeks: i32) -> Self {
        let first = rows.iter().map(|row| row.week.index()).fold(i32::MAX, i32::min);
        let last = rows.iter().map(|row| row.week.index()).fold(i32::MIN, i32::max);
        let span = f64::from(last + horizon_weeks - first);
        let weeks = rows.iter().map(|row| row.week.index()).chain(last + 1..=last + horizon_weeks);
        let design: Vec<[f64; K]> = weeks
            .map(|week| {
                let days = 7.0 * f64::from(week - first);
                let t = days / (7.0 * span);
                let mut row = [0.5, 0.5 * t, 0.5 * t * t, 0., 0., 0., 0., 0., 0., 0., 0., 0., 0.];
                for h in 1..=5_u8 {
                    let angle = std::f64::consts::TAU * f64::from(h) * days / 365.2425;
                    row[2 + usize::from(h)] = angle.cos();
                    row[7 + usize::from(h)] = angle.sin();
                }
                row
            })
            .collect();
        let values: Vec<f64> = rows.iter().filter_map(|row| row.value_kw).collect();
        let min_kw = values.iter().copied().fold(f64::INFINITY, f64::min);
        let range_kw = values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - min_kw;
        let y: Vec<f64> = values.iter().map(|v| (v - min_kw) / range_kw).collect();
        let observed: Vec<&[f64; K]> =
            rows.iter().zip(&design).filter(|(row, _)| row.value_kw.is_some()).map(|(_, w)| w).collect();

        let mut gram = vec![vec![0.0; K]; K];
        let mut projection = [0.0; K];
        for (w, y) in observed.iter().zip(&y) {
            for i in 0..K {
                projection[i] += w[i] * y;
                for j in 0..K {
                    gram[i][j] += w[i] * w[j];
                }
            }
        }
        let at = |x: f64| -> (f64, AtSigma) {
            let sigma = x.exp();
            let mut a = gram.clone();
            for (i, row) in a.iter_mut().enumerate() {
                row[i] += sigma * sigma;
            }
            let cholesky = cholesky(&a);
            let mean = backward(&cholesky, &forward(&cholesky, &projection));
            // The residual as a sum of squares plus the penalty, free of cancellation.
            let residual: f64 = observed.iter().zip(&y).map(|(w, y)| (y - dot(*w, &mean)).powi(2)).sum();
            let penalty: f64 = mean.iter().map(|g| g * g).sum::<f64>() * sigma * sigma;
            let log_determinant: f64 = (0..K).map(|i| 2.0 * cholesky[i][i].ln()).sum();
            let n = y.len() as f64;
            let log_density = -0.5 * n * std::f64::consts::TAU.ln()
                - (n - K as f64) * x
                - 0.5 * log_determinant
                - 0.5 * (residual + penalty) / (sigma * sigma)
                + x;
            (log_density, AtSigma { weight: 0.0, sigma, cholesky, mean })
        };

        // The effective support from a coarse scan, refined around it.
        let scan: Vec<(f64, f64)> =
            (0..=1200).map(|i| -15.0 + f64::from(i) / 80.0).map(|x| (x, at(x).0)).collect();
        let peak = scan.iter().map(|&(_, log)| log).fold(f64::NEG_INFINITY, f64::max);
        let inside: Vec<f64> = scan.iter().filter(|&&(_, log)| log > peak - 40.0).map(|&(x, _)| x).collect();
        let from = inside[0] - 0.01;
        let to = (inside[inside.len() - 1] + 0.01).min(0.0);
        let width = (to - from) / PANELS as f64;
        let mut nodes = Vec::new();
        for panel in 0..PANELS {
            let middle = from + width * (panel as f64 + 0.5);
            for (x, weight) in GAUSS6 {
                let (log_density, mut node) = at(middle + 0.5 * width * x);
                node.weight = 0.5 * width * weight * (log_density - peak).exp();
                nodes.push(node);
            }
        }
        let mass: f64 = nodes.iter().map(|node| node.weight).sum();
        nodes.iter_mut().for_each(|node| node.weight /= mass);
        nodes.retain(|node| node.weight > 1e-17);
        Self { rows: design, nodes, min_kw, range_kw, log_evidence: peak + mass.ln() }
    }

    /// The range of the observed values, kW.
    pub(crate) fn range_kw(&self) -> f64 {
        self.range_kw
    }

    /// Weight, mean and standard deviation of a part at a row under each σ, scaled.
    fn mixture(&self, part: Part, row: usize) -> Vec<(f64, f64, f64)> {
        let mut w = self.rows[row];
        match part {
            Part::Drift => w[3..].fill(0.0),
            Part::Yearly => w[..3].fill(0.0),
            Part::Total => {}
        }
        let noise = if part == Part::Total { 1.0 } else { 0.0 };
        self.nodes
            .iter()
            .map(|node| {
                let half = forward(&node.cholesky, &w);
                let variance = dot(&half, &half) + noise;
                (node.weight, dot(&w, &node.mean), node.sigma * variance.sqrt())
            })
            .collect()
    }

    /// A quantile of a part at a row, kW, by bisection.
    pub(crate) fn quantile_kw(&self, part: Part, row: usize, level: f64) -> f64 {
        let mixture = self.mixture(part, row);
        let (mut low, mut high) = (-100.0, 100.0);
        while high - low > 1e-12 {
            let x = 0.5 * (low + high);
            let below: f64 =
                mixture.iter().map(|&(p, mean, sd)| p * normal_cumulative((x - mean) / sd)).sum();
            if below > level { high = x } else { low = x }
        }
        let offset = if part == Part::Yearly { 0.0 } else { self.min_kw };
        0.5 * (low + high) * self.range_kw + offset
    }

    /// P(v > `limit_kw`) at a row.
    pub(crate) fn exceedance(&self, row: usize, limit_kw: f64) -> f64 {
        let x = (limit_kw - self.min_kw) / self.range_kw;
        self.mixture(Part::Total, row)
            .iter()
            .map(|&(p, mean, sd)| p * normal_cumulative(-(x - mean) / sd))
            .sum()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// L with A = LL'.
fn cholesky(a: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut l = vec![vec![0.0; K]; K];
    for i in 0..K {
        for j in 0..=i {
            let rest = a[i][j] - dot(&l[i][..j], &l[j][..j]);
            l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
        }
    }
    l
}

/// L⁻¹ b.
fn forward(l: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut x: Vec<f64> = Vec::with_capacity(K);
    for i in 0..K {
        x.push((b[i] - dot(&l[i][..i], &x)) / l[i][i]);
    }
    x
}

/// L'⁻¹ b.
fn backward(l: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; K];
    for i in (0..K).rev() {
        let rest: f64 = (i + 1..K).map(|k| l[k][i] * x[k]).sum();
        x[i] = (b[i] - rest) / l[i][i];
    }
    x
}

/// Φ by its power series near zero and by the continued fraction of Mills' ratio further out.
fn normal_cumulative(z: f64) -> f64 {
    let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    if z.abs() < 3.0 {
        let (mut term, mut sum, mut k) = (z, z, 1.0);
        while f64::abs(term) > 1e-18 {
            k += 2.0;
            term *= z * z / k;
            sum += term;
        }
        0.5 + density * sum
    } else if z.abs() > 38.0 {
        if z > 0.0 { 1.0 } else { 0.0 }
    } else {
        let fraction = (1..=80).rev().fold(0.0, |below, k| f64::from(k) / (z.abs() + below));
        let tail = density / (z.abs() + fraction);
        if z > 0.0 { 1.0 - tail } else { tail }
    }
}

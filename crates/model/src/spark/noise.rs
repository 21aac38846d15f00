//! The posterior of σ as a measure on a grid of log σ, and what follows from it alone.

use crate::SigmaSummary;
use crate::quadrature::{Node, PANEL_NODES, gauss_rule, panel};

use super::factorisation::Factorisation;
use super::noise_density::NoiseDensity;

/// From this many observed weeks on the density of log σ is narrow and smooth enough for the trapezoid.
const TRAPEZOID_FROM: usize = 60;
/// Nodes of the trapezoid on either side of the mode, and their distance in standard deviations.
const TRAPEZOID_SIDE: i32 = 24;
const TRAPEZOID_STEP: f64 = 0.4;
/// Panels of the Gauss-Legendre grid.
const PANELS: usize = 12;
/// How many points the measure is compressed to: on the trapezoid, from 21 weeks on, and below.
const COMPRESSED_TRAPEZOID: usize = 4;
const COMPRESSED_SHORT: usize = 16;
const COMPRESSED_SHORTEST: usize = 64;

/// The posterior of x = log σ.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct NoisePosterior {
    /// The measure on its fine grid, ascending, of mass one.
    pub(crate) grid: Vec<Node>,
    /// The same compressed to a Gauss rule in x.
    pub(crate) rule: Vec<Node>,
    /// log ∫ p(y | σ) dσ over (0, 1).
    pub(crate) log_evidence: f64,
    /// Whether the trapezoid served, so that the measure is narrow and nearly normal.
    pub(crate) is_narrow: bool,
}

impl NoisePosterior {
    pub(crate) fn new(factorisation: &Factorisation) -> Self {
        let density = NoiseDensity::new(factorisation);
        let trapezoid = if factorisation.observed >= TRAPEZOID_FROM { trapezoid(&density) } else { None };
        let is_narrow = trapezoid.is_some();
        let (mut grid, log_scale) = trapezoid.unwrap_or_else(|| legendre(&density));
        let mass: f64 = grid.iter().map(|node| node.weight).sum();
        for node in &mut grid {
            node.weight /= mass;
        }
        let points = match factorisation.observed {
            _ if is_narrow => COMPRESSED_TRAPEZOID,
            0..=20 => COMPRESSED_SHORTEST,
            _ => COMPRESSED_SHORT,
        };
        let rule = gauss_rule(&grid, points);
        Self { grid, rule, log_evidence: log_scale + mass.ln(), is_narrow }
    }

    /// Mean, standard deviation and quantiles of σ.
    ///
    /// The quantiles are roots of the integrated density, by Gauss-Legendre on panels and Newton's iteration
    /// within the panel that holds the root.
    pub(crate) fn summary(&self, factorisation: &Factorisation) -> SigmaSummary {
        let density = NoiseDensity::new(factorisation);
        let moment =
            |f: &dyn Fn(f64) -> f64| self.grid.iter().map(|node| node.weight * f(node.x.exp())).sum();
        let mean: f64 = moment(&|sigma| sigma);
        let variance: f64 = moment(&|sigma| (sigma - mean) * (sigma - mean));

        let (from, to) = match (self.grid.first(), self.grid.last()) {
            // The Gauss-Legendre grid stops short of its ends; the cut at σ = 1 is one of them.
            (Some(first), Some(last)) if self.is_narrow => (first.x, last.x),
            _ => density.support(),
        };
        let width = (to - from) / PANELS as f64;
        let normalised = |x: f64| (density.log_density(x) - self.log_evidence).exp();
        let integral = |from: f64, to: f64| -> f64 { panel(from, to).map(|(x, w)| w * normalised(x)).sum() };
        let masses: Vec<f64> =
            (0..PANELS).map(|i| integral(from + width * i as f64, from + width * (i + 1) as f64)).collect();
        let quantile = |level: f64| {
            let mut below = 0.0;
            let mut index = 0;
            while index + 1 < PANELS && below + masses[index] < level {
                below += masses[index];
                index += 1;
            }
            let start = from + width * index as f64;
            let (mut low, mut high) = (start, start + width);
            let mut x = low + width * ((level - below) / masses[index]).clamp(0.0, 1.0);
            for _ in 0..60 {
                let excess = below + integral(start, x) - level;
                if excess > 0.0 {
                    high = x
                } else {
                    low = x
                }
                let newton = x - excess / normalised(x);
                let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
                let step = (next - x).abs();
                x = next;
                if step < 1e-12 {
                    break;
                }
            }
            x.exp()
        };
        SigmaSummary {
            mean,
            sd: variance.max(0.0).sqrt(),
            q05: quantile(0.05),
            q15: quantile(0.15),
            q50: quantile(0.50),
            q85: quantile(0.85),
            q95: quantile(0.95),
        }
    }
}

/// The trapezoid around the mode: exponentially accurate for an analytic density that vanishes at both ends.
/// Nothing if there is no mode, or the density has not vanished at σ = 1.
fn trapezoid(density: &NoiseDensity<'_>) -> Option<(Vec<Node>, f64)> {
    let (mode, sd) = density.mode()?;
    let step = TRAPEZOID_STEP * sd;
    let peak = density.log_density(mode);
    if mode + f64::from(TRAPEZOID_SIDE) * step > 0.0 && density.log_density(0.0) - peak > -30.0 {
        return None;
    }
    let grid = (-TRAPEZOID_SIDE..=TRAPEZOID_SIDE)
        .map(|i| mode + f64::from(i) * step)
        .filter(|&x| x < 0.0)
        .map(|x| Node { x, weight: step * (density.log_density(x) - peak).exp() })
        .collect();
    Some((grid, peak))
}

/// Gauss-Legendre panels over the effective support, which ends at σ = 1 on a panel's edge.
fn legendre(density: &NoiseDensity<'_>) -> (Vec<Node>, f64) {
    let (from, to) = density.support();
    let width = (to - from) / PANELS as f64;
    let mut grid: Vec<Node> = Vec::with_capacity(PANELS * PANEL_NODES);
    for i in 0..PANELS {
        let start = from + width * i as f64;
        grid.extend(panel(start, start + width).map(|(x, weight)| Node { x, weight }));
    }
    let logs: Vec<f64> = grid.iter().map(|node| density.log_density(node.x)).collect();
    let peak = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for (node, log) in grid.iter_mut().zip(logs) {
        node.weight *= (log - peak).exp();
    }
    (grid, peak)
}

//! Draws of log σ from standard normal coordinates.

use crate::normal;

use super::noise::NoisePosterior;

/// log σ as an increasing function of a standard normal coordinate: the inverse of its distribution function.
pub(crate) enum LogSigma {
    /// Nearly normal: mean, standard deviation and the coefficients of the Cornish-Fisher expansion.
    Narrow([f64; 4]),
    /// Any other: straight lines between the grid's nodes over Φ⁻¹ of the distribution function, where the
    /// inverse is nearly straight.
    Wide(Vec<(f64, f64)>),
}

impl LogSigma {
    pub(crate) fn new(noise: &NoisePosterior) -> Self {
        if noise.is_narrow { Self::narrow(noise) } else { Self::wide(noise) }
    }

    /// The cubic z + γ₁ (z² − 1)/6 + γ₂ (z³ − 3z)/24 − γ₁² (2z³ − 5z)/36 in standard units.
    fn narrow(noise: &NoisePosterior) -> Self {
        let moment = |f: &dyn Fn(f64) -> f64| -> f64 { noise.grid.iter().map(|n| n.weight * f(n.x)).sum() };
        let mean = moment(&|x| x);
        let sd = moment(&|x| (x - mean) * (x - mean)).sqrt();
        let gamma1 = moment(&|x| ((x - mean) / sd).powi(3));
        let gamma2 = moment(&|x| ((x - mean) / sd).powi(4)) - 3.0;
        let square = gamma1 * gamma1;
        Self::Narrow([
            mean - sd * gamma1 / 6.0,
            sd * (1.0 - gamma2 / 8.0 + square * 5.0 / 36.0),
            sd * gamma1 / 6.0,
            sd * (gamma2 / 24.0 - square / 18.0),
        ])
    }

    fn wide(noise: &NoisePosterior) -> Self {
        let mut below = 0.0;
        let mut knots = Vec::with_capacity(noise.grid.len());
        for node in &noise.grid {
            let level = below + 0.5 * node.weight;
            below += node.weight;
            if level > 1e-7 && level < 1.0 - 1e-7 {
                knots.push((normal::quantile(level), node.x));
            }
        }
        Self::Wide(knots)
    }

    /// log σ at the coordinate, at most zero.
    pub(crate) fn at(&self, z: f64) -> f64 {
        let x = match self {
            Self::Narrow([c0, c1, c2, c3]) => c0 + z * (c1 + z * (c2 + z * c3)),
            Self::Wide(knots) => {
                let after = knots.partition_point(|knot| knot.0 < z).clamp(1, knots.len().max(2) - 1);
                match (knots.get(after - 1), knots.get(after)) {
                    (Some(&(z0, x0)), Some(&(z1, x1))) if z1 > z0 => x0 + (x1 - x0) * (z - z0) / (z1 - z0),
                    (Some(&(_, x)), _) => x,
                    _ => f64::NEG_INFINITY,
                }
            }
        };
        x.min(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quadrature::Node;

    /// A normal log σ of mean −2 and standard deviation 0.1 on a trapezoid.
    fn noise(is_narrow: bool) -> NoisePosterior {
        let node = |i: i32| {
            let z = f64::from(i) * 0.1;
            Node { x: -2.0 + 0.1 * z, weight: 0.1 * normal::density(z) }
        };
        NoisePosterior {
            grid: (-60..=60).map(node).collect(),
            rule: Vec::new(),
            log_evidence: 0.0,
            is_narrow,
        }
    }

    #[test]
    fn both_ways_invert_the_distribution() {
        for is_narrow in [true, false] {
            let log_sigma = LogSigma::new(&noise(is_narrow));
            for z in [-3.0, -1.0, 0.05, 0.5, 2.5] {
                assert!((log_sigma.at(z) - (-2.0 + 0.1 * z)).abs() < 2e-3, "{is_narrow} {z}");
            }
            assert!(log_sigma.at(40.0) <= 0.0);
        }
    }
}

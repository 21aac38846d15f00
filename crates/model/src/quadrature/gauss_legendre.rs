//! The Gauss-Legendre rule of one panel.

use std::sync::LazyLock;

/// Nodes a panel: exact for polynomials up to degree 31.
pub(crate) const PANEL_NODES: usize = 16;

/// Nodes and weights on [−1, 1].
static UNIT_PANEL: LazyLock<[(f64, f64); PANEL_NODES]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let n = PANEL_NODES as f64;
        // Newton's iteration on the Legendre polynomial from the classical cosine guess.
        let mut x = -(std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..8 {
            let (value, derivative) = legendre(x);
            slope = derivative;
            x -= value / derivative;
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    })
});

/// P_n(x) and P_n'(x) for n = [`PANEL_NODES`], by the three-term recurrence.
fn legendre(x: f64) -> (f64, f64) {
    let (mut previous, mut current) = (1.0, x);
    for k in 2..=PANEL_NODES {
        let k = k as f64;
        (previous, current) = (current, ((2.0 * k - 1.0) * x * current - (k - 1.0) * previous) / k);
    }
    let n = PANEL_NODES as f64;
    (current, n * (x * current - previous) / (x * x - 1.0))
}

/// The nodes x_i and weights w_i with ∫ f over [`from`, `to`] ≈ Σ w_i f(x_i), ascending from `from`.
pub(crate) fn panel(from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    UNIT_PANEL.iter().map(move |&(x, weight)| (middle + half * x, half * weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrates_polynomials_up_to_degree_31_exactly() {
        for degree in 0..32 {
            let integral: f64 = panel(0.0, 2.0).map(|(x, w)| w * x.powi(degree)).sum();
            let exact = 2f64.powi(degree + 1) / f64::from(degree + 1);
            assert!((integral / exact - 1.0).abs() < 1e-13, "{degree}");
        }
    }

    #[test]
    fn nodes_ascend_within_the_panel() {
        let nodes: Vec<f64> = panel(-3.0, -1.0).map(|(x, _)| x).collect();
        assert!(nodes.is_sorted() && nodes[0] > -3.0 && nodes[PANEL_NODES - 1] < -1.0);
    }
}

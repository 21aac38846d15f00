//! The Gauss rule of a discrete measure: few nodes that integrate like many.
//!
//! For a measure Σ w_i δ(x − x_i) the polynomials orthogonal under it obey
//! p_{k+1}(x) = (x − α_k) p_k(x) − β_k p_{k−1}(x), with (Stieltjes)
//! α_k = ⟨x p_k, p_k⟩ / ⟨p_k, p_k⟩ and β_k = ⟨p_k, p_k⟩ / ⟨p_{k−1}, p_{k−1}⟩. The nodes of the m-point rule
//! are the eigenvalues of the symmetric tridiagonal matrix with diagonal α and off-diagonal √β, the weights
//! are the squared first components of its eigenvectors times the total mass (Golub and Welsch 1969). The
//! rule integrates polynomials up to degree 2m − 1 exactly.

/// A point of a measure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Node {
    /// Where.
    pub(crate) x: f64,
    /// How much.
    pub(crate) weight: f64,
}

/// The `m`-point Gauss rule of a measure with non-negative weights, ascending; fewer points if the measure
/// has fewer points of its own.
pub(crate) fn gauss_rule(measure: &[Node], m: usize) -> Vec<Node> {
    let mass: f64 = measure.iter().map(|node| node.weight).sum();
    let (alpha, beta) = recurrence(measure, m);
    let mut rule = golub_welsch(alpha, beta);
    for node in &mut rule {
        node.weight *= mass;
    }
    rule.sort_by(|a, b| a.x.total_cmp(&b.x));
    rule
}

/// Stieltjes' procedure: α_0 … and √β_1 …, at most `m` and `m` − 1 of them.
fn recurrence(measure: &[Node], m: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut alpha, mut beta) = (Vec::with_capacity(m), Vec::with_capacity(m));
    let mut current = vec![1.0; measure.len()];
    let mut previous = vec![0.0; measure.len()];
    let mut norm: f64 = measure.iter().map(|node| node.weight).sum();
    let mut beta_k = 0.0;
    loop {
        let first_moment: f64 =
            measure.iter().zip(&current).map(|(node, p)| node.weight * p * p * node.x).sum();
        let alpha_k = first_moment / norm;
        alpha.push(alpha_k);
        if alpha.len() == m {
            break;
        }
        let mut next_norm = 0.0;
        for ((node, current), previous) in measure.iter().zip(&mut current).zip(&mut previous) {
            let next = (node.x - alpha_k) * *current - beta_k * *previous;
            *previous = *current;
            *current = next;
            next_norm += node.weight * next * next;
        }
        beta_k = next_norm / norm;
        norm = next_norm;
        // The measure has no more points than polynomials so far: the rule is complete.
        if norm.is_nan() || norm <= 1e-300 {
            break;
        }
        beta.push(beta_k.sqrt());
    }
    (alpha, beta)
}

/// Eigenvalues and squared first eigenvector components of the symmetric tridiagonal matrix, by the implicit
/// QL iteration with Wilkinson's shift; only the first row of the eigenvectors is carried along.
fn golub_welsch(mut diagonal: Vec<f64>, mut off_diagonal: Vec<f64>) -> Vec<Node> {
    let n = diagonal.len();
    off_diagonal.resize(n, 0.0);
    let mut first_row = vec![0.0; n];
    first_row[0] = 1.0;
    for l in 0..n {
        for _ in 0..60 {
            let negligible =
                |k: usize, d: &[f64]| off_diagonal[k].abs() <= f64::EPSILON * (d[k].abs() + d[k + 1].abs());
            let end = (l..n - 1).find(|&k| negligible(k, &diagonal)).unwrap_or(n - 1);
            if end == l {
                break;
            }
            let spread = (diagonal[l + 1] - diagonal[l]) / (2.0 * off_diagonal[l]);
            let root = spread.hypot(1.0).copysign(spread);
            let mut g = diagonal[end] - diagonal[l] + off_diagonal[l] / (spread + root);
            let (mut sine, mut cosine, mut shift) = (1.0, 1.0, 0.0);
            for i in (l..end).rev() {
                let (f, b) = (sine * off_diagonal[i], cosine * off_diagonal[i]);
                let r = f.hypot(g);
                off_diagonal[i + 1] = r;
                if r == 0.0 {
                    diagonal[i + 1] -= shift;
                    off_diagonal[end] = 0.0;
                    break;
                }
                (sine, cosine) = (f / r, g / r);
                g = diagonal[i + 1] - shift;
                let r = (diagonal[i] - g) * sine + 2.0 * cosine * b;
                shift = sine * r;
                diagonal[i + 1] = g + shift;
                g = cosine * r - b;
                let (low, high) = (first_row[i], first_row[i + 1]);
                first_row[i + 1] = sine * low + cosine * high;
                first_row[i] = cosine * low - sine * high;
                if i == l {
                    diagonal[l] -= shift;
                    off_diagonal[l] = g;
                    off_diagonal[end] = 0.0;
                }
            }
        }
    }
    diagonal.into_iter().zip(first_row).map(|(x, first)| Node { x, weight: first * first }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard normal on a trapezoid.
    fn normal_measure() -> Vec<Node> {
        let node = |i: i32| {
            let x = f64::from(i) * 0.4;
            Node { x, weight: 0.4 * crate::normal::density(x) }
        };
        (-24..=24).map(node).collect()
    }

    #[test]
    fn the_rule_of_the_normal_distribution_is_gauss_hermite() {
        let rule = gauss_rule(&normal_measure(), 5);
        let nodes = [2.856_970_013_872_806, 1.355_626_179_974_266, 0.0_f64];
        let weights = [0.011_257_411_327_720_7, 0.222_075_922_005_613, 0.533_333_333_333_333];
        for i in 0..3 {
            for mirrored in [i, 4 - i] {
                assert!((rule[mirrored].x.abs() - nodes[i]).abs() < 1e-12);
                assert!((rule[mirrored].weight - weights[i]).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn moments_up_to_degree_2m_minus_1_are_kept() {
        let measure: Vec<Node> =
            (1..40).map(|i| Node { x: f64::from(i).sqrt(), weight: 1.0 / f64::from(i) }).collect();
        let moment = |nodes: &[Node], k: i32| -> f64 { nodes.iter().map(|n| n.weight * n.x.powi(k)).sum() };
        for m in [1, 2, 4, 8] {
            let rule = gauss_rule(&measure, m);
            for k in 0..2 * i32::try_from(m).unwrap() {
                assert!((moment(&rule, k) / moment(&measure, k) - 1.0).abs() < 1e-11, "{m} {k}");
            }
        }
    }

    #[test]
    fn a_measure_of_few_points_is_its_own_rule() {
        let measure = [Node { x: -1.0, weight: 0.25 }, Node { x: 2.0, weight: 0.75 }];
        let rule = gauss_rule(&measure, 5);
        assert_eq!(rule.len(), 2);
        assert!((rule[0].x + 1.0).abs() < 1e-14 && (rule[1].weight - 0.75).abs() < 1e-14);
        assert_eq!(gauss_rule(&measure[..1], 5).len(), 1);
    }
}

//! What growth a series may have.
//!
//! None but a slope (steady), or that which a law of the fleet describes. A series is fitted under each, and
//! they are weighed by how well they explain it, q_h ∝ π_h p(z | h), π from the fleet. Of that answer the
//! fleet takes the share w, by how much of the growth foretold before has come, and the rest from the steady
//! fit: P(h) = w q_h + (1 − w) [h is steady].
//!
//! Laws with a negligible share are not fitted: they are first weighed under two autocorrelations of the
//! grid, against all of the steady fit; what has a share below a thousandth then, or below three hundredths
//! in the end, is left out.

use super::basis::CoefficientPrior;
use super::design::Regime;
use super::population::{LearnedLaw, Population};

/// A hypothesis of a smaller share is left out.
const NEGLIGIBLE: f64 = 0.03;
/// One that has a smaller share by a part of its evidence is not fitted.
pub(super) const WANTED: f64 = 1e-3;

/// One answer to how a series grows.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Hypothesis {
    pub(super) regime: Regime,
    pub(super) prior: CoefficientPrior,
    /// π: how probable it is before the series is seen.
    probability: f64,
    /// The prior share.
    reserved: f64,
}

impl Hypothesis {
    /// The only one.
    pub(super) fn certain(regime: Regime, prior: CoefficientPrior) -> Self {
        Self { regime, prior, probability: 1.0, reserved: 0.0 }
    }

    /// All that a fleet knows of a series with a history of its own; that it is steady comes first.
    pub(super) fn all_of(population: Option<&Population>) -> Vec<Self> {
        let steady = |probability, reserved| Self {
            regime: population.map_or_else(Regime::default, Population::steady),
            prior: CoefficientPrior::steady(),
            probability,
            reserved,
        };
        let Some(population) = population.filter(|population| population.growth.weight > 0.0) else {
            return vec![steady(1.0, 0.0)];
        };
        let growth = &population.growth;
        let of_law = |law: &LearnedLaw| Self {
            regime: growth.regime(law),
            prior: CoefficientPrior::growing(),
            probability: law.prevalence,
            reserved: 0.0,
        };
        let laws: f64 = growth.laws.iter().map(|law| law.prevalence).sum();
        let none = steady((1.0 - laws).max(0.0), 1.0 - growth.weight);
        std::iter::once(none).chain(growth.laws.iter().map(of_law)).collect()
    }
}

/// q: how the series itself shares them out, given ln p(z | h) of each; and the logarithm of their joint
/// evidence, ln Σ π p.
pub(super) fn supported(hypotheses: &[Hypothesis], log_evidence: &[f64]) -> (Vec<f64>, f64) {
    let peak = log_evidence.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let masses: Vec<f64> = hypotheses
        .iter()
        .zip(log_evidence)
        .map(|(hypothesis, log)| hypothesis.probability * (log - peak).exp())
        .collect();
    let total: f64 = masses.iter().sum();
    if total > 0.0 {
        (masses.iter().map(|mass| mass / total).collect(), peak + total.ln())
    } else {
        (hypotheses.iter().map(|hypothesis| hypothesis.probability).collect(), f64::NEG_INFINITY)
    }
}

/// The shares P(h), those too small left out, and the logarithm of the joint evidence.
pub(super) fn shares(hypotheses: &[Hypothesis], log_evidence: &[f64]) -> (Vec<f64>, f64) {
    let (supported, joint) = supported(hypotheses, log_evidence);
    let reserved: f64 = hypotheses.iter().map(|hypothesis| hypothesis.reserved).sum();
    let share = |(hypothesis, q): (&Hypothesis, f64)| hypothesis.reserved + (1.0 - reserved) * q;
    let shares: Vec<f64> = hypotheses
        .iter()
        .zip(supported)
        .map(share)
        .map(|share| if share < NEGLIGIBLE { 0.0 } else { share })
        .collect();
    let kept: f64 = shares.iter().sum();
    let logs: Vec<f64> = hypotheses
        .iter()
        .zip(log_evidence)
        .filter(|(hypothesis, _)| hypothesis.reserved > 0.0)
        .map(|(hypothesis, log)| hypothesis.reserved.ln() + log)
        .chain([(1.0 - reserved).ln() + joint])
        .collect();
    let peak = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let log_evidence = peak + logs.iter().map(|log| (log - peak).exp()).sum::<f64>().ln();
    (shares.into_iter().map(|share| share / kept).collect(), log_evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hypotheses(probabilities: [f64; 2], weight: f64) -> Vec<Hypothesis> {
        let of = |probability, reserved| Hypothesis {
            probability,
            reserved,
            ..Hypothesis::certain(Regime::default(), CoefficientPrior::steady())
        };
        vec![of(probabilities[0], 1.0 - weight), of(probabilities[1], 0.0)]
    }

    #[test]
    fn the_fleet_reserves_a_share_and_the_series_decides_of_the_rest() {
        let (shares, log_evidence) =
            shares(&hypotheses([0.5, 0.5], 0.6), &[-1_000.0, -1_000.0 + 3.0_f64.ln()]);
        assert!((shares[0] - (0.4 + 0.6 * 0.25)).abs() < 1e-12 && (shares[1] - 0.6 * 0.75).abs() < 1e-12);
        let expected = -1_000.0 + (0.4 + 0.6 * (0.5 + 0.5 * 3.0_f64)).ln();
        assert!((log_evidence - expected).abs() < 1e-12);
    }

    #[test]
    fn what_has_a_share_below_three_hundredths_is_left_out() {
        let (shares, _) = shares(&hypotheses([0.5, 0.5], 1.0), &[0.0, 4.0]);
        assert_eq!(shares, [0.0, 1.0]);
    }

    #[test]
    fn what_no_box_of_the_fleet_does_has_no_share() {
        let (shares, _) = shares(&hypotheses([1.0, 0.0], 1.0), &[-5.0, 800.0]);
        assert_eq!(shares, [1.0, 0.0]);
    }
}

//! The shares of the three phases in the load: nearly, but not quite, equal.

use model::{Phase, WeekExtremes};
use rand::{RngExt, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, StandardNormal};

use crate::random::{Purpose, stream};

/// Shares of the phases l1, l2 and l3, which add up to one.
#[derive(Clone, Debug)]
pub(crate) struct PhaseShares {
    shares: [f64; 3],
    /// Standard deviation of a phase's share over time.
    share_sd: f64,
    random: Xoshiro256PlusPlus,
}

impl PhaseShares {
    pub(crate) fn draw(seed: u64, number: usize) -> Self {
        let mut random = stream(seed, Purpose::PhaseNoise, number as u64);
        let parts: [f64; 3] = std::array::from_fn(|_| random.random_range(0.85..1.15));
        let sum: f64 = parts.iter().sum();
        let share_sd = random.random_range(0.01..0.03);
        Self { shares: parts.map(|part| part / sum), share_sd, random }
    }

    /// One phase of the summed loads, kW. If the sums are rounded to hundredths, l1 + l2 + l3
    /// equals the sum to a hundredth.
    pub(crate) fn split(&self, sums_kw: &[f64], phase: Phase) -> Vec<f64> {
        if phase == Phase::Sumli {
            return sums_kw.to_vec();
        }
        const AUTOCORRELATION: f64 = 0.9;
        let mut random = self.random.clone();
        let innovation_sd = self.share_sd * (1.0 - AUTOCORRELATION * AUTOCORRELATION).sqrt();
        let mut deviations = [0.0, 0.0];
        let split = |sum: &f64| {
            for state in &mut deviations {
                let innovation: f64 = StandardNormal.sample(&mut random);
                *state = AUTOCORRELATION * *state + innovation_sd * innovation;
            }
            let [l1, l2] =
                [0, 1].map(|line| round_to_hundredths(sum * (self.shares[line] + deviations[line])));
            match phase {
                Phase::L1 => l1,
                Phase::L2 => l2,
                _ => round_to_hundredths(sum - l1 - l2),
            }
        };
        sums_kw.iter().map(split).collect()
    }

    /// Extremes of one phase by the fast model: its mean share, widened by 1.5 standard deviations.
    pub(crate) fn extremes(&self, sum: WeekExtremes, phase: Phase) -> WeekExtremes {
        let Some(line) = [Phase::L1, Phase::L2, Phase::L3].iter().position(|of| *of == phase) else {
            return sum;
        };
        let margin = 1.5 * self.share_sd;
        let share = self.shares[line];
        let (up, down) = (share + margin, share - margin);
        let low = if sum.min_kw < 0.0 { up } else { down };
        let high = if sum.max_kw < 0.0 { down } else { up };
        WeekExtremes {
            min_kw: round_to_hundredths(sum.min_kw * low),
            max_kw: round_to_hundredths(sum.max_kw * high),
            ..sum
        }
    }
}

/// Rounds to a hundredth of a kW, the resolution of the meters.
pub(crate) fn round_to_hundredths(kw: f64) -> f64 {
    (kw * 100.0).round() / 100.0
}

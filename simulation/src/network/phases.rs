//! How the three phases share the load: nearly evenly, never quite.

use model::{Phase, WeekExtremes};
use rand::{RngExt, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, StandardNormal};

use crate::random::{Purpose, stream};

/// Shares of the phases l1, l2 and l3 in the sum; they add up to one.
#[derive(Clone, Debug)]
pub(crate) struct PhaseShares {
    shares: [f64; 3],
    /// Standard deviation of a phase's share over time.
    wander: f64,
    random: Xoshiro256PlusPlus,
}

impl PhaseShares {
    pub(crate) fn draw(seed: u64, number: usize) -> Self {
        let mut random = stream(seed, Purpose::PhaseNoise, number as u64);
        let parts: [f64; 3] = std::array::from_fn(|_| random.random_range(0.85..1.15));
        let sum: f64 = parts.iter().sum();
        let wander = random.random_range(0.01..0.03);
        Self { shares: parts.map(|part| part / sum), wander, random }
    }

    /// One phase of loads given as sums, kW; l1 + l2 + l3 is the sum to the hundredth of a kW, when the sum is
    /// rounded to that.
    pub(crate) fn split(&self, sums_kw: &[f64], phase: Phase) -> Vec<f64> {
        if phase == Phase::Sumli {
            return sums_kw.to_vec();
        }
        const MEMORY: f64 = 0.9;
        let mut random = self.random.clone();
        let spread = self.wander * (1.0 - MEMORY * MEMORY).sqrt();
        let mut wander = [0.0, 0.0];
        let split = |sum: &f64| {
            for state in &mut wander {
                let innovation: f64 = StandardNormal.sample(&mut random);
                *state = MEMORY * *state + spread * innovation;
            }
            let [l1, l2] = [0, 1].map(|line| hundredths(sum * (self.shares[line] + wander[line])));
            match phase {
                Phase::L1 => l1,
                Phase::L2 => l2,
                _ => hundredths(sum - l1 - l2),
            }
        };
        sums_kw.iter().map(split).collect()
    }

    /// Extremes of one phase by the quick model: the phase's share, widened by what its share wanders.
    pub(crate) fn extremes(&self, sum: WeekExtremes, phase: Phase) -> WeekExtremes {
        let Some(line) = [Phase::L1, Phase::L2, Phase::L3].iter().position(|of| *of == phase) else {
            return sum;
        };
        let outwards = 1.5 * self.wander;
        let share = self.shares[line];
        let (up, down) = (share + outwards, share - outwards);
        let low = if sum.min_kw < 0.0 { up } else { down };
        let high = if sum.max_kw < 0.0 { down } else { up };
        WeekExtremes { min_kw: hundredths(sum.min_kw * low), max_kw: hundredths(sum.max_kw * high), ..sum }
    }
}

/// Rounded to a hundredth of a kW, the resolution of the meters.
pub(crate) fn hundredths(kw: f64) -> f64 {
    (kw * 100.0).round() / 100.0
}

//! Channels other than 15-minute active power, which an import has to ignore.

use model::Phase;
use rand::{RngExt, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, StandardNormal};

use super::Pair;
use super::phases::round_to_hundredths;
use crate::random::{Purpose, stream};

/// The other channels of a box.
pub(crate) struct OtherChannels {
    random: Xoshiro256PlusPlus,
}

/// Readings as pairs of a quarter-hour, counted from the calendar's first, and a value.
type Readings = Vec<(usize, f64)>;

impl OtherChannels {
    /// The other channels of one box (0 or 1) of a pair; a `share` of all boxes has some.
    pub(crate) fn of(pair: &Pair<'_>, side: usize, share: f64) -> Option<Self> {
        let number = pair.boxes[side].number as u64;
        let mut random = stream(pair.seed(), Purpose::OtherChannels, number);
        (random.random::<f64>() < share).then_some(Self { random })
    }

    /// Reactive power (kvar), voltage of a phase (V) and hourly mean active power (kW).
    pub(crate) fn channels(
        mut self,
        pair: &Pair<'_>,
        side: usize,
        loads: &[Vec<f64>; 2],
    ) -> [(&'static str, Readings); 3] {
        let capacity = pair.boxes[side].components.capacity_kva;
        let power: Readings = pair.readings(side, loads, Phase::Sumli).collect();
        let tangent = self.random.random_range(0.05..0.25);
        let mut noise = || -> f64 { StandardNormal.sample(&mut self.random) };
        let reactive = |(quarter, kw): &(usize, f64)| {
            (*quarter, round_to_hundredths(tangent * kw.abs() + 0.01 * capacity * (1.0 + 0.3 * noise())))
        };
        let reactive = power.iter().map(reactive).collect();
        // Load lowers the voltage, feed-in raises it.
        let voltage = |(quarter, kw): &(usize, f64)| {
            (*quarter, ((231.0 - 5.0 * kw / capacity + 0.8 * noise()) * 10.0).round() / 10.0)
        };
        let voltage = power.iter().map(voltage).collect();
        let hour = |of_hour: &[(usize, f64)]| {
            let sum: f64 = of_hour.iter().map(|(_, kw)| kw).sum();
            (of_hour[0].0, round_to_hundredths(sum / of_hour.len() as f64))
        };
        let hourly = power.chunk_by(|one, next| one.0 / 4 == next.0 / 4).map(hour).collect();
        [
            ("register://electricity/0/reactivepower/sumli?avg=15", reactive),
            ("register://electricity/0/voltage/l1?avg=15", voltage),
            ("register://electricity/0/activepower/sumli?avg=60", hourly),
        ]
    }
}

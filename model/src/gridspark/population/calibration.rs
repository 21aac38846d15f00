//! How wide the bands of a fleet have to be, judged by what the fleet has already seen.
//!
//! The last half years of the boxes are held back and forecast from what came before. Where each held-back value lies
//! among its forecast is a standard normal z if the bands are right, and 70 % of |z| are below 1.036. The factor by
//! which they miss that, squared, goes to the variance of the future noise; it is drawn in towards none, as all boxes
//! see the same few winters, and bounded, as one wild winter foretells no other. The middle of the distribution
//! decides, not its tails: found by rolling origins on real loads, where that scored best on every set.

use super::super::future_noise::FutureNoise;
use super::half_years::HalfYears;
use crate::normal;

/// Fewer half years of boxes than this teach nothing.
const FEWEST: f64 = 3.0;
/// The half years of boxes at which what they say weighs as much as what other fleets have said.
const DRAWN_IN: f64 = 5.0;
/// The share of the weeks that decides, and the |z| of a standard normal that it is below.
const MIDDLE: (f64, f64) = (0.7, 1.036_433_389_493_789_6);
/// The variance becomes no smaller and no larger than this many times that of other fleets.
const RANGE: (f64, f64) = (0.5, 1.2);
/// The same of series that grow, whose growth comes in steps.
const RANGE_GROWING: (f64, f64) = (0.5, 4.0);

/// The future noise of a fleet whose half years were forecast with a share of growth by a candidate: of its series as far
/// as they are taken to be steady, and as far as they grow.
pub(super) fn learn(half_years: &HalfYears, growth: Option<(usize, f64)>) -> [FutureNoise; 2] {
    let [steady, growing] = half_years.below(growth);
    [of(steady, half_years.len(), RANGE), of(growing, half_years.len(), RANGE_GROWING)]
}

/// From probabilities below the values, each counted so much.
fn of(below: Vec<(f64, f64)>, half_years: usize, range: (f64, f64)) -> FutureNoise {
    let all = below.len() as f64;
    let counted: f64 = below.iter().map(|(_, weight)| weight).sum();
    let half_years = half_years as f64 * counted / all;
    if below.is_empty() || half_years < FEWEST {
        return FutureNoise::default();
    }
    let size = |p: f64| normal::quantile(p.clamp(1e-9, 1.0 - 1e-9)).abs();
    let mut sizes: Vec<(f64, f64)> = below.into_iter().map(|(p, weight)| (size(p), weight)).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut reached = 0.0;
    let is_below = |(_, weight): &&(f64, f64)| {
        reached += weight;
        reached < MIDDLE.0 * counted
    };
    let place = sizes.iter().take_while(is_below).count().min(sizes.len() - 1);
    let needed = 2.0 * (sizes[place].0 / MIDDLE.1).ln();
    let trust = half_years / (half_years + DRAWN_IN);
    let factor = (trust * needed).exp();
    if !factor.is_finite() {
        return FutureNoise::default();
    }
    FutureNoise { middle: FutureNoise::default().middle * factor.clamp(range.0, range.1) }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use rand_distr::{Distribution as _, StandardNormal};

    use super::super::Member;
    use super::*;
    use crate::{Gridspark, IsoWeek, Observation, Series};

    /// Five years of a season with independent noise, whose deviation is given for each week counted back from the last.
    fn fleet(boxes: u64, deviation_kw: impl Fn(i32) -> f64) -> Vec<Series> {
        let row = |(week, normal): (i32, f64)| {
            let season_kw = 40.0 * (f64::from(week) * std::f64::consts::TAU / 52.18).cos();
            let value_kw = 200.0 + season_kw + deviation_kw(260 - week) * normal;
            Observation { week: IsoWeek::from_index(2_600 + week), value_kw: Some(value_kw) }
        };
        let noise = |seed| StandardNormal.sample_iter(StdRng::seed_from_u64(seed));
        (0..boxes).map(|seed| Series::new((0..=260).zip(noise(seed)).map(row).collect()).unwrap()).collect()
    }

    fn learned(series: &[Series]) -> f64 {
        let members: Vec<_> = series.iter().map(|series| Member { series, capacity: None }).collect();
        let members: Vec<&Member<'_>> = members.iter().collect();
        learn(&HalfYears::forecast(&members, &Gridspark::default(), &[]), None)[0].middle
    }

    #[test]
    fn a_fleet_that_has_become_calm_gets_narrower_bands_than_a_steady_one() {
        let steady = learned(&fleet(8, |_| 10.0));
        let calm = learned(&fleet(8, |age| if age < 104 { 6.0 } else { 10.0 }));
        assert!(calm < 0.8 * steady, "{calm} {steady}");
    }

    #[test]
    fn a_wild_winter_widens_the_bands_up_to_the_bound_and_no_further() {
        let wild = learned(&fleet(8, |age| if age < 104 { 40.0 } else { 10.0 }));
        assert!((wild - RANGE.1 * FutureNoise::default().middle).abs() < 1e-12, "{wild}");
    }

    #[test]
    fn short_histories_teach_nothing() {
        let short = |series: Series| Series::new(series.rows()[..70].to_vec()).unwrap();
        let fleet: Vec<Series> = fleet(8, |_| 10.0).into_iter().map(short).collect();
        assert_eq!(learned(&fleet), FutureNoise::default().middle);
    }
}

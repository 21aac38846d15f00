//! How wide the bands of a fleet have to be, judged by what the fleet has already seen.
//!
//! The last half years of the boxes are held back and forecast from what came before. Where each held-back
//! value lies among its forecast is a standard normal z if the bands are right, and 70 % of |z| are below
//! 1.036. The factor by which they miss that, squared, goes to the variance of the future noise; it is shrunk
//! towards 1, as all boxes see the same few winters, and bounded, as one extreme winter does not predict the
//! next. The middle of the distribution decides, not its tails: found by rolling origins on real loads, where
//! that scored best on every set.

use super::super::future_noise::FutureNoise;
use super::half_years::{GrowingWeek, HalfYears};
use crate::mixture::Component;
use crate::normal;

/// The smallest number of half years of boxes to learn from.
const FEWEST: f64 = 3.0;
/// The number of half years of boxes at which the fleet's own factor weighs as much as that of other fleets.
const DRAWN_IN: f64 = 5.0;
/// The share of the weeks that decides, and the |z| of a standard normal that it is below.
const MIDDLE: (f64, f64) = (0.7, 1.036_433_389_493_789_6);
/// The variance becomes no smaller and no larger than this many times that of other fleets.
const RANGE: (f64, f64) = (0.5, 1.2);
/// The same of series that grow, whose growth comes in steps.
const RANGE_GROWING: (f64, f64) = (0.5, 4.0);

/// The future noise of a fleet whose half years were forecast, weighted by how steady each forecast is, given
/// the share of growth.
pub(super) fn steady(half_years: &HalfYears, weight: f64) -> FutureNoise {
    of(half_years.steady(weight), half_years.len(), RANGE)
}

/// The future noise of the series of a fleet that grow, and by how much their growth to come differs from
/// that of the past, in standard deviations of the fleet's growth.
///
/// For each such change the noise is learned as ever; the pair under which the values held back are most
/// probable is taken. It is growth by leaps, a large roof at a time, that makes a large change likely.
pub(super) fn growing(half_years: &HalfYears) -> (FutureNoise, f64) {
    let weeks = half_years.growing();
    let few = 1.0 + FEW / half_years.count().max(1) as f64;
    let noise = |change: f64| {
        let below =
            weeks.iter().map(|week| (below(week, FutureNoise::default(), change), week.weight)).collect();
        let noise = of(below, half_years.len(), RANGE_GROWING);
        FutureNoise { middle: noise.middle * few }
    };
    let likelihood = |noise: FutureNoise, change: f64| -> f64 {
        weeks.iter().map(|week| week.weight * density(week, noise, change).max(f64::MIN_POSITIVE).ln()).sum()
    };
    let of_change = |change: f64| {
        let noise = noise(change);
        (noise, change, likelihood(noise, change))
    };
    let best = CHANGES.into_iter().map(of_change).max_by(|a, b| a.2.total_cmp(&b.2));
    best.map_or((FutureNoise::default(), 0.0), |(noise, change, _)| (noise, change))
}

/// The share of the variance that a single half year may have missed: seasons differ, and all boxes see the
/// same.
const FEW: f64 = 0.25;
/// The changes of growth that are tried.
const CHANGES: [f64; 9] = [0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0];

/// The distributions of a week by law and factor on the noise: share, mean and standard deviation.
fn components(week: &GrowingWeek<'_>, noise: FutureNoise, change: f64) -> impl Iterator<Item = Component> {
    week.laws.iter().filter(|(share, _)| *share > 0.0).flat_map(move |(share, law)| {
        noise.factors().map(|(factor, probability)| {
            let variance = law.known + factor * law.noise + change * change * law.changes;
            let sd = variance.sqrt().max(f64::MIN_POSITIVE);
            Component { weight: share / week.weight * probability, mean: law.mean_kw, sd }
        })
    })
}

/// The probability below a week's value.
fn below(week: &GrowingWeek<'_>, noise: FutureNoise, change: f64) -> f64 {
    components(week, noise, change).map(|c| c.weight * normal::cumulative((week.kw - c.mean) / c.sd)).sum()
}

/// The density at a week's value, a kW.
fn density(week: &GrowingWeek<'_>, noise: FutureNoise, change: f64) -> f64 {
    components(week, noise, change)
        .map(|c| c.weight * normal::density((week.kw - c.mean) / c.sd) / c.sd)
        .sum()
}

/// From the probabilities below the values, each with its weight.
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
    let size = weighted_quantile(&sizes, MIDDLE.0);
    let needed = 2.0 * (size / MIDDLE.1).ln();
    let trust = half_years / (half_years + DRAWN_IN);
    let factor = (trust * needed).exp();
    if !factor.is_finite() {
        return FutureNoise::default();
    }
    FutureNoise { middle: FutureNoise::default().middle * factor.clamp(range.0, range.1) }
}

impl FutureNoise {
    /// The bounds within which K is learned from all series.
    #[must_use]
    pub fn bounds() -> (f64, f64) {
        bounds_of(RANGE)
    }

    /// The bounds within which K is learned from series that grow.
    #[must_use]
    pub fn growing_bounds() -> (f64, f64) {
        bounds_of(RANGE_GROWING)
    }
}

fn bounds_of(range: (f64, f64)) -> (f64, f64) {
    let usual = FutureNoise::default().middle;
    (usual * range.0, usual * range.1)
}

/// The first of ascending values, each with its weight, before which all but the last of them weigh more than
/// a share.
fn weighted_quantile(ascending: &[(f64, f64)], share: f64) -> f64 {
    let Some((&(last, _), before)) = ascending.split_last() else { return f64::NAN };
    let wanted = share * before.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut reached = 0.0;
    for &(value, weight) in before {
        reached += weight;
        if reached > wanted {
            return value;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use rand_distr::{Distribution as _, StandardNormal};

    use super::super::Member;
    use super::*;
    use crate::{
        IsoWeek, Observation, Series,
        gridspark::{Gridspark, VarianceProfile},
    };

    /// Five years of a season with independent noise, whose deviation is given for each week counted back
    /// from the last.
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
        let profile = VarianceProfile::default();
        steady(&HalfYears::forecast(&members, &Gridspark::default(), profile), 0.0).middle
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

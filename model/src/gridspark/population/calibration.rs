//! How wide the bands of a fleet have to be, judged by what the fleet has already seen.
//!
//! The last half years of the boxes are held back and forecast from what came before. Where each held-back value lies
//! among its forecast is a standard normal z if the bands are right, and 70 % of |z| are below 1.036. The factor by
//! which they miss that, squared, goes to the variance of the future noise; it is drawn in towards none, as all boxes
//! see the same few winters, and bounded, as one wild winter foretells no other. The middle of the distribution
//! decides, not its tails: found by rolling origins on real loads, where that scored best on every set.

use super::super::Gridspark;
use super::super::future_noise::FutureNoise;
use super::super::outlook::Outlook;
use super::super::posterior::Solution;
use super::Member;
use crate::{IsoWeek, Observation, Series, mixture, normal};

/// Weeks that are held back at once.
const HALF_YEAR: i32 = 26;
/// How many half years are held back, one after the other.
const HALF_YEARS: i32 = 4;
/// Weeks that must lie before a half year, so that there is a season to forecast from.
const WEEKS_BEFORE: i32 = 52;
/// Not more boxes than this are forecast: the rest of a large fleet would not change the answer.
const MOST_BOXES: usize = 120;
/// Fewer half years of boxes than this teach nothing.
const FEWEST: usize = 3;
/// The half years of boxes at which what they say weighs as much as what other fleets have said.
const DRAWN_IN: f64 = 5.0;
/// The share of the weeks that decides, and the |z| of a standard normal that it is below.
const MIDDLE: (f64, f64) = (0.7, 1.036_433_389_493_789_6);
/// The variance becomes no smaller and no larger than this many times that of other fleets.
const RANGE: (f64, f64) = (0.5, 1.2);

/// The future noise of the fleet whose boxes these are, forecast by `model`.
pub(super) fn learn(members: &[&Member<'_>], model: &Gridspark) -> FutureNoise {
    let step = members.len().div_ceil(MOST_BOXES).max(1);
    let mut sizes = Vec::new();
    let mut half_years = 0;
    for member in members.iter().step_by(step) {
        for half_year in 1..=HALF_YEARS {
            let before = sizes.len();
            add_half_year(member.series, half_year, model, &mut sizes);
            half_years += usize::from(sizes.len() > before);
        }
    }
    if half_years < FEWEST {
        return FutureNoise::default();
    }
    sizes.sort_by(f64::total_cmp);
    let size = sizes[((sizes.len() - 1) as f64 * MIDDLE.0) as usize];
    let needed = 2.0 * (size / MIDDLE.1).ln();
    let trust = half_years as f64 / (half_years as f64 + DRAWN_IN);
    let factor = (trust * needed).exp();
    if !factor.is_finite() {
        return FutureNoise::default();
    }
    FutureNoise { middle: FutureNoise::default().middle * factor.clamp(RANGE.0, RANGE.1) }
}

/// Appends |z| of the weeks of one half year, counted back from the last; nothing where too little lies before it.
fn add_half_year(series: &Series, half_year: i32, model: &Gridspark, sizes: &mut Vec<f64>) {
    let observed = || series.rows().iter().filter_map(|row| row.value_kw.map(|kw| (row.week, kw)));
    let weeks = || observed().map(|(week, _)| week);
    let (Some(first), Some(last)) = (weeks().min(), weeks().max()) else { return };
    // Counted back from the last week: these and the younger ones are held back.
    let youngest = HALF_YEAR * half_year;
    if last - first - youngest < WEEKS_BEFORE {
        return;
    }
    let known: Vec<Observation> =
        series.rows().iter().copied().filter(|row| last - row.week >= youngest).collect();
    let Ok(known) = Series::new(known) else { return };
    let Ok(posterior) = model.fit(&known) else { return };
    let Solution::Mixture(fit) = &posterior.solution else { return };
    let outlook = Outlook::new(fit);
    let mut total = Vec::new();
    let is_held_back = |week: IsoWeek| (youngest - HALF_YEAR..youngest).contains(&(last - week));
    for (week, kw) in observed().filter(|(week, _)| is_held_back(*week)) {
        outlook.future_total(week, &mut total);
        let below = mixture::cumulative(&total, kw);
        sizes.push(normal::quantile(below.clamp(1e-9, 1.0 - 1e-9)).abs());
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use rand_distr::{Distribution as _, StandardNormal};

    use super::*;

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
        learn(&members.iter().collect::<Vec<_>>(), &Gridspark::default()).middle
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

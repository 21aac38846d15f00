//! Measures of learned growth, and when they are suspicious.

use domain::runs::{Drift, ExtremeGrowth, GrowthFacts, Measure, RunFacts};
use model::{Extreme, gridspark::FutureNoise};

use crate::configuration::RunWatchSettings;

/// A realised share is outside its range if it is so by this many standard errors.
const STANDARD_ERRORS: f64 = 2.0;
/// From this weight on, growth dominates forecasts.
const LARGE_WEIGHT: f64 = 0.7;
/// A value this close to a bound is at it.
const BOUND_TOLERANCE: f64 = 1e-6;

/// The measures of one extreme.
struct Measures {
    weight: Measure,
    realised: Measure,
    noise: Measure,
    growing_noise: Measure,
}

fn measures_of(extreme: Extreme) -> Measures {
    match extreme {
        Extreme::Min => Measures {
            weight: Measure::MinimumGrowthWeight,
            realised: Measure::MinimumGrowthRealised,
            noise: Measure::MinimumFutureNoise,
            growing_noise: Measure::MinimumGrowingFutureNoise,
        },
        Extreme::Max => Measures {
            weight: Measure::MaximumGrowthWeight,
            realised: Measure::MaximumGrowthRealised,
            noise: Measure::MaximumFutureNoise,
            growing_noise: Measure::MaximumGrowingFutureNoise,
        },
    }
}

/// The noise variance of growing series, if growth is taken into account.
fn growing_noise(growth: &ExtremeGrowth) -> Option<f64> {
    (growth.weight > 0.0).then_some(growth.growing_future_noise)
}

/// Adds the measures of learned growth; none if nothing could be learned.
pub(super) fn add_growth(facts: &mut RunFacts) {
    let Some(learned) = facts.growth else { return };
    for extreme in Extreme::ALL {
        let (growth, names) = (learned.of(extreme), measures_of(extreme));
        facts.measures.insert(names.weight, growth.weight);
        facts.measures.insert(names.noise, growth.future_noise);
        facts.measures.extend(growth.realised().map(|realised| (names.realised, realised)));
        facts.measures.extend(growing_noise(growth).map(|noise| (names.growing_noise, noise)));
    }
}

/// Suspicious growth: a realised share outside its range, a weight that appeared or vanished, a
/// noise variance that reached a bound since the run before.
pub(super) fn growth_suspicions(
    before: Option<&GrowthFacts>,
    now: &GrowthFacts,
    settings: &RunWatchSettings,
) -> Vec<Drift> {
    let of =
        |extreme| of_extreme(extreme, before.map(|before| before.of(extreme)), now.of(extreme), settings);
    Extreme::ALL.into_iter().flat_map(of).collect()
}

fn of_extreme(
    extreme: Extreme,
    before: Option<&ExtremeGrowth>,
    now: &ExtremeGrowth,
    settings: &RunWatchSettings,
) -> Vec<Drift> {
    let names = measures_of(extreme);
    let mut found = Vec::new();
    let mut add = |measure, before, now| found.push(Drift { measure, before, now, suspicious: true });
    if let Some(limit) = passed_limit(now, settings) {
        let earlier = before.and_then(ExtremeGrowth::realised);
        add(names.realised, earlier.unwrap_or(limit), now.realised);
    }
    let Some(before) = before else { return found };
    let has_turned = |from: f64, to: f64| from >= LARGE_WEIGHT && to == 0.0;
    if has_turned(before.weight, now.weight) || has_turned(now.weight, before.weight) {
        add(names.weight, before.weight, now.weight);
    }
    let noises = [
        (names.noise, Some(before.future_noise), Some(now.future_noise), FutureNoise::bounds()),
        (names.growing_noise, growing_noise(before), growing_noise(now), FutureNoise::growing_bounds()),
    ];
    for (measure, before, now, bounds) in noises {
        if let (Some(before), Some(now)) = (before, now)
            && is_at(now, bounds)
            && !is_at(before, bounds)
        {
            add(measure, before, now);
        }
    }
    found
}

/// The limit that the realised share has certainly passed, while forecasts include growth.
fn passed_limit(growth: &ExtremeGrowth, settings: &RunWatchSettings) -> Option<f64> {
    if growth.weight <= 0.0 {
        return None;
    }
    let margin = STANDARD_ERRORS * growth.standard_error;
    if growth.realised + margin < settings.least_growth_realised {
        Some(settings.least_growth_realised)
    } else if growth.realised - margin > settings.most_growth_realised {
        Some(settings.most_growth_realised)
    } else {
        None
    }
}

fn is_at(noise: f64, (min, max): (f64, f64)) -> bool {
    noise <= min + BOUND_TOLERANCE || noise >= max - BOUND_TOLERANCE
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: ExtremeGrowth = ExtremeGrowth {
        weight: 1.0,
        realised: 0.95,
        standard_error: 0.1,
        half_years: 4,
        judged: 240,
        learned_from: 60,
        future_noise: 0.8,
        growing_future_noise: 1.1,
    };

    /// The suspicions of this minimum after a given run, or after a usual one.
    fn found(before: Option<ExtremeGrowth>, minimum: ExtremeGrowth) -> Vec<Measure> {
        let before = before.map(|minimum| GrowthFacts { minimum, maximum: USUAL });
        let now = GrowthFacts { minimum, maximum: USUAL };
        let found = growth_suspicions(before.as_ref(), &now, &RunWatchSettings::default());
        assert!(found.iter().all(|drift| drift.suspicious));
        found.into_iter().map(|drift| drift.measure).collect()
    }

    fn realised_growth(realised: f64, standard_error: f64) -> ExtremeGrowth {
        ExtremeGrowth { realised, standard_error, ..USUAL }
    }

    #[test]
    fn growth_like_that_of_the_run_before_raises_no_suspicion() {
        assert_eq!(found(Some(USUAL), USUAL), []);
        assert_eq!(found(None, USUAL), []);
        assert_eq!(found(Some(USUAL), ExtremeGrowth { weight: 0.5, ..realised_growth(0.8, 0.2) }), []);
    }

    #[test]
    fn a_share_that_came_is_suspicious_if_it_is_outside_its_range_by_more_than_two_standard_errors() {
        let realised = [Measure::MinimumGrowthRealised];
        assert_eq!(found(Some(USUAL), realised_growth(1.95, 0.1)), realised);
        assert_eq!(found(None, realised_growth(1.95, 0.1)), realised);
        assert_eq!(found(Some(USUAL), realised_growth(1.85, 0.1)), []);
        assert_eq!(found(Some(USUAL), realised_growth(0.05, 0.1)), realised);
        assert_eq!(found(Some(USUAL), realised_growth(0.15, 0.1)), []);
        let not_taken = ExtremeGrowth { weight: 0.0, ..realised_growth(1.95, 0.1) };
        assert_eq!(found(None, not_taken), [], "forecasts do not rest on it");
    }

    #[test]
    fn a_weight_that_falls_to_nothing_or_comes_from_nothing_is_suspicious() {
        let none = ExtremeGrowth { weight: 0.0, ..realised_growth(0.1, 0.2) };
        let weight = [Measure::MinimumGrowthWeight];
        assert_eq!(found(Some(USUAL), none), weight);
        assert_eq!(found(Some(none), USUAL), weight);
        assert_eq!(found(Some(none), none), []);
        let some = ExtremeGrowth { weight: 0.6, ..USUAL };
        assert_eq!(found(Some(some), none), []);
        assert_eq!(found(Some(some), USUAL), []);
    }

    #[test]
    fn a_noise_is_suspicious_in_the_run_in_which_it_reaches_a_bound() {
        for bound in [0.39, 0.936] {
            let bounded = ExtremeGrowth { future_noise: bound, ..USUAL };
            assert_eq!(found(Some(USUAL), bounded), [Measure::MinimumFutureNoise]);
            assert_eq!(found(Some(bounded), bounded), [], "it was reported before");
        }
        let growing = ExtremeGrowth { growing_future_noise: 3.12, ..USUAL };
        assert_eq!(found(Some(USUAL), growing), [Measure::MinimumGrowingFutureNoise]);
        assert_eq!(found(Some(USUAL), ExtremeGrowth { growing_future_noise: 0.936, ..USUAL }), []);
    }

    #[test]
    fn a_fleet_that_teaches_no_growth_has_no_share_that_came_among_its_figures() {
        let few = ExtremeGrowth { learned_from: 3, future_noise: 0.78, ..ExtremeGrowth::default() };
        let growth = Some(GrowthFacts { minimum: few, maximum: USUAL });
        let mut facts = RunFacts { growth, ..RunFacts::default() };
        add_growth(&mut facts);
        assert_eq!(facts.measures[&Measure::MinimumGrowthWeight], 0.0);
        assert_eq!(facts.measures[&Measure::MinimumFutureNoise], 0.78);
        assert!(!facts.measures.contains_key(&Measure::MinimumGrowthRealised));
        assert!(!facts.measures.contains_key(&Measure::MinimumGrowingFutureNoise));
        assert_eq!(facts.measures[&Measure::MaximumGrowthRealised], 0.95);
        assert_eq!(facts.measures[&Measure::MaximumGrowingFutureNoise], 1.1);
    }
}

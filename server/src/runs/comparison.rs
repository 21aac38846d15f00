//! Comparison of a run with the one before: its drift, and what is suspicious.

use std::collections::BTreeMap;

use domain::runs::{Drift, Measure};

use crate::configuration::RunWatchSettings;

/// Smaller differences in duration, in seconds, are noise.
const MIN_SLOWDOWN_SECONDS: f64 = 20.0;
/// Smaller differences in counts, in boxes, are noise.
const MIN_CHANGED_BOXES: f64 = 10.0;

/// Every measure that both runs have, and whether its change is suspicious.
pub fn compare(
    before: &BTreeMap<Measure, f64>,
    now: &BTreeMap<Measure, f64>,
    settings: &RunWatchSettings,
) -> Vec<Drift> {
    let fleet = |of: &BTreeMap<Measure, f64>| {
        let classes =
            [Measure::Exceeded, Measure::Overloaded, Measure::Near, Measure::Ample, Measure::NoForecast];
        classes.iter().filter_map(|class| of.get(class)).sum::<f64>()
    };
    let boxes = fleet(before).max(fleet(now));
    // Records of older versions count by other classes.
    let same_classes = before.contains_key(&Measure::Exceeded) == now.contains_key(&Measure::Exceeded);
    now.iter()
        .filter_map(|(&measure, &now)| {
            let before = *before.get(&measure)?;
            let suspicious = is_suspicious(measure, before, now, boxes, settings)
                && (same_classes || !matches!(measure, Measure::Overloaded | Measure::NoForecast));
            Some(Drift { measure, before, now, suspicious })
        })
        .collect()
}

/// The suspicious measures, with or without a run before.
pub fn suspicions(
    before: Option<&BTreeMap<Measure, f64>>,
    now: &BTreeMap<Measure, f64>,
    settings: &RunWatchSettings,
) -> Vec<Drift> {
    let mut found: Vec<Drift> = before
        .map(|before| compare(before, now, settings))
        .unwrap_or_default()
        .into_iter()
        .filter(|drift| drift.suspicious)
        .collect();
    let covered = now.get(&Measure::Coverage90).filter(|&&held| held < settings.least_coverage_90);
    if let Some(&held) = covered
        && !found.iter().any(|drift| drift.measure == Measure::Coverage90)
    {
        let (measure, before) = (Measure::Coverage90, settings.least_coverage_90);
        found.push(Drift { measure, before, now: held, suspicious: true });
    }
    found
}

fn is_suspicious(measure: Measure, before: f64, now: f64, boxes: f64, settings: &RunWatchSettings) -> bool {
    let changed_by = |share: f64, least: f64| {
        let change = (now - before).abs();
        change > share * before && change >= least
    };
    match measure {
        Measure::Seconds | Measure::LearningSeconds | Measure::FittingSeconds | Measure::ClosingSeconds => {
            now > settings.slower_by * before && now - before >= MIN_SLOWDOWN_SECONDS
        }
        Measure::Readings => changed_by(settings.data_change, 0.0),
        Measure::BoxesMeasured => changed_by(settings.data_change, MIN_CHANGED_BOXES),
        Measure::SetAside => now > before && now > 0.001 * boxes,
        Measure::Exceeded | Measure::Overloaded | Measure::NoForecast => {
            let change = (now - before).abs();
            change > settings.result_change * boxes && change >= MIN_CHANGED_BOXES
        }
        Measure::Pinball => now > (1.0 + settings.pinball_growth) * before,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(measures: &[(Measure, f64)]) -> BTreeMap<Measure, f64> {
        let usual = [
            (Measure::Seconds, 60.0),
            (Measure::Overloaded, 200.0),
            (Measure::Near, 300.0),
            (Measure::Ample, 1_400.0),
            (Measure::NoForecast, 100.0),
            (Measure::Readings, 1_300_000.0),
            (Measure::BoxesMeasured, 1_950.0),
            (Measure::SetAside, 0.0),
            (Measure::Pinball, 0.03),
            (Measure::Coverage90, 0.9),
        ];
        usual.into_iter().chain(measures.iter().copied()).collect()
    }

    fn found(now: &[(Measure, f64)]) -> Vec<Measure> {
        let found = suspicions(Some(&run(&[])), &run(now), &RunWatchSettings::default());
        found.into_iter().map(|drift| drift.measure).collect()
    }

    #[test]
    fn a_run_like_the_one_before_raises_no_suspicion() {
        assert_eq!(found(&[]), []);
        let like =
            [(Measure::Seconds, 110.0), (Measure::Overloaded, 290.0), (Measure::Readings, 1_100_000.0)];
        assert_eq!(found(&like), []);
    }

    #[test]
    fn what_is_unlike_the_run_before_is_named() {
        for (measure, now) in [
            (Measure::Seconds, 121.0),
            (Measure::Overloaded, 320.0),
            (Measure::NoForecast, 250.0),
            (Measure::Readings, 1_030_000.0),
            (Measure::BoxesMeasured, 1_500.0),
            (Measure::SetAside, 3.0),
            (Measure::Pinball, 0.038),
            (Measure::Coverage90, 0.79),
        ] {
            assert_eq!(found(&[(measure, now)]), [measure], "{now}");
        }
    }

    #[test]
    fn bands_that_hold_too_little_are_suspicious_without_a_run_before() {
        let now = run(&[(Measure::Coverage90, 0.7)]);
        assert_eq!(suspicions(None, &now, &RunWatchSettings::default()).len(), 1);
        assert_eq!(suspicions(None, &run(&[]), &RunWatchSettings::default()), []);
    }

    #[test]
    fn every_figure_that_both_runs_have_is_compared() {
        let mut before = run(&[]);
        before.remove(&Measure::Pinball);
        let compared = compare(&before, &run(&[]), &RunWatchSettings::default());
        assert_eq!(compared.len(), run(&[]).len() - 1);
    }
}

//! Verification: past forecasts scored against measurements.
//!
//! What the model doesn't count isn't scored either: half-empty weeks, errors of a meter, weeks left
//! out. The loss is the mean pinball loss of the five stored quantiles, as a share of the capacity.

use std::collections::{BTreeMap, BTreeSet};

use backtest::pinball;
use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use model::{Capacity, Extreme, IsoWeek, LimitsError, Quantile, WeekExtremes, clean};
use store::{PastForecast, Store, StoreError, UnverifiedRun, VerifiedWeek};

use crate::configuration::Configuration;

/// Verifies all weeks completed since the last time, for every stored run.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn verify_forecasts(
    store: &Store,
    configuration: &Configuration,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if configuration.runs.scored_boxes == 0 {
        return Ok(());
    }
    for run in store.unverified_runs().await? {
        // A run that can't be read must not stop the verification of others.
        if let Err(error) = verify_run(store, &run, configuration, calendar, now).await {
            tracing::warn!("run {} could not be verified: {error}", run.run_id);
        }
    }
    Ok(())
}

async fn verify_run(
    store: &Store,
    run: &UnverifiedRun,
    configuration: &Configuration,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let forecasts = store.past_forecasts(run.run_id, configuration.runs.scored_boxes).await?;
    let (weeks, configuration, calendar) = (run.weeks.clone(), configuration.clone(), calendar.clone());
    let judged = tokio::task::spawn_blocking(move || score(&forecasts, &weeks, &configuration, &calendar))
        .await
        .map_err(|error| StoreError::Corrupt(format!("the judging was cut off: {error}")))?
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    store.save_verified_weeks(run, &judged, now).await
}

/// Scores some weeks; a week without any measurement counts zero boxes, so that it is not verified
/// again.
fn score(
    forecasts: &[PastForecast],
    weeks: &BTreeSet<IsoWeek>,
    configuration: &Configuration,
    calendar: &Calendar,
) -> Result<Vec<VerifiedWeek>, LimitsError> {
    let mut sums: BTreeMap<(IsoWeek, Extreme), VerifiedWeek> = BTreeMap::new();
    for &week in weeks {
        for extreme in Extreme::ALL {
            sums.insert((week, extreme), nothing(week, extreme));
        }
    }
    for past in forecasts {
        let Some((capacity_kva, capacity)) =
            past.capacity_kva.and_then(|kva| Some((kva, Capacity::new(kva).ok()?)))
        else {
            continue;
        };
        let limits = configuration.forecast.limits(capacity)?;
        let is_filled = |seen: &WeekExtremes| configuration.forecast.is_filled(seen, calendar);
        let cleaned = clean(&past.observed, is_filled, Some(capacity), &configuration.forecast.checks);
        for observed in cleaned.kept.iter().filter(|seen| weeks.contains(&seen.week)) {
            let is_left_out = past.left_out.iter().any(|span| span.contains(observed.week));
            if is_left_out || !cleaned.counts(observed.week, past.extreme) {
                continue;
            }
            let Some(sum) = sums.get_mut(&(observed.week, past.extreme)) else { continue };
            let Some(place) = place_of(past, observed.week) else { continue };
            let observed_kw = observed.get(past.extreme);
            let quantiles = Quantile::ALL.map(|quantile| past.forecast.total.get(quantile)[place]);
            let [q05, q15, _, q85, q95] = quantiles;
            let loss: f64 = Quantile::ALL
                .iter()
                .zip(quantiles)
                .map(|(quantile, kw)| pinball(quantile.level(), kw, observed_kw))
                .sum::<f64>()
                / 5.0;
            sum.boxes += 1;
            sum.pinball += loss / capacity_kva;
            sum.within_90 += u32::from((q05..=q95).contains(&observed_kw));
            sum.within_70 += u32::from((q15..=q85).contains(&observed_kw));
            sum.above_90 += u32::from(observed_kw > q95);
            sum.overloads += u32::from(limits.in_direction(past.extreme).reached_by(observed_kw));
            let probability = past
                .overload
                .as_ref()
                .and_then(|overload| overload.weekly.get(place - past.forecast.history).copied());
            sum.expected_overloads += probability.unwrap_or(0.0);
        }
    }
    Ok(sums.into_values().collect())
}

fn nothing(week: IsoWeek, extreme: Extreme) -> VerifiedWeek {
    VerifiedWeek {
        week,
        extreme,
        boxes: 0,
        pinball: 0.0,
        within_90: 0,
        within_70: 0,
        above_90: 0,
        expected_overloads: 0.0,
        overloads: 0,
    }
}

/// The index of a future week in a forecast.
fn place_of(past: &PastForecast, week: IsoWeek) -> Option<usize> {
    let first = past.forecast.weeks.first()?;
    let place = usize::try_from(week - *first).ok()?;
    (place >= past.forecast.history && place < past.forecast.weeks.len()).then_some(place)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::week_span::WeekSpan;
    use model::{Bands, Forecast, Overload};

    use super::*;

    fn at(index: i32) -> IsoWeek {
        IsoWeek::from_index(index)
    }

    /// Two weeks of history, three of future; the same quantiles in every week.
    fn past(levels_kw: [f64; 5], observed_kw: &[(i32, f64, u16)]) -> PastForecast {
        let bands = || Bands::new(levels_kw.map(|kw| vec![kw; 5])).unwrap();
        let overload = Overload {
            weekly: vec![0.1, 0.2, 0.3],
            weekly_import: vec![0.1, 0.2, 0.3],
            weekly_feed_in: vec![0.0; 3],
            any_week: 0.4,
            any_week_standard_error: 0.0,
            first_week: vec![0.1, 0.1, 0.2],
        };
        let seen = |&(week, max_kw, readings)| WeekExtremes { week: at(week), min_kw: 0.0, max_kw, readings };
        PastForecast {
            extreme: Extreme::Max,
            capacity_kva: Some(100.0),
            forecast: Forecast {
                weeks: (2_700..2_705).map(at).collect(),
                observed_kw: vec![None; 5],
                history: 2,
                drift: bands(),
                yearly: bands(),
                total: bands(),
            },
            overload: Some(overload),
            observed: Arc::new(observed_kw.iter().map(seen).collect()),
            left_out: Arc::default(),
        }
    }

    fn judged(forecasts: &[PastForecast], weeks: &[i32]) -> Vec<VerifiedWeek> {
        let weeks = weeks.iter().copied().map(at).collect();
        let calendar = Calendar::new(chrono_tz::Europe::Amsterdam);
        score(forecasts, &weeks, &Configuration::default(), &calendar).unwrap()
    }

    #[test]
    fn a_week_that_came_true_is_judged_by_hand() {
        let forecasts = [
            past([60.0, 70.0, 80.0, 90.0, 95.0], &[(2_703, 110.0, 672)]),
            past([60.0, 70.0, 80.0, 90.0, 95.0], &[(2_703, 92.0, 672)]),
        ];
        let all = judged(&forecasts, &[2_703]);
        assert_eq!(all.len(), 2);
        let maximum = all.iter().find(|sum| sum.extreme == Extreme::Max).unwrap();
        // First box: (0.05·50 + 0.15·40 + 0.5·30 + 0.85·20 + 0.95·15) / 5 / 100, second: … (95 −
        // 92) below the highest.
        let first = (2.5 + 6.0 + 15.0 + 17.0 + 14.25) / 500.0;
        let second = (0.05 * 32.0 + 0.15 * 22.0 + 0.5 * 12.0 + 0.85 * 2.0 + 0.05 * 3.0) / 500.0;
        assert!((maximum.pinball - first - second).abs() < 1e-12, "{maximum:?}");
        assert_eq!((maximum.boxes, maximum.within_90, maximum.within_70, maximum.above_90), (2, 1, 0, 1));
        assert!((maximum.expected_overloads - 0.4).abs() < 1e-12);
        assert_eq!(maximum.overloads, 1);
    }

    #[test]
    fn history_half_empty_weeks_and_weeks_beyond_the_forecast_are_not_judged() {
        let observed = [(2_701, 80.0, 672), (2_702, 80.0, 100), (2_705, 80.0, 672)];
        let all = judged(&[past([60.0, 70.0, 80.0, 90.0, 95.0], &observed)], &[2_701, 2_702, 2_705]);
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|sum| sum.boxes == 0), "{all:?}");
    }

    #[test]
    fn errors_of_a_meter_and_weeks_left_out_are_not_judged() {
        let observed = [(2_702, 9_999.0, 672), (2_703, 80.0, 672), (2_704, 80.0, 672)];
        let without = PastForecast {
            left_out: Arc::new(vec![WeekSpan::new(at(2_703), at(2_703))]),
            ..past([60.0, 70.0, 80.0, 90.0, 95.0], &observed)
        };
        let all = judged(&[without], &[2_702, 2_703, 2_704]);
        let boxes = |week: i32| {
            all.iter().find(|sum| (sum.week, sum.extreme) == (at(week), Extreme::Max)).unwrap().boxes
        };
        assert_eq!([2_702, 2_703, 2_704].map(boxes), [0, 0, 1]);
    }
}

//! How good the forecasts of one box turned out to be.

use domain::accuracy::{BoxAccuracy, ExtremeScore, FleetScore, PastForecastOfBox, PastWeek};
use domain::ledger::ledger;
use domain::runs::VerificationSummary;
use model::{BEYOND_CAPACITY, Capacity, Extreme, Forecast, IsoWeek, Limits, Quantile, WeekExtremes};
use store::{ScopedStore, Store, StoreError, StoredBox, overloaded_weeks};

/// The past forecast beside what came, the scores and the ledger of a box; sums are of what the asker sees. `is_filled` says whether a week has enough of its
/// readings to be judged.
pub(super) async fn accuracy_of(
    store: &Store,
    seen: &ScopedStore,
    stored: &StoredBox,
    limits: Option<Limits>,
    is_filled: impl Fn(&WeekExtremes) -> bool,
) -> Result<BoxAccuracy, StoreError> {
    let filled: Vec<WeekExtremes> = stored.weeks.iter().copied().filter(|week| is_filled(week)).collect();
    let past = seen.past_forecast_of(&stored.box_id).await?.map(|past| {
        let of = |extreme, forecast: Option<&Forecast>| {
            forecast.map(|forecast| past_weeks(forecast, extreme, &stored.weeks, &filled)).unwrap_or_default()
        };
        PastForecastOfBox {
            made_on: past.made_on,
            minimum: of(Extreme::Min, past.minimum.as_ref()),
            maximum: of(Extreme::Max, past.maximum.as_ref()),
        }
    });
    let scores = past.iter().flat_map(|past| {
        [(Extreme::Max, &past.maximum), (Extreme::Min, &past.minimum)]
            .into_iter()
            .filter_map(|(extreme, weeks)| ExtremeScore::of(extreme, weeks, stored.capacity_kva))
    });
    let scores = scores.collect();
    let warned = seen.stored_warnings(stored).await?;
    let believed_kw = stored.capacity_kva.unwrap_or_default() * BEYOND_CAPACITY;
    let overloads = limits
        .map(|limits| overloaded_weeks(&stored.weeks, &warned.forecasts, &limits, believed_kw))
        .unwrap_or_default();
    let measured_to = store.running_week().await?.map(|week| week.plus(-1));
    let measured_to = measured_to.or_else(|| stored.weeks.last().map(|week| week.week));
    Ok(BoxAccuracy {
        past: past.filter(|past| !past.maximum.is_empty() || !past.minimum.is_empty()),
        scores,
        fleet: fleet_score(&store.verification_summaries().await?),
        ledger: measured_to
            .map(|to| ledger(&warned.forecasts, &warned.warnings, &overloads, to))
            .unwrap_or_default(),
        area: warned.area,
        all: warned.all,
    })
}

/// Its nominal capacity.
pub(super) fn capacity_of(stored: &StoredBox) -> Option<Capacity> {
    stored.capacity_kva.and_then(|kva| Capacity::new(kva).ok())
}

/// The forecast weeks that are over: up to the last week of the box.
fn past_weeks(
    forecast: &Forecast,
    extreme: Extreme,
    weeks: &[WeekExtremes],
    filled: &[WeekExtremes],
) -> Vec<PastWeek> {
    let Some(last) = weeks.last().map(|week| week.week) else { return Vec::new() };
    let seen = |wanted: IsoWeek| {
        let place = filled.binary_search_by_key(&wanted, |week| week.week).ok()?;
        filled.get(place).map(|week| week.get(extreme))
    };
    forecast
        .future()
        .filter_map(|row| {
            let week = *forecast.weeks.get(row).filter(|week| **week <= last)?;
            let before = IsoWeek::from_year_and_number(week.year() - 1, week.number());
            let quantile = |quantile| forecast.total.get(quantile).get(row).copied().unwrap_or(f64::NAN);
            Some(PastWeek {
                week,
                quantiles_kw: Quantile::ALL.map(quantile),
                observed_kw: seen(week),
                last_year_kw: seen(before.unwrap_or_else(|_| week.plus(-52))),
            })
        })
        .collect()
}

/// All lead times together.
fn fleet_score(summaries: &[VerificationSummary]) -> Option<FleetScore> {
    let judged: u64 = summaries.iter().map(|summary| summary.judged).sum();
    let mean = |of: fn(&VerificationSummary) -> f64| {
        let sum: f64 = summaries.iter().map(|summary| of(summary) * summary.judged as f64).sum();
        sum / judged as f64
    };
    (judged > 0).then(|| FleetScore {
        judged,
        coverage_90: mean(|summary| summary.coverage_90),
        coverage_70: mean(|summary| summary.coverage_70),
        pinball: mean(|summary| summary.pinball),
    })
}

#[cfg(test)]
mod tests {
    use model::Bands;

    use super::*;

    #[test]
    fn past_weeks_end_with_the_box_s_last_and_know_the_year_before() {
        let first = IsoWeek::from_year_and_number(2026, 1).unwrap();
        let weeks: Vec<IsoWeek> = (0..6).map(|after| first.plus(after)).collect();
        let bands = || Bands::new([1.0, 2.0, 3.0, 4.0, 5.0].map(|kw| vec![kw; 6])).unwrap();
        let forecast = Forecast {
            observed_kw: vec![None; 6],
            weeks,
            history: 2,
            drift: bands(),
            yearly: bands(),
            total: bands(),
        };
        let seen = |week: IsoWeek, max_kw| WeekExtremes { week, min_kw: -1.0, max_kw, readings: 672 };
        let before = IsoWeek::from_year_and_number(2025, 3).unwrap();
        let measured = [seen(before, 7.0), seen(first.plus(2), 3.5), seen(first.plus(4), 4.5)];
        let past = past_weeks(&forecast, Extreme::Max, &measured, &measured[..2]);
        let shown: Vec<_> =
            past.iter().map(|week| (week.week - first, week.observed_kw, week.last_year_kw)).collect();
        assert_eq!(shown, [(2, Some(3.5), Some(7.0)), (3, None, None), (4, None, None)]);
    }
}

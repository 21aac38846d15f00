//! Runs of weeks without data.

use model::{Forecast, IsoWeek};

/// The runs of unobserved weeks within the history, first and last week of each.
pub(super) fn gaps(forecast: &Forecast) -> Vec<(IsoWeek, IsoWeek)> {
    let mut runs: Vec<(IsoWeek, IsoWeek)> = Vec::new();
    for (week, observed) in forecast.weeks.iter().zip(&forecast.observed_kw).take(forecast.history) {
        if observed.is_some() {
            continue;
        }
        match runs.last_mut() {
            Some((_, to)) if to.plus(1) == *week => *to = *week,
            _ => runs.push((*week, *week)),
        }
    }
    runs
}

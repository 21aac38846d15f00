//! Extracts the prediction for the observed hold-out weeks from a fitted model.

use model::{Forecast, Limits, Overload, Quantile};

use super::{ForecastError, OverloadPrediction, Prediction};
use crate::Window;
use crate::task_limits::TaskLimits;

/// The prediction for the observed hold-out weeks from a forecast and its overload probabilities.
///
/// The probability of any week is the sum of the first-overload probabilities up to the end of the
/// hold-out; the forecast may extend further.
pub(super) fn prediction(
    forecast: &Forecast,
    limits: &TaskLimits,
    window: &Window,
    probabilities: impl Fn(&Limits) -> Overload,
) -> Result<Prediction, ForecastError> {
    let overload = limits.both.as_ref().map(&probabilities);
    let future = forecast.future();
    let weeks = &forecast.weeks[future.clone()];
    let mut quantiles_kw = Vec::with_capacity(window.hold_out.len());
    let mut weekly = Vec::with_capacity(window.hold_out.len());
    for &(week, _) in &window.hold_out {
        let ahead = weeks.binary_search(&week).map_err(|_| ForecastError::OutOfReach { week })?;
        let level = |quantile| forecast.total.get(quantile)[future.start + ahead];
        quantiles_kw.push(Quantile::ALL.map(level));
        weekly.extend(overload.as_ref().map(|overload| overload.weekly[ahead]));
    }
    let any_week = |overload: &Overload| {
        let first = overload.first_week.iter().take(window.forecast_weeks());
        first.sum::<f64>().clamp(0.0, 1.0)
    };
    let one_way = limits.one_way.iter().map(|one| any_week(&probabilities(&one.limits))).collect();
    let overload =
        overload.map(|overload| OverloadPrediction { weekly, any_week: Some(any_week(&overload)) });
    Ok(Prediction { quantiles_kw, overload, one_way })
}

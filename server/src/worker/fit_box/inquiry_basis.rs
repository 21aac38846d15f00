//! What the forecast of a box is made of, for questions to the model.

use domain::calendar::Calendar;
use domain::what_if::{InquiryBasis, ModelBasis};
use model::question::{Threshold, Transformer};
use model::switching::{SwitchingSettings, find_switchings};
use model::{Capacity, Extreme, ModelName, WeekExtremes, clean};

use super::{BoxInput, FitBoxError, FitSettings, History};

/// The series and settings that [`fit_box`](super::fit_box) makes a box's forecast of; `None` where one of the extremes
/// has no value of its own, or the forecast is of another model.
///
/// # Errors
/// [`FitBoxError::Series`] for values that are not finite.
pub fn inquiry_basis(
    input: &BoxInput<'_>,
    settings: &FitSettings,
    calendar: &Calendar,
) -> Result<Option<InquiryBasis>, FitBoxError> {
    let forecasting = &settings.configuration.forecast;
    let capacity = input.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
    let Some(capacity) = capacity.filter(|_| settings.model_name() == ModelName::Gridspark) else {
        return Ok(None);
    };
    let is_filled = |week: &WeekExtremes| forecasting.is_filled(week, calendar);
    let cleaned = clean(input.weeks, is_filled, Some(capacity), &forecasting.checks);
    let findings = find_switchings(&cleaned.sound(), &SwitchingSettings::default());
    let history = History::of(input, &cleaned, &findings, settings);
    let (Some(minimum), Some(maximum)) = (history.series(Extreme::Min)?, history.series(Extreme::Max)?)
    else {
        return Ok(None);
    };
    if minimum.observed() == 0 || maximum.observed() == 0 {
        return Ok(None);
    }
    let threshold = |share: f64| Threshold::new(share).unwrap_or_default();
    let of_minimum = settings.gridspark(Extreme::Min);
    Ok(Some(InquiryBasis {
        minimum,
        maximum,
        model: ModelBasis {
            horizon_weeks: of_minimum.horizon_weeks,
            training_weeks: of_minimum.training_weeks,
            trusted_weeks: history.trusted,
            minimum: of_minimum.population,
            maximum: settings.gridspark(Extreme::Max).population,
        },
        transformer: Transformer {
            capacity,
            power_factor: forecasting.power_factor,
            import_threshold: threshold(forecasting.import_threshold.share()),
            feed_in_threshold: threshold(forecasting.feed_in_threshold.share()),
            risk: forecasting.risk,
        },
        accepted_loads: input.accepted_loads.to_vec(),
    }))
}

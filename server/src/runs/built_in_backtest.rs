//! The built-in backtest: the last half-year of some boxes, forecast as if it had not been
//! measured.

use backtest::{BoxHistory, DataSet, Job, Scores, Settings, WindowSettings, origins};
use domain::calendar::Calendar;
use model::{BoxId, Capacity, IsoWeek, WeekExtremes, clean};
use store::{FleetBox, Store, StoreError};

use crate::configuration::Configuration;

/// Boxes of the store, checked and cleaned as before a fit.
///
/// # Errors
/// [`StoreError::Corrupt`] for a stored identifier that isn't one.
pub fn data_set(boxes: Vec<FleetBox>, configuration: &Configuration) -> Result<DataSet, StoreError> {
    let calendar = Calendar::new(configuration.time_zone);
    let mut histories = Vec::with_capacity(boxes.len());
    for stored in boxes {
        let box_id = BoxId::new(&stored.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let capacity = stored.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
        let is_filled = |week: &WeekExtremes| configuration.forecast.is_filled(week, &calendar);
        let weeks = clean(&stored.weeks, is_filled, capacity, &configuration.forecast.checks).sound();
        histories.push(BoxHistory { box_id, capacity, weeks });
    }
    Ok(DataSet::new("store", histories))
}

/// The scores over an even sample of the boxes; `None` if no box has a long enough history.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn backtest_sample(
    store: &Store,
    configuration: &Configuration,
    running_week: Option<IsoWeek>,
) -> Result<Option<Scores>, StoreError> {
    let max_boxes = configuration.runs.backtest_boxes;
    if max_boxes == 0 {
        return Ok(None);
    }
    let data = data_set(store.sample_fleet(max_boxes, running_week).await?, configuration)?;
    let Ok(origins) = origins::latest(&data, 1) else { return Ok(None) };
    let forecasting = &configuration.forecast;
    let settings = Settings {
        models: vec![forecasting.model.into()],
        import_threshold: forecasting.import_threshold.share(),
        feed_in_threshold: forecasting.feed_in_threshold.share(),
        power_factor: forecasting.power_factor,
        training_weeks: forecasting.training_weeks,
        leave_out_switchings: forecasting.mask_switchings,
        bootstrap_draws: 1,
        ..Settings::default()
    };
    let job = Job { data, origins, windows: WindowSettings::default() };
    let report = tokio::task::spawn_blocking(move || backtest::run(&[job], &settings, &|_, _| {})).await;
    let report = report
        .map_err(|error| StoreError::Corrupt(format!("the built-in backtest was cut off: {error}")))?
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(report.models.into_iter().next().and_then(|model| model.all))
}

//! The built-in backtest: the last half year of some boxes, forecast as if it had not been seen.

use backtest::{BoxHistory, DataSet, Job, Scores, Settings, WindowSettings, origins};
use domain::calendar::Calendar;
use model::{BoxId, Capacity, IsoWeek, WeekExtremes, clean};
use store::{FleetBox, Store, StoreError};

use crate::configuration::{Configuration, ConfigurationError};

/// Why boxes of the store can't be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataSetError {
    /// A setting is not right.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// A stored identifier isn't one.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Boxes of the store, checked and cleaned as before a fit.
///
/// # Errors
/// [`DataSetError`].
pub fn data_set(boxes: Vec<FleetBox>, configuration: &Configuration) -> Result<DataSet, DataSetError> {
    let calendar = Calendar::new(configuration.zone()?);
    let mut histories = Vec::with_capacity(boxes.len());
    for stored in boxes {
        let box_id = BoxId::new(&stored.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let capacity = stored.capacity_kva.and_then(|kva| Capacity::new(kva).ok());
        let is_filled = |week: &WeekExtremes| configuration.is_filled(week, &calendar);
        let filled: Vec<WeekExtremes> = stored.weeks.into_iter().filter(is_filled).collect();
        let weeks = clean(&filled, capacity, &configuration.checks()).kept;
        histories.push(BoxHistory { box_id, capacity, weeks });
    }
    Ok(DataSet::new("store", histories))
}

/// The scores over an even sample of the boxes; none where no box has a long enough history.
///
/// # Errors
/// [`DataSetError`].
pub(super) async fn judge_sample(
    store: &Store,
    configuration: &Configuration,
    running_week: Option<IsoWeek>,
) -> Result<Option<Scores>, DataSetError> {
    let most = configuration.runs.backtest_boxes;
    if most == 0 {
        return Ok(None);
    }
    let data = data_set(store.sample_fleet(most, running_week).await?, configuration)?;
    let Ok(origins) = origins::latest(&data, 1) else { return Ok(None) };
    let settings = Settings {
        models: vec![configuration.model.into()],
        import_threshold: configuration.import_threshold,
        feed_in_threshold: configuration.feed_in_threshold,
        power_factor: configuration.checked_power_factor()?,
        training_weeks: configuration.training_weeks,
        leave_out_switchings: configuration.mask_switchings,
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

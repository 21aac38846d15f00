//! `gridspark backtest`: forecasts from past origins, scored against what was measured afterwards.

mod growth_table;
mod source;
mod table;

use std::collections::BTreeMap;

use backtest::{ModelName, Report, Scores, Settings};
use chrono::Utc;
use model::Extreme;
use serde::Serialize;

use super::{CommandError, Started, report};
use crate::Ending;
use crate::command_line::{Backtest, Shared};
use crate::configuration::Configuration;
use crate::progress::Meter;
use crate::runs::store_backtest;

/// The report, with the scores of the first model in front.
#[derive(Serialize)]
struct Answer<'a> {
    model: ModelName,
    series: usize,
    origins: usize,
    pinball: Option<f64>,
    coverage_90: Option<f64>,
    coverage_70: Option<f64>,
    mae: Option<f64>,
    brier_overload: Option<f64>,
    seconds_per_fit: Option<f64>,
    per_set: &'a BTreeMap<String, Scores>,
    per_extreme: &'a BTreeMap<Extreme, Scores>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_as: Option<i64>,
    #[serde(flatten)]
    report: &'a Report,
}

impl<'a> Answer<'a> {
    /// `None` for a report without models, which no run yields.
    fn of(report: &'a Report, stored_as: Option<i64>) -> Option<Self> {
        let first = report.models.first()?;
        let all = first.all.as_ref();
        Some(Self {
            model: first.model,
            series: report.series(),
            origins: report.origins(),
            pinball: all.map(|scores| scores.pinball),
            coverage_90: all.map(|scores| scores.coverage_90),
            coverage_70: all.map(|scores| scores.coverage_70),
            mae: all.map(|scores| scores.mae),
            brier_overload: all.and_then(|scores| scores.brier_overload),
            seconds_per_fit: all.map(|scores| scores.seconds_per_fit),
            per_set: &first.per_set,
            per_extreme: &first.per_extreme,
            stored_as,
            report,
        })
    }
}

pub(super) async fn run(options: Backtest, shared: Shared) -> Result<Ending, CommandError> {
    let from_files = options.extremes.is_some() || options.plan.is_some();
    let (configuration, store) = if from_files && !options.store {
        (Configuration::load(shared.config.as_deref(), shared.database.as_deref())?, None)
    } else {
        let Started { configuration, store, .. } = Started::with(&shared).await?;
        (configuration, Some(store))
    };
    let (jobs, refused_rows) = source::jobs(&options, &configuration, store.as_ref()).await?;
    let settings = settings(&options, &configuration, from_files)?;
    let meter = Meter::new("series");
    let result = tokio::task::spawn_blocking(move || {
        let progress = |done: usize, all: usize| {
            if done == 0 {
                meter.expect(all as u64);
            }
            meter.set(done as u64);
        };
        let result = backtest::run(&jobs, &settings, &progress);
        meter.finish();
        result
    });
    let mut result = result.await.map_err(|error| CommandError::Stopped(error.to_string()))??;
    result.refused_rows = refused_rows;
    if result.series() == 0 {
        return Err(CommandError::NothingJudged(table::reasons(&result)));
    }
    let mut stored_as = None;
    if let Some(store) = store {
        if options.store {
            stored_as = Some(store_backtest(&store, &result, Utc::now()).await?);
        }
        store.close().await;
    }
    report::print(shared.json, &Answer::of(&result, stored_as), &table::text(&result, stored_as))?;
    let complete = result.refused.series.is_empty() && result.refused_rows.is_empty();
    Ok(if complete { Ending::Complete } else { Ending::WithRefusals })
}

fn settings(
    options: &Backtest,
    configuration: &Configuration,
    from_files: bool,
) -> Result<Settings, CommandError> {
    let mut models = options.models.clone();
    if models.is_empty() {
        models = ModelName::ALL.to_vec();
    }
    let mut asked = Vec::new();
    models.retain(|model| {
        let is_new = !asked.contains(model);
        asked.push(*model);
        is_new
    });
    Ok(Settings {
        models,
        import_threshold: options.threshold.unwrap_or(configuration.forecast.import_threshold.share()),
        feed_in_threshold: options.threshold.unwrap_or(configuration.forecast.feed_in_threshold.share()),
        power_factor: configuration.forecast.power_factor,
        threads: options.threads.map(usize::from),
        training_weeks: configuration.forecast.training_weeks,
        leave_out_switchings: options.leave_out_switchings
            || (configuration.forecast.mask_switchings && !from_files),
        each_series: options.each_series,
        ..Settings::default()
    })
}

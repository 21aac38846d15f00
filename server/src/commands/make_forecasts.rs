//! `gridspark make-forecasts`: fits the boxes that are due.

use std::sync::Arc;

use super::{CommandError, Started, audit, report};
use crate::Ending;
use crate::command_line::{MakeForecasts, Shared};
use crate::configuration::{Configuration, ForecastSettings};
use crate::progress::Meter;
use crate::runs::{Fitting, started_by, update_forecasts};
use crate::worker::{FitSettings, Selection};

pub(super) async fn run(options: MakeForecasts, shared: Shared) -> Result<Ending, CommandError> {
    let Started { configuration, store, .. } = Started::with(&shared).await?;
    let unknown = store.unknown_boxes(&options.boxes).await?;
    if !unknown.is_empty() {
        return Err(CommandError::UnknownBoxes(unknown.join(", ")));
    }
    audit::record_start(&store, &shared, "make-forecasts").await?;
    let model = options.model.unwrap_or(configuration.forecast.model);
    let forecast = ForecastSettings { model, ..configuration.forecast };
    let configuration = Configuration { forecast, ..configuration };
    let settings = FitSettings::new(configuration);
    let started_by = started_by(shared.started_by.as_deref(), "command");
    let selection = Selection { boxes: options.boxes, force: options.force, started_by };
    let meter = Arc::new(Meter::new("boxes"));
    let progress = Arc::<Meter>::clone(&meter);
    let fitting = if options.leave_to_workers { Fitting::Elsewhere } else { Fitting::Here };
    let despite = options.despite_data_tests;
    let summary = update_forecasts(&store, &settings, &selection, fitting, despite, progress).await;
    meter.finish();
    store.close().await;
    let summary = summary?;
    let text = match &summary {
        None => "Every box is up to date.\n".to_owned(),
        Some(summary) => {
            let mut text = format!("Run {}: {} boxes assessed.\n", summary.run, summary.boxes);
            for (box_id, reason) in &summary.failures {
                text.push_str(&format!("{box_id} was not fitted: {reason}\n"));
            }
            text
        }
    };
    report::print(shared.json, &summary, &text)?;
    let refused = summary.is_some_and(|summary| !summary.failures.is_empty());
    Ok(if refused { Ending::WithRefusals } else { Ending::Complete })
}

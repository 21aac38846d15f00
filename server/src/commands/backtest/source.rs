//! Where a backtest's weeks come from: a file, a plan of several, or the store.

use std::path::Path;

use backtest::{Job, Plan, PlannedData, RefusedInFile, WindowSettings, origins};
use store::Store;

use super::CommandError;
use crate::command_line::Backtest;
use crate::configuration::Configuration;
use crate::runs::data_set;

/// The jobs of a backtest, and the rows refused in files.
pub(super) async fn jobs(
    options: &Backtest,
    configuration: &Configuration,
    store: Option<&Store>,
) -> Result<(Vec<Job>, Vec<RefusedInFile>), CommandError> {
    let windows = WindowSettings {
        horizon_weeks: usize::from(options.horizon),
        training_weeks: options.train_weeks.map(usize::from),
        keep_last: options.keep_last.map(usize::from),
        min_hold_out_weeks: min_hold_out_weeks(usize::from(options.horizon)),
        ..WindowSettings::default()
    };
    match (&options.extremes, &options.plan, store) {
        (Some(extremes), _, _) => {
            let planned = PlannedData {
                name: name_of(extremes),
                about: None,
                licence: None,
                extremes: extremes.clone(),
                capacities: options.capacities.clone(),
                until: options.until.clone(),
                origins: usize::from(options.origins),
                training_weeks: None,
            };
            let (job, refused) = planned.open(windows)?;
            Ok((vec![job], refused))
        }
        (None, Some(plan), _) => {
            let mut jobs = Vec::new();
            let mut refused = Vec::new();
            for data in &Plan::read(plan)?.data_set {
                let (job, of_this) = data.open(windows)?;
                jobs.push(job);
                refused.extend(of_this);
            }
            Ok((jobs, refused))
        }
        (None, None, Some(store)) => {
            let data = data_set(store.fleet().await?, configuration)?;
            let origins = if options.until.is_empty() {
                origins::latest(&data, usize::from(options.origins))?
            } else {
                origins::from_mondays(&options.until)?
            };
            Ok((vec![Job { data, origins, windows }], Vec::new()))
        }
        (None, None, None) => Ok((Vec::new(), Vec::new())),
    }
}

/// The minimum hold-out for a horizon: 20 of 26 weeks, and the same share of other horizons.
fn min_hold_out_weeks(horizon_weeks: usize) -> usize {
    (horizon_weeks * 20).div_ceil(26)
}

/// The name of a file's data set: `substations` for `substations_weekly.parquet`.
fn name_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy();
    stem.strip_suffix("_weekly").unwrap_or(&stem).to_owned()
}

//! Simulates all boxes of a network in parallel and writes the files.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::output::{self, json_list};
use crate::{Network, Settings, SimulationError};

/// What a simulation wrote.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Number of boxes, including those without readings.
    pub boxes: usize,
    /// Rows of readings (or of weekly extremes), including other channels.
    pub rows: u64,
    /// First local day of the longest histories.
    pub first_day: NaiveDate,
    /// First local day after the history.
    pub until: NaiveDate,
    /// Boxes whose load exceeds the capacity within 26 weeks after the history.
    pub overloaded_ahead: usize,
    /// Boxes whose load reaches 85 to 100 % of it.
    pub near_ahead: usize,
    /// The files with readings or extremes, in order.
    pub measurements: Vec<PathBuf>,
    /// The register, CSV.
    pub boxes_csv: PathBuf,
    /// The ground truth, JSON.
    pub truth_json: PathBuf,
    /// The weeks after the history, JSON.
    pub future_json: PathBuf,
}

/// Simulates a network and writes `measurements-000.parquet` … (or `extremes.parquet`),
/// `boxes.csv`, `truth.json` and `future.json` into the folder of the settings.
///
/// Work is spread over rayon's current pool. `progress` is called, from any thread, with the number
/// of completed boxes and the total; the last call reports all of them.
///
/// # Errors
/// If a setting is out of range, a file can't be written, or the folder holds files of another
/// simulation that would be mistaken for part of this one.
pub fn simulate(
    settings: &Settings,
    progress: impl Fn(usize, usize) + Sync,
) -> Result<Summary, SimulationError> {
    let network = Network::new(settings)?;
    output::prepare(settings)?;
    let written = if settings.weekly {
        output::extremes::write(&network, settings, &progress)?
    } else {
        output::measurements::write(&network, settings, &progress)?
    };
    let truths = || written.boxes.iter().map(|(_, truth, _)| truth);
    let ahead = |range: std::ops::Range<f64>| {
        truths().filter(|truth| range.contains(&truth.peak_loading_ahead)).count()
    };
    Ok(Summary {
        boxes: settings.boxes,
        rows: written.rows,
        first_day: settings.first_day(),
        until: settings.until,
        overloaded_ahead: ahead(1.0..f64::INFINITY),
        near_ahead: ahead(0.85..1.0),
        boxes_csv: output::register::write(settings, written.boxes.iter().map(|(metadata, ..)| metadata))?,
        truth_json: json_list::write(settings, json_list::TRUTH, truths())?,
        future_json: json_list::write(
            settings,
            json_list::FUTURE,
            written.boxes.iter().map(|(.., future)| future),
        )?,
        measurements: written.files,
    })
}

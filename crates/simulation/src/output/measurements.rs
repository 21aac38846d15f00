//! Writes readings in the source's long format, a bounded number of boxes per file.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::{ArrayRef, Float64Array, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use rayon::prelude::*;
use readings::MEASUREMENT_COLUMNS;

use super::table::{Table, constant_column, dictionary_field};
use super::{WrittenFiles, atomic_file};
use crate::network::{Network, OtherChannels, Pair};
use crate::{Future, Metadata, Settings, SimulationError, Truth};

/// Target number of rows per file; exceeded only if a single pair of boxes has more.
const ROWS_PER_FILE: usize = 2_400_000;

/// The file names of a simulation, in order.
pub(super) fn names(settings: &Settings) -> Vec<String> {
    let files = settings.boxes.div_ceil(2).div_ceil(pairs_per_file(settings));
    let width = (files - 1).to_string().len().max(3);
    (0..files).map(|file| format!("measurements-{file:0width$}.parquet")).collect()
}

/// Whether this is the file name of simulated readings.
pub(super) fn is_measurement_file(name: &str) -> bool {
    let number = name.strip_prefix("measurements-").and_then(|rest| rest.strip_suffix(".parquet"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn pairs_per_file(settings: &Settings) -> usize {
    let rows_per_box = settings.years * 365.25 * 96.0 * settings.phases.len() as f64;
    (ROWS_PER_FILE / (2.0 * rows_per_box).ceil() as usize).max(1)
}

/// Writes the files in parallel, one thread each, holding the loads of one pair and one row group
/// at a time.
pub(crate) fn write(
    network: &Network,
    settings: &Settings,
    progress: &(impl Fn(usize, usize) + Sync),
) -> Result<WrittenFiles, SimulationError> {
    let done = AtomicUsize::new(0);
    let pairs_per_file = pairs_per_file(settings);
    let pairs = settings.boxes.div_ceil(2);
    let report_progress =
        |boxes: usize| progress(done.fetch_add(boxes, Ordering::Relaxed) + boxes, settings.boxes);
    let parts: Vec<WrittenFiles> = names(settings)
        .par_iter()
        .enumerate()
        .map(|(file, name)| {
            let path = settings.output.join(name);
            let pairs = file * pairs_per_file..((file + 1) * pairs_per_file).min(pairs);
            write_file(network, settings, &path, pairs, &report_progress)
        })
        .collect::<Result<_, _>>()?;
    let mut written = WrittenFiles { boxes: Vec::with_capacity(settings.boxes), rows: 0, files: Vec::new() };
    for part in parts {
        written.boxes.extend(part.boxes);
        written.files.extend(part.files);
        written.rows += part.rows;
    }
    Ok(written)
}

fn write_file(
    network: &Network,
    settings: &Settings,
    path: &Path,
    pairs: std::ops::Range<usize>,
    report_progress: &impl Fn(usize),
) -> Result<WrittenFiles, SimulationError> {
    let mut boxes = Vec::new();
    let mut rows = 0;
    let path = atomic_file::write(path, |file| {
        let mut table = Table::new(path, file, schema(), MEASUREMENT_COLUMNS[3])?;
        for number in pairs {
            let pair = Pair::new(network, number)?;
            let sides = (settings.boxes - 2 * number).min(2);
            write_pair(network, settings, &pair, sides, &mut table, &mut boxes)?;
            report_progress(sides);
        }
        rows = table.finish()?;
        Ok(())
    })?;
    Ok(WrittenFiles { boxes, rows, files: vec![path] })
}

fn write_pair(
    network: &Network,
    settings: &Settings,
    pair: &Pair<'_>,
    sides: usize,
    table: &mut Table,
    boxes: &mut Vec<(Metadata, Truth, Future)>,
) -> Result<(), SimulationError> {
    let loads = pair.quarter_hours();
    for side in 0..sides {
        let metadata = &pair.boxes[side].metadata;
        let mut append = |channel: &str, readings: &mut dyn Iterator<Item = (usize, f64)>| {
            let (times, values): (Vec<i64>, Vec<f64>) =
                readings.map(|(quarter, value)| (network.calendar().microseconds(quarter), value)).unzip();
            let rows = times.len();
            let columns: Vec<ArrayRef> = vec![
                constant_column(metadata.box_id.as_str(), rows),
                constant_column(channel, rows),
                Arc::new(Float64Array::from(values)),
                Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC")),
            ];
            table.append(columns)
        };
        for phase in &settings.phases {
            let channel = format!("register://electricity/0/activepower/{}?avg=15", phase.as_str());
            append(&channel, &mut pair.readings(side, &loads, *phase))?;
        }
        if let Some(others) = OtherChannels::of(pair, side, settings.other_channels_share) {
            for (channel, readings) in others.channels(pair, side, &loads) {
                append(channel, &mut readings.into_iter())?;
            }
        }
        boxes.push((metadata.clone(), pair.truth(side), pair.future(side)));
    }
    Ok(())
}

fn schema() -> SchemaRef {
    let [box_id, channel, value, time] = MEASUREMENT_COLUMNS;
    let time_type = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        dictionary_field(box_id),
        dictionary_field(channel),
        Field::new(value, DataType::Float64, false),
        Field::new(time, time_type, false),
    ]))
}

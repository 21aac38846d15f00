//! Raw readings in the long format of the source, a bounded number of boxes a file.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::{ArrayRef, Float64Array, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use rayon::prelude::*;

use super::table::{Table, word, words_field};
use super::{Written, finished};
use crate::network::{Network, OtherChannels, Pair};
use crate::{Future, Metadata, Settings, SimulationError, Truth};

/// Rows that a file is meant to hold; more only when a single pair of boxes has more.
const ROWS_A_FILE: usize = 2_400_000;

/// Names of the files of a simulation, in order.
pub(super) fn names(settings: &Settings) -> Vec<String> {
    let files = settings.boxes.div_ceil(2).div_ceil(pairs_a_file(settings));
    let width = (files - 1).to_string().len().max(3);
    (0..files).map(|file| format!("measurements-{file:0width$}.parquet")).collect()
}

/// Whether a file of this name holds readings of a simulation.
pub(super) fn is_name(name: &str) -> bool {
    let number = name.strip_prefix("measurements-").and_then(|rest| rest.strip_suffix(".parquet"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn pairs_a_file(settings: &Settings) -> usize {
    let rows_a_box = settings.years * 365.25 * 96.0 * settings.phases.len() as f64;
    (ROWS_A_FILE / (2.0 * rows_a_box).ceil() as usize).max(1)
}

/// Writes all files, each by one core. At any time a core holds the loads of one pair and one row group.
pub(crate) fn write(
    network: &Network,
    settings: &Settings,
    progress: &(impl Fn(usize, usize) + Sync),
) -> Result<Written, SimulationError> {
    let done = AtomicUsize::new(0);
    let pairs_a_file = pairs_a_file(settings);
    let pairs = settings.boxes.div_ceil(2);
    let tell = |boxes: usize| progress(done.fetch_add(boxes, Ordering::Relaxed) + boxes, settings.boxes);
    let parts: Vec<Written> = names(settings)
        .par_iter()
        .enumerate()
        .map(|(file, name)| {
            let path = settings.output.join(name);
            let pairs = file * pairs_a_file..((file + 1) * pairs_a_file).min(pairs);
            write_file(network, settings, &path, pairs, &tell)
        })
        .collect::<Result<_, _>>()?;
    let mut written = Written { boxes: Vec::with_capacity(settings.boxes), rows: 0, files: Vec::new() };
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
    tell: &impl Fn(usize),
) -> Result<Written, SimulationError> {
    let mut boxes = Vec::new();
    let mut rows = 0;
    let path = finished::write(path, |file| {
        let mut table = Table::new(path, file, schema(), "DATUMTIJD")?;
        for number in pairs {
            let pair = Pair::new(network, number)?;
            let sides = (settings.boxes - 2 * number).min(2);
            write_pair(network, settings, &pair, sides, &mut table, &mut boxes)?;
            tell(sides);
        }
        rows = table.finish()?;
        Ok(())
    })?;
    Ok(Written { boxes, rows, files: vec![path] })
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
                word(metadata.box_id.as_str(), rows),
                word(channel, rows),
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
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        words_field("BOXID"),
        words_field("CHANNELID"),
        Field::new("WAARDE", DataType::Float64, false),
        Field::new("DATUMTIJD", time, false),
    ]))
}

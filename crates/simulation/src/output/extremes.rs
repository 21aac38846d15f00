//! Writes the weekly extremes of all boxes to one file, for load tests.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Float64Array, Int8Array, Int16Array, Int32Array};
use arrow_array::{DictionaryArray, StringArray, types::Int32Type};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use chrono::NaiveDate;
use model::{Phase, WeekExtremes};
use rayon::prelude::*;

use super::table::{Table, dictionary_field};
use super::{WrittenFiles, atomic_file};
use crate::network::{Network, Pair};
use crate::{Future, Metadata, Settings, SimulationError, Truth};

/// Name of the file.
pub(crate) const FILE: &str = "extremes.parquet";

/// Pairs that are drawn in parallel before their rows are written.
const PAIRS_PER_BATCH: usize = 512;

/// The register entry, truth, future and rows of a box.
struct Drawn {
    metadata: Metadata,
    truth: Truth,
    future: Future,
    rows: Vec<(Phase, WeekExtremes)>,
}

/// Writes the file, box by box, phase by phase, week by week.
pub(crate) fn write(
    network: &Network,
    settings: &Settings,
    progress: &(impl Fn(usize, usize) + Sync),
) -> Result<WrittenFiles, SimulationError> {
    let path = settings.output.join(FILE);
    let mut boxes = Vec::with_capacity(settings.boxes);
    let mut rows = 0;
    let path = atomic_file::write(&path, |file| {
        let mut table = Table::new(&path, file, schema(), "date")?;
        let pairs = settings.boxes.div_ceil(2);
        for first in (0..pairs).step_by(PAIRS_PER_BATCH) {
            let batch = first..(first + PAIRS_PER_BATCH).min(pairs);
            let drawn: Vec<Vec<Drawn>> = batch
                .into_par_iter()
                .map(|number| draw_pair(network, settings, number))
                .collect::<Result<_, _>>()?;
            let drawn: Vec<Drawn> = drawn.into_iter().flatten().collect();
            table.append(columns(&drawn))?;
            boxes.extend(drawn.into_iter().map(|own| (own.metadata, own.truth, own.future)));
            progress(boxes.len(), settings.boxes);
        }
        rows = table.finish()?;
        Ok(())
    })?;
    Ok(WrittenFiles { boxes, rows, files: vec![path] })
}

fn draw_pair(network: &Network, settings: &Settings, number: usize) -> Result<Vec<Drawn>, SimulationError> {
    let pair = Pair::new(network, number)?;
    let sides = (settings.boxes - 2 * number).min(2);
    let loads = pair.loads_of_weeks();
    let drawn = (0..sides).map(|side| {
        let of_phase = |phase: &Phase| {
            let phase = *phase;
            pair.weekly_extremes(side, phase, loads.as_ref()).into_iter().map(move |week| (phase, week))
        };
        let rows = settings.phases.iter().flat_map(of_phase).collect();
        let metadata = pair.boxes[side].metadata.clone();
        Drawn { metadata, truth: pair.truth(side), future: pair.future(side), rows }
    });
    Ok(drawn.collect())
}

fn columns(drawn: &[Drawn]) -> Vec<ArrayRef> {
    let rows = || drawn.iter().flat_map(|own| &own.rows);
    let weeks = || rows().map(|(_, extremes)| extremes.week);
    let box_keys = drawn.iter().enumerate().flat_map(|(key, own)| vec![key as i32; own.rows.len()]);
    let box_names = StringArray::from_iter_values(drawn.iter().map(|own| own.metadata.box_id.as_str()));
    let phase_keys = rows().map(|(phase, _)| phase.index() as i32);
    let phase_names = StringArray::from_iter_values(Phase::ALL.iter().map(|phase| phase.as_str()));
    let words = |keys: Int32Array, names: StringArray| -> ArrayRef {
        Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(names)))
    };
    let days = |date: NaiveDate| date.signed_duration_since(NaiveDate::default()).num_days() as i32;
    vec![
        words(Int32Array::from_iter_values(box_keys), box_names),
        Arc::new(Int16Array::from_iter_values(weeks().map(|week| week.year() as i16))),
        Arc::new(Int8Array::from_iter_values(weeks().map(|week| week.number() as i8))),
        Arc::new(Date32Array::from_iter_values(weeks().map(|week| days(week.monday())))),
        words(Int32Array::from_iter_values(phase_keys), phase_names),
        Arc::new(Float64Array::from_iter_values(rows().map(|(_, extremes)| extremes.min_kw))),
        Arc::new(Float64Array::from_iter_values(rows().map(|(_, extremes)| extremes.max_kw))),
        Arc::new(Int16Array::from_iter_values(rows().map(|(_, extremes)| extremes.readings as i16))),
    ]
}

fn schema() -> SchemaRef {
    let field = |name, kind| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        dictionary_field("boxid"),
        field("year", DataType::Int16),
        field("week", DataType::Int8),
        field("date", DataType::Date32),
        dictionary_field("phase"),
        field("min", DataType::Float64),
        field("max", DataType::Float64),
        field("n", DataType::Int16),
    ]))
}

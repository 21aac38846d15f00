//! Puts the rows of a Parquet batch into the sink.

use arrow_array::{Array, ArrayRef, RecordBatch};

use super::columns::Columns;
use super::dictionary::DictionaryCodes;
use super::identifiers::Identifiers;
use super::int96::Int96Clock;
use super::times::Times;
use super::values;
use crate::cell::cell_text;
use crate::measurements::folders::OfFolders;
use crate::measurements::row_sink::{ChannelCode, RowOutcome, RowSink};
use crate::number::Numbers;
use crate::unit::Unit;
use crate::{FileError, Reason};

/// Puts the rows of batches into the sink.
#[derive(Debug)]
pub(super) struct BatchReader {
    /// The number of the box, agreed with that of the folder.
    box_codes: DictionaryCodes<Result<u32, Reason>>,
    /// The phase, agreed with that of the folder; None of a channel that isn't used.
    channel_codes: DictionaryCodes<Result<Option<u32>, Reason>>,
    /// Whether a unit is kW, of each column that names one.
    unit_codes: Vec<DictionaryCodes<bool>>,
    of_folders: OfFolders,
    values: Vec<f64>,
    times: Times,
}

/// The columns of a batch.
struct Batch<'b> {
    boxes: Option<Identifiers>,
    channels: Option<Identifiers>,
    units: Vec<Identifiers>,
    values: &'b ArrayRef,
    times: &'b ArrayRef,
    has_nulls: bool,
    /// Whether folders or columns name units at all.
    may_have_other_units: bool,
}

impl Batch<'_> {
    #[inline]
    fn is_null(&self, column: &ArrayRef, row: usize) -> bool {
        self.has_nulls && column.is_null(row)
    }

    /// A row as text, to quote in a refusal.
    fn shown(&self, row: usize) -> String {
        let identifiers = |column: &Option<Identifiers>| column.as_ref().map(|column| column.column.clone());
        let cells = [&self.boxes, &self.channels].map(identifiers).into_iter().flatten();
        let cells = cells.chain(self.units.iter().map(|unit| unit.column.clone()));
        let cells = cells.chain([self.values.clone(), self.times.clone()]);
        let text = cells.map(|column| cell_text(&column, row).unwrap_or_else(|| "null".to_owned()));
        text.collect::<Vec<_>>().join(",")
    }
}

impl BatchReader {
    pub(super) fn new(columns: &Columns, sink: &mut RowSink<'_>) -> Result<Self, FileError> {
        Ok(Self {
            box_codes: DictionaryCodes::default(),
            channel_codes: DictionaryCodes::default(),
            unit_codes: columns.units.iter().map(|_| DictionaryCodes::default()).collect(),
            of_folders: OfFolders::new(&columns.box_id, &columns.channel, sink)?,
            values: Vec::new(),
            times: Times::default(),
        })
    }

    pub(super) fn read_batch(
        &mut self,
        batch: &RecordBatch,
        columns: &Columns,
        numbers: &mut Numbers,
        sink: &mut RowSink<'_>,
    ) -> Result<(), FileError> {
        let identifiers = |root: Option<usize>| match root {
            Some(root) => Identifiers::of(columns.column(batch, root)).map(Some),
            None => Some(None),
        };
        let of_file = [columns.box_id.column, columns.channel.column].map(identifiers);
        let units = columns.units.iter().map(|&root| Identifiers::of(columns.column(batch, root)));
        let ([Some(boxes), Some(channels)], Some(units)) = (of_file, units.collect::<Option<Vec<_>>>())
        else {
            return Err(sink.damaged("boxes, channels or units are of another type than announced"));
        };
        let (values, times) = (columns.column(batch, columns.value), columns.column(batch, columns.time));
        let is_utc = columns.int96 == Some(Int96Clock::Utc);
        if !(values::read(values, &mut self.values) && self.times.read(times, is_utc, &mut sink.times)) {
            return Err(sink.damaged("values or times are of another type than announced"));
        }
        boxes.iter().for_each(|column| self.box_codes.reset_for(column.keys.values()));
        channels.iter().for_each(|column| self.channel_codes.reset_for(column.keys.values()));
        let codes = units.iter().zip(&mut self.unit_codes);
        codes.for_each(|(column, codes)| codes.reset_for(column.keys.values()));
        let of_identifiers =
            boxes.iter().chain(&channels).chain(&units).map(|column| column.keys.null_count());
        let has_nulls =
            of_identifiers.chain([values.null_count(), times.null_count()]).any(|nulls| nulls > 0);
        let may_have_other_units = self.of_folders.have_other_unit() || !units.is_empty();
        let batch_columns = Batch { boxes, channels, units, values, times, has_nulls, may_have_other_units };
        let may_precede =
            sink.since.is_some_and(|since| sink.times.are_ends() || self.times.may_precede(since));
        for row in 0..batch.num_rows() {
            if may_precede
                && !batch_columns.is_null(times, row)
                && let Ok(start) = self.times.at(row).and_then(|time| sink.start_of(time))
                && sink.exclude_if_before(start.clock, start.second)
            {
                self.weigh_excluded(row, &batch_columns, numbers, sink);
                continue;
            }
            let outcome = self.process_row(row, &batch_columns, numbers, sink);
            sink.count(outcome, || batch_columns.shown(row));
        }
        Ok(())
    }

    #[inline]
    fn process_row(
        &mut self,
        row: usize,
        batch: &Batch<'_>,
        numbers: &mut Numbers,
        sink: &mut RowSink<'_>,
    ) -> Result<RowOutcome, Reason> {
        let (number, phase) = match self.series_of(row, batch, sink) {
            Ok(Some(series)) => series,
            unused => {
                self.weigh_aside(row, batch, numbers);
                return unused.map(|_| RowOutcome::Ignored);
            }
        };
        if batch.is_null(batch.values, row) {
            return Err(Reason::MissingCell);
        }
        let value_kw = match self.values.get(row) {
            Some(&value_kw) => value_kw,
            None => values::parse(batch.values, row, numbers)?,
        };
        if batch.is_null(batch.times, row) {
            return Err(Reason::MissingCell);
        }
        let start = sink.start_of(self.times.at(row)?)?;
        sink.add(number, phase, start, value_kw)?;
        Ok(RowOutcome::Accepted)
    }

    /// Whether no folder and no column names another unit than kW.
    fn is_kilowatt(&mut self, row: usize, batch: &Batch<'_>) -> bool {
        !self.of_folders.have_other_unit()
            && batch.units.iter().zip(&mut self.unit_codes).all(|(units, codes)| {
                let key = units.key(row, batch.has_nulls);
                key.and_then(|key| codes.get(key, |unit| Unit::Kilowatt.admits(unit))) != Some(false)
            })
    }

    /// A row's value if it is text.
    fn written_value<'b>(&self, row: usize, batch: &Batch<'b>) -> Option<&'b [u8]> {
        if self.values.is_empty() && !batch.is_null(batch.values, row) {
            values::text_at(batch.values, row)
        } else {
            None
        }
    }

    /// What isn't used may still tell how the numbers are written.
    #[cold]
    #[inline(never)]
    fn weigh_aside(&self, row: usize, batch: &Batch<'_>, numbers: &mut Numbers) {
        if let Some(value) = self.written_value(row, batch) {
            numbers.weigh_aside(value);
        }
    }

    /// So may a row that precedes what is asked for.
    #[cold]
    #[inline(never)]
    fn weigh_excluded(
        &mut self,
        row: usize,
        batch: &Batch<'_>,
        numbers: &mut Numbers,
        sink: &mut RowSink<'_>,
    ) {
        let Some(value) = self.written_value(row, batch) else { return };
        if numbers.may_learn_from(value) {
            match self.series_of(row, batch, sink) {
                Ok(Some(_)) => numbers.weigh_earlier(value),
                _ => numbers.weigh_aside(value),
            }
        }
    }

    /// The box and the phase that a row's value is of, in kW; None of a channel that isn't used.
    // Left to the compiler it is not inlined, which costs a tenth of the import.
    #[inline(always)]
    fn series_of(
        &mut self,
        row: usize,
        batch: &Batch<'_>,
        sink: &mut RowSink<'_>,
    ) -> Result<Option<(u32, u32)>, Reason> {
        let of_folders = &self.of_folders;
        let channel = match batch.channels.as_ref().and_then(|channels| channels.key(row, batch.has_nulls)) {
            Some(key) => self.channel_codes.get(key, |text| phase(of_folders.channel(ChannelCode::of(text)))),
            None => None,
        };
        let Some(phase) = channel.unwrap_or_else(|| phase(of_folders.channel(None)))? else {
            return Ok(None);
        };
        let number = match batch.boxes.as_ref().and_then(|boxes| boxes.key(row, batch.has_nulls)) {
            Some(key) => self.box_codes.get(key, |id| of_folders.box_number(sink.boxes.number(id))),
            None => None,
        };
        let number = number.unwrap_or_else(|| of_folders.box_number(Err(Reason::MissingCell)))?;
        if batch.may_have_other_units && !self.is_kilowatt(row, batch) {
            return Err(Reason::OtherUnit);
        }
        Ok(Some((number, phase)))
    }
}

/// The index of a channel's phase; None of a channel that isn't used.
fn phase(channel: Result<ChannelCode, Reason>) -> Result<Option<u32>, Reason> {
    match channel? {
        ChannelCode::Phase(phase) => Ok(Some(u32::from(phase))),
        ChannelCode::Other => Ok(None),
        ChannelCode::Refused => Err(Reason::UnknownChannelShape),
    }
}

//! Reads measurements from Parquet, one batch of rows at a time.

mod batch;
mod columns;
mod dictionary;
mod identifiers;
mod int96;
mod page_headers;
mod row_groups;
mod times;
mod values;

use std::fs::File;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::row_sink::RowSink;
use crate::notation::Stop;
use crate::number::Numbers;
use crate::{FileError, FileNote};
use batch::BatchReader;
use columns::Columns;
pub use int96::Int96Clock;

const ROWS_PER_BATCH: usize = 16_384;

/// Reads the whole file by row group: a batch that spanned two row groups would lose their
/// dictionaries.
pub(super) fn read(file: File, mut numbers: Numbers, sink: &mut RowSink<'_>) -> Result<(), Stop> {
    let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| sink.damaged(e))?;
    let columns = Columns::of(&found, sink).map_err(FileError::of_parquet)?;
    let options = ArrowReaderOptions::new().with_schema(columns.schema.clone());
    let metadata = ArrowReaderMetadata::try_new(found.metadata().clone(), options)
        .map_err(|error| sink.damaged(error))?;
    if columns.int96 == Some(Int96Clock::Wall) {
        sink.notes.push(FileNote::Int96WallClock);
    }
    // Statistics of INT96 columns are unreliable, and numbers in text tell of each other.
    let since = sink.since.filter(|_| columns.int96.is_none() && !columns.has_texts_for_values());
    let seconds_excluded =
        since.map(|since| row_groups::seconds_before(&metadata, columns.time, since)).unwrap_or_default();
    let mut batches = BatchReader::new(&columns, sink)?;
    for row_group in 0..metadata.metadata().num_row_groups() {
        if let Some(&Some(seconds)) = seconds_excluded.get(row_group) {
            let rows = metadata.metadata().row_group(row_group).num_rows();
            sink.exclude_rows(u64::try_from(rows).unwrap_or(0), seconds);
            continue;
        }
        page_headers::check(&file, metadata.metadata(), row_group, |root| {
            columns.roots().any(|it| it == root)
        })
        .map_err(|error| sink.damaged(error))?;
        let handle = file.try_clone();
        let handle = handle.map_err(|source| FileError::Unreadable { file: sink.file.to_owned(), source })?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(handle, metadata.clone())
            .with_projection(ProjectionMask::roots(metadata.parquet_schema(), columns.roots()))
            .with_row_groups(vec![row_group])
            .with_batch_size(ROWS_PER_BATCH)
            .build()
            .map_err(|error| sink.damaged(error))?;
        for batch in reader {
            let batch = batch.map_err(|error| sink.damaged(error))?;
            batches.read_batch(&batch, &columns, &mut numbers, sink)?;
            if let Some(trouble) = numbers.trouble() {
                return Err(Stop::of_numbers(sink.file, trouble.clone()));
            }
            sink.check_stamps()?;
            sink.collector.spill_if_many()?;
        }
    }
    let mark = numbers.finish().map_err(|trouble| Stop::of_numbers(sink.file, trouble))?;
    sink.notes.extend(FileNote::of_mark(mark));
    Ok(())
}

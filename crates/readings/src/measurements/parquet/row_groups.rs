//! Finds Parquet row groups that, by their statistics, precede the readings asked for.

use arrow_array::Array;
use arrow_schema::DataType;
use domain::calendar::Since;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;

use super::times::Times;
use crate::datetime::TimeReader;

/// Seconds by which the newest row of each row group precedes `since`. None for a group that may
/// hold later rows or rows without a time, or that lacks statistics; empty if the times are not
/// timestamps.
pub(super) fn seconds_before(metadata: &ArrowReaderMetadata, time: usize, since: Since) -> Vec<Option<i64>> {
    let groups = || metadata.metadata().row_groups().iter();
    let field = metadata.schema().field(time);
    if !matches!(field.data_type(), DataType::Timestamp(..)) {
        return Vec::new();
    }
    let statistics = StatisticsConverter::try_new(field.name(), metadata.schema(), metadata.parquet_schema());
    let Ok(statistics) = statistics else { return Vec::new() };
    let statistics = statistics.with_missing_null_counts_as_zero(false);
    let (Ok(newest), Ok(nulls)) =
        (statistics.row_group_maxes(groups()), statistics.row_group_null_counts(groups()))
    else {
        return Vec::new();
    };
    let mut times = Times::default();
    if !times.read(&newest, false, &mut TimeReader::new(None, None)) {
        return Vec::new();
    }
    (0..newest.len())
        .map(|group| {
            let has_statistics = newest.is_valid(group) && nulls.is_valid(group) && nulls.value(group) == 0;
            let newest = times.at(group).ok().filter(|_| has_statistics)?;
            since.seconds_before(newest.clock, newest.second)
        })
        .collect()
}

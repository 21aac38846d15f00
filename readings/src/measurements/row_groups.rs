//! Row groups of Parquet that need not be read, as their statistics tell that all their rows come too early.

use arrow_array::Array;
use arrow_schema::DataType;
use domain::calendar::Since;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;

use super::times::Times;

/// By how many seconds the newest row of each row group comes too early. None where one may be wanted, may have no time,
/// or where the statistics don't tell; nothing at all where the times are no timestamps.
pub(super) fn too_early_by(metadata: &ArrowReaderMetadata, time: usize, since: Since) -> Vec<Option<i64>> {
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
    if !times.read(&newest, false) {
        return Vec::new();
    }
    (0..newest.len())
        .map(|group| {
            let is_told = newest.is_valid(group) && nulls.is_valid(group) && nulls.value(group) == 0;
            let (clock, second) = times.at(group).filter(|_| is_told)?;
            since.too_early_by(clock, second)
        })
        .collect()
}

//! Reference files in Parquet, as rows of named columns.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int16Type, Int64Type};
use arrow_array::{
    Array, RecordBatch, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray,
};
use chrono::{DateTime, NaiveDate};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Every batch of a file.
pub(crate) fn batches(path: &Path) -> Vec<RecordBatch> {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// A column of texts.
pub(crate) fn text(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap();
    if let Some(large) = column.as_string_opt::<i64>() {
        return (0..large.len()).map(|row| large.value(row).to_owned()).collect();
    }
    let column = column.as_any().downcast_ref::<StringArray>().unwrap();
    (0..column.len()).map(|row| column.value(row).to_owned()).collect()
}

/// A column of numbers.
pub(crate) fn numbers(batch: &RecordBatch, name: &str) -> Vec<f64> {
    let column = batch.column_by_name(name).unwrap();
    if let Some(whole) = column.as_primitive_opt::<Int16Type>() {
        return whole.values().iter().map(|&value| f64::from(value)).collect();
    }
    if let Some(whole) = column.as_primitive_opt::<Int64Type>() {
        return whole.values().iter().map(|&value| value as f64).collect();
    }
    column.as_primitive::<Float64Type>().values().to_vec()
}

/// A column of dates, kept as instants.
pub(crate) fn dates(batch: &RecordBatch, name: &str) -> Vec<NaiveDate> {
    let column = batch.column_by_name(name).unwrap();
    let any = column.as_any();
    let micros: Vec<i64> = if let Some(found) = any.downcast_ref::<TimestampNanosecondArray>() {
        found.values().iter().map(|value| value / 1_000).collect()
    } else if let Some(found) = any.downcast_ref::<TimestampMicrosecondArray>() {
        found.values().to_vec()
    } else if let Some(found) = any.downcast_ref::<TimestampMillisecondArray>() {
        found.values().iter().map(|value| value * 1_000).collect()
    } else {
        let days = column.as_primitive::<arrow_array::types::Date32Type>();
        days.values().iter().map(|&day| i64::from(day) * 86_400_000_000).collect()
    };
    micros.into_iter().map(|value| DateTime::from_timestamp_micros(value).unwrap().date_naive()).collect()
}

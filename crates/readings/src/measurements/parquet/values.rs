//! Reads the value column of a Parquet batch as doubles.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;

use crate::Reason;
use crate::number::Numbers;

/// Types that [`read`] can read.
pub(super) const EXPECTED_TYPES: &str = "a number, or text that is one";

/// Reads a column into `values`, nulls as arbitrary numbers; none of text, which is [parsed](parse)
/// row by row. False if its type isn't [readable](is_readable).
pub(super) fn read(column: &ArrayRef, values: &mut Vec<f64>) -> bool {
    values.clear();
    match column.data_type() {
        DataType::Float64 => values.extend_from_slice(column.as_primitive::<Float64Type>().values()),
        DataType::Float32 => extend::<Float32Type>(column, values, f64::from),
        DataType::Float16 => extend::<Float16Type>(column, values, |value| value.to_f64()),
        DataType::Int8 => extend::<Int8Type>(column, values, f64::from),
        DataType::Int16 => extend::<Int16Type>(column, values, f64::from),
        DataType::Int32 => extend::<Int32Type>(column, values, f64::from),
        DataType::Int64 => extend::<Int64Type>(column, values, |value| value as f64),
        DataType::UInt8 => extend::<UInt8Type>(column, values, f64::from),
        DataType::UInt16 => extend::<UInt16Type>(column, values, f64::from),
        DataType::UInt32 => extend::<UInt32Type>(column, values, f64::from),
        DataType::UInt64 => extend::<UInt64Type>(column, values, |value| value as f64),
        DataType::Decimal32(_, scale) => {
            let unit = 10_f64.powi(i32::from(*scale));
            extend::<Decimal32Type>(column, values, |value| f64::from(value) / unit);
        }
        DataType::Decimal64(_, scale) => {
            let unit = 10_f64.powi(i32::from(*scale));
            extend::<Decimal64Type>(column, values, |value| value as f64 / unit);
        }
        DataType::Decimal128(_, scale) => {
            let unit = 10_f64.powi(i32::from(*scale));
            extend::<Decimal128Type>(column, values, |value| value as f64 / unit);
        }
        DataType::Decimal256(..) => {
            let decimals = column.as_primitive::<Decimal256Type>();
            let texts = (0..decimals.len()).map(|row| decimals.value_as_string(row));
            values.extend(texts.map(|text| text.parse().unwrap_or(f64::NAN)));
        }
        DataType::Utf8 | DataType::Binary => {}
        _ => return false,
    }
    true
}

/// Parses a cell of text.
///
/// # Errors
/// [`Reason::MissingCell`] and [`Reason::BadValue`].
pub(super) fn parse(column: &ArrayRef, row: usize, numbers: &mut Numbers) -> Result<f64, Reason> {
    let text = text_at(column, row).filter(|text| !text.is_empty()).ok_or(Reason::MissingCell)?;
    numbers.parse(text).ok_or(Reason::BadValue)
}

/// A cell of text, or of text as bare bytes.
pub(super) fn text_at(column: &ArrayRef, row: usize) -> Option<&[u8]> {
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(row).as_bytes()),
        DataType::Binary => Some(column.as_binary::<i32>().value(row)),
        _ => None,
    }
}

/// Whether a column of this type can be read as numbers.
pub(super) fn is_readable(data_type: &DataType) -> bool {
    data_type.is_numeric() || matches!(data_type, DataType::Utf8 | DataType::Binary)
}

fn extend<T: ArrowPrimitiveType>(
    column: &ArrayRef,
    values: &mut Vec<f64>,
    convert: impl Fn(T::Native) -> f64,
) {
    values.extend(column.as_primitive::<T>().values().iter().map(|&value| convert(value)));
}

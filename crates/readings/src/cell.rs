//! Renders cells of Parquet columns as text.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};

/// 2²⁴: from here on not every whole number has a float of 32 bits of its own.
const EXACT_BELOW_F32: f32 = 16_777_216.0;
/// 2⁵³, likewise of 64 bits.
const EXACT_BELOW_F64: f64 = 9_007_199_254_740_992.0;

/// `8.71687e+17`; infinity as it is.
fn in_exponent_form(number: f64) -> String {
    format!("{number:e}").replace('e', "e+")
}

/// The cell of a Parquet column as CSV would write it; None where it is null or of an unsupported type.
#[must_use]
pub fn cell_text(column: &ArrayRef, row: usize) -> Option<String> {
    if row >= column.len() || column.is_null(row) {
        return None;
    }
    macro_rules! number {
        ($kind:ty) => {
            column.as_primitive::<$kind>().value(row).to_string()
        };
    }
    macro_rules! decimal {
        ($kind:ty) => {
            column.as_primitive::<$kind>().value_as_string(row)
        };
    }
    macro_rules! time {
        ($kind:ty) => {
            column.as_primitive::<$kind>().value_as_datetime(row)?.to_string()
        };
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => column.as_string_view().value(row).to_owned(),
        DataType::Binary => bytes_text(column.as_binary::<i32>().value(row))?,
        DataType::LargeBinary => bytes_text(column.as_binary::<i64>().value(row))?,
        DataType::BinaryView => bytes_text(column.as_binary_view().value(row))?,
        DataType::FixedSizeBinary(_) => bytes_text(column.as_fixed_size_binary().value(row))?,
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary_opt()?;
            return cell_text(dictionary.values(), *dictionary.normalized_keys().get(row)?);
        }
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float16 => number!(Float16Type),
        // Whole numbers from here on may have lost their last digits.
        DataType::Float32 if column.as_primitive::<Float32Type>().value(row).abs() >= EXACT_BELOW_F32 => {
            in_exponent_form(column.as_primitive::<Float32Type>().value(row).into())
        }
        DataType::Float64 if column.as_primitive::<Float64Type>().value(row).abs() >= EXACT_BELOW_F64 => {
            in_exponent_form(column.as_primitive::<Float64Type>().value(row))
        }
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        DataType::Date32 => time!(Date32Type),
        DataType::Date64 => time!(Date64Type),
        DataType::Timestamp(TimeUnit::Second, _) => time!(TimestampSecondType),
        DataType::Timestamp(TimeUnit::Millisecond, _) => time!(TimestampMillisecondType),
        DataType::Timestamp(TimeUnit::Microsecond, _) => time!(TimestampMicrosecondType),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => time!(TimestampNanosecondType),
        _ => return None,
    })
}

/// Whether [`cell_text`] supports this type.
pub(crate) fn has_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => has_text(values),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            true
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean | DataType::Null => {
            true
        }
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => true,
        other => other.is_numeric(),
    }
}

/// Text as bare bytes, without what pads it to a fixed size.
fn bytes_text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(|text| text.trim_end_matches('\0').to_owned())
}

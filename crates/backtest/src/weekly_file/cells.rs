//! Reads cells of Parquet columns of any suitable type.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use readings::{DecimalMark, cell_text, parse_number};

/// The type that a column is read as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Text,
    /// Text, or a column of nothing at all.
    Unit,
    Number,
    Date,
}

impl Kind {
    /// A description of the accepted types.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Unit => "text",
            Self::Number => "a number, or text that is one",
            Self::Date => "a date, a timestamp or text such as 2026-11-16",
        }
    }

    /// Whether a column of that type is accepted.
    pub(super) fn admits(self, data_type: &DataType) -> bool {
        match self {
            Self::Text => is_text(data_type) || data_type.is_numeric() || *data_type == DataType::Null,
            Self::Unit => is_text(data_type) || *data_type == DataType::Null,
            Self::Number => is_text(data_type) || data_type.is_numeric(),
            Self::Date => {
                is_text(data_type)
                    || matches!(data_type, DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _))
            }
        }
    }
}

pub(super) fn is_text(data_type: &DataType) -> bool {
    let is_string = matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let is_binary = matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView);
    is_string || is_binary || matches!(data_type, DataType::FixedSizeBinary(_))
}

/// The texts of a column that [`Kind::Text`] admits; None for null.
pub(super) fn texts(column: &ArrayRef) -> Vec<Option<Cow<'_, str>>> {
    let borrowed: Option<Vec<Option<&str>>> = match column.data_type() {
        DataType::Utf8 => column.as_string_opt::<i32>().map(|texts| texts.iter().collect()),
        DataType::LargeUtf8 => column.as_string_opt::<i64>().map(|texts| texts.iter().collect()),
        DataType::Utf8View => column.as_string_view_opt().map(|texts| texts.iter().collect()),
        _ => None,
    };
    match borrowed {
        Some(texts) => texts.into_iter().map(|text| text.map(Cow::Borrowed)).collect(),
        None => (0..column.len()).map(|row| cell_text(column, row).map(Cow::Owned)).collect(),
    }
}

/// The text in a cell as messages quote it; None in a column of another type, and of what is empty.
pub(super) fn text(column: &ArrayRef, row: usize) -> Option<String> {
    if !is_text(column.data_type()) {
        return None;
    }
    let cell = column.slice(row, 1);
    let text = texts(&cell).pop()??;
    (!text.trim().is_empty()).then(|| readings::quoted(&text))
}

/// The number in a cell of a column that [`Kind::Number`] admits, as text with this decimal mark; None
/// for null and for what is no number.
pub(super) fn number(column: &ArrayRef, row: usize, mark: Option<DecimalMark>) -> Option<f64> {
    if column.is_null(row) {
        return None;
    }
    macro_rules! value {
        ($kind:ty) => {
            column.as_primitive_opt::<$kind>()?.value(row)
        };
    }
    Some(match column.data_type() {
        DataType::Float64 => value!(Float64Type),
        DataType::Float32 => value!(Float32Type).into(),
        DataType::Int8 => value!(Int8Type).into(),
        DataType::Int16 => value!(Int16Type).into(),
        DataType::Int32 => value!(Int32Type).into(),
        DataType::Int64 => value!(Int64Type) as f64,
        DataType::UInt8 => value!(UInt8Type).into(),
        DataType::UInt16 => value!(UInt16Type).into(),
        DataType::UInt32 => value!(UInt32Type).into(),
        DataType::UInt64 => value!(UInt64Type) as f64,
        other if is_text(other) => return parse_number(&cell_text(column, row)?, mark),
        _ => return cell_text(column, row)?.parse().ok(),
    })
}

/// The dates of a column that [`Kind::Date`] admits; None for null or an invalid date.
///
/// A timestamp with a zone is an instant: its date is that in `zone` or in its own, where it is a midnight.
pub(super) fn dates(column: &ArrayRef, zone: Option<Tz>) -> Vec<Option<NaiveDate>> {
    if is_text(column.data_type()) {
        // A time may follow, of which nothing is used.
        let day = |text: &str| {
            let text = text.trim();
            let is_date = text.as_bytes().get(10).is_none_or(|next| matches!(next, b'T' | b' '));
            text.get(..10).filter(|_| is_date)?.parse().ok()
        };
        return texts(column).into_iter().map(|text| text.as_deref().and_then(day)).collect();
    }
    let zones = match column.data_type() {
        DataType::Timestamp(_, Some(own)) => [zone, own.parse().ok()],
        _ => [None, None],
    };
    (0..column.len()).map(|row| date(column, row, zones)).collect()
}

fn date(column: &ArrayRef, row: usize, zones: [Option<Tz>; 2]) -> Option<NaiveDate> {
    if column.is_null(row) {
        return None;
    }
    macro_rules! value {
        ($kind:ty) => {
            column.as_primitive_opt::<$kind>()?.value(row)
        };
    }
    let instant = match column.data_type() {
        DataType::Date32 => DateTime::from_timestamp(i64::from(value!(Date32Type)) * 86_400, 0),
        DataType::Date64 => DateTime::from_timestamp_millis(value!(Date64Type)),
        DataType::Timestamp(TimeUnit::Second, _) => DateTime::from_timestamp(value!(TimestampSecondType), 0),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            DateTime::from_timestamp_millis(value!(TimestampMillisecondType))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            DateTime::from_timestamp_micros(value!(TimestampMicrosecondType))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            Some(DateTime::from_timestamp_nanos(value!(TimestampNanosecondType)))
        }
        _ => return None,
    };
    let instant = instant?;
    let local = |zone: &Tz| instant.with_timezone(zone).naive_local();
    let mut locals = zones.iter().flatten().map(local);
    let midnight = locals.clone().find(|local| local.time() == NaiveTime::MIN);
    Some(midnight.or(locals.next()).unwrap_or(instant.naive_utc()).date())
}

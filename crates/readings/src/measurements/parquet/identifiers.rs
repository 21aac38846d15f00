//! Boxes and channels of a Parquet batch as dictionaries of text, whatever type they have.

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray};
use arrow_schema::DataType;

use crate::cell::cell_text;

/// The type to decode a column of text to, bare bytes included; None if it is no text.
pub(super) fn text_type(data_type: &DataType) -> Option<DataType> {
    let dictionary = |values| Some(DataType::Dictionary(Box::new(DataType::Int32), Box::new(values)));
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => dictionary(DataType::Utf8),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => dictionary(DataType::Binary),
        DataType::FixedSizeBinary(_) => Some(data_type.clone()),
        DataType::Dictionary(_, values) => text_type(values),
        _ => None,
    }
}

/// The type to decode a column of boxes to: text, or numbers, which are their digits.
pub(super) fn box_type(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::Dictionary(_, values) => box_type(values),
        number if number.is_numeric() => Some(number.clone()),
        other => text_type(other),
    }
}

/// A column of boxes or channels.
pub(super) struct Identifiers {
    /// As it is in the batch.
    pub(super) column: ArrayRef,
    pub(super) keys: DictionaryArray<Int32Type>,
}

impl Identifiers {
    /// None if the column is of a type that has no text.
    pub(super) fn of(column: &ArrayRef) -> Option<Self> {
        let keys = match column.data_type() {
            DataType::Dictionary(..) => column.as_dictionary_opt::<Int32Type>()?.clone(),
            other if other.is_numeric() || matches!(other, DataType::FixedSizeBinary(_)) => {
                let mut builder = StringDictionaryBuilder::<Int32Type>::new();
                (0..column.len()).for_each(|row| builder.append_option(identifier(column, row)));
                builder.finish()
            }
            _ => return None,
        };
        Some(Self { column: column.clone(), keys })
    }

    /// The key of a row's entry; None for null.
    #[inline]
    pub(super) fn key(&self, row: usize, has_nulls: bool) -> Option<usize> {
        let is_null = has_nulls && self.keys.is_null(row);
        (!is_null).then(|| self.keys.keys().value(row) as usize)
    }
}

/// The text of a number; none of NaN, which stands for null where identifiers became doubles.
fn identifier(column: &ArrayRef, row: usize) -> Option<String> {
    cell_text(column, row).filter(|text| text != "NaN")
}

//! Reads the time column of a Parquet batch as seconds on a clock.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use domain::calendar::{Clock, Since};

use super::values::text_at;
use crate::Reason;
use crate::datetime::{TimeReader, WrittenTime, whole_second};

/// Types that [`Times`] can be read from.
pub(super) const EXPECTED_TYPES: &str = "a timestamp, a date or text";

/// Whether a column of this type can be read as time; text must be decoded as `Utf8` or
/// `Binary`.
pub(super) fn is_readable(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Utf8 | DataType::Binary
    )
}

/// The times of a batch; the buffers are reused from batch to batch.
#[derive(Debug, Default)]
pub(super) struct Times {
    seconds: Vec<i64>,
    /// The time of each row, if the rows are text.
    parsed: Vec<Result<WrittenTime, Reason>>,
    common_clock: Option<Clock>,
}

impl Times {
    /// Reads a column; with `is_utc`, times without a zone are UTC. False if the type isn't
    /// [readable](is_readable).
    pub(super) fn read(&mut self, column: &ArrayRef, is_utc: bool, reader: &mut TimeReader<'_>) -> bool {
        self.common_clock = Some(Clock::Local);
        match column.data_type() {
            DataType::Timestamp(unit, zone) => {
                if zone.is_some() || is_utc {
                    self.common_clock = Some(Clock::Utc);
                }
                match unit {
                    TimeUnit::Second => self.scale::<TimestampSecondType, 1>(column, 1),
                    TimeUnit::Millisecond => self.scale::<TimestampMillisecondType, 1_000>(column, 1),
                    TimeUnit::Microsecond => self.scale::<TimestampMicrosecondType, 1_000_000>(column, 1),
                    TimeUnit::Nanosecond => self.scale::<TimestampNanosecondType, 1_000_000_000>(column, 1),
                }
            }
            DataType::Date32 => self.scale::<Date32Type, 1>(column, 86_400),
            DataType::Date64 => self.scale::<Date64Type, 1_000>(column, 1),
            DataType::Utf8 | DataType::Binary => self.parse(column, reader),
            _ => return false,
        }
        true
    }

    /// Whether any row may precede `since`.
    pub(super) fn may_precede(&self, since: Since) -> bool {
        match self.common_clock {
            Some(clock) => {
                let first = since.on(clock);
                self.seconds.iter().any(|&second| second < first)
            }
            None => true,
        }
    }

    /// The time of a row.
    ///
    /// # Errors
    /// Why its text isn't a time.
    #[inline]
    pub(super) fn at(&self, row: usize) -> Result<WrittenTime, Reason> {
        match (self.common_clock, self.seconds.get(row)) {
            (Some(clock), Some(&second)) => Ok(WrittenTime { clock, second }),
            _ => self.parsed.get(row).copied().unwrap_or(Err(Reason::BadTime)),
        }
    }

    fn scale<T: ArrowPrimitiveType, const PER_SECOND: i64>(&mut self, column: &ArrayRef, seconds: i64)
    where
        T::Native: Into<i64>,
    {
        self.seconds.clear();
        let values = column.as_primitive::<T>().values().iter();
        self.seconds.extend(values.map(|&value| {
            let (value, second) = (value.into(), value.into().div_euclid(PER_SECOND));
            whole_second(second, second * PER_SECOND != value) * seconds
        }));
    }

    fn parse(&mut self, column: &ArrayRef, reader: &mut TimeReader<'_>) {
        self.common_clock = None;
        self.seconds.clear();
        self.parsed.clear();
        self.parsed.extend((0..column.len()).map(|row| {
            let text = text_at(column, row).filter(|_| column.is_valid(row)).unwrap_or_default();
            if text.is_empty() { Err(Reason::MissingCell) } else { reader.parse(text) }
        }));
    }
}

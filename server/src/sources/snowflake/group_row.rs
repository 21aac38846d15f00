//! One row of the result of [`statement::weeks`](super::statement::weeks).

use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::tally::SeenQuarters;

use super::answer::Row;
use super::statement::{BITS, WORDS};
use crate::sources::SourceError;
use crate::sources::groups::{Group, unexpected_answer};

/// Columns before the words of quarter-hours.
const COLUMNS: usize = 9;

/// The group of a row.
///
/// # Errors
/// [`SourceError::Refused`] for an unexpected cell.
pub(super) fn group(row: Row, calendar: &Calendar) -> Result<Group, SourceError> {
    let row: [Option<String>; COLUMNS + WORDS] =
        row.try_into().map_err(|_| unexpected_answer("rows of another width"))?;
    let week = match number::<i64>(&row[3])? {
        Some(start) => {
            let start = DateTime::from_timestamp(start, 0)
                .ok_or_else(|| unexpected_answer("a week outside of all time"))?;
            Some(calendar.week_of(start)?)
        }
        None => None,
    };
    let mut words = [0_u64; SeenQuarters::WORDS];
    for (place, cell) in row[COLUMNS..].iter().enumerate() {
        let word: u32 = number(cell)?.unwrap_or_default();
        words[place * BITS / 64] |= u64::from(word) << (place * BITS % 64);
    }
    Ok(Group {
        outcome: number(&row[0])?.ok_or_else(|| unexpected_answer("no judgement"))?,
        phase: number(&row[2])?,
        week,
        rows: number(&row[4])?.unwrap_or_default(),
        min_kw: number(&row[5])?,
        max_kw: number(&row[6])?,
        oldest: instant(&row[7])?,
        newest: instant(&row[8])?,
        seen: SeenQuarters::from_words(words),
        box_id: row.into_iter().nth(1).flatten(),
    })
}

fn number<T: FromStr>(cell: &Option<String>) -> Result<Option<T>, SourceError> {
    match cell {
        Some(text) => {
            text.trim().parse().map(Some).map_err(|_| unexpected_answer(format!("`{text}` for a number")))
        }
        None => Ok(None),
    }
}

fn instant(cell: &Option<String>) -> Result<Option<DateTime<Utc>>, SourceError> {
    Ok(number(cell)?.and_then(|second| DateTime::from_timestamp(second, 0)))
}

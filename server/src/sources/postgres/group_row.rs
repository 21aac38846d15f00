//! One row of the result of [`statement::weeks`](super::statement::weeks).

use chrono::{DateTime, Utc};
use domain::tally::SeenQuarters;
use model::IsoWeek;

use crate::sources::SourceError;
use crate::sources::groups::{Group, unexpected_answer};

/// One row of the statement.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct GroupRow {
    outcome: i32,
    box_id: Option<String>,
    phase: Option<i32>,
    /// The week, counted from 1.
    bucket: Option<i32>,
    row_count: i64,
    min_kw: Option<f64>,
    max_kw: Option<f64>,
    /// Unix seconds, like all times here.
    oldest: Option<f64>,
    newest: Option<f64>,
    seen: Vec<i64>,
}

impl GroupRow {
    /// The group; `first` is the first week of the query.
    pub(super) fn group(self, first: IsoWeek) -> Result<Group, SourceError> {
        let words: Vec<u64> = self.seen.iter().map(|word| word.cast_unsigned()).collect();
        let words =
            words.try_into().map_err(|_| unexpected_answer("too few or too many words of quarter-hours"))?;
        Ok(Group {
            outcome: self.outcome,
            box_id: self.box_id,
            phase: self.phase,
            week: self.bucket.map(|bucket| first.plus(bucket - 1)),
            rows: self.row_count,
            min_kw: self.min_kw,
            max_kw: self.max_kw,
            oldest: self.oldest.and_then(instant),
            newest: self.newest.and_then(instant),
            seen: SeenQuarters::from_words(words),
        })
    }
}

/// To the second, like readings from files; `None` for infinity.
fn instant(second: f64) -> Option<DateTime<Utc>> {
    second.is_finite().then(|| DateTime::from_timestamp(second.floor() as i64, 0)).flatten()
}

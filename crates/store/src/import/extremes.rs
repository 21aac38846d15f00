//! Weeks that come in as their extremes: where no readings of them are stored.

use model::{BoxId, IsoWeek, WeekExtremes};
use sqlx::QueryBuilder;

use super::{ImportTransaction, ROWS_AT_ONCE};
use crate::{StoreError, within};

/// What was stored already of weeks that an import of extremes brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredBefore {
    /// Weeks with readings, which stay as they are.
    pub measured: u64,
    /// Weeks that had been imported with other extremes, which the new ones replace.
    pub replaced: u64,
}

#[derive(sqlx::FromRow)]
struct StoredExtremes {
    week: i32,
    min_kw: f64,
    max_kw: f64,
    readings: i32,
    imported: bool,
}

impl ImportTransaction {
    /// Takes in the weeks of a box, sum of the phases, in ascending order. Weeks of which readings are stored stay as
    /// they are; weeks that were imported before are replaced. Tells how many there are of each.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn take_extremes(
        &mut self,
        box_id: &BoxId,
        weeks: &[WeekExtremes],
    ) -> Result<StoredBefore, StoreError> {
        let key = self.key(box_id).await?;
        let now = self.now;
        self.forget_believed(&[key]).await?;
        let before = self.stored_before(key, weeks).await?;
        for rows in weeks.chunks(ROWS_AT_ONCE) {
            let changed: Vec<i32> = within!(self.write, connection => {
                let mut insert = QueryBuilder::new(
                    "INSERT INTO week_extremes (box_key, phase, week, min_kw, max_kw, readings, imported, processed_on) ");
                insert.push_values(rows, |mut line, row| {
                    // Zero is added to turn -0.0 into 0.0, as for readings.
                    line.push_bind(key).push_bind(0_i32).push_bind(row.week.index())
                        .push_bind(row.min_kw + 0.0).push_bind(row.max_kw + 0.0)
                        .push_bind(i32::from(row.readings)).push_bind(true).push_bind(now);
                });
                insert.push(
                    " ON CONFLICT (box_key, phase, week) DO UPDATE SET min_kw = excluded.min_kw, \
                     max_kw = excluded.max_kw, readings = excluded.readings, processed_on = excluded.processed_on \
                     WHERE week_extremes.imported AND (week_extremes.min_kw <> excluded.min_kw \
                     OR week_extremes.max_kw <> excluded.max_kw OR week_extremes.readings <> excluded.readings) \
                     RETURNING week");
                insert.build_query_scalar().fetch_all(connection).await?
            });
            if !changed.is_empty() {
                self.changed_boxes.insert(key);
            }
            for week in changed {
                self.changed_weeks.insert((key, 0, week));
            }
        }
        Ok(before)
    }

    async fn stored_before(&mut self, key: i64, weeks: &[WeekExtremes]) -> Result<StoredBefore, StoreError> {
        let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
            return Ok(StoredBefore::default());
        };
        let stored: Vec<StoredExtremes> = within!(self.write, connection => sqlx::query_as(
            "SELECT week, min_kw, max_kw, readings, imported FROM week_extremes \
             WHERE box_key = $1 AND phase = 0 AND week BETWEEN $2 AND $3")
            .bind(key).bind(first.week.index()).bind(last.week.index()).fetch_all(connection).await?);
        let mut before = StoredBefore::default();
        for stored in stored {
            let Ok(place) = weeks.binary_search_by_key(&stored.week, |week| week.week.index()) else {
                continue;
            };
            let brought = weeks[place];
            let is_same = stored.min_kw == brought.min_kw
                && stored.max_kw == brought.max_kw
                && stored.readings == i32::from(brought.readings);
            before.measured += u64::from(!stored.imported);
            before.replaced += u64::from(stored.imported && !is_same);
        }
        Ok(before)
    }

    /// Takes weeks of a box away that were imported as extremes and turned out not to be right. Tells how
    /// many there were.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn remove_extremes(&mut self, box_id: &BoxId, weeks: &[IsoWeek]) -> Result<u64, StoreError> {
        let mut all = 0;
        let key = self.key(box_id).await?;
        for weeks in weeks.chunks(ROWS_AT_ONCE) {
            let removed = within!(self.write, connection => {
                let mut delete = QueryBuilder::new("DELETE FROM week_extremes WHERE imported AND phase = 0 AND box_key = ");
                delete.push_bind(key).push(" AND week IN (");
                let mut places = delete.separated(", ");
                for week in weeks {
                    places.push_bind(week.index());
                }
                places.push_unseparated(")");
                delete.build().execute(connection).await?.rows_affected()
            });
            if removed > 0 {
                self.changed_boxes.insert(key);
                self.removed_weeks += removed;
                all += removed;
            }
        }
        Ok(all)
    }

    /// The last instant of readings that a complete week `last` implies, for [`commit`](Self::commit).
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] beyond the calendar.
    pub fn end_of(&self, last: IsoWeek) -> Result<chrono::DateTime<chrono::Utc>, StoreError> {
        let next = self.calendar.start_of(last.plus(1)).map_err(super::corrupt)?;
        Ok(next - chrono::TimeDelta::minutes(15))
    }
}

//! Weeks that come in as their extremes: where no readings of them are stored.

use model::{BoxId, IsoWeek, WeekExtremes};
use sqlx::QueryBuilder;

use super::{ImportTransaction, ROWS_AT_ONCE};
use crate::{StoreError, within};

impl ImportTransaction {
    /// Takes in the weeks of a box, sum of the phases. Weeks of which readings are stored stay as they are; weeks that
    /// were imported before are replaced.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn take_extremes(&mut self, box_id: &BoxId, weeks: &[WeekExtremes]) -> Result<(), StoreError> {
        let key = self.key(box_id).await?;
        let now = self.now;
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
        Ok(())
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

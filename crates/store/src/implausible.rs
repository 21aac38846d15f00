//! Readings that were not counted, as they lie beyond what is believed of their box.

use std::collections::HashMap;

use domain::implausible::ImplausibleReadings;
use model::{BEYOND_CAPACITY, BoxId, Capacity, IsoWeek};

use super::bands::to_json;
use super::import::ImportTransaction;
use super::{Session, Store, StoreError, within};

#[derive(sqlx::FromRow)]
struct ImplausibleRow {
    first_week: i32,
    last_week: i32,
    min_kw: f64,
    max_kw: f64,
}

/// The same, joined to a box that may have none.
#[derive(sqlx::FromRow)]
pub(super) struct MaybeImplausible {
    first_week: Option<i32>,
    last_week: Option<i32>,
    min_kw: Option<f64>,
    max_kw: Option<f64>,
}

impl MaybeImplausible {
    pub(super) fn readings(&self) -> Option<ImplausibleReadings> {
        let Self { first_week, last_week, min_kw, max_kw } = *self;
        let row = ImplausibleRow {
            first_week: first_week?,
            last_week: last_week?,
            min_kw: min_kw?,
            max_kw: max_kw?,
        };
        Some(row.into())
    }
}

impl From<ImplausibleRow> for ImplausibleReadings {
    fn from(row: ImplausibleRow) -> Self {
        Self {
            first_week: IsoWeek::from_index(row.first_week),
            last_week: IsoWeek::from_index(row.last_week),
            min_kw: row.min_kw,
            max_kw: row.max_kw,
        }
    }
}

impl Store {
    /// The capacities of all boxes that have one.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn capacities(&self) -> Result<Vec<(BoxId, Capacity)>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(String, f64)> = within!(read, connection => sqlx::query_as(
            "SELECT box_id, capacity_kva FROM box WHERE capacity_kva IS NOT NULL").fetch_all(connection).await?);
        read.commit().await?;
        Ok(rows
            .into_iter()
            .filter_map(|(box_id, kva)| Some((BoxId::new(&box_id).ok()?, Capacity::new(kva).ok()?)))
            .collect())
    }
}

/// Those of one box, if it has any.
async fn implausible_by_key(
    read: &mut Session,
    box_key: i64,
) -> Result<Option<ImplausibleReadings>, StoreError> {
    let row: Option<ImplausibleRow> = within!(*read, connection => sqlx::query_as(
        "SELECT first_week, last_week, min_kw, max_kw FROM implausible_reading WHERE box_key = $1")
        .bind(box_key).fetch_optional(connection).await?);
    Ok(row.map(Into::into))
}

impl ImportTransaction {
    /// Remembers readings that were not counted, together with those of earlier imports. A box that
    /// has new ones becomes due. Weeks among theirs that came in before the capacity was known, and that nothing else
    /// took the place of, are removed.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn save_implausible(
        &mut self,
        found: &HashMap<BoxId, ImplausibleReadings>,
    ) -> Result<(), StoreError> {
        let mut found: Vec<_> = found.iter().collect();
        // Two imports never wait for each other's boxes in turn.
        found.sort_unstable_by_key(|(box_id, _)| *box_id);
        for (box_id, readings) in found {
            let key = self.key(box_id).await?;
            self.remove_beyond_belief(key, readings, self.believed.max_kw(box_id)).await?;
            let known = implausible_by_key(&mut self.write, key).await?;
            let all = known.map_or(*readings, |known| known.union(readings));
            if known == Some(all) {
                continue;
            }
            within!(self.write, connection => sqlx::query(
                "INSERT INTO implausible_reading (box_key, first_week, last_week, min_kw, max_kw) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (box_key) DO UPDATE SET first_week = excluded.first_week, \
                 last_week = excluded.last_week, min_kw = excluded.min_kw, max_kw = excluded.max_kw")
                .bind(key).bind(all.first_week.index()).bind(all.last_week.index()).bind(all.min_kw).bind(all.max_kw)
                .execute(connection).await?.rows_affected());
            self.mark_changed(key);
        }
        Ok(())
    }

    async fn remove_beyond_belief(
        &mut self,
        key: i64,
        readings: &ImplausibleReadings,
        max_kw: f64,
    ) -> Result<(), StoreError> {
        if max_kw.is_infinite() {
            return Ok(());
        }
        let removed = within!(self.write, connection => sqlx::query(
            "DELETE FROM week_extremes WHERE box_key = $1 AND week BETWEEN $2 AND $3 AND NOT imported \
             AND (-min_kw > $4 OR max_kw > $4)")
            .bind(key).bind(readings.first_week.index()).bind(readings.last_week.index()).bind(max_kw)
            .execute(connection).await?.rows_affected());
        if removed > 0 {
            self.mark_changed(key);
            self.removed_weeks += removed;
        }
        Ok(())
    }

    /// Forgets the readings of boxes whose weeks from `first` on were read anew and took the place of the stored ones:
    /// what is still not believed is told again.
    pub(super) async fn forget_implausible(&mut self, keys: &[i64], first: i32) -> Result<(), StoreError> {
        let statement = self.write.pick(
            "DELETE FROM implausible_reading WHERE first_week >= $2 \
             AND box_key IN (SELECT value FROM json_each($1)) RETURNING box_key",
            "DELETE FROM implausible_reading WHERE first_week >= $2 AND box_key = \
             ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) RETURNING box_key",
        );
        self.forget(statement, keys, f64::from(first)).await
    }

    /// Forgets the readings of boxes that are being read again while their capacity allows for all of them.
    pub(super) async fn forget_believed(&mut self, keys: &[i64]) -> Result<(), StoreError> {
        let statement = self.write.pick(
            "DELETE FROM implausible_reading WHERE box_key IN (SELECT value FROM json_each($1)) \
             AND EXISTS (SELECT 1 FROM box b WHERE b.box_key = implausible_reading.box_key \
             AND -min_kw <= $2 * b.capacity_kva AND max_kw <= $2 * b.capacity_kva) RETURNING box_key",
            "DELETE FROM implausible_reading WHERE box_key = \
             ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) \
             AND EXISTS (SELECT 1 FROM box b WHERE b.box_key = implausible_reading.box_key \
             AND -min_kw <= $2 * b.capacity_kva AND max_kw <= $2 * b.capacity_kva) RETURNING box_key",
        );
        self.forget(statement, keys, BEYOND_CAPACITY).await
    }

    async fn forget(&mut self, statement: &'static str, keys: &[i64], number: f64) -> Result<(), StoreError> {
        let keys = to_json(keys)?;
        let forgotten: Vec<i64> = within!(self.write, connection => sqlx::query_scalar(statement)
            .bind(&keys).bind(number).fetch_all(connection).await?);
        forgotten.into_iter().for_each(|key| self.mark_changed(key));
        Ok(())
    }
}

//! Importing tallies in one transaction: merged with what is stored, or in its place.

mod extremes;
mod replace;
mod week_set;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::box_metadata::BoxMetadata;
use domain::calendar::Calendar;
use domain::implausible::BelievedPower;
use domain::runs::DataProfile;
use domain::tally::{SeenQuarters, TallyRecord, WeekTally};
use model::{BoxId, IsoWeek, Phase};
use sqlx::QueryBuilder;

pub use extremes::StoredBefore;
use week_set::WeekSet;

use super::bands::to_json;
use super::boxes::{key_of, save_all};
use super::profile::profile;
use super::ranking::renew_list;
use super::{Session, Store, StoreError, within};

/// Rows per INSERT: eight values each, well below either database's limit.
const ROWS_AT_ONCE: usize = 500;

/// An import. Dropped without [`ImportTransaction::commit`] it changes nothing.
pub struct ImportTransaction {
    pub(super) write: Session,
    calendar: Calendar,
    now: DateTime<Utc>,
    pub(super) before: DataState,
    keys: HashMap<BoxId, i64>,
    /// By the capacities that this import knows.
    pub(super) believed: Arc<BelievedPower>,
    /// Sorted, so that two imports never wait for each other's boxes in turn.
    changed_boxes: BTreeSet<i64>,
    changed_weeks: WeekSet,
    pub(super) removed_weeks: u64,
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// Box-phase-weeks added or changed.
    pub changed_weeks: u64,
    /// Box-phase-weeks removed because the source no longer has them.
    pub removed_weeks: u64,
    /// Boxes with changed weeks.
    pub changed_boxes: u64,
    /// The first incomplete week.
    pub running_week: Option<IsoWeek>,
}

/// A week without readings is news of a box that told something within so many weeks before the running one of the import
/// before: a forecast bridges a silence of 52, and the week after it makes of it a box that is not measured.
const SILENCE_WEEKS: i32 = 53;

/// The one row of `data_state`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct DataState {
    pub(super) newest_reading: Option<DateTime<Utc>>,
    running_week: Option<i32>,
    time_zone: String,
}

/// The place of a week: key of the box, phase, index of the week.
type WeekKey = (i64, i32, i32);

struct ChangedWeek {
    place: WeekKey,
    tally: WeekTally,
}

#[derive(sqlx::FromRow)]
struct StoredWeek {
    box_key: i64,
    phase: i32,
    week: i32,
    min_kw: f64,
    max_kw: f64,
    seen: Option<Vec<u8>>,
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// An import touches much of the indexes; its connection keeps more of them meanwhile.
async fn set_sqlite_cache(write: &mut Session, pragma: &'static str) -> Result<(), StoreError> {
    if let Session::Sqlite { transaction, .. } = write {
        sqlx::query(pragma).execute(&mut **transaction).await?;
    }
    Ok(())
}

impl Store {
    /// Begins an import; weeks are those of the calendar's zone. Concurrent imports wait for one
    /// another.
    ///
    /// # Errors
    /// [`StoreError::OtherTimeZone`] if the stored weeks are weeks of another zone.
    pub async fn begin_import(
        &self,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<ImportTransaction, StoreError> {
        let mut write = self.write().await?;
        set_sqlite_cache(&mut write, "PRAGMA cache_size = -65536").await?;
        let zone = calendar.zone().name();
        within!(write, connection => sqlx::query(
            "INSERT INTO data_state (only_row, time_zone) VALUES (1, $1) ON CONFLICT (only_row) DO NOTHING")
            .bind(zone).execute(connection).await?.rows_affected());
        let statement = write.pick(
            "SELECT newest_reading, running_week, time_zone FROM data_state",
            "SELECT newest_reading, running_week, time_zone FROM data_state FOR UPDATE",
        );
        let before: DataState =
            within!(write, connection => sqlx::query_as(statement).fetch_one(connection).await?);
        before.require_zone(calendar)?;
        Ok(ImportTransaction {
            write,
            calendar: calendar.clone(),
            now,
            before,
            keys: HashMap::new(),
            believed: Arc::default(),
            changed_boxes: BTreeSet::new(),
            changed_weeks: WeekSet::default(),
            removed_weeks: 0,
        })
    }
}

impl DataState {
    pub(super) fn require_zone(&self, calendar: &Calendar) -> Result<(), StoreError> {
        let configured = calendar.zone().name();
        if self.time_zone == configured {
            return Ok(());
        }
        Err(StoreError::OtherTimeZone { stored: self.time_zone.clone(), configured: configured.to_owned() })
    }
}

impl StoredWeek {
    fn tally(&self, calendar: &Calendar) -> Result<WeekTally, StoreError> {
        let seen = match &self.seen {
            Some(bytes) => SeenQuarters::from_bytes(bytes).map_err(corrupt)?,
            None => {
                SeenQuarters::full(calendar.quarters_in(IsoWeek::from_index(self.week)).map_err(corrupt)?)
            }
        };
        WeekTally::new(self.min_kw, self.max_kw, seen).map_err(corrupt)
    }
}

impl ImportTransaction {
    /// What is believed of each box: stored weeks beyond it were read before the capacity was known. They give way to
    /// what is merged, and are removed where nothing else comes in, see [`Self::save_implausible`].
    #[must_use]
    pub fn believing(self, believed: Arc<BelievedPower>) -> Self {
        Self { believed, ..self }
    }

    /// Writes box metadata like [`Store::save_boxes`].
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn save_boxes(&mut self, boxes: &[BoxMetadata]) -> Result<u64, StoreError> {
        save_all(&mut self.write, boxes).await
    }

    /// Merges a batch of tallies with the stored weeks, as for files that may each hold parts of a
    /// week.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn merge(&mut self, batch: &[TallyRecord]) -> Result<(), StoreError> {
        let delivered = self.by_place(batch).await?;
        let weeks = || delivered.keys().map(|&(_, _, week)| week);
        let (Some(first), Some(last)) = (weeks().min(), weeks().max()) else { return Ok(()) };
        let keys = keys_of(&delivered);
        self.forget_believed(&keys).await?;
        let mut stored = self.stored_weeks(&keys, first, last).await?;
        let limits = self.limits(batch).await?;
        stored.retain(|(key, ..), tally| {
            limits.get(key).is_none_or(|&kw| -tally.min_kw() <= kw && tally.max_kw() <= kw)
        });
        let mut changed = Vec::new();
        for (place, newer) in delivered {
            let before = stored.get(&place);
            let tally = before.map_or(newer, |before| before.merged(&newer));
            if before != Some(&tally) {
                changed.push(ChangedWeek { place, tally });
            }
        }
        self.write_changed(&changed).await
    }

    /// The largest power that is believed of the boxes of a batch, kW, by key.
    async fn limits(&mut self, batch: &[TallyRecord]) -> Result<HashMap<i64, f64>, StoreError> {
        let mut limits = HashMap::new();
        for record in batch {
            limits.insert(self.key(&record.box_id).await?, self.believed.max_kw(&record.box_id));
        }
        Ok(limits)
    }

    /// The tallies of a batch sorted by place; those of the same place are united.
    async fn by_place(&mut self, batch: &[TallyRecord]) -> Result<BTreeMap<WeekKey, WeekTally>, StoreError> {
        let mut delivered = BTreeMap::new();
        for record in batch {
            let key = self.key(&record.box_id).await?;
            delivered
                .entry((key, phase_to_code(record.phase), record.week.index()))
                .and_modify(|tally: &mut WeekTally| *tally = tally.merged(&record.tally))
                .or_insert(record.tally);
        }
        Ok(delivered)
    }

    /// A box whose weeks or notes changed: it becomes due.
    pub(super) fn mark_changed(&mut self, box_key: i64) {
        self.changed_boxes.insert(box_key);
    }

    pub(super) async fn key(&mut self, box_id: &BoxId) -> Result<i64, StoreError> {
        if let Some(&key) = self.keys.get(box_id) {
            return Ok(key);
        }
        let key = key_of(&mut self.write, box_id).await?;
        self.keys.insert(box_id.clone(), key);
        Ok(key)
    }

    /// The stored weeks of boxes from the week `first` to `last` of which there were readings: an imported week is neither
    /// added to nor taken away, and what is told of it takes its place.
    async fn stored_weeks(
        &mut self,
        keys: &[i64],
        first: i32,
        last: i32,
    ) -> Result<HashMap<WeekKey, WeekTally>, StoreError> {
        let statement = self.write.pick(
            "SELECT box_key, phase, week, min_kw, max_kw, seen FROM week_extremes \
             WHERE box_key IN (SELECT value FROM json_each($1)) AND phase IN (0, 1, 2, 3) AND week BETWEEN $2 AND $3 \
             AND NOT imported",
            "SELECT box_key, phase, week, min_kw, max_kw, seen FROM week_extremes \
             WHERE box_key = ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) \
             AND phase IN (0, 1, 2, 3) AND week BETWEEN $2 AND $3 AND NOT imported",
        );
        let wanted = to_json(keys)?;
        let rows: Vec<StoredWeek> = within!(self.write, connection => sqlx::query_as(statement)
            .bind(&wanted).bind(first).bind(last).fetch_all(connection).await?);
        rows.into_iter()
            .map(|row| Ok(((row.box_key, row.phase, row.week), row.tally(&self.calendar)?)))
            .collect()
    }

    async fn write_changed(&mut self, changed: &[ChangedWeek]) -> Result<(), StoreError> {
        for ChangedWeek { place, .. } in changed {
            self.changed_boxes.insert(place.0);
            self.changed_weeks.insert(*place);
        }
        for rows in changed.chunks(ROWS_AT_ONCE) {
            self.upsert(rows).await?;
        }
        Ok(())
    }

    async fn upsert(&mut self, rows: &[ChangedWeek]) -> Result<(), StoreError> {
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let week = IsoWeek::from_index(row.place.2);
            let quarters = self.calendar.quarters_in(week).map_err(corrupt)?;
            let seen = (!row.tally.is_full(quarters)).then(|| row.tally.seen().to_bytes());
            values.push((row, seen));
        }
        let now = self.now;
        within!(self.write, connection => {
            let mut insert = QueryBuilder::new(
                "INSERT INTO week_extremes (box_key, phase, week, min_kw, max_kw, readings, seen, processed_on) ");
            insert.push_values(values, |mut line, (row, seen)| {
                let (box_key, phase, week) = row.place;
                line.push_bind(box_key).push_bind(phase).push_bind(week)
                    .push_bind(row.tally.min_kw()).push_bind(row.tally.max_kw())
                    .push_bind(i32::from(row.tally.readings())).push_bind(seen).push_bind(now);
            });
            insert.push(
                " ON CONFLICT (box_key, phase, week) DO UPDATE SET min_kw = excluded.min_kw, max_kw = excluded.max_kw, \
                 readings = excluded.readings, seen = excluded.seen, processed_on = excluded.processed_on, imported = FALSE");
            insert.build().execute(connection).await?;
        });
        Ok(())
    }

    /// The newest reading once `newest` has been imported, and the running week that follows from
    /// it.
    fn newest_and_running_week(
        &self,
        newest: Option<DateTime<Utc>>,
    ) -> Result<(Option<DateTime<Utc>>, Option<IsoWeek>), StoreError> {
        let newest = self.before.newest_reading.max(newest);
        let running =
            newest.map(|instant| domain::calendar::running_week(instant, &self.calendar).map_err(corrupt));
        Ok((newest, running.transpose()?))
    }

    /// The newest complete weeks as they will be once this import, with `newest`, is visible.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn profile(
        &mut self,
        newest: Option<DateTime<Utc>>,
        beyond_capacity: f64,
    ) -> Result<DataProfile, StoreError> {
        let (newest, running) = self.newest_and_running_week(newest)?;
        profile(&mut self.write, newest, running, beyond_capacity).await
    }

    /// Makes the import visible. `newest` is its newest reading: if it ends the running week, every
    /// box is due again, as a box without readings has gone silent; only boxes that went silent
    /// long ago are not.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn commit(mut self, newest: Option<DateTime<Utc>>) -> Result<ImportCounts, StoreError> {
        let (newest, running_week) = self.newest_and_running_week(newest)?;
        let after = running_week.map(IsoWeek::index);
        within!(self.write, connection => sqlx::query(
            "UPDATE data_state SET newest_reading = $1, running_week = $2")
            .bind(newest).bind(after).execute(connection).await?.rows_affected());
        if let (Some(before), Some(after)) = (self.before.running_week, after)
            && before < after
        {
            within!(self.write, connection => sqlx::query(
                "UPDATE box SET revision = revision + 1 WHERE EXISTS (SELECT 1 FROM week_extremes e \
                 WHERE e.box_key = box.box_key AND e.phase = 0 AND e.week >= $1 AND e.week < $2)")
                .bind(before - SILENCE_WEEKS).bind(after).execute(connection).await?.rows_affected());
        }
        for box_key in &self.changed_boxes {
            within!(self.write, connection => sqlx::query("UPDATE box SET revision = revision + 1 WHERE box_key = $1")
                .bind(box_key).execute(connection).await?.rows_affected());
        }
        renew_list(&mut self.write).await?;
        set_sqlite_cache(&mut self.write, "PRAGMA cache_size = -8192").await?;
        self.write.commit().await?;
        Ok(ImportCounts {
            changed_weeks: self.changed_weeks.len(),
            removed_weeks: self.removed_weeks,
            changed_boxes: self.changed_boxes.len() as u64,
            running_week,
        })
    }
}

/// The box keys of some places, each once.
fn keys_of(delivered: &BTreeMap<WeekKey, WeekTally>) -> Vec<i64> {
    let mut keys: Vec<i64> = delivered.keys().map(|&(key, _, _)| key).collect();
    keys.dedup();
    keys
}

/// The phase as a number.
fn phase_to_code(phase: Phase) -> i32 {
    phase.index() as i32
}

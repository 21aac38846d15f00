//! Landing the tallies of one file: merged with what is stored, in one transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use model::{BoxId, IsoWeek, Phase};
use readings::{Calendar, SeenQuarters, TallyRecord, WeekTally};
use sqlx::QueryBuilder;

use super::boxes::key_of;
use super::{Session, Store, StoreError, within};

/// Rows in one INSERT: eight values each, well below what either database takes.
const ROWS_AT_ONCE: usize = 500;

/// The import of one file. Dropped without [`ImportTransaction::commit`] it changes nothing.
pub struct ImportTransaction {
    write: Session,
    calendar: Calendar,
    now: DateTime<Utc>,
    keys: HashMap<BoxId, i64>,
    changed_boxes: HashSet<i64>,
    changed_weeks: u64,
}

/// How far the store reached, and reaches now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Box-phase-weeks that were added or changed.
    pub changed_weeks: u64,
    /// The first week that isn't complete.
    pub running_week: Option<IsoWeek>,
}

struct Changed {
    box_key: i64,
    phase: i32,
    week: i32,
    tally: WeekTally,
}

#[derive(sqlx::FromRow)]
struct StoredWeek {
    week: i32,
    min_kw: f64,
    max_kw: f64,
    seen: Option<Vec<u8>>,
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

impl Store {
    /// Begins the import of one file; weeks are those of the calendar's zone.
    ///
    /// # Errors
    /// [`StoreError::OtherTimeZone`] if the stored weeks are weeks of another zone.
    pub async fn begin_import(
        &self,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<ImportTransaction, StoreError> {
        let mut write = self.write().await?;
        let zone = calendar.zone().name();
        within!(write, connection => sqlx::query(
            "INSERT INTO data_state (only_row, time_zone) VALUES (1, $1) ON CONFLICT (only_row) DO NOTHING")
            .bind(zone).execute(connection).await?.rows_affected());
        let stored: String = within!(write, connection => sqlx::query_scalar(
            "SELECT time_zone FROM data_state").fetch_one(connection).await?);
        if stored != zone {
            return Err(StoreError::OtherTimeZone { stored, configured: zone.to_owned() });
        }
        Ok(ImportTransaction {
            write,
            calendar: calendar.clone(),
            now,
            keys: HashMap::new(),
            changed_boxes: HashSet::new(),
            changed_weeks: 0,
        })
    }
}

impl ImportTransaction {
    /// Merges a batch of tallies with the stored weeks.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn merge(&mut self, batch: &[TallyRecord]) -> Result<(), StoreError> {
        let mut groups: BTreeMap<(i64, i32), BTreeMap<i32, WeekTally>> = BTreeMap::new();
        for record in batch {
            let key = self.key(&record.box_id).await?;
            let weeks = groups.entry((key, phase_to_code(record.phase))).or_default();
            weeks
                .entry(record.week.index())
                .and_modify(|tally| *tally = tally.merged(&record.tally))
                .or_insert(record.tally);
        }
        let mut changed = Vec::new();
        for ((box_key, phase), weeks) in groups {
            let stored = self.stored_weeks(box_key, phase, &weeks).await?;
            for (week, newer) in weeks {
                let tally = stored.get(&week).map_or(newer, |before| before.merged(&newer));
                if stored.get(&week) != Some(&tally) {
                    changed.push(Changed { box_key, phase, week, tally });
                }
            }
        }
        self.changed_boxes.extend(changed.iter().map(|change| change.box_key));
        self.changed_weeks += changed.len() as u64;
        for rows in changed.chunks(ROWS_AT_ONCE) {
            self.upsert(rows).await?;
        }
        Ok(())
    }

    async fn key(&mut self, box_id: &BoxId) -> Result<i64, StoreError> {
        if let Some(&key) = self.keys.get(box_id) {
            return Ok(key);
        }
        let key = key_of(&mut self.write, box_id).await?;
        self.keys.insert(box_id.clone(), key);
        Ok(key)
    }

    async fn stored_weeks(
        &mut self,
        box_key: i64,
        phase: i32,
        weeks: &BTreeMap<i32, WeekTally>,
    ) -> Result<HashMap<i32, WeekTally>, StoreError> {
        let (Some(first), Some(last)) = (weeks.keys().next(), weeks.keys().next_back()) else {
            return Ok(HashMap::new());
        };
        let rows: Vec<StoredWeek> = within!(self.write, connection => sqlx::query_as(
            "SELECT week, min_kw, max_kw, seen FROM week_extremes \
             WHERE box_key = $1 AND phase = $2 AND week BETWEEN $3 AND $4")
            .bind(box_key).bind(phase).bind(*first).bind(*last).fetch_all(connection).await?);
        rows.into_iter()
            .map(|row| {
                let seen = match row.seen {
                    Some(bytes) => SeenQuarters::from_bytes(&bytes).map_err(corrupt)?,
                    None => SeenQuarters::full(
                        self.calendar.quarters_in(IsoWeek::from_index(row.week)).map_err(corrupt)?,
                    ),
                };
                Ok((row.week, WeekTally::new(row.min_kw, row.max_kw, seen).map_err(corrupt)?))
            })
            .collect()
    }

    async fn upsert(&mut self, rows: &[Changed]) -> Result<(), StoreError> {
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let quarters = self.calendar.quarters_in(IsoWeek::from_index(row.week)).map_err(corrupt)?;
            let seen = (!row.tally.is_full(quarters)).then(|| row.tally.seen().to_bytes());
            values.push((row, seen));
        }
        let now = self.now;
        within!(self.write, connection => {
            let mut insert = QueryBuilder::new(
                "INSERT INTO week_extremes (box_key, phase, week, min_kw, max_kw, readings, seen, processed_on) ");
            insert.push_values(values, |mut line, (row, seen)| {
                line.push_bind(row.box_key).push_bind(row.phase).push_bind(row.week)
                    .push_bind(row.tally.min_kw()).push_bind(row.tally.max_kw())
                    .push_bind(i32::from(row.tally.readings())).push_bind(seen).push_bind(now);
            });
            insert.push(
                " ON CONFLICT (box_key, phase, week) DO UPDATE SET min_kw = excluded.min_kw, max_kw = excluded.max_kw, \
                 readings = excluded.readings, seen = excluded.seen, processed_on = excluded.processed_on");
            insert.build().execute(connection).await?;
        });
        Ok(())
    }

    /// Makes the import visible. `newest` is the file's newest reading: it may end the running week, and
    /// then every box with readings in that week has news.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn commit(mut self, newest: Option<DateTime<Utc>>) -> Result<Extent, StoreError> {
        let (stored_newest, before): (Option<DateTime<Utc>>, Option<i32>) = within!(self.write, connection =>
            sqlx::query_as("SELECT newest_reading, running_week FROM data_state").fetch_one(connection).await?);
        let newest = stored_newest.max(newest);
        let running_week = match newest {
            Some(instant) => Some(readings::running_week(instant, &self.calendar).map_err(corrupt)?),
            None => None,
        };
        let after = running_week.map(IsoWeek::index);
        within!(self.write, connection => sqlx::query(
            "UPDATE data_state SET newest_reading = $1, running_week = $2")
            .bind(newest).bind(after).execute(connection).await?.rows_affected());
        if let (Some(before), Some(after)) = (before, after) {
            within!(self.write, connection => sqlx::query(
                "UPDATE box SET revision = revision + 1 WHERE box_key IN \
                 (SELECT box_key FROM week_extremes WHERE phase = 0 AND week >= $1 AND week < $2)")
                .bind(before).bind(after).execute(connection).await?.rows_affected());
        }
        for box_key in &self.changed_boxes {
            within!(self.write, connection => sqlx::query("UPDATE box SET revision = revision + 1 WHERE box_key = $1")
                .bind(box_key).execute(connection).await?.rows_affected());
        }
        self.write.commit().await?;
        Ok(Extent { changed_weeks: self.changed_weeks, running_week })
    }
}

/// The phase as a number.
fn phase_to_code(phase: Phase) -> i32 {
    phase.index() as i32
}

//! The profile of the measurements: what data tests check and run records keep.

use chrono::{DateTime, Utc};
use domain::runs::{DataProfile, WeekVolume};
use model::IsoWeek;

use super::overview::count;
use super::{Session, Store, StoreError, within};

/// Complete weeks that the last one is compared with.
const WEEKS_BEFORE: i32 = 4;

/// Boxes in service by week; each box's range of weeks is read through the primary key.
const VOLUMES: &str = "SELECT e.week, count(*) AS boxes, CAST(sum(e.readings) AS BIGINT) AS readings, \
    count(b.capacity_kva) AS rated, count(CASE WHEN e.max_kw > $3 * b.capacity_kva OR e.min_kw < -$3 * b.capacity_kva \
    THEN 1 END) AS impossible FROM box b JOIN week_extremes e ON e.box_key = b.box_key AND e.phase = 0 \
    AND e.week BETWEEN $1 AND $2 WHERE b.in_service GROUP BY e.week ORDER BY e.week";

/// Boxes with readings in the weeks before, and those of them without in the last one.
const SILENT: &str = "SELECT count(*), count(CASE WHEN newest < $2 THEN 1 END) FROM (SELECT min(e.week) AS oldest, \
    max(e.week) AS newest FROM box b JOIN week_extremes e ON e.box_key = b.box_key AND e.phase = 0 \
    AND e.week BETWEEN $1 AND $2 WHERE b.in_service GROUP BY b.box_key) AS raw_rows WHERE oldest < $2";

#[derive(sqlx::FromRow)]
struct VolumeRow {
    week: i32,
    boxes: i64,
    readings: i64,
    rated: i64,
    impossible: i64,
}

impl Store {
    /// The newest complete weeks. An extreme beyond `beyond_capacity` times the capacity counts as
    /// impossible.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn data_profile(&self, beyond_capacity: f64) -> Result<DataProfile, StoreError> {
        let mut session = self.read().await?;
        let state: Option<(Option<DateTime<Utc>>, Option<i32>)> = within!(session, connection => sqlx::query_as(
            "SELECT newest_reading, running_week FROM data_state").fetch_optional(connection).await?);
        let (newest, running) = state.unwrap_or_default();
        profile(&mut session, newest, running.map(IsoWeek::from_index), beyond_capacity).await
    }
}

/// The newest complete weeks before `running_week`, as a session sees them.
pub(super) async fn profile(
    session: &mut Session,
    newest_reading: Option<DateTime<Utc>>,
    running_week: Option<IsoWeek>,
    beyond_capacity: f64,
) -> Result<DataProfile, StoreError> {
    let Some(last) = running_week.map(|week| week.plus(-1)) else { return Ok(DataProfile::default()) };
    let first = last.plus(-WEEKS_BEFORE);
    let rows: Vec<VolumeRow> = within!(*session, connection => sqlx::query_as(VOLUMES)
        .bind(first.index()).bind(last.index()).bind(beyond_capacity).fetch_all(connection).await?);
    let (active, silent): (i64, i64) = within!(*session, connection => sqlx::query_as(SILENT)
        .bind(first.index()).bind(last.index()).fetch_one(connection).await?);
    // The first week of every box is one step in the index each.
    let oldest: Option<i32> = within!(*session, connection => sqlx::query_scalar(
        "SELECT min((SELECT min(e.week) FROM week_extremes e WHERE e.box_key = b.box_key AND e.phase = 0)) FROM box b")
        .fetch_one(connection).await?);
    let of_week = |week: IsoWeek| {
        let row = rows.iter().find(|row| row.week == week.index());
        WeekVolume {
            week,
            boxes: row.map_or(0, |row| count(row.boxes)),
            readings: row.map_or(0, |row| row.readings.unsigned_abs()),
            rated_boxes: row.map_or(0, |row| count(row.rated)),
            impossible_boxes: row.map_or(0, |row| count(row.impossible)),
        }
    };
    Ok(DataProfile {
        newest_reading,
        first_week: oldest.map(IsoWeek::from_index),
        weeks: (first.index()..=last.index()).map(|index| of_week(IsoWeek::from_index(index))).collect(),
        active_boxes: count(active),
        silent_boxes: count(silent),
    })
}

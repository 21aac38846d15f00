//! The readings of the boxes in service over the last weeks.

use std::collections::HashMap;

use domain::completeness::{BoxReadings, CompletenessMap};
use model::{BoxId, IsoWeek};

use super::overview::running_week;
use super::{Store, StoreError, within};

#[derive(sqlx::FromRow)]
struct BoxRow {
    box_key: i64,
    box_id: String,
    station_name: String,
    area: String,
    first_week: i32,
}

impl Store {
    /// The first incomplete week, and what was read of each box that was ever measured in the weeks of
    /// [`CompletenessMap`] before it; nothing before the first import.
    ///
    /// # Errors
    /// [`StoreError::Query`], or [`StoreError::Corrupt`] for a value that can't be read.
    pub async fn box_readings(&self) -> Result<Option<(IsoWeek, Vec<BoxReadings>)>, StoreError> {
        let mut session = self.read().await?;
        let Some(running_week) = running_week(&mut session).await? else { return Ok(None) };
        let first = running_week.plus(-CompletenessMap::WEEKS);
        // For each box two steps into the index of its weeks, rather than one way through all weeks.
        let boxes: Vec<BoxRow> = within!(session, connection => sqlx::query_as(
            "SELECT box_key, box_id, station_name, area, first_week FROM (SELECT box_key, box_id, station_name, area, \
             (SELECT MIN(week) FROM week_extremes e WHERE e.box_key = box.box_key AND e.phase = 0) AS first_week \
             FROM box WHERE in_service) AS measured WHERE first_week IS NOT NULL AND first_week < $1")
            .bind(running_week.index()).fetch_all(connection).await?);
        let weeks: Vec<(i64, i32, i32)> = within!(session, connection => sqlx::query_as(
            "SELECT box.box_key, e.week, e.readings FROM box CROSS JOIN week_extremes e \
             WHERE box.in_service AND e.box_key = box.box_key AND e.phase = 0 AND e.week >= $1 AND e.week < $2")
            .bind(first.index()).bind(running_week.index()).fetch_all(connection).await?);
        let mut by_key: HashMap<i64, Vec<(IsoWeek, u32)>> = HashMap::with_capacity(boxes.len());
        for (key, week, readings) in weeks {
            let readings = u32::try_from(readings).unwrap_or(0);
            by_key.entry(key).or_default().push((IsoWeek::from_index(week), readings));
        }
        let read = |row: BoxRow| {
            Ok(BoxReadings {
                box_id: BoxId::new(&row.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?,
                station_name: row.station_name,
                area: row.area,
                first_week: IsoWeek::from_index(row.first_week),
                weeks: by_key.remove(&row.box_key).unwrap_or_default(),
            })
        };
        Ok(Some((running_week, boxes.into_iter().map(read).collect::<Result<_, StoreError>>()?)))
    }
}

//! Counts over the fleet.

use chrono::{DateTime, Utc};
use domain::overview::{AreaSummary, Overview};
use model::IsoWeek;

use super::{Session, Store, StoreError, within};

#[derive(sqlx::FromRow)]
struct AreaRow {
    area: String,
    boxes: i64,
    exceeded: i64,
    overloaded: i64,
    near: i64,
    ample: i64,
    no_forecast: i64,
    unmeasured: i64,
}

/// A count as the pages have it.
pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Store {
    /// The first week that isn't complete yet; none before the first import.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn running_week(&self) -> Result<Option<IsoWeek>, StoreError> {
        running_week(&mut self.read().await?).await
    }

    /// How many boxes are in which class, by area, and how old data and forecasts are.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        let mut session = self.read().await?;
        let areas: Vec<AreaRow> = within!(session, connection => sqlx::query_as(
            "SELECT area, count(CASE WHEN urgency <> 5 THEN 1 END) AS boxes, \
             count(CASE urgency WHEN 4 THEN 1 END) AS exceeded, count(CASE urgency WHEN 0 THEN 1 END) AS overloaded, \
             count(CASE urgency WHEN 1 THEN 1 END) AS near, count(CASE urgency WHEN 2 THEN 1 END) AS ample, \
             count(CASE urgency WHEN 3 THEN 1 END) AS no_forecast, count(CASE urgency WHEN 5 THEN 1 END) AS unmeasured \
             FROM box GROUP BY area ORDER BY area").fetch_all(connection).await?);
        let running_week = running_week(&mut session).await?;
        let forecast_at: Option<DateTime<Utc>> = within!(session, connection => sqlx::query_scalar(
            "SELECT finished_at FROM run WHERE finished_at IS NOT NULL ORDER BY of_fleet DESC, run_id DESC LIMIT 1")
            .fetch_optional(connection).await?);
        let sum = |number: fn(&AreaRow) -> i64| count(areas.iter().map(number).sum());
        Ok(Overview {
            boxes: sum(|row| row.boxes),
            exceeded: sum(|row| row.exceeded),
            overloaded: sum(|row| row.overloaded),
            near: sum(|row| row.near),
            ample: sum(|row| row.ample),
            no_forecast: sum(|row| row.no_forecast),
            unmeasured: sum(|row| row.unmeasured),
            areas: areas
                .into_iter()
                .map(|row| AreaSummary {
                    area: row.area,
                    boxes: count(row.boxes),
                    exceeded: count(row.exceeded),
                    overloaded: count(row.overloaded),
                })
                .collect(),
            measured_to: running_week.map(|week| week.plus(-1)),
            forecast_at,
        })
    }
}

/// The first week that isn't complete yet; none before the first import.
pub(super) async fn running_week(session: &mut Session) -> Result<Option<IsoWeek>, StoreError> {
    let week: Option<Option<i32>> = within!(*session, connection => sqlx::query_scalar(
        "SELECT running_week FROM data_state").fetch_optional(connection).await?);
    Ok(week.flatten().map(IsoWeek::from_index))
}

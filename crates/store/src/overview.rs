//! Counts over the fleet.

use chrono::{DateTime, Utc};
use domain::identity::Scope;
use domain::overview::Overview;
use model::IsoWeek;

use super::{Session, Store, StoreError, within};

/// A count as the pages have it.
pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Store {
    /// The first incomplete week; `None` before the first import.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn running_week(&self) -> Result<Option<IsoWeek>, StoreError> {
        running_week(&mut self.read().await?).await
    }

    /// How many boxes are in each class, by area, and the age of data and forecasts.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        self.overview_within(&Scope::All).await
    }

    /// The same within a scope.
    pub(super) async fn overview_within(&self, scope: &Scope) -> Result<Overview, StoreError> {
        let counts = self.list_index().await?.overview(scope);
        let mut session = self.read().await?;
        let running_week = running_week(&mut session).await?;
        let forecast_at: Option<DateTime<Utc>> = within!(session, connection => sqlx::query_scalar(
            "SELECT finished_at FROM run WHERE finished_at IS NOT NULL ORDER BY of_fleet DESC, run_id DESC LIMIT 1")
            .fetch_optional(connection).await?);
        Ok(Overview { measured_to: running_week.map(|week| week.plus(-1)), forecast_at, ..counts })
    }
}

/// The first incomplete week; `None` before the first import.
pub(super) async fn running_week(session: &mut Session) -> Result<Option<IsoWeek>, StoreError> {
    let week: Option<Option<i32>> = within!(*session, connection => sqlx::query_scalar(
        "SELECT running_week FROM data_state").fetch_optional(connection).await?);
    Ok(week.flatten().map(IsoWeek::from_index))
}

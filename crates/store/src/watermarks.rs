//! Watermarks: the newest reading of the store and of each source.

use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::ingest::Watermarks;

use super::import::DataState;
use super::{ImportTransaction, Store, StoreError, within};

const WATERMARK: &str = "SELECT newest_reading FROM source_watermark WHERE source = $1";

impl Store {
    /// The watermarks of the store and the source of this name.
    ///
    /// # Errors
    /// [`StoreError::OtherTimeZone`] if the stored weeks are not weeks of the calendar's zone.
    pub async fn watermarks(&self, calendar: &Calendar, source: &str) -> Result<Watermarks, StoreError> {
        let mut session = self.read().await?;
        let state: Option<DataState> = within!(session, connection => sqlx::query_as(
            "SELECT newest_reading, running_week, time_zone FROM data_state").fetch_optional(connection).await?);
        let Some(state) = state else { return Ok(Watermarks::default()) };
        state.require_zone(calendar)?;
        let watermark: Option<DateTime<Utc>> = within!(session, connection => sqlx::query_scalar(WATERMARK)
            .bind(source).fetch_optional(connection).await?);
        Ok(Watermarks { store: state.newest_reading, source: watermark })
    }
}

impl ImportTransaction {
    /// The watermarks before this import.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn watermarks_before(&mut self, source: &str) -> Result<Watermarks, StoreError> {
        let watermark: Option<DateTime<Utc>> = within!(self.write, connection => sqlx::query_scalar(WATERMARK)
            .bind(source).fetch_optional(connection).await?);
        Ok(Watermarks { store: self.before.newest_reading, source: watermark })
    }

    /// Advances the watermark of a source to `newest`; it never goes back.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn advance_watermark(&mut self, source: &str, newest: DateTime<Utc>) -> Result<(), StoreError> {
        let newest = self.watermarks_before(source).await?.source.map_or(newest, |before| before.max(newest));
        within!(self.write, connection => sqlx::query(
            "INSERT INTO source_watermark (source, newest_reading) VALUES ($1, $2) \
             ON CONFLICT (source) DO UPDATE SET newest_reading = excluded.newest_reading")
            .bind(source).bind(newest).execute(connection).await?.rows_affected());
        Ok(())
    }
}

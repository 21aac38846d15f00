//! Reads weekly extremes: in batches for the worker, of one box for its page.

use std::collections::HashMap;

use model::{IsoWeek, WeekExtremes};

use super::{ClaimedJob, Session, Store, StoreError, within};

/// The weekly extremes of one box, sum of the phases, by week.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BoxSeries(pub Vec<WeekExtremes>);

#[derive(sqlx::FromRow)]
struct Row {
    box_key: i64,
    week: i32,
    min_kw: f64,
    max_kw: f64,
    readings: i32,
}

impl Store {
    /// The complete weeks of each claimed box, in the order of the jobs: those before
    /// `running_week`.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn series_of(
        &self,
        jobs: &[ClaimedJob],
        running_week: Option<IsoWeek>,
    ) -> Result<Vec<BoxSeries>, StoreError> {
        let keys: Vec<i64> = jobs.iter().map(|job| job.box_key).collect();
        let mut session = self.read().await?;
        let mut by_key = series_by_key(&mut session, &keys, running_week).await?;
        Ok(keys.iter().map(|key| BoxSeries(by_key.remove(key).unwrap_or_default())).collect())
    }
}

/// The complete weeks of the boxes with these keys.
pub(super) async fn series_by_key(
    session: &mut Session,
    keys: &[i64],
    running_week: Option<IsoWeek>,
) -> Result<HashMap<i64, Vec<WeekExtremes>>, StoreError> {
    let statement = session.pick(
        "SELECT box_key, week, min_kw, max_kw, readings FROM week_extremes \
         WHERE box_key IN (SELECT value FROM json_each($1)) AND phase = 0 AND week < $2 ORDER BY box_key, week",
        "SELECT box_key, week, min_kw, max_kw, readings FROM week_extremes \
         WHERE box_key = ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) \
         AND phase = 0 AND week < $2 ORDER BY box_key, week",
    );
    let wanted = super::bands::to_json(keys)?;
    let before = running_week.map_or(i32::MAX, IsoWeek::index);
    let rows: Vec<Row> = within!(*session, connection => sqlx::query_as(statement)
        .bind(&wanted).bind(before).fetch_all(connection).await?);
    let mut by_key: HashMap<i64, Vec<WeekExtremes>> = HashMap::with_capacity(keys.len());
    for row in rows {
        by_key.entry(row.box_key).or_default().push(WeekExtremes {
            week: IsoWeek::from_index(row.week),
            min_kw: row.min_kw,
            max_kw: row.max_kw,
            readings: u16::try_from(row.readings).unwrap_or(u16::MAX),
        });
    }
    Ok(by_key)
}

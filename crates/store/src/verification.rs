//! Verification of past forecasts: which weeks are still to be verified, and the results.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::runs::VerificationSummary;
use domain::week_span::WeekSpan;
use model::{Extreme, Forecast, IsoWeek, Overload, WeekExtremes};

use super::assessments::{extreme_from_code, extreme_to_code};
use super::bands::{EncodedForecast, from_json, to_json};
use super::extremes::series_by_key;
use super::overview::running_week;
use super::posterior::PosteriorSummary;
use super::{Session, Store, StoreError, on, within};

/// The longest lead time that is verified, weeks.
const MAX_WEEKS_AHEAD: i32 = 27;
/// Results older than this many weeks don't count in the summary.
const SUMMARY_WEEKS: i32 = 52;

/// A finished run, and its forecast weeks that are complete and not verified yet.
#[derive(Debug, Clone)]
pub struct UnverifiedRun {
    /// The run.
    pub run_id: i64,
    /// Its model and version.
    pub model: String,
    /// The first forecast week.
    pub first_week: IsoWeek,
    /// The weeks to verify.
    pub weeks: BTreeSet<IsoWeek>,
}

/// A past forecast of a box, and its measurements since.
#[derive(Debug, Clone)]
pub struct PastForecast {
    /// Which extreme.
    pub extreme: Extreme,
    /// Nominal capacity in kVA.
    pub capacity_kva: Option<f64>,
    /// The forecast.
    pub forecast: Forecast,
    /// Its overload probabilities.
    pub overload: Option<Overload>,
    /// The complete weeks of the box.
    pub observed: Arc<Vec<WeekExtremes>>,
    /// The weeks that the box's valid forecast leaves out.
    pub left_out: Arc<Vec<WeekSpan>>,
}

/// Sums over boxes of the verification of one week.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedWeek {
    /// The week.
    pub week: IsoWeek,
    /// Which extreme.
    pub extreme: Extreme,
    /// Boxes verified.
    pub boxes: u32,
    /// Pinball losses as shares of the capacity, summed.
    pub pinball: f64,
    /// Observations within the 90 % band.
    pub within_90: u32,
    /// Observations within the 70 % band.
    pub within_70: u32,
    /// Observations above the 90 % band.
    pub above_90: u32,
    /// Overload probabilities, summed.
    pub expected_overloads: f64,
    /// Overloads that occurred.
    pub overloads: u32,
}

#[derive(sqlx::FromRow)]
struct ForecastRow {
    box_key: i64,
    extreme: i32,
    capacity_kva: Option<f64>,
    overload: Option<String>,
    #[sqlx(flatten)]
    encoded: EncodedForecast,
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    nearest: i32,
    furthest: i32,
    judged: i64,
    pinball: f64,
    within_90: i64,
    within_70: i64,
    above_90: i64,
    expected: f64,
    overloads: i64,
}

impl Store {
    /// The kept runs with complete weeks that are still to be verified.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn unverified_runs(&self) -> Result<Vec<UnverifiedRun>, StoreError> {
        let mut session = self.read().await?;
        let Some(running) = running_week(&mut session).await? else { return Ok(Vec::new()) };
        let runs: Vec<(i64, String, i32)> = within!(session, connection => sqlx::query_as(
            "SELECT run_id, model || ' ' || model_version, running_week FROM run \
             WHERE finished_at IS NOT NULL AND running_week < $1 ORDER BY run_id")
            .bind(running.index()).fetch_all(connection).await?);
        let scored: Vec<(i64, i32)> = within!(session, connection => sqlx::query_as(
            "SELECT DISTINCT run_id, week FROM forecast_score WHERE run_id IN (SELECT run_id FROM run)")
            .fetch_all(connection).await?);
        let scored: BTreeSet<(i64, i32)> = scored.into_iter().collect();
        let unverified_runs = runs.into_iter().map(|(run_id, model, first)| {
            let until = running.index().min(first + MAX_WEEKS_AHEAD);
            let weeks = (first..until).filter(|&week| !scored.contains(&(run_id, week)));
            let weeks = weeks.map(IsoWeek::from_index).collect();
            UnverifiedRun { run_id, model, first_week: IsoWeek::from_index(first), weeks }
        });
        Ok(unverified_runs.filter(|run| !run.weeks.is_empty()).collect())
    }

    /// The forecasts of a run, of at most about `limit` boxes in service spread over the fleet.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`].
    pub async fn past_forecasts(&self, run_id: i64, limit: u32) -> Result<Vec<PastForecast>, StoreError> {
        let mut session = self.read().await?;
        let running = running_week(&mut session).await?;
        let boxes: i64 = within!(session, connection => sqlx::query_scalar("SELECT count(*) FROM box").fetch_one(connection).await?);
        let step = (boxes as u64).div_ceil(u64::from(limit.max(1))).max(1) as i64;
        let rows: Vec<ForecastRow> = within!(session, connection => sqlx::query_as(
            "SELECT f.box_key, f.extreme, b.capacity_kva, f.first_week, f.history, f.weeks, f.unit_kw, f.overload, \
             s.observed, s.drift, s.yearly, s.total FROM forecast f JOIN box b USING (box_key) \
             JOIN forecast_bands s USING (forecast_id) \
             WHERE f.run_id = $1 AND f.box_key % $2 = 0 AND b.in_service ORDER BY f.box_key, f.extreme")
            .bind(run_id).bind(step).fetch_all(connection).await?);
        let keys: BTreeSet<i64> = rows.iter().map(|row| row.box_key).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let observed = series_by_key(&mut session, &keys, running).await?;
        let observed: HashMap<i64, _> =
            observed.into_iter().map(|(key, weeks)| (key, Arc::new(weeks))).collect();
        let left_out = left_out_by_key(&mut session, &keys).await?;
        let read = |row: ForecastRow| {
            let overload = row.overload.as_deref().map(from_json).transpose()?;
            let ForecastRow { box_key, extreme, capacity_kva, encoded, .. } = row;
            Ok(PastForecast {
                extreme: extreme_from_code(extreme),
                capacity_kva,
                forecast: encoded.decode()?,
                overload,
                observed: observed.get(&box_key).cloned().unwrap_or_default(),
                left_out: left_out.get(&box_key).cloned().unwrap_or_default(),
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Stores verified weeks; those that another process has verified meanwhile stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn save_verified_weeks(
        &self,
        run: &UnverifiedRun,
        judged: &[VerifiedWeek],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        for week in judged {
            within!(write, connection => sqlx::query(
                "INSERT INTO forecast_score (run_id, week, extreme, weeks_ahead, model, boxes, pinball, within_90, within_70, \
                 above_90, expected_overloads, overloads, scored_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                 ON CONFLICT (run_id, week, extreme) DO NOTHING")
                .bind(run.run_id).bind(week.week.index()).bind(extreme_to_code(week.extreme))
                .bind(week.week - run.first_week + 1).bind(&run.model).bind(i64::from(week.boxes)).bind(week.pinball)
                .bind(i64::from(week.within_90)).bind(i64::from(week.within_70)).bind(i64::from(week.above_90))
                .bind(week.expected_overloads).bind(i64::from(week.overloads)).bind(now)
                .execute(connection).await?.rows_affected());
        }
        write.commit().await
    }

    /// Verification of the forecasts of the last year: up to four weeks ahead, up to a quarter, and
    /// beyond.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn verification_summaries(&self) -> Result<Vec<VerificationSummary>, StoreError> {
        let rows: Vec<SummaryRow> = on!(&self.pool, pool => sqlx::query_as(
            "SELECT min(weeks_ahead) AS nearest, max(weeks_ahead) AS furthest, CAST(sum(boxes) AS BIGINT) AS judged, \
             sum(pinball) AS pinball, CAST(sum(within_90) AS BIGINT) AS within_90, \
             CAST(sum(within_70) AS BIGINT) AS within_70, CAST(sum(above_90) AS BIGINT) AS above_90, \
             sum(expected_overloads) AS expected, CAST(sum(overloads) AS BIGINT) AS overloads FROM forecast_score \
             WHERE boxes > 0 AND week > (SELECT max(week) FROM forecast_score) - $1 \
             GROUP BY CASE WHEN weeks_ahead <= 4 THEN 0 WHEN weeks_ahead <= 13 THEN 1 ELSE 2 END ORDER BY 1")
            .bind(SUMMARY_WEEKS).fetch_all(pool).await?);
        let summary = |row: SummaryRow| {
            let judged = row.judged.unsigned_abs();
            let share = |part: i64| part as f64 / judged as f64;
            VerificationSummary {
                weeks_ahead: (row.nearest.unsigned_abs(), row.furthest.unsigned_abs()),
                judged,
                pinball: row.pinball / judged as f64,
                coverage_90: share(row.within_90),
                coverage_70: share(row.within_70),
                above_90: share(row.above_90),
                expected_overloads: row.expected,
                overloads: row.overloads.unsigned_abs(),
            }
        };
        Ok(rows.into_iter().map(summary).collect())
    }
}

/// The weeks that the valid forecasts of the boxes with these keys leave out.
async fn left_out_by_key(
    session: &mut Session,
    keys: &[i64],
) -> Result<HashMap<i64, Arc<Vec<WeekSpan>>>, StoreError> {
    let statement = session.pick(
        "SELECT box_key, posterior FROM forecast \
         WHERE is_valid AND box_key IN (SELECT value FROM json_each($1))",
        "SELECT box_key, posterior FROM forecast WHERE is_valid AND box_key = \
         ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value))",
    );
    let wanted = to_json(keys)?;
    let rows: Vec<(i64, String)> = within!(*session, connection => sqlx::query_as(statement)
        .bind(&wanted).fetch_all(connection).await?);
    let mut by_key = HashMap::new();
    for (key, posterior) in rows {
        let PosteriorSummary { left_out, .. } = from_json(&posterior)?;
        by_key.insert(key, Arc::new(left_out));
    }
    Ok(by_key)
}

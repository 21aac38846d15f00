//! What is kept of one box beside its valid forecast: its weeks by phase, and its forecast of half a year ago.

use chrono::{DateTime, Utc};
use domain::box_weeks::PhaseWeeks;
use domain::identity::Scope;
use model::{BoxId, Extreme, Forecast, IsoWeek, Phase, WeekExtremes};

use super::assessments::extreme_from_code;
use super::bands::EncodedForecast;
use super::overview::running_week;
use super::{Store, StoreError, scoped, within};

/// How far back the forecast is looked for that is set beside what came, weeks.
const HALF_A_YEAR: i32 = 26;

/// A past forecast of a box.
#[derive(Debug, Clone)]
pub struct PastForecastOfBox {
    /// When it was made.
    pub made_on: DateTime<Utc>,
    /// The weekly minimum.
    pub minimum: Option<Forecast>,
    /// The weekly maximum.
    pub maximum: Option<Forecast>,
}

#[derive(sqlx::FromRow)]
struct WeekRow {
    phase: i32,
    week: i32,
    min_kw: f64,
    max_kw: f64,
    readings: i32,
}

#[derive(sqlx::FromRow)]
struct ForecastRow {
    extreme: i32,
    processed_on: DateTime<Utc>,
    #[sqlx(flatten)]
    encoded: EncodedForecast,
}

impl Store {
    /// The complete weeks of a box within a scope, phase by phase.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub(super) async fn weeks_by_phase_within(
        &self,
        scope: &Scope,
        box_id: &BoxId,
    ) -> Result<Vec<PhaseWeeks>, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let mut session = self.read().await?;
        let before = running_week(&mut session).await?.map_or(i32::MAX, IsoWeek::index);
        let statement = format!(
            "SELECT e.phase, e.week, e.min_kw, e.max_kw, e.readings FROM week_extremes e JOIN box b USING (box_key) \
             WHERE b.box_id = $1 AND {} AND e.week < $4 ORDER BY e.phase, e.week",
            scoped::condition(&session)
        );
        let rows: Vec<WeekRow> = within!(session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(box_id.as_str()).bind(kind).bind(&names).bind(before).fetch_all(connection).await?);
        let mut phases: Vec<PhaseWeeks> = Vec::new();
        for row in rows {
            let Some(phase) = usize::try_from(row.phase).ok().and_then(|code| Phase::ALL.get(code).copied())
            else {
                return Err(StoreError::Corrupt(format!("there is no phase {}", row.phase)));
            };
            let week = WeekExtremes {
                week: IsoWeek::from_index(row.week),
                min_kw: row.min_kw,
                max_kw: row.max_kw,
                readings: u16::try_from(row.readings).unwrap_or(u16::MAX),
            };
            match phases.last_mut() {
                Some(last) if last.phase == phase => last.weeks.push(week),
                _ => phases.push(PhaseWeeks { phase, weeks: vec![week] }),
            }
        }
        Ok(phases)
    }

    /// The stored forecast of a box within a scope that began nearest to half a year before the running week; nothing while no stored
    /// forecast has a week that is over.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`].
    pub(super) async fn past_forecast_within(
        &self,
        scope: &Scope,
        box_id: &BoxId,
    ) -> Result<Option<PastForecastOfBox>, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let mut session = self.read().await?;
        let Some(running) = running_week(&mut session).await? else { return Ok(None) };
        let statement = format!(
            "SELECT DISTINCT f.run_id, f.first_week + f.history FROM forecast f JOIN box b USING (box_key) \
             WHERE b.box_id = $1 AND {} AND f.first_week + f.history < $4",
            scoped::condition(&session)
        );
        let runs: Vec<(i64, i32)> = within!(session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(box_id.as_str()).bind(kind).bind(&names).bind(running.index()).fetch_all(connection).await?);
        let wanted = running.index() - HALF_A_YEAR;
        // Of several of one week the newest.
        let nearest = runs.into_iter().min_by_key(|(run, first)| ((first - wanted).abs(), -run));
        let Some((run, _)) = nearest else { return Ok(None) };
        let rows: Vec<ForecastRow> = within!(session, connection => sqlx::query_as(
            "SELECT f.extreme, f.processed_on, f.first_week, f.history, f.weeks, f.unit_kw, s.observed, s.drift, s.yearly, s.total \
             FROM forecast f JOIN forecast_bands s USING (forecast_id) JOIN box b USING (box_key) \
             WHERE b.box_id = $1 AND f.run_id = $2")
            .bind(box_id.as_str()).bind(run).fetch_all(connection).await?);
        let mut past: Option<PastForecastOfBox> = None;
        for row in rows {
            let (extreme, made_on) = (extreme_from_code(row.extreme), row.processed_on);
            let past = past.get_or_insert(PastForecastOfBox { made_on, minimum: None, maximum: None });
            match extreme {
                Extreme::Min => past.minimum = Some(row.encoded.decode()?),
                Extreme::Max => past.maximum = Some(row.encoded.decode()?),
            }
        }
        Ok(past)
    }
}

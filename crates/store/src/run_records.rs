//! Records of runs: begun and ended with the run, closed with scores and comparison.

use chrono::{DateTime, Utc};
use domain::runs::{GrowthFacts, Measure, Outcome, RunFacts, RunKind, RunRecord};

use super::bands::{from_json, to_json};
use super::runs::IS_DUE;
use super::{RunPlan, Session, Store, StoreError, on, within};

/// Records kept of each kind: ten years of weekly runs.
const MAX_RECORDS: i64 = 520;

const COLUMNS: &str = "SELECT record_id, kind, run_id, of_fleet, started_by, code_version, model, settings, started_at, \
    finished_at, outcome, reason, facts FROM run_record";

/// A finished run to record.
#[derive(Debug, Clone)]
pub struct NewRecord<'a> {
    /// Its kind.
    pub kind: RunKind,
    /// Whether it covered the whole fleet.
    pub of_fleet: bool,
    /// Who or what started it.
    pub started_by: &'a str,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Its outcome.
    pub outcome: Outcome,
    /// Why it was stopped or failed.
    pub reason: Option<&'a str>,
    /// What was recorded.
    pub facts: &'a RunFacts,
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    record_id: i64,
    kind: String,
    run_id: Option<i64>,
    of_fleet: bool,
    started_by: String,
    code_version: String,
    model: Option<String>,
    settings: Option<String>,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    outcome: String,
    reason: Option<String>,
    facts: String,
}

impl RecordRow {
    fn read(self) -> Result<RunRecord, StoreError> {
        let kind = match self.kind.as_str() {
            "extremes" => RunKind::Extremes,
            _ => RunKind::Forecasts,
        };
        let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == self.outcome);
        let outcome =
            outcome.ok_or_else(|| StoreError::Corrupt(format!("a run's outcome is {}", self.outcome)))?;
        Ok(RunRecord {
            record: self.record_id,
            kind,
            run: self.run_id,
            of_fleet: self.of_fleet,
            started_by: self.started_by,
            code_version: self.code_version,
            model: self.model,
            settings: self.settings,
            started_at: self.started_at,
            finished_at: self.finished_at,
            outcome,
            reason: self.reason,
            facts: from_json(&self.facts)?,
        })
    }
}

impl Store {
    /// Records a finished run: one of a source, or one that was stopped before it began.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn record(&self, record: &NewRecord<'_>, now: DateTime<Utc>) -> Result<i64, StoreError> {
        let facts = to_json(record.facts)?;
        let mut write = self.write().await?;
        let record_id: i64 = within!(write, connection => sqlx::query_scalar(
            "INSERT INTO run_record (kind, of_fleet, started_by, code_version, started_at, finished_at, closed_at, outcome, \
             reason, facts) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9) RETURNING record_id")
            .bind(record.kind.as_str()).bind(record.of_fleet).bind(record.started_by).bind(env!("CARGO_PKG_VERSION"))
            .bind(record.started_at).bind(now).bind(record.outcome.as_str()).bind(record.reason).bind(facts)
            .fetch_one(connection).await?);
        prune(&mut write, record.kind).await?;
        write.commit().await?;
        Ok(record_id)
    }

    /// The newest records of either kind, newest first.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] if a later version wrote one in another form.
    pub async fn records(&self, limit: u32) -> Result<Vec<RunRecord>, StoreError> {
        let statement = format!("{COLUMNS} ORDER BY started_at DESC, record_id DESC LIMIT $1");
        let rows: Vec<RecordRow> = on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(i64::from(limit)).fetch_all(pool).await?);
        rows.into_iter().map(RecordRow::read).collect()
    }

    /// The newest finished run of the whole fleet of this kind that was recorded before another.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`].
    pub async fn record_before(&self, kind: RunKind, record: i64) -> Result<Option<RunRecord>, StoreError> {
        let statement = format!(
            "{COLUMNS} WHERE kind = $1 AND record_id < $2 AND of_fleet AND outcome IN ('complete', 'with-refusals') \
             ORDER BY record_id DESC LIMIT 1"
        );
        let row: Option<RecordRow> = on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(kind.as_str()).bind(record).fetch_optional(pool).await?);
        row.map(RecordRow::read).transpose()
    }

    /// When the newest forecast run of the whole fleet finished.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn newest_run_of_fleet(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT finished_at FROM run_record WHERE kind = 'forecasts' AND of_fleet \
             AND outcome IN ('complete', 'with-refusals') AND finished_at IS NOT NULL ORDER BY record_id DESC LIMIT 1")
            .fetch_optional(pool).await?))
    }

    /// What the newest completed record of a forecast run says about growth; `None` for a model
    /// without growth, or if the record can't be read.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn newest_growth(&self) -> Result<Option<GrowthFacts>, StoreError> {
        let facts: Option<String> = on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT facts FROM run_record WHERE kind = 'forecasts' AND closed_at IS NOT NULL \
             AND outcome IN ('complete', 'with-refusals') ORDER BY record_id DESC LIMIT 1")
            .fetch_optional(pool).await?);
        let facts = facts.and_then(|facts| from_json::<RunFacts>(&facts).ok());
        Ok(facts.and_then(|facts| facts.growth))
    }

    /// Finished runs whose scores and comparison have not been added yet, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`].
    pub async fn unclosed_records(&self) -> Result<Vec<RunRecord>, StoreError> {
        let statement =
            format!("{COLUMNS} WHERE finished_at IS NOT NULL AND closed_at IS NULL ORDER BY record_id");
        let rows: Vec<RecordRow> = on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .fetch_all(pool).await?);
        rows.into_iter().map(RecordRow::read).collect()
    }

    /// Adds scores and comparison to a record; `false` if another process was first.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn close_record(
        &self,
        record: i64,
        outcome: Outcome,
        facts: &RunFacts,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let facts = to_json(facts)?;
        let mut write = self.write().await?;
        let closed = within!(write, connection => sqlx::query(
            "UPDATE run_record SET closed_at = $2, outcome = $3, facts = $4 WHERE record_id = $1 AND closed_at IS NULL")
            .bind(record).bind(now).bind(outcome.as_str()).bind(facts).execute(connection).await?.rows_affected());
        write.commit().await?;
        Ok(closed == 1)
    }

    /// Notes why a run failed; it may be resumed.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn note_failure(&self, reason: &str) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE run_record SET outcome = 'failed', reason = $1 WHERE outcome = 'under-way' AND finished_at IS NULL")
            .bind(reason).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// How many boxes are due by these settings and ratings, of how many, and the running week of the newest
    /// finished fleet run.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn due(&self, settings: &str, ratings: &str) -> Result<(i64, i64, Option<i32>), StoreError> {
        let counted = format!(
            "SELECT count(CASE WHEN {IS_DUE} THEN 1 END), count(*), \
             (SELECT max(running_week) FROM run WHERE finished_at IS NOT NULL AND of_fleet) FROM box"
        );
        Ok(on!(&self.pool, pool => sqlx::query_as(sqlx::AssertSqlSafe(counted.as_str()))
            .bind(settings).bind(ratings).fetch_one(pool).await?))
    }
}

/// Begins the record of a planned run, within the transaction that plans it.
pub(super) async fn begin_record(
    write: &mut Session,
    run_id: i64,
    plan: &RunPlan<'_>,
    of_fleet: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let model = format!("{} {}", plan.model, plan.model_version);
    let facts = to_json(&RunFacts::default())?;
    within!(*write, connection => sqlx::query(
        "INSERT INTO run_record (kind, run_id, of_fleet, started_by, code_version, model, settings, started_at, outcome, facts) \
         VALUES ('forecasts', $1, $2, $3, $4, $5, $6, $7, 'under-way', $8)")
        .bind(run_id).bind(of_fleet).bind(plan.started_by).bind(plan.code_version).bind(model).bind(plan.settings)
        .bind(now).bind(facts).execute(connection).await?.rows_affected());
    prune(write, RunKind::Forecasts).await
}

/// When each stage of a run ended.
#[derive(sqlx::FromRow)]
struct Stages {
    started_at: DateTime<Utc>,
    learned_at: Option<DateTime<Utc>>,
    fitted_at: Option<DateTime<Utc>>,
    boxes: i64,
    set_aside: i64,
}

/// Ends the record of a run, within the transaction that closes the run: its counts and durations,
/// whichever workers took part.
pub(super) async fn end_record(
    write: &mut Session,
    run_id: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let stages: Stages = within!(*write, connection => sqlx::query_as(
        "SELECT r.started_at, r.learned_at, (SELECT max(done_at) FROM fit_job j WHERE j.run_id = r.run_id) AS fitted_at, \
         (SELECT count(*) FROM fit_job j WHERE j.run_id = r.run_id) AS boxes, \
         (SELECT count(failure) FROM fit_job j WHERE j.run_id = r.run_id) AS set_aside FROM run r WHERE r.run_id = $1")
        .bind(run_id).fetch_one(connection).await?);
    let classes: Vec<(i32, i64)> = within!(*write, connection => sqlx::query_as(
        "SELECT urgency, count(*) FROM box GROUP BY urgency").fetch_all(connection).await?);
    let class =
        |code: i32| classes.iter().find(|(found, _)| *found == code).map_or(0, |(_, boxes)| *boxes) as f64;
    let seconds = |from: DateTime<Utc>, to: DateTime<Utc>| (to - from).as_seconds_f64().max(0.0);
    let mut facts = RunFacts::default();
    facts.measures.extend([
        (Measure::Seconds, seconds(stages.started_at, now)),
        (Measure::Boxes, stages.boxes as f64),
        (Measure::SetAside, stages.set_aside as f64),
        (Measure::Exceeded, class(4)),
        (Measure::Overloaded, class(0)),
        (Measure::Near, class(1)),
        (Measure::Ample, class(2)),
        (Measure::NoForecast, class(3)),
        (Measure::Unmeasured, class(5)),
    ]);
    let learned_at = stages.learned_at.unwrap_or(stages.started_at);
    if stages.learned_at.is_some() {
        facts.measures.insert(Measure::LearningSeconds, seconds(stages.started_at, learned_at));
    }
    if let Some(fitted_at) = stages.fitted_at {
        facts.measures.insert(Measure::FittingSeconds, seconds(learned_at, fitted_at));
        facts.measures.insert(Measure::ClosingSeconds, seconds(fitted_at, now));
    }
    let outcome = if stages.set_aside > 0 { Outcome::WithRefusals } else { Outcome::Complete };
    let facts = to_json(&facts)?;
    within!(*write, connection => sqlx::query(
        "UPDATE run_record SET finished_at = $2, outcome = $3, reason = NULL, facts = $4 WHERE run_id = $1")
        .bind(run_id).bind(now).bind(outcome.as_str()).bind(facts).execute(connection).await?.rows_affected());
    Ok(())
}

async fn prune(write: &mut Session, kind: RunKind) -> Result<(), StoreError> {
    within!(*write, connection => sqlx::query(
        "DELETE FROM run_record WHERE kind = $1 AND record_id NOT IN \
         (SELECT record_id FROM run_record WHERE kind = $1 ORDER BY record_id DESC LIMIT $2)")
        .bind(kind.as_str()).bind(MAX_RECORDS).execute(connection).await?.rows_affected());
    Ok(())
}

//! The queue of boxes to fit: jobs are claimed in batches under a lease and completed once.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::implausible::ImplausibleReadings;
use model::BoxId;

use super::bands::to_json;
use super::implausible::MaybeImplausible;
use super::{Store, StoreError, within};

/// A job claimed more often than this has crashed its worker every time.
const MAX_CLAIMS: i32 = 12;

/// A box that this worker may fit until its lease expires.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    pub(super) job_id: i64,
    pub(super) run_id: i64,
    pub(super) box_key: i64,
    /// How often the job has been claimed, including this time: the fencing token against late
    /// writes.
    pub(super) attempts: i32,
    /// The state of the box's data at the claim.
    pub(super) revision: i64,
    box_id: String,
    /// Nominal capacity in kVA, if known.
    pub capacity_kva: Option<f64>,
    /// Whether station and box are in service.
    pub in_service: bool,
    /// Its readings that were not counted, as they lie beyond five times the capacity.
    pub implausible: Option<ImplausibleReadings>,
}

impl ClaimedJob {
    /// The box to fit.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the stored identifier isn't one.
    pub fn box_id(&self) -> Result<BoxId, StoreError> {
        BoxId::new(&self.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    /// The job's number and the attempt of this claim, as [`Store::extend_jobs`] takes them.
    pub fn claim(&self) -> (i64, i32) {
        (self.job_id, self.attempts)
    }

    /// How often the job has been claimed, including this time.
    pub fn attempts(&self) -> i32 {
        self.attempts
    }
}

impl std::fmt::Display for ClaimedJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.box_id)
    }
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    job_id: i64,
    box_key: i64,
    attempts: i32,
}

#[derive(sqlx::FromRow)]
struct BoxRow {
    box_key: i64,
    box_id: String,
    capacity_kva: Option<f64>,
    in_service: bool,
    revision: i64,
    #[sqlx(flatten)]
    implausible: MaybeImplausible,
}

/// The failure of a job that no worker survived.
const WORKERS_DIED: &str =
    "every worker that took it ended before it was done; look at the workers' memory and logs";

impl Store {
    /// Claims up to `limit` jobs of a run for the duration of `lease`; none of a closed run.
    /// Towards the end it claims fewer, an eighth of the waiting ones, so that all workers finish
    /// at about the same time.
    ///
    /// A job whose workers died again and again before they completed or released it fails.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn claim_jobs(
        &self,
        run_id: i64,
        limit: u32,
        lease: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let mut write = self.write().await?;
        let statement = write.pick(
            "UPDATE fit_job SET visible_at = $3, attempts = attempts + 1 WHERE job_id IN (SELECT job_id FROM fit_job \
             WHERE run_id = $1 AND done_at IS NULL AND visible_at <= $2 \
             AND EXISTS (SELECT 1 FROM run WHERE run_id = $1 AND finished_at IS NULL) \
             ORDER BY visible_at, job_id LIMIT (SELECT 1 + count(*) / 8 FROM (SELECT 1 FROM fit_job \
             WHERE run_id = $1 AND done_at IS NULL AND visible_at <= $2 LIMIT 8 * $4 - 8) AS waiting)) \
             RETURNING job_id, box_key, attempts",
            "UPDATE fit_job SET visible_at = $3, attempts = attempts + 1 WHERE job_id IN (SELECT job_id FROM fit_job \
             WHERE run_id = $1 AND done_at IS NULL AND visible_at <= $2 \
             AND EXISTS (SELECT 1 FROM run WHERE run_id = $1 AND finished_at IS NULL) \
             ORDER BY visible_at, job_id LIMIT (SELECT 1 + count(*) / 8 FROM (SELECT 1 FROM fit_job \
             WHERE run_id = $1 AND done_at IS NULL AND visible_at <= $2 LIMIT 8 * $4 - 8) AS waiting) \
             FOR UPDATE SKIP LOCKED) RETURNING job_id, box_key, attempts",
        );
        let mut taken: Vec<ClaimedRow> = within!(write, connection => sqlx::query_as(statement)
            .bind(run_id).bind(now).bind(now + lease).bind(i64::from(limit))
            .fetch_all(connection).await?);
        taken.sort_unstable_by_key(|job| job.job_id);
        for job in taken.extract_if(.., |job| job.attempts > MAX_CLAIMS) {
            within!(write, connection => sqlx::query(
                "UPDATE fit_job SET done_at = $1, failure = $2 WHERE job_id = $3")
                .bind(now).bind(WORKERS_DIED).bind(job.job_id).execute(connection).await?.rows_affected());
        }
        let statement = write.pick(
            "SELECT box_key, box_id, capacity_kva, in_service, revision, first_week, last_week, min_kw, max_kw \
             FROM box LEFT JOIN implausible_reading i USING (box_key) WHERE box_key IN (SELECT value FROM json_each($1))",
            "SELECT box_key, box_id, capacity_kva, in_service, revision, first_week, last_week, min_kw, max_kw \
             FROM box LEFT JOIN implausible_reading i USING (box_key) WHERE box_key = ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value))",
        );
        let keys = to_json(&taken.iter().map(|job| job.box_key).collect::<Vec<_>>())?;
        let rows: Vec<BoxRow> = within!(write, connection => sqlx::query_as(statement)
            .bind(&keys).fetch_all(connection).await?);
        let mut boxes: HashMap<i64, BoxRow> = rows.into_iter().map(|row| (row.box_key, row)).collect();
        let mut jobs = Vec::with_capacity(taken.len());
        for job in taken {
            // The jobs of a removed box are removed with it.
            let Some(row) = boxes.remove(&job.box_key) else { continue };
            jobs.push(ClaimedJob {
                job_id: job.job_id,
                run_id,
                box_key: job.box_key,
                attempts: job.attempts,
                revision: row.revision,
                box_id: row.box_id,
                capacity_kva: row.capacity_kva,
                in_service: row.in_service,
                implausible: row.implausible.readings(),
            });
        }
        write.commit().await?;
        Ok(jobs)
    }

    /// Extends the leases of claimed jobs until `until`; jobs that are done or claimed by another
    /// worker stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn extend_jobs(&self, jobs: &[(i64, i32)], until: DateTime<Utc>) -> Result<(), StoreError> {
        let claims: Vec<String> =
            jobs.iter().map(|(job_id, attempts)| format!("{job_id}:{attempts}")).collect();
        let mut write = self.write().await?;
        let statement = write.pick(
            "UPDATE fit_job SET visible_at = $1 WHERE done_at IS NULL \
             AND job_id || ':' || attempts IN (SELECT value FROM json_each($2)) \
             AND job_id BETWEEN $3 AND $4",
            "UPDATE fit_job SET visible_at = $1 WHERE done_at IS NULL \
             AND job_id || ':' || attempts IN (SELECT json_array_elements_text($2::JSON)) \
             AND job_id BETWEEN $3 AND $4",
        );
        let first = jobs.iter().map(|(job_id, _)| *job_id).min().unwrap_or_default();
        let last = jobs.iter().map(|(job_id, _)| *job_id).max().unwrap_or_default();
        let claims = to_json(&claims)?;
        within!(write, connection => sqlx::query(statement)
            .bind(until).bind(&claims).bind(first).bind(last).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// Releases a job to the queue, to be retried at `again`.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn release_job(&self, job: &ClaimedJob, again: DateTime<Utc>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE fit_job SET visible_at = $1 WHERE job_id = $2 AND attempts = $3 AND done_at IS NULL")
            .bind(again).bind(job.job_id).bind(job.attempts).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// Fails a job for good, with this reason. Its box keeps its older forecast.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn fail_job(
        &self,
        job: &ClaimedJob,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE fit_job SET done_at = $1, failure = $2 WHERE job_id = $3 AND attempts = $4 AND done_at IS NULL")
            .bind(now).bind(reason).bind(job.job_id).bind(job.attempts).execute(connection).await?.rows_affected());
        write.commit().await
    }
}

//! Runs: planned, resumed, closed and eventually pruned.

use chrono::{DateTime, Utc};
use domain::ranking::RankingOrder;
use model::IsoWeek;

use super::peers::renew_peers;
use super::ranking::renew_list;
use super::run_records::{begin_record, end_record};
use super::weekly_outcomes::note_outcomes;
use super::{Session, Store, StoreError, on, within};

/// What a run shall do, and with which settings.
#[derive(Debug, Clone)]
pub struct RunPlan<'a> {
    /// The model's name.
    pub model: &'a str,
    /// Its version.
    pub model_version: &'a str,
    /// The program's version.
    pub code_version: &'a str,
    /// All other settings that affect a result, as one text: a box assessed with another text is
    /// due again.
    pub settings: &'a str,
    /// The ratings that transformers are ordered in, as one text: a box that is short of room and was assessed with
    /// another text is due again.
    pub ratings: &'a str,
    /// Only these boxes; empty for all.
    pub boxes: &'a [String],
    /// Also fit boxes that are up to date.
    pub force: bool,
    /// Who or what starts it.
    pub started_by: &'a str,
}

/// A run under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRun {
    /// Its number.
    pub run_id: i64,
    /// Boxes left to do.
    pub open: i64,
    /// Whether it was begun earlier and interrupted.
    pub resumed: bool,
    /// The first incomplete week, which the run leaves out.
    pub running_week: Option<IsoWeek>,
}

/// The settings that a run was planned with: only workers with the same ones may take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSettings {
    /// The model's name.
    pub model: String,
    /// Its version.
    pub model_version: String,
    /// The program's version.
    pub code_version: String,
    /// All other settings that affect a result, as one text.
    pub settings: String,
    /// The ratings that transformers are ordered in, as one text.
    pub ratings: String,
}

/// Of a box: another text of settings than `$1`, or, as far as it is short of room, other ratings than `$2`; or its data
/// have changed since.
pub(super) const IS_DUE: &str = "(assessed_revision <> revision OR assessed_with <> $1 \
    OR (rated_with <> $2 AND needed_kva IS NOT NULL))";

#[derive(sqlx::FromRow)]
struct UnfinishedRow {
    run_id: i64,
    running_week: Option<i32>,
    model: String,
    model_version: String,
    code_version: String,
    settings: String,
    ratings: String,
    open: i64,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RunSummary {
    /// Its number.
    pub run: i64,
    /// Boxes assessed.
    pub boxes: i64,
    /// Boxes whose fit failed, each with its reason.
    pub failures: Vec<(String, String)>,
    /// When it finished.
    pub finished_at: DateTime<Utc>,
}

impl Store {
    /// Opens a run over the boxes that are due; an interrupted run with the same settings is
    /// resumed. `None` if no box is due.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn open_run(
        &self,
        plan: &RunPlan<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<OpenRun>, StoreError> {
        let mut write = self.write().await?;
        // Two planners must not plan the same boxes at once. SQLite has one writer anyway.
        let lock = write.pick("SELECT 1", "LOCK TABLE run IN SHARE ROW EXCLUSIVE MODE");
        within!(write, connection => sqlx::query(lock).execute(connection).await?.rows_affected());
        let unfinished: Option<(i64, Option<i32>)> = within!(write, connection => sqlx::query_as(
            "SELECT run_id, running_week FROM run WHERE finished_at IS NULL AND model = $1 AND model_version = $2 \
             AND code_version = $3 AND settings = $4 AND ratings = $5 ORDER BY run_id DESC LIMIT 1")
            .bind(plan.model).bind(plan.model_version).bind(plan.code_version).bind(plan.settings).bind(plan.ratings)
            .fetch_optional(connection).await?);
        if let Some((run_id, running_week)) = unfinished {
            let open: i64 = within!(write, connection => sqlx::query_scalar(
                "SELECT count(*) FROM fit_job WHERE run_id = $1 AND done_at IS NULL")
                .bind(run_id).fetch_one(connection).await?);
            within!(write, connection => sqlx::query(
                "UPDATE run_record SET outcome = 'under-way', reason = NULL WHERE run_id = $1 AND finished_at IS NULL")
                .bind(run_id).execute(connection).await?.rows_affected());
            // With no boxes left it still has to be closed: its last worker was interrupted.
            write.commit().await?;
            let running_week = running_week.map(IsoWeek::from_index);
            return Ok(Some(OpenRun { run_id, open, resumed: true, running_week }));
        }
        let busy: Option<(i64, String, String)> = within!(write, connection => sqlx::query_as(
            "SELECT run_id, model, code_version FROM run r WHERE finished_at IS NULL AND (EXISTS (SELECT 1 FROM fit_job j \
             WHERE j.run_id = r.run_id AND j.done_at IS NULL AND j.attempts > 0 AND j.visible_at > $1) \
             OR EXISTS (SELECT 1 FROM learning l WHERE l.run_id = r.run_id AND l.learned IS NULL AND l.leased_until > $1)) \
             LIMIT 1").bind(now).fetch_optional(connection).await?);
        if let Some((run, model, code_version)) = busy {
            return Err(StoreError::RunUnderWay { run, model, code_version });
        }
        // Interrupted runs with other settings would never be resumed: close them.
        within!(write, connection => sqlx::query("UPDATE run SET finished_at = $1 WHERE finished_at IS NULL")
            .bind(now).execute(connection).await?.rows_affected());
        within!(write, connection => sqlx::query(
            "UPDATE run_record SET finished_at = $1, closed_at = $1, outcome = 'failed', \
             reason = coalesce(reason, 'cut off, and given up in favour of a run with other settings') \
             WHERE kind = 'forecasts' AND finished_at IS NULL").bind(now).execute(connection).await?.rows_affected());
        let running_week: Option<i32> = within!(write, connection => sqlx::query_scalar(
            "SELECT running_week FROM data_state").fetch_optional(connection).await?)
        .flatten();
        let run_id: i64 = within!(write, connection => sqlx::query_scalar(
            "INSERT INTO run (model, model_version, code_version, settings, ratings, running_week, started_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING run_id")
            .bind(plan.model).bind(plan.model_version).bind(plan.code_version).bind(plan.settings).bind(plan.ratings)
            .bind(running_week).bind(now).fetch_one(connection).await?);
        let mut open = 0;
        if plan.boxes.is_empty() {
            let all = format!(
                "INSERT INTO fit_job (run_id, box_key, visible_at) SELECT $3, box_key, $4 FROM box \
                 WHERE $5 OR {IS_DUE} ORDER BY box_key"
            );
            open += within!(write, connection => sqlx::query(sqlx::AssertSqlSafe(all))
                .bind(plan.settings).bind(plan.ratings).bind(run_id).bind(now).bind(plan.force)
                .execute(connection).await?.rows_affected());
        }
        for box_id in plan.boxes {
            let one = format!(
                "INSERT INTO fit_job (run_id, box_key, visible_at) SELECT $3, box_key, $4 FROM box \
                 WHERE box_id = $6 AND ($5 OR {IS_DUE})"
            );
            open += within!(write, connection => sqlx::query(sqlx::AssertSqlSafe(one))
                .bind(plan.settings).bind(plan.ratings).bind(run_id).bind(now).bind(plan.force).bind(box_id)
                .execute(connection).await?.rows_affected());
        }
        if open == 0 {
            return Ok(None);
        }
        let of_fleet = mark_fleet_run(&mut write, run_id).await?;
        begin_record(&mut write, run_id, plan, of_fleet, now).await?;
        write.commit().await?;
        let running_week = running_week.map(IsoWeek::from_index);
        Ok(Some(OpenRun { run_id, open: open as i64, resumed: false, running_week }))
    }

    /// How many jobs of a run are open.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn open_jobs(&self, run_id: i64) -> Result<i64, StoreError> {
        Ok(on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT count(*) FROM fit_job j JOIN run r USING (run_id) \
             WHERE j.run_id = $1 AND j.done_at IS NULL AND r.finished_at IS NULL")
            .bind(run_id).fetch_one(pool).await?))
    }

    /// How many boxes the runs under way have yet to assess.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn open_boxes(&self) -> Result<i64, StoreError> {
        Ok(on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT count(*) FROM fit_job j JOIN run r USING (run_id) \
             WHERE j.done_at IS NULL AND r.finished_at IS NULL").fetch_one(pool).await?))
    }

    /// The newest run that is planned and not finished, with the settings it was planned with.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn unfinished_run(&self) -> Result<Option<(OpenRun, RunSettings)>, StoreError> {
        let found: Option<UnfinishedRow> = on!(&self.pool, pool => sqlx::query_as(
            "SELECT r.run_id, r.running_week, r.model, r.model_version, r.code_version, r.settings, r.ratings, \
             (SELECT count(*) FROM fit_job j WHERE j.run_id = r.run_id AND j.done_at IS NULL) AS open \
             FROM run r WHERE r.finished_at IS NULL ORDER BY r.run_id DESC LIMIT 1")
            .fetch_optional(pool).await?);
        Ok(found.map(|row| {
            let running_week = row.running_week.map(IsoWeek::from_index);
            let run = OpenRun { run_id: row.run_id, open: row.open, resumed: true, running_week };
            let UnfinishedRow { model, model_version, code_version, settings, ratings, .. } = row;
            (run, RunSettings { model, model_version, code_version, settings, ratings })
        }))
    }

    /// Those of `wanted` that the store doesn't know.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn unknown_boxes(&self, wanted: &[String]) -> Result<Vec<String>, StoreError> {
        let mut unknown = Vec::new();
        for box_id in wanted {
            let found: i64 = on!(&self.pool, pool => sqlx::query_scalar("SELECT count(*) FROM box WHERE box_id = $1")
                .bind(box_id).fetch_one(pool).await?);
            if found == 0 {
                unknown.push(box_id.clone());
            }
        }
        Ok(unknown)
    }

    /// Closes a run: updates the ranking of all boxes, and prunes what is older than the newest
    /// `keep_runs` runs: invalid forecasts, jobs, and runs without forecasts. This run and runs
    /// under way stay, whatever `keep_runs` says. `None` if boxes of it are still open: a crash of
    /// the database may have lost the last completed ones.
    /// # Errors
    /// [`StoreError::RunGivenUp`] if it was closed before its last box was done;
    /// [`StoreError::Query`].
    pub async fn finish_run(
        &self,
        run_id: i64,
        keep_runs: u32,
        now: DateTime<Utc>,
    ) -> Result<Option<RunSummary>, StoreError> {
        let mut write = self.write().await?;
        let closed = within!(write, connection => sqlx::query(
            "UPDATE run SET finished_at = $2 WHERE run_id = $1 AND finished_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM fit_job WHERE run_id = $1 AND done_at IS NULL)")
            .bind(run_id).bind(now).execute(connection).await?.rows_affected());
        // Every worker of a run calls this at its end; the first one does it for all.
        if closed == 1 {
            update_ranking(&mut write, self.ranking_order).await?;
            renew_peers(&mut write).await?;
            note_outcomes(&mut write, run_id).await?;
            end_record(&mut write, run_id, now).await?;
            within!(write, connection => sqlx::query(PRUNE_FORECASTS)
                .bind(i64::from(keep_runs)).execute(connection).await?.rows_affected());
            for statement in [PRUNE_JOBS, PRUNE_RUNS] {
                within!(write, connection => sqlx::query(statement)
                    .bind(i64::from(keep_runs)).bind(run_id).execute(connection).await?.rows_affected());
            }
        } else {
            let undone: Option<bool> = within!(write, connection => sqlx::query_scalar(
                "SELECT r.finished_at IS NULL FROM run r WHERE r.run_id = $1 \
                 AND EXISTS (SELECT 1 FROM fit_job j WHERE j.run_id = r.run_id AND j.done_at IS NULL)")
                .bind(run_id).fetch_optional(connection).await?);
            match undone {
                Some(true) => return Ok(None),
                Some(false) => return Err(StoreError::RunGivenUp { run: run_id }),
                None => {}
            }
        }
        let boxes: i64 = within!(write, connection => sqlx::query_scalar(
            "SELECT count(*) FROM fit_job WHERE run_id = $1").bind(run_id).fetch_one(connection).await?);
        let failures: Vec<(String, String)> = within!(write, connection => sqlx::query_as(
            "SELECT b.box_id, j.failure FROM fit_job j JOIN box b USING (box_key) \
             WHERE j.run_id = $1 AND j.failure IS NOT NULL ORDER BY b.box_id")
            .bind(run_id).fetch_all(connection).await?);
        write.commit().await?;
        Ok(Some(RunSummary { run: run_id, boxes, failures, finished_at: now }))
    }

    /// Updates the ranking outside a run, after new boxes were imported.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn update_ranking(&self) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        update_ranking(&mut write, self.ranking_order).await?;
        write.commit().await
    }
}

/// Renews the order of urgency, and with it the list.
async fn update_ranking(write: &mut Session, order: RankingOrder) -> Result<(), StoreError> {
    let statement = match order {
        RankingOrder::FirstOverload => BY_FIRST_OVERLOAD,
        RankingOrder::Bands => BY_BANDS,
    };
    within!(*write, connection => sqlx::query(statement).execute(connection).await?.rows_affected());
    renew_list(write).await
}

/// Marks a run that covers at least half of all boxes.
async fn mark_fleet_run(write: &mut Session, run_id: i64) -> Result<bool, StoreError> {
    Ok(within!(*write, connection => sqlx::query_scalar(
        "UPDATE run SET of_fleet = (SELECT count(*) FROM fit_job WHERE run_id = $1) * 2 >= (SELECT count(*) FROM box) \
         WHERE run_id = $1 RETURNING of_fleet").bind(run_id).fetch_one(connection).await?))
}

/// Forecasts that are neither valid nor of the newest `$1` runs. One fleet run of each quarter
/// stays until its last week is over, for verification.
const PRUNE_FORECASTS: &str = "DELETE FROM forecast WHERE NOT is_valid \
    AND run_id NOT IN (SELECT run_id FROM run ORDER BY run_id DESC LIMIT $1) \
    AND run_id NOT IN (SELECT max(run_id) FROM run WHERE finished_at IS NOT NULL AND of_fleet \
    AND running_week > (SELECT coalesce(max(running_week), 0) FROM data_state) - 40 GROUP BY running_week / 13)";

/// Jobs of closed runs that are neither among the newest `$1` nor `$2`.
const PRUNE_JOBS: &str = "DELETE FROM fit_job WHERE run_id IN (SELECT run_id FROM run WHERE finished_at IS NOT NULL \
    AND run_id <> $2 AND run_id NOT IN (SELECT run_id FROM run ORDER BY run_id DESC LIMIT $1))";

/// The runs themselves, once none of their forecasts is left.
const PRUNE_RUNS: &str = "DELETE FROM run WHERE finished_at IS NOT NULL AND run_id <> $2 \
    AND run_id NOT IN (SELECT run_id FROM run ORDER BY run_id DESC LIMIT $1) \
    AND NOT EXISTS (SELECT 1 FROM forecast WHERE forecast.run_id = run.run_id)";

/// Those that passed their limit by the number of such weeks, then by the median week of the first overload, then by class
/// and the probability of one, where that is worth a word, then by peak loading; those without a forecast, and last those that are
/// not measured.
const BY_FIRST_OVERLOAD: &str = "UPDATE box SET urgency_rank = ordered.place FROM (SELECT box_key, row_number() OVER (ORDER BY \
    CASE WHEN urgency = 5 THEN 1 ELSE 0 END, coalesce(exceeded_weeks, 0) DESC, coalesce(exceeded_loading, 0) DESC, \
    coalesce(median_first_week, 2147483647), CASE urgency WHEN 4 THEN 0 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 2 END, \
    CASE WHEN overload_probability IS NULL THEN -1 WHEN overload_probability < 0.001 THEN 0 ELSE overload_probability END DESC, \
    CASE WHEN peak_loading IS NULL THEN 1 ELSE 0 END, peak_loading DESC, box_id) AS place FROM box) AS ordered \
    WHERE ordered.box_key = box.box_key AND box.urgency_rank <> ordered.place";

/// The same by the first week in which a stored band reaches the limit, then by peak loading.
const BY_BANDS: &str = "UPDATE box SET urgency_rank = ordered.place FROM (SELECT box_key, row_number() OVER (ORDER BY \
    CASE WHEN urgency = 5 THEN 1 ELSE 0 END, coalesce(exceeded_weeks, 0) DESC, coalesce(exceeded_loading, 0) DESC, \
    CASE WHEN overload_week IS NULL THEN 2147483647 ELSE overload_week END, \
    CASE WHEN peak_loading IS NULL THEN 1 ELSE 0 END, peak_loading DESC, box_id) AS place FROM box) AS ordered \
    WHERE ordered.box_key = box.box_key AND box.urgency_rank <> ordered.place";

//! The result of fitting a box: written in one transaction, so that nobody sees half of it.

use chrono::{DateTime, Utc};
use domain::plan::WeeksAtRating;
use domain::ranking::{FirstOverload, WeeksAhead};
use domain::urgency::Urgency;
use model::{Assessment, Exceedance, Extreme, Flag, Forecast, IsoWeek, Overload, switching::Findings};

use super::bands::{EncodedForecast, to_json};
use super::{ClaimedJob, PosteriorSummary, Session, Store, StoreError, within};

/// One fitted extreme, encoded for the store.
#[derive(Debug, Clone)]
pub struct ExtremeResult {
    extreme: Extreme,
    encoded: EncodedForecast,
    posterior: String,
    overload: Option<String>,
}

impl ExtremeResult {
    /// Encodes a forecast, the posterior's summary and the overload probabilities. Called on the
    /// thread that fits, to keep the threads that talk to the database free.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a forecast without weeks.
    pub fn new(
        extreme: Extreme,
        forecast: &Forecast,
        posterior: &PosteriorSummary,
        overload: Option<&Overload>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            extreme,
            encoded: EncodedForecast::encode(forecast)?,
            posterior: to_json(posterior)?,
            overload: overload.map(to_json).transpose()?,
        })
    }
}

/// The result of fitting one box. Without extremes the flags say why there is no forecast.
#[derive(Debug, Clone)]
pub struct BoxResult {
    /// Idle weeks at the start, which are left out of the fit.
    pub idle_weeks: usize,
    /// What a planner should know.
    pub flags: Vec<Flag>,
    /// Empty, or minimum and maximum.
    pub extremes: Vec<ExtremeResult>,
    /// The assessment of both extremes against the limits.
    pub assessment: Option<Assessment>,
    /// The coming weeks as a row of the list shows them.
    pub weeks_ahead: Option<WeeksAhead>,
    /// What was measured beyond the limit in the last weeks, or else in the last year.
    pub exceedance: Option<Exceedance>,
    /// The class that follows.
    pub urgency: Urgency,
    /// Bypass switchings and level shifts.
    pub findings: Findings,
    /// The capacity at which its chance of an overload is the risk, kVA; nothing where it is no more already.
    pub needed_kva: Option<f64>,
    /// Of a box that is short of room: the expected weeks above the limit at larger ratings.
    pub weeks_at_ratings: Vec<WeeksAtRating>,
    /// The ratings that it was assessed with, as one text.
    pub rated_with: String,
}

/// Flags as stored: words between commas, with a comma at either end.
pub(super) fn flags_to_text(flags: &[Flag]) -> String {
    let mut text = String::from(",");
    for flag in flags {
        text.push_str(flag.as_str());
        text.push(',');
    }
    text
}

/// The flags of a stored text; words that this version doesn't know are skipped.
pub(super) fn flags_from_text(text: &str) -> Vec<Flag> {
    text.split(',').filter_map(|word| word.parse().ok()).collect()
}

/// The class as a number, which never changes: what the list is filtered by.
pub(super) fn urgency_to_code(urgency: Urgency) -> i32 {
    match urgency {
        Urgency::Overload => 0,
        Urgency::Near => 1,
        Urgency::Ample => 2,
        Urgency::NoForecast => 3,
        Urgency::Exceeded => 4,
        Urgency::Unmeasured => 5,
    }
}

/// The class of a stored number.
pub(super) fn urgency_from_code(code: i32) -> Urgency {
    match code {
        0 => Urgency::Overload,
        1 => Urgency::Near,
        2 => Urgency::Ample,
        4 => Urgency::Exceeded,
        5 => Urgency::Unmeasured,
        _ => Urgency::NoForecast,
    }
}

/// The extreme as a number.
pub(super) fn extreme_to_code(extreme: Extreme) -> i32 {
    match extreme {
        Extreme::Min => 0,
        Extreme::Max => 1,
    }
}

/// The extreme of a stored number.
pub(super) fn extreme_from_code(code: i32) -> Extreme {
    if code == 0 { Extreme::Min } else { Extreme::Max }
}

impl Store {
    /// Completes a job with its result: the job is done, the box's older forecasts become invalid,
    /// and the new ones and the assessment take their place; all or nothing.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] if another worker has claimed the job since, or its run was closed
    /// in favour of another: then nothing is written.
    pub async fn complete_job(
        &self,
        job: &ClaimedJob,
        result: &BoxResult,
        settings: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write_async_commit().await?;
        // Locked until the end, so that nobody closes the run and plans the next one in between.
        let statement = write.pick(
            "SELECT run_id FROM run WHERE run_id = $1 AND finished_at IS NULL",
            "SELECT run_id FROM run WHERE run_id = $1 AND finished_at IS NULL FOR SHARE",
        );
        let run: Option<i64> = within!(write, connection => sqlx::query_scalar(statement)
            .bind(job.run_id).fetch_optional(connection).await?);
        if run.is_none() {
            return Err(StoreError::LeaseLost);
        }
        let finished = within!(write, connection => sqlx::query(
            "UPDATE fit_job SET done_at = $1 WHERE job_id = $2 AND attempts = $3 AND done_at IS NULL")
            .bind(now).bind(job.job_id).bind(job.attempts)
            .execute(connection).await?.rows_affected());
        if finished != 1 {
            return Err(StoreError::LeaseLost);
        }
        within!(write, connection => sqlx::query(
            "UPDATE forecast SET is_valid = FALSE WHERE box_key = $1 AND is_valid")
            .bind(job.box_key).execute(connection).await?.rows_affected());
        for extreme in &result.extremes {
            write_extreme(&mut write, job, extreme, now).await?;
        }
        write_assessment(&mut write, job, result, settings).await?;
        write.commit().await
    }
}

async fn write_extreme(
    write: &mut Session,
    job: &ClaimedJob,
    result: &ExtremeResult,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let encoded = &result.encoded;
    let forecast_id: i64 = within!(*write, connection => sqlx::query_scalar(
        "INSERT INTO forecast (run_id, box_key, phase, extreme, is_valid, processed_on, first_week, history, weeks, \
         unit_kw, posterior, overload) VALUES ($1, $2, 0, $3, TRUE, $4, $5, $6, $7, $8, $9, $10) RETURNING forecast_id")
        .bind(job.run_id).bind(job.box_key).bind(extreme_to_code(result.extreme)).bind(now)
        .bind(encoded.first_week).bind(encoded.history).bind(encoded.weeks).bind(encoded.unit_kw)
        .bind(&result.posterior).bind(&result.overload)
        .fetch_one(connection).await?);
    within!(*write, connection => sqlx::query(
        "INSERT INTO forecast_bands (forecast_id, observed, drift, yearly, total) VALUES ($1, $2, $3, $4, $5)")
        .bind(forecast_id).bind(&encoded.observed).bind(&encoded.drift).bind(&encoded.yearly).bind(&encoded.total)
        .execute(connection).await?.rows_affected());
    Ok(())
}

async fn write_assessment(
    write: &mut Session,
    job: &ClaimedJob,
    result: &BoxResult,
    settings: &str,
) -> Result<(), StoreError> {
    let assessment = result.assessment.as_ref();
    let complete = assessment.map(to_json).transpose()?;
    let exceedance = result.exceedance.as_ref().map(to_json).transpose()?;
    let recent = result.exceedance.filter(Exceedance::is_recent);
    let first = assessment.and_then(|found| found.ranked.as_ref()).map(FirstOverload::of);
    let headroom = assessment.and_then(|found| found.ranked?.headroom);
    let week = |of: fn(&FirstOverload) -> Option<IsoWeek>| first.as_ref().and_then(of).map(IsoWeek::index);
    let ranked = assessment.and_then(|found| found.ranked.as_ref());
    let early = |extreme| ranked.and_then(|ranked| ranked.of(extreme).early_first_week).map(IsoWeek::index);
    let weeks_ahead = result.weeks_ahead.as_ref().map(to_json).transpose()?;
    let weeks_at_ratings = Some(&result.weeks_at_ratings).filter(|weeks| !weeks.is_empty());
    let weeks_at_ratings = weeks_at_ratings.map(to_json).transpose()?;
    let is_calm = result.findings == Findings::default();
    let findings = if is_calm { None } else { Some(to_json(&result.findings)?) };
    within!(*write, connection => sqlx::query(
        "UPDATE box SET assessed_revision = $2, assessed_with = $3, urgency = $4, peak_loading = $5, peak_week = $6, \
         peak_extreme = $7, overload_week = $8, overload_probability = $9, assessment = $10, flags = $11, \
         idle_weeks = $12, findings = $13, exceedance = $14, exceeded_weeks = $15, exceeded_loading = $16, \
         likeliest_first_week = $17, median_first_week = $18, early_first_week = $19, expected_weeks = $20, \
         shortfall_kw = $21, overload_extreme = $22, weeks_ahead = $23, import_headroom_kw = $24, feed_in_headroom_kw = $25, \
         weeks_at_ratings = $26, rated_with = $27, needed_kva = $28, \
         early_import_week = $29, early_feed_in_week = $30 \
         WHERE box_key = $1")
        .bind(job.box_key).bind(job.revision).bind(settings).bind(urgency_to_code(result.urgency))
        .bind(assessment.map(|found| found.peak_loading.fraction()))
        .bind(assessment.map(|found| found.peak_week.index()))
        .bind(assessment.map(|found| extreme_to_code(found.peak_extreme)))
        .bind(assessment.and_then(|found| found.overload_week).map(|week| week.index()))
        .bind(assessment.map(|found| found.overload_probability))
        .bind(complete).bind(flags_to_text(&result.flags)).bind(result.idle_weeks as i32).bind(findings)
        .bind(exceedance).bind(recent.map(|found| found.weeks as i32))
        .bind(recent.map(|found| found.peak_loading.fraction()))
        .bind(week(|found| found.likeliest_week)).bind(week(|found| found.median_week))
        .bind(week(|found| found.early_week)).bind(first.map(|found| found.expected_weeks))
        .bind(first.and_then(|found| found.shortfall_kw)).bind(first.map(|found| extreme_to_code(found.extreme)))
        .bind(weeks_ahead)
        .bind(headroom.map(|room| room.import_kw)).bind(headroom.map(|room| room.feed_in_kw))
        .bind(weeks_at_ratings).bind(&result.rated_with).bind(result.needed_kva)
        .bind(early(Extreme::Max)).bind(early(Extreme::Min))
        .execute(connection).await?.rows_affected());
    Ok(())
}

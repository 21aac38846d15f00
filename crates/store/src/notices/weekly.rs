//! The weekly digest: the newest assessments compared with those of the digest before.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::notices::{ChangedBoxes, Digest, DigestBox, Notice, NoticeKind};
use model::{BoxId, IsoWeek};
use serde::{Deserialize, Serialize};

use super::super::bands::{from_json, to_json};
use super::super::{Session, Store, StoreError, on, within};
use super::insert_notice;

/// The classes that a digest is about, as the store numbers them.
const EXCEEDED: i32 = 4;
const OVERLOAD: i32 = 0;
const NEAR: i32 = 1;

/// How many of the newly overloaded boxes are named.
const MAX_NAMED_OVERLOADED: usize = 10;
/// How many boxes of the other groups are named.
const MAX_NAMED_OTHERS: usize = 5;

/// The boxes of a digest, by key.
#[derive(Debug, Default, Serialize, Deserialize)]
struct DigestState {
    #[serde(default)]
    exceeded: HashSet<i64>,
    overloaded: HashSet<i64>,
    near: HashSet<i64>,
}

#[derive(sqlx::FromRow)]
struct BoxRow {
    box_id: String,
    station_name: String,
    town: String,
    exceedance: Option<String>,
    early_first_week: Option<i32>,
    likeliest_first_week: Option<i32>,
    overload_probability: Option<f64>,
    peak_loading: Option<f64>,
}

impl Store {
    /// The newest finished run of any kind; a digest can't be due before there is another.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn newest_finished_run(&self) -> Result<Option<i64>, StoreError> {
        Ok(on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT run_id FROM run WHERE finished_at IS NOT NULL ORDER BY run_id DESC LIMIT 1")
            .fetch_optional(pool).await?))
    }

    /// Announces the digest of `week`, which began at `begun`, if a run over at least half of the
    /// boxes finished in it and there is no digest yet; returns the digest, if any. A digest
    /// without changes is skipped unless `also_unchanged` is set.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn announce_weekly_digest(
        &self,
        week: IsoWeek,
        begun: DateTime<Utc>,
        also_unchanged: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<Digest>, StoreError> {
        let Some(run_id) = self.run_to_digest(week, begun).await? else { return Ok(None) };
        let mut write = self.write().await?;
        let before: Option<(DateTime<Utc>, String)> = within!(write, connection => sqlx::query_as(
            "SELECT taken_at, seen FROM digest").fetch_optional(connection).await?);
        let (since, before) = match before {
            Some((taken_at, seen)) => (Some(taken_at), from_json(&seen)?),
            None => (None, DigestState::default()),
        };
        let urgent: Vec<(i64, i32)> = within!(write, connection => sqlx::query_as(
            "SELECT box_key, urgency FROM box WHERE urgency IN (0, 1, 4) ORDER BY urgency_rank")
            .fetch_all(connection).await?);
        let of_class = |class| urgent.iter().filter(move |(_, code)| *code == class).map(|(key, _)| *key);
        let was_overloaded = |key: &i64| before.exceeded.contains(key) || before.overloaded.contains(key);
        let newly_exceeded: Vec<i64> =
            of_class(EXCEEDED).filter(|key| !before.exceeded.contains(key)).collect();
        let newly_overloaded: Vec<i64> = of_class(OVERLOAD).filter(|key| !was_overloaded(key)).collect();
        let newly_near: Vec<i64> =
            of_class(NEAR).filter(|key| !was_overloaded(key) && !before.near.contains(key)).collect();
        let mut relieved: Vec<i64> = of_class(NEAR).filter(was_overloaded).collect();
        relieved.extend(relieved_boxes(&mut write, &before, &urgent).await?);
        let digest = Digest {
            week,
            since,
            exceeded: u32::try_from(of_class(EXCEEDED).count()).unwrap_or(u32::MAX),
            overloaded: u32::try_from(of_class(OVERLOAD).count()).unwrap_or(u32::MAX),
            near: u32::try_from(of_class(NEAR).count()).unwrap_or(u32::MAX),
            newly_exceeded: named(&mut write, &newly_exceeded, MAX_NAMED_OVERLOADED).await?,
            newly_overloaded: named(&mut write, &newly_overloaded, MAX_NAMED_OVERLOADED).await?,
            newly_near: named(&mut write, &newly_near, MAX_NAMED_OTHERS).await?,
            relieved: named(&mut write, &relieved, MAX_NAMED_OTHERS).await?,
        };
        let is_subscribed = also_unchanged || !digest.is_unchanged();
        let notice = Notice::WeeklyDigest(digest.clone());
        if is_subscribed && !insert_notice(&mut write, &notice, now).await? {
            // Another server was first.
            return Ok(None);
        }
        let seen = DigestState {
            exceeded: of_class(EXCEEDED).collect(),
            overloaded: of_class(OVERLOAD).collect(),
            near: of_class(NEAR).collect(),
        };
        within!(write, connection => sqlx::query(
            "INSERT INTO digest (only_row, run_id, taken_at, seen) VALUES (1, $1, $2, $3) \
             ON CONFLICT (only_row) DO UPDATE SET run_id = excluded.run_id, taken_at = excluded.taken_at, seen = excluded.seen")
            .bind(run_id).bind(now).bind(to_json(&seen)?).execute(connection).await?.rows_affected());
        write.commit().await?;
        Ok(is_subscribed.then_some(digest))
    }

    /// The newest run that the digest of a week can be made from, if the digest isn't made yet.
    async fn run_to_digest(&self, week: IsoWeek, begun: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
        let identity = format!("{}/{week}", NoticeKind::WeeklyDigest);
        Ok(on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT r.run_id FROM run r WHERE r.finished_at >= $1 \
             AND r.run_id > COALESCE((SELECT run_id FROM digest), 0) \
             AND NOT EXISTS (SELECT 1 FROM notice WHERE identity = $2) \
             AND NOT EXISTS (SELECT 1 FROM fit_job j WHERE j.run_id = r.run_id AND j.done_at IS NULL) \
             AND r.of_fleet \
             ORDER BY r.run_id DESC LIMIT 1")
            .bind(begun).bind(identity).fetch_optional(pool).await?))
    }
}

/// Boxes that were overloaded or near and have ample room now, in order; boxes without a forecast
/// don't count.
async fn relieved_boxes(
    write: &mut Session,
    before: &DigestState,
    urgent: &[(i64, i32)],
) -> Result<Vec<i64>, StoreError> {
    let still: HashSet<i64> = urgent.iter().map(|(key, _)| *key).collect();
    let seen = before.exceeded.iter().chain(&before.overloaded).chain(&before.near);
    let mut gone: Vec<i64> = seen.filter(|key| !still.contains(key)).copied().collect();
    gone.sort_unstable();
    let statement = write.pick(
        "SELECT box_key FROM box WHERE urgency = 2 AND box_key IN (SELECT value FROM json_each($1)) ORDER BY urgency_rank",
        "SELECT box_key FROM box WHERE urgency = 2 \
         AND box_key = ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) \
         ORDER BY urgency_rank",
    );
    let gone = to_json(&gone)?;
    Ok(within!(*write, connection => sqlx::query_scalar(statement).bind(&gone).fetch_all(connection).await?))
}

async fn named(write: &mut Session, keys: &[i64], limit: usize) -> Result<ChangedBoxes, StoreError> {
    let statement = write.pick(
        "SELECT box_id, station_name, town, exceedance, early_first_week, likeliest_first_week, \
         overload_probability, peak_loading FROM box \
         WHERE box_key IN (SELECT value FROM json_each($1)) ORDER BY urgency_rank",
        "SELECT box_id, station_name, town, exceedance, early_first_week, likeliest_first_week, \
         overload_probability, peak_loading FROM box \
         WHERE box_key = ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) \
         ORDER BY urgency_rank",
    );
    let first = to_json(&keys[..keys.len().min(limit)])?;
    let rows: Vec<BoxRow> =
        within!(*write, connection => sqlx::query_as(statement).bind(&first).fetch_all(connection).await?);
    let first = rows.into_iter().map(BoxRow::into_digest_box).collect::<Result<_, _>>()?;
    Ok(ChangedBoxes { count: u32::try_from(keys.len()).unwrap_or(u32::MAX), first })
}

impl BoxRow {
    fn into_digest_box(self) -> Result<DigestBox, StoreError> {
        Ok(DigestBox {
            box_id: BoxId::new(&self.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            station: self.station_name,
            town: self.town,
            exceedance: self.exceedance.as_deref().map(from_json).transpose()?,
            week: self.likeliest_first_week.map(IsoWeek::from_index),
            early_week: self.early_first_week.map(IsoWeek::from_index),
            probability: self.overload_probability,
            peak_loading: self.peak_loading,
        })
    }
}

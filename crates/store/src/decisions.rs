//! Planners' decisions on a box's weeks: leave them out of the fit, or keep them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::box_detail::WeekDecision;
use domain::identity::{NewAuditEntry, Scope};
use domain::week_span::WeekSpan;
use model::{BoxId, IsoWeek};

use super::bands::to_json;
use super::{ClaimedJob, Session, Store, StoreError, audit, scoped, within};

impl Store {
    /// Stores a decision in place of earlier ones on the same weeks, and makes the box due for a
    /// new fit; false if there is no such box.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn decide_weeks(
        &self,
        box_id: &BoxId,
        decision: &WeekDecision,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let settled = (decision.span(), Some(decision.left_out));
        self.settle_weeks_within(&Scope::All, box_id, settled, None, now).await
    }

    /// Withdraws all decisions on these weeks, so that what is detected holds again, and makes the
    /// box due for a new fit if there were any; false if there is no such box.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn withdraw_decisions(
        &self,
        box_id: &BoxId,
        weeks: WeekSpan,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.settle_weeks_within(&Scope::All, box_id, (weeks, None), None, now).await
    }

    /// Keeps a decision (whether the weeks are left out) or none within a scope, in one transaction
    /// with its entry in the audit, which names who has decided.
    pub(super) async fn settle_weeks_within(
        &self,
        scope: &Scope,
        box_id: &BoxId,
        (weeks, left_out): (WeekSpan, Option<bool>),
        entry: Option<&NewAuditEntry>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let mut write = self.write().await?;
        let statement = format!(
            "UPDATE box SET revision = revision + 1 WHERE box_id = $1 AND {} RETURNING box_key",
            scoped::condition(&write)
        );
        let key: Option<i64> = within!(write, connection => sqlx::query_scalar(sqlx::AssertSqlSafe(statement))
            .bind(box_id.as_str()).bind(kind).bind(&names).fetch_optional(connection).await?);
        let Some(key) = key else { return Ok(false) };
        let (first, last) = (weeks.first.index(), weeks.last.index());
        let withdrawn = within!(write, connection => sqlx::query(
            "DELETE FROM week_decision WHERE box_key = $1 AND first_week <= $3 AND last_week >= $2")
            .bind(key).bind(first).bind(last).execute(connection).await?.rows_affected());
        match left_out {
            Some(left_out) => {
                within!(write, connection => sqlx::query(
                    "INSERT INTO week_decision (box_key, first_week, last_week, left_out, decided_at, decided_by) \
                     VALUES ($1, $2, $3, $4, $5, $6)")
                    .bind(key).bind(first).bind(last).bind(left_out).bind(now)
                    .bind(entry.map(|entry| &entry.person)).execute(connection).await?.rows_affected());
            }
            // Nothing to withdraw: the box stays as it is, the transaction is dropped.
            None if withdrawn == 0 => return Ok(true),
            None => {}
        }
        if let Some(entry) = entry {
            audit::append(&mut write, entry, now).await?;
        }
        write.commit().await?;
        Ok(true)
    }

    /// The decisions on the weeks of each claimed box, in the order of the jobs.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn decisions_of(&self, jobs: &[ClaimedJob]) -> Result<Vec<Vec<WeekDecision>>, StoreError> {
        let keys: Vec<i64> = jobs.iter().map(|job| job.box_key).collect();
        let mut session = self.read().await?;
        let mut by_key = decisions_by_key(&mut session, &keys).await?;
        Ok(keys.iter().map(|key| by_key.remove(key).unwrap_or_default()).collect())
    }
}

/// The decisions on the weeks of the boxes with these keys, by week.
pub(super) async fn decisions_by_key(
    session: &mut Session,
    keys: &[i64],
) -> Result<HashMap<i64, Vec<WeekDecision>>, StoreError> {
    let statement = session.pick(
        "SELECT box_key, first_week, last_week, left_out FROM week_decision \
         WHERE box_key IN (SELECT value FROM json_each($1)) ORDER BY box_key, first_week",
        "SELECT box_key, first_week, last_week, left_out FROM week_decision \
         WHERE box_key = ANY(ARRAY(SELECT value::BIGINT FROM json_array_elements_text($1::JSON) AS value)) \
         ORDER BY box_key, first_week",
    );
    let wanted = to_json(keys)?;
    let rows: Vec<(i64, i32, i32, bool)> = within!(*session, connection => sqlx::query_as(statement)
        .bind(&wanted).fetch_all(connection).await?);
    let mut by_key: HashMap<i64, Vec<WeekDecision>> = HashMap::new();
    for (key, first, last, left_out) in rows {
        let span = WeekSpan::new(IsoWeek::from_index(first), IsoWeek::from_index(last));
        by_key.entry(key).or_default().push(WeekDecision::new(span, left_out));
    }
    Ok(by_key)
}

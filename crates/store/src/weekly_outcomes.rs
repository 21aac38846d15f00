//! What the runs of the newest two weeks said of each box, so that the list can tell what is new.

use domain::ranking::Before;
use model::IsoWeek;

use super::assessments::urgency_from_code;
use super::{Session, StoreError, within};

/// The columns of the earlier week's outcome beside a box.
#[derive(sqlx::FromRow)]
pub(super) struct MaybeBefore {
    before_urgency: Option<i32>,
    before_early_week: Option<i32>,
    before_is_silent: Option<bool>,
}

impl MaybeBefore {
    pub(super) fn read(self) -> Option<Before> {
        Some(Before {
            urgency: urgency_from_code(self.before_urgency?),
            early_week: self.before_early_week.map(IsoWeek::from_index),
            is_silent: self.before_is_silent.unwrap_or_default(),
        })
    }
}

/// Notes what a run of the fleet said of every box, at its end. Of several runs in a week the last one counts; weeks before the
/// newest two are forgotten.
pub(super) async fn note_outcomes(write: &mut Session, run_id: i64) -> Result<(), StoreError> {
    let week: Option<Option<i32>> = within!(*write, connection => sqlx::query_scalar(
        "SELECT running_week FROM run WHERE run_id = $1 AND of_fleet").bind(run_id).fetch_optional(connection).await?);
    let Some(week) = week.flatten() else { return Ok(()) };
    within!(*write, connection => sqlx::query("DELETE FROM weekly_outcome WHERE week = $1")
        .bind(week).execute(connection).await?.rows_affected());
    within!(*write, connection => sqlx::query(
        "INSERT INTO weekly_outcome (week, box_key, urgency, early_first_week, is_silent) \
         SELECT $1, box_key, urgency, early_first_week, flags LIKE '%,silent,%' FROM box")
        .bind(week).execute(connection).await?.rows_affected());
    within!(*write, connection => sqlx::query(
        "DELETE FROM weekly_outcome WHERE week < (SELECT max(week) FROM weekly_outcome \
         WHERE week < (SELECT max(week) FROM weekly_outcome))")
        .execute(connection).await?.rows_affected());
    Ok(())
}

/// The week before the newest one whose outcome is known.
pub(super) async fn earlier_week(session: &mut Session) -> Result<Option<IsoWeek>, StoreError> {
    let week: Option<i32> = within!(*session, connection => sqlx::query_scalar(
        "SELECT max(week) FROM weekly_outcome WHERE week < (SELECT max(week) FROM weekly_outcome)")
        .fetch_one(connection).await?);
    Ok(week.map(IsoWeek::from_index))
}

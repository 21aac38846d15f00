//! What is new since the run of an earlier week, and what was recorded of boxes lately.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::actions::ActionFilter;
use domain::identity::Scope;
use domain::this_week::{RecordedAction, RecordedLately, ThisWeek};
use model::BoxId;

use super::actions::ActionRow;
use super::overview::count;
use super::{Store, StoreError, scoped, within};

/// The days that count as lately.
const DAYS: u64 = 7;
/// The most actions that are named.
const MAX_NAMED: i64 = 12;

#[derive(sqlx::FromRow)]
struct RecordedRow {
    box_id: String,
    station_name: String,
    #[sqlx(flatten)]
    action: ActionRow,
}

impl RecordedRow {
    fn read(self) -> Result<RecordedAction, StoreError> {
        Ok(RecordedAction {
            box_id: BoxId::new(&self.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            station_name: self.station_name,
            action: self.action.read()?,
        })
    }
}

impl Store {
    /// What is new within a scope. `today` is the day where people plan, by which something is overdue.
    pub(super) async fn this_week_within(
        &self,
        scope: &Scope,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<ThisWeek, StoreError> {
        let index = self.list_index().await?;
        let of = |filter| index.recorded(scope, filter, today);
        Ok(ThisWeek {
            changes: index.changes(scope),
            overdue: of(ActionFilter::Overdue),
            done_but_overloaded: of(ActionFilter::DoneButOverloaded),
            recorded: self.recorded_lately_within(scope, now).await?,
        })
    }

    async fn recorded_lately_within(
        &self,
        scope: &Scope,
        now: DateTime<Utc>,
    ) -> Result<RecordedLately, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let since = now.checked_sub_days(Days::new(DAYS)).unwrap_or(now);
        let mut session = self.read().await?;
        let found = format!(
            "FROM action JOIN box USING (box_key) WHERE recorded_at >= $1 AND {}",
            scoped::condition(&session)
        );
        let counted = format!("SELECT count(*) {found}");
        let recorded: i64 = within!(session, connection => sqlx::query_scalar(sqlx::AssertSqlSafe(counted))
            .bind(since).bind(kind).bind(&names).fetch_one(connection).await?);
        let newest = format!(
            "SELECT box_id, station_name, version, status, day, owner, note, person, recorded_at {found} \
             ORDER BY recorded_at DESC, box_id, version DESC LIMIT $4"
        );
        let rows: Vec<RecordedRow> = within!(session, connection => sqlx::query_as(sqlx::AssertSqlSafe(newest))
            .bind(since).bind(kind).bind(&names).bind(MAX_NAMED).fetch_all(connection).await?);
        let newest = rows.into_iter().map(RecordedRow::read).collect::<Result<_, _>>()?;
        Ok(RecordedLately { since, count: count(recorded), newest })
    }
}

//! The ranked list: read from the one table `box` when it has changed, and filtered, counted and sorted in memory.

mod list_index;
mod search;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use domain::actions::ActionSummary;
use domain::identity::Scope;
use domain::plan::PlanCandidate;
use domain::ranking::{FirstOverload, RankingPage, RankingQuery, RankingRow};
use model::{BoxId, Headroom, IsoWeek};
use tokio::sync::Mutex;

use super::actions::MaybeAction;
use super::assessments::{extreme_from_code, flags_from_text, urgency_from_code};
use super::bands::from_json;
use super::overview::running_week;
use super::weekly_outcomes::{MaybeBefore, earlier_week};
use super::{Session, Store, StoreError, on, within};
pub(super) use list_index::{ListIndex, ListedBox};

#[derive(sqlx::FromRow)]
struct Row {
    box_id: String,
    station_number: String,
    station_name: String,
    station_function: String,
    street: String,
    house_number: String,
    postcode: String,
    town: String,
    municipality: String,
    area: String,
    region: String,
    capacity_kva: Option<f64>,
    urgency: i32,
    urgency_rank: i32,
    exceedance: Option<String>,
    peak_loading: Option<f64>,
    peak_week: Option<i32>,
    peak_extreme: Option<i32>,
    overload_week: Option<i32>,
    overload_probability: Option<f64>,
    likeliest_first_week: Option<i32>,
    median_first_week: Option<i32>,
    early_first_week: Option<i32>,
    expected_weeks: Option<f64>,
    shortfall_kw: Option<f64>,
    overload_extreme: Option<i32>,
    flags: String,
    weeks_ahead: Option<String>,
    import_headroom_kw: Option<f64>,
    feed_in_headroom_kw: Option<f64>,
    needed_kva: Option<f64>,
    early_import_week: Option<i32>,
    early_feed_in_week: Option<i32>,
    weeks_at_ratings: Option<String>,
    #[sqlx(flatten)]
    action: MaybeAction,
    #[sqlx(flatten)]
    before: MaybeBefore,
}

impl Row {
    fn into_listed(self) -> Result<ListedBox, StoreError> {
        let texts = [
            &self.box_id,
            &self.station_number,
            &self.station_name,
            &self.station_function,
            &self.street,
            &self.house_number,
            &self.town,
            &self.municipality,
            &self.area,
            &self.region,
        ];
        let searchable = search::searchable(texts.map(String::as_str), &self.postcode);
        let first_overload =
            self.overload_extreme.zip(self.expected_weeks).map(|(extreme, expected_weeks)| FirstOverload {
                extreme: extreme_from_code(extreme),
                likeliest_week: self.likeliest_first_week.map(IsoWeek::from_index),
                median_week: self.median_first_week.map(IsoWeek::from_index),
                early_week: self.early_first_week.map(IsoWeek::from_index),
                expected_weeks,
                shortfall_kw: self.shortfall_kw,
            });
        let row = RankingRow {
            rank: u32::try_from(self.urgency_rank).unwrap_or(u32::MAX),
            box_id: BoxId::new(&self.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            station_name: self.station_name,
            address: format!("{} {}", self.street, self.house_number).trim().to_owned(),
            town: self.town,
            area: self.area,
            capacity_kva: self.capacity_kva,
            urgency: urgency_from_code(self.urgency),
            exceedance: self.exceedance.as_deref().map(from_json).transpose()?,
            peak_loading: self.peak_loading,
            peak_week: self.peak_week.map(IsoWeek::from_index),
            peak_extreme: self.peak_extreme.map(extreme_from_code),
            overload_week: self.overload_week.map(IsoWeek::from_index),
            overload_probability: self.overload_probability,
            first_overload,
            headroom: self
                .import_headroom_kw
                .zip(self.feed_in_headroom_kw)
                .map(|(import_kw, feed_in_kw)| Headroom { import_kw, feed_in_kw }),
            action: self.action.summary()?,
            flags: flags_from_text(&self.flags),
            weeks_ahead: self.weeks_ahead.as_deref().map(from_json).transpose()?,
        };
        let weeks_at_ratings = self.weeks_at_ratings.as_deref().map(from_json).transpose()?;
        Ok(ListedBox {
            row,
            searchable,
            region: self.region,
            before: self.before.read(),
            needed_kva: self.needed_kva,
            early_import_week: self.early_import_week.map(IsoWeek::from_index),
            early_feed_in_week: self.early_feed_in_week.map(IsoWeek::from_index),
            weeks_at_ratings: weeks_at_ratings.unwrap_or_default(),
        })
    }
}

impl Store {
    /// A window of the ranked list, how many rows the filter lets through and, with the first window, the counts of every
    /// filter's choices. `today` is the day where people plan, by which something is overdue.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn ranking(&self, query: &RankingQuery, today: NaiveDate) -> Result<RankingPage, StoreError> {
        self.ranking_within(&Scope::All, query, today).await
    }

    /// The same within a scope.
    pub(super) async fn ranking_within(
        &self,
        scope: &Scope,
        query: &RankingQuery,
        today: NaiveDate,
    ) -> Result<RankingPage, StoreError> {
        Ok(self.list_index().await?.page(scope, query, today))
    }

    /// The boxes within a scope that are short of room.
    pub(super) async fn plan_candidates_within(
        &self,
        scope: &Scope,
    ) -> Result<Vec<PlanCandidate>, StoreError> {
        Ok(self.list_index().await?.plan_candidates(scope))
    }

    /// The list as it stands in the store now: from memory, unless an import, a run or another program has renewed it.
    pub(super) async fn list_index(&self) -> Result<Arc<ListIndex>, StoreError> {
        let revision = self.list_revision().await?;
        if let Some(index) = self.list.current(revision) {
            return Ok(index);
        }
        let _loading = self.list.loading.lock().await;
        if let Some(index) = self.list.current(revision) {
            return Ok(index);
        }
        let mut session = self.read().await?;
        let revision: Revision =
            within!(session, connection => sqlx::query_as(REVISION).fetch_one(connection).await?);
        if let Some((known, index)) = self.list.newest().filter(|(known, _)| known.boxes == revision.boxes) {
            let changed = changed_actions(&mut session, known.actions).await?;
            index.renew_actions(changed);
            self.list.keep(revision, Arc::clone(&index));
            return Ok(index);
        }
        let running_week = running_week(&mut session).await?;
        let compared_with = earlier_week(&mut session).await?;
        let rows: Vec<Row> = within!(session, connection => sqlx::query_as(ROWS)
            .bind(compared_with.map(IsoWeek::index)).fetch_all(connection).await?);
        let listed = rows.into_iter().map(Row::into_listed).collect::<Result<Vec<_>, _>>()?;
        let index = Arc::new(ListIndex::new(listed, running_week, compared_with));
        self.list.keep(revision, Arc::clone(&index));
        Ok(index)
    }

    async fn list_revision(&self) -> Result<Revision, StoreError> {
        Ok(on!(&self.pool, pool => sqlx::query_as(REVISION).fetch_one(pool).await?))
    }
}

/// How often the list was renewed, and how often something was recorded of a box in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
struct Revision {
    #[sqlx(rename = "revision")]
    boxes: i64,
    #[sqlx(rename = "action_revision")]
    actions: i64,
}

const REVISION: &str = "SELECT revision, action_revision FROM list_revision";
const ROWS: &str = "SELECT box_id, station_number, station_name, station_function, street, house_number, postcode, town, \
    municipality, area, region, capacity_kva, urgency, urgency_rank, exceedance, peak_loading, peak_week, peak_extreme, overload_week, \
    overload_probability, likeliest_first_week, median_first_week, early_first_week, expected_weeks, shortfall_kw, \
    overload_extreme, flags, weeks_ahead, import_headroom_kw, feed_in_headroom_kw, needed_kva, early_import_week, early_feed_in_week, weeks_at_ratings, action_version, action_status, action_day, action_owner, \
    before_urgency, before_early_week, before_is_silent FROM box \
    LEFT JOIN (SELECT box_key AS before_key, urgency AS before_urgency, early_first_week AS before_early_week, \
    is_silent AS before_is_silent FROM weekly_outcome WHERE week = $1) AS earlier ON before_key = box_key \
    ORDER BY urgency_rank, box_key";

/// Has every program read the list anew once this transaction is committed.
pub(super) async fn renew_list(write: &mut Session) -> Result<(), StoreError> {
    within!(*write, connection => sqlx::query("UPDATE list_revision SET revision = revision + 1")
        .execute(connection).await?.rows_affected());
    Ok(())
}

/// A number for what is being recorded of a box: every program reads the actions of that box anew once this transaction is
/// committed.
pub(super) async fn next_action_revision(write: &mut Session) -> Result<i64, StoreError> {
    let next = "UPDATE list_revision SET action_revision = action_revision + 1 RETURNING action_revision";
    Ok(within!(*write, connection => sqlx::query_scalar(next).fetch_one(connection).await?))
}

/// The newest actions of the boxes that something was recorded of after a revision.
async fn changed_actions(
    session: &mut Session,
    since: i64,
) -> Result<Vec<(BoxId, Option<ActionSummary>)>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Changed {
        box_id: String,
        #[sqlx(flatten)]
        action: MaybeAction,
    }
    let changed = "SELECT box_id, action_version, action_status, action_day, action_owner FROM box WHERE action_revision > $1";
    let rows: Vec<Changed> =
        within!(*session, connection => sqlx::query_as(changed).bind(since).fetch_all(connection).await?);
    let read = |Changed { box_id, action }: Changed| {
        let box_id = BoxId::new(&box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok((box_id, action.summary()?))
    };
    rows.into_iter().map(read).collect()
}

/// The list that was read last, shared by the clones of a store.
#[derive(Debug, Default)]
pub(super) struct KeptList {
    newest: RwLock<Option<(Revision, Arc<ListIndex>)>>,
    /// Held by whoever reads the list; the others wait for what it finds.
    loading: Mutex<()>,
}

impl KeptList {
    fn newest(&self) -> Option<(Revision, Arc<ListIndex>)> {
        self.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn current(&self, revision: Revision) -> Option<Arc<ListIndex>> {
        let is_current =
            |known: &Revision| known.boxes >= revision.boxes && known.actions >= revision.actions;
        self.newest().filter(|(known, _)| is_current(known)).map(|(_, index)| index)
    }

    fn keep(&self, revision: Revision, index: Arc<ListIndex>) {
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Some((revision, index));
    }
}

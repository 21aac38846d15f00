//! The ledger of warnings: which forecasts warned, and what the ledgers of all boxes come to.

use std::collections::BTreeMap;

use domain::identity::Scope;
use domain::ledger::{LedgerSums, Warning, ledger};
use model::{IsoWeek, Limits, RANKED_WEEKS, WeekExtremes};

use super::overview::running_week;
use super::{Session, Store, StoreError, on, scoped, within};

/// A forecast warns where an overload is likelier than not.
const WARNING_PROBABILITY: f64 = 0.5;
/// A warning is for the half-year ahead, whatever the horizon: the weeks that a box is ranked by, as its verdict is.
const WARNING_WEEKS: i32 = RANKED_WEEKS as i32;

#[derive(sqlx::FromRow)]
struct WarningRow {
    box_key: i64,
    week: i32,
    until_week: i32,
    probability: f64,
}

#[derive(sqlx::FromRow)]
struct SumsRow {
    area: String,
    hits: i32,
    misses: i32,
    false_alarms: i32,
    open: i32,
    lead_weeks: i32,
}

/// What a box's ledger is made from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoredWarnings {
    /// The weeks in which forecasts began, ascending.
    pub forecasts: Vec<IsoWeek>,
    /// The warnings of the box, ascending.
    pub warnings: Vec<Warning>,
    /// What the ledgers of its area come to, as of the newest run.
    pub area: Option<LedgerSums>,
    /// What those of all boxes come to.
    pub all: Option<LedgerSums>,
}

impl From<WarningRow> for Warning {
    fn from(row: WarningRow) -> Self {
        Self {
            week: IsoWeek::from_index(row.week),
            until: IsoWeek::from_index(row.until_week),
            probability: row.probability,
        }
    }
}

impl From<&SumsRow> for LedgerSums {
    fn from(row: &SumsRow) -> Self {
        let [hits, misses, false_alarms, open, lead_weeks] =
            [row.hits, row.misses, row.false_alarms, row.open, row.lead_weeks].map(i32::unsigned_abs);
        Self { hits, misses, false_alarms, open, lead_weeks }
    }
}

impl Store {
    /// Notes the warnings of all stored runs that were not looked through yet, and sums up the ledgers of all boxes by
    /// their areas. `limits_a_kva` are the limits of a transformer of 1 kVA; extremes beyond `believed` times the capacity
    /// are faults.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn renew_ledger(&self, limits_a_kva: Limits, believed: f64) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        note_warnings(&mut write).await?;
        let by_area = sums_by_area(&mut write, limits_a_kva, believed).await?;
        within!(write, connection => sqlx::query("DELETE FROM warning_sums").execute(connection).await?.rows_affected());
        for (area, sums) in by_area {
            let [hits, misses, false_alarms, open, lead_weeks] =
                [sums.hits, sums.misses, sums.false_alarms, sums.open, sums.lead_weeks]
                    .map(|count| i32::try_from(count).unwrap_or(i32::MAX));
            within!(write, connection => sqlx::query(
                "INSERT INTO warning_sums (area, hits, misses, false_alarms, open, lead_weeks) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(area).bind(hits).bind(misses).bind(false_alarms).bind(open).bind(lead_weeks)
                .execute(connection).await?.rows_affected());
        }
        write.commit().await
    }

    /// The warnings of a box, and the sums of its area and of all boxes in a scope; a list of boxes has no sums.
    pub(super) async fn stored_warnings_within(
        &self,
        scope: &Scope,
        box_id: &model::BoxId,
        area: &str,
    ) -> Result<StoredWarnings, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let warnings: Vec<WarningRow> = on!(&self.pool, pool => sqlx::query_as(
            "SELECT w.box_key, w.week, w.until_week, w.probability FROM warning w JOIN box b USING (box_key) \
             WHERE b.box_id = $1 ORDER BY w.week").bind(box_id.as_str()).fetch_all(pool).await?);
        let forecasts: Vec<i32> = on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT week FROM warned_week ORDER BY week").fetch_all(pool).await?);
        let mut session = self.read().await?;
        let statement = session.pick(
            "SELECT area, hits, misses, false_alarms, open, lead_weeks FROM warning_sums \
             WHERE $1 = 0 OR ($1 = 1 AND area IN (SELECT value FROM json_each($2)))",
            "SELECT area, hits, misses, false_alarms, open, lead_weeks FROM warning_sums \
             WHERE $1 = 0 OR ($1 = 1 AND area IN (SELECT json_array_elements_text($2::JSON)))",
        );
        let sums: Vec<SumsRow> = within!(session, connection => sqlx::query_as(statement)
            .bind(kind).bind(&names).fetch_all(connection).await?);
        let mut all = LedgerSums::default();
        for row in &sums {
            all.merge(&row.into());
        }
        Ok(StoredWarnings {
            forecasts: forecasts.into_iter().map(IsoWeek::from_index).collect(),
            warnings: warnings.into_iter().map(Warning::from).collect(),
            area: sums.iter().find(|row| row.area == area && !area.is_empty()).map(LedgerSums::from),
            all: (!sums.is_empty()).then_some(all),
        })
    }
}

async fn note_warnings(write: &mut Session) -> Result<(), StoreError> {
    // Both extremes are independent given the data, as in the assessment. Of several runs in one week the surest counts.
    let statement = write.pick(
        "INSERT INTO warning (box_key, week, until_week, probability) \
         SELECT box_key, week, min(until_week, week + $2 - 1), max(probability) FROM (\
           SELECT f.box_key, r.running_week AS week, max(f.first_week + f.weeks - 1) AS until_week, \
           1 - (1 - max(CASE f.extreme WHEN 0 THEN \
           (SELECT sum(value) FROM json_each(f.overload, '$.first_week') WHERE key < $2) ELSE 0 END)) \
             * (1 - max(CASE f.extreme WHEN 1 THEN \
           (SELECT sum(value) FROM json_each(f.overload, '$.first_week') WHERE key < $2) ELSE 0 END)) AS probability \
           FROM forecast f JOIN run r USING (run_id) \
           WHERE f.overload IS NOT NULL AND r.finished_at IS NOT NULL AND r.running_week IS NOT NULL \
           AND r.running_week NOT IN (SELECT week FROM warned_week) \
           GROUP BY f.run_id, f.box_key, r.running_week) AS warned \
         WHERE probability >= $1 GROUP BY box_key, week ON CONFLICT (box_key, week) DO NOTHING",
        "INSERT INTO warning (box_key, week, until_week, probability) \
         SELECT box_key, week, min(least(until_week, week + $2 - 1)), max(probability) FROM (\
           SELECT f.box_key, r.running_week AS week, max(f.first_week + f.weeks - 1) AS until_week, \
           1 - (1 - max(CASE f.extreme WHEN 0 THEN \
           (SELECT sum(p.chance::DOUBLE PRECISION) FROM json_array_elements_text(f.overload::JSON -> 'first_week') \
           WITH ORDINALITY AS p (chance, place) WHERE p.place <= $2) ELSE 0 END)) \
             * (1 - max(CASE f.extreme WHEN 1 THEN \
           (SELECT sum(p.chance::DOUBLE PRECISION) FROM json_array_elements_text(f.overload::JSON -> 'first_week') \
           WITH ORDINALITY AS p (chance, place) WHERE p.place <= $2) ELSE 0 END)) AS probability \
           FROM forecast f JOIN run r USING (run_id) \
           WHERE f.overload IS NOT NULL AND r.finished_at IS NOT NULL AND r.running_week IS NOT NULL \
           AND r.running_week NOT IN (SELECT week FROM warned_week) \
           GROUP BY f.run_id, f.box_key, r.running_week) AS warned \
         WHERE probability >= $1 GROUP BY box_key, week ON CONFLICT (box_key, week) DO NOTHING",
    );
    within!(*write, connection => sqlx::query(statement)
        .bind(WARNING_PROBABILITY).bind(WARNING_WEEKS).execute(connection).await?.rows_affected());
    within!(*write, connection => sqlx::query(
        "INSERT INTO warned_week (week) SELECT DISTINCT running_week FROM run \
         WHERE finished_at IS NOT NULL AND of_fleet AND running_week IS NOT NULL ON CONFLICT (week) DO NOTHING")
        .execute(connection).await?.rows_affected());
    Ok(())
}

async fn sums_by_area(
    write: &mut Session,
    limits_a_kva: Limits,
    believed: f64,
) -> Result<BTreeMap<String, LedgerSums>, StoreError> {
    let forecasts: Vec<i32> = within!(*write, connection => sqlx::query_scalar(
        "SELECT week FROM warned_week ORDER BY week").fetch_all(connection).await?);
    let (Some(first), Some(running)) = (forecasts.first().copied(), running_week(write).await?) else {
        return Ok(BTreeMap::new());
    };
    let forecasts: Vec<IsoWeek> = forecasts.into_iter().map(IsoWeek::from_index).collect();
    let warned: Vec<WarningRow> = within!(*write, connection => sqlx::query_as(
        "SELECT box_key, week, until_week, probability FROM warning ORDER BY box_key, week")
        .fetch_all(connection).await?);
    // Half a year before the first forecast as well: an overload that goes on is not a new one.
    let overloaded: Vec<(i64, i32)> = within!(*write, connection => sqlx::query_as(
        "SELECT e.box_key, e.week FROM week_extremes e JOIN box b USING (box_key) \
         WHERE e.phase = 0 AND e.week >= $1 AND e.week < $2 AND b.capacity_kva IS NOT NULL \
         AND e.max_kw <= b.capacity_kva * $5 AND e.min_kw >= -b.capacity_kva * $5 \
         AND (e.max_kw > b.capacity_kva * $3 OR e.min_kw < -b.capacity_kva * $4) ORDER BY e.box_key, e.week")
        .bind(first - WARNING_WEEKS).bind(running.index())
        .bind(limits_a_kva.import_kw).bind(limits_a_kva.feed_in_kw).bind(believed)
        .fetch_all(connection).await?);
    let mut boxes: BTreeMap<i64, (Vec<Warning>, Vec<IsoWeek>)> = BTreeMap::new();
    for row in warned {
        boxes.entry(row.box_key).or_default().0.push(row.into());
    }
    for (key, week) in overloaded {
        boxes.entry(key).or_default().1.push(IsoWeek::from_index(week));
    }
    let areas: Vec<(i64, String)> = within!(*write, connection => sqlx::query_as(
        "SELECT box_key, area FROM box").fetch_all(connection).await?);
    let areas: BTreeMap<i64, String> = areas.into_iter().collect();
    let mut sums: BTreeMap<String, LedgerSums> = BTreeMap::new();
    for (key, (warnings, overloads)) in boxes {
        let area = areas.get(&key).cloned().unwrap_or_default();
        let of_area = sums.entry(area).or_default();
        for entry in ledger(&forecasts, &warnings, &overloads, running.plus(-1)) {
            of_area.add(&entry);
        }
    }
    Ok(sums)
}

/// The weeks in which a box passed a limit, from half a year before the first forecast on; faults left out.
pub fn overloaded_weeks(
    weeks: &[WeekExtremes],
    forecasts: &[IsoWeek],
    limits: &Limits,
    believed_kw: f64,
) -> Vec<IsoWeek> {
    let Some(first) = forecasts.first().map(|week| week.plus(-WARNING_WEEKS)) else { return Vec::new() };
    let is_believed = |week: &WeekExtremes| week.max_kw <= believed_kw && week.min_kw >= -believed_kw;
    let passes = |week: &WeekExtremes| limits.exceeded_by(week.max_kw) || limits.exceeded_by(week.min_kw);
    let found = weeks.iter().filter(|week| week.week >= first && is_believed(week) && passes(week));
    found.map(|week| week.week).collect()
}

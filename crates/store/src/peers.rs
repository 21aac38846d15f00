//! What the forecasts of measured boxes say of those that are not measured: one row for each capacity.

use domain::box_detail::Peers;
use model::{IsoWeek, RANKED_WEEKS};

use super::{Session, StoreError, within};

/// The row that stands for all measured boxes.
const ALL_KVA: f64 = 0.0;

/// The newest forecasts of measured boxes, of all of them and by capacity where enough of them share it.
const RENEW: &str = "INSERT INTO peers (capacity_kva, boxes, expected_overloads, until_week) \
    SELECT capacity_kva, count(*), sum(overload_probability), \
    (SELECT max(first_week + history + CASE WHEN weeks - history < $3 THEN weeks - history ELSE $3 END - 1) \
    FROM forecast WHERE is_valid) FROM box \
    WHERE overload_probability IS NOT NULL AND capacity_kva IS NOT NULL GROUP BY capacity_kva HAVING count(*) >= $1 \
    UNION ALL SELECT $2, count(*), sum(overload_probability), \
    (SELECT max(first_week + history + CASE WHEN weeks - history < $3 THEN weeks - history ELSE $3 END - 1) \
    FROM forecast WHERE is_valid) FROM box \
    WHERE overload_probability IS NOT NULL AND capacity_kva IS NOT NULL HAVING count(*) >= $1";

#[derive(sqlx::FromRow)]
struct Row {
    capacity_kva: f64,
    boxes: i64,
    expected_overloads: f64,
    until_week: i32,
}

/// Renews them, within the transaction that closes a run.
pub(super) async fn renew_peers(write: &mut Session) -> Result<(), StoreError> {
    within!(*write, connection => sqlx::query("DELETE FROM peers").execute(connection).await?.rows_affected());
    within!(*write, connection => sqlx::query(RENEW)
        .bind(i64::from(Peers::FEWEST)).bind(ALL_KVA).bind(RANKED_WEEKS as i32).execute(connection).await?.rows_affected());
    Ok(())
}

/// Those of a box of this capacity; nothing where too few boxes are measured.
pub(super) async fn peers_of(
    session: &mut Session,
    capacity_kva: Option<f64>,
) -> Result<Option<Peers>, StoreError> {
    let row: Option<Row> = within!(*session, connection => sqlx::query_as(
        "SELECT capacity_kva, boxes, expected_overloads, until_week FROM peers WHERE capacity_kva IN ($1, $2) \
         ORDER BY capacity_kva DESC LIMIT 1")
        .bind(capacity_kva).bind(ALL_KVA).fetch_optional(connection).await?);
    Ok(row.map(|row| Peers {
        capacity_kva: (row.capacity_kva > ALL_KVA).then_some(row.capacity_kva),
        boxes: super::overview::count(row.boxes),
        expected_overloads: row.expected_overloads,
        until: IsoWeek::from_index(row.until_week),
    }))
}

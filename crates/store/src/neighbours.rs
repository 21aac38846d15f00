//! The boxes around a place, with their room.

use domain::identity::Scope;
use domain::neighbours::{Neighbour, Position};
use model::{BoxId, Headroom};

use super::{Store, StoreError, scoped, within};

#[derive(sqlx::FromRow)]
struct Row {
    box_id: String,
    station_name: String,
    latitude: f64,
    longitude: f64,
    import_headroom_kw: f64,
    feed_in_headroom_kw: f64,
}

impl Row {
    fn read(self, here: Position) -> Result<Neighbour, StoreError> {
        let there = Position { latitude: self.latitude, longitude: self.longitude };
        Ok(Neighbour {
            box_id: BoxId::new(&self.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            station_name: self.station_name,
            distance_m: here.distance_m(there),
            headroom: Headroom { import_kw: self.import_headroom_kw, feed_in_kw: self.feed_in_headroom_kw },
        })
    }
}

impl Store {
    /// The boxes of a scope in service with a forecast around the place of one of them; not those whose limit was passed in
    /// the last weeks, whatever their forecast says.
    pub(super) async fn neighbours_within(
        &self,
        scope: &Scope,
        (box_id, here): (&BoxId, Position),
        within_m: f64,
    ) -> Result<Vec<Neighbour>, StoreError> {
        let (kind, names) = scoped::parameters(scope)?;
        let (south_west, north_east) = here.surroundings(within_m);
        let mut session = self.read().await?;
        let statement = format!(
            "SELECT box_id, station_name, latitude, longitude, import_headroom_kw, feed_in_headroom_kw FROM box \
             WHERE box_id <> $1 AND {} AND latitude BETWEEN $4 AND $5 AND longitude BETWEEN $6 AND $7 \
             AND in_service AND import_headroom_kw IS NOT NULL AND feed_in_headroom_kw IS NOT NULL \
             AND exceeded_weeks IS NULL",
            scoped::condition(&session)
        );
        let rows: Vec<Row> = within!(session, connection => sqlx::query_as(sqlx::AssertSqlSafe(statement))
            .bind(box_id.as_str()).bind(kind).bind(&names)
            .bind(south_west.latitude).bind(north_east.latitude)
            .bind(south_west.longitude).bind(north_east.longitude)
            .fetch_all(connection).await?);
        rows.into_iter().map(|row| row.read(here)).collect()
    }
}

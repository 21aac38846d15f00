//! Box metadata, written by the import.

use domain::box_metadata::BoxMetadata;
use model::BoxId;

use super::ranking::renew_list;
use super::{Session, Store, StoreError, within};

/// The key of a box; inserts the box if it is new.
pub(super) async fn key_of(write: &mut Session, box_id: &BoxId) -> Result<i64, StoreError> {
    let found: Option<i64> = within!(*write, connection => sqlx::query_scalar(
        "SELECT box_key FROM box WHERE box_id = $1").bind(box_id.as_str()).fetch_optional(connection).await?);
    if let Some(key) = found {
        return Ok(key);
    }
    Ok(within!(*write, connection => sqlx::query_scalar(
        "INSERT INTO box (box_id) VALUES ($1) ON CONFLICT (box_id) DO UPDATE SET box_id = excluded.box_id \
         RETURNING box_key")
        .bind(box_id.as_str()).fetch_one(connection).await?))
}

impl Store {
    /// Writes box metadata as the file reports it; fields that the file lacks become empty, but a
    /// capacity that is known stays where the file has none. Boxes that it doesn't name keep theirs. All or nothing. Returns how many boxes are new or changed.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn save_boxes(&self, boxes: &[BoxMetadata]) -> Result<u64, StoreError> {
        let mut write = self.write().await?;
        let changed = save_all(&mut write, boxes).await?;
        renew_list(&mut write).await?;
        write.commit().await?;
        Ok(changed)
    }
}

/// Writes box metadata within a transaction; returns how many boxes are new or changed.
pub(super) async fn save_all(write: &mut Session, boxes: &[BoxMetadata]) -> Result<u64, StoreError> {
    let mut changed = 0;
    for metadata in boxes {
        let key = key_of(write, &metadata.box_id).await?;
        changed += save(write, key, metadata).await?;
    }
    Ok(changed)
}

/// A change of any column makes the box due for a new assessment; an equal row is left alone.
async fn save(write: &mut Session, key: i64, metadata: &BoxMetadata) -> Result<u64, StoreError> {
    let text = |searched: &Option<String>| searched.clone().unwrap_or_default();
    Ok(within!(*write, connection => sqlx::query(
        "UPDATE box SET station_number = $2, station_name = $3, station_function = $4, area = $5, region = $6, \
         street = $7, house_number = $8, postcode = $9, town = $10, municipality = $11, latitude = $12, \
         longitude = $13, tap_position = $14, capacity_kva = COALESCE($15, capacity_kva), in_service = $16, \
         revision = revision + 1 \
         WHERE box_key = $1 AND NOT (station_number = $2 AND station_name = $3 AND station_function = $4 AND area = $5 \
         AND region = $6 AND street = $7 AND house_number = $8 AND postcode = $9 AND town = $10 AND municipality = $11 \
         AND latitude IS NOT DISTINCT FROM $12 AND longitude IS NOT DISTINCT FROM $13 AND tap_position = $14 \
         AND capacity_kva IS NOT DISTINCT FROM COALESCE($15, capacity_kva) AND in_service = $16)")
        .bind(key).bind(text(&metadata.station_number)).bind(text(&metadata.station_name))
        .bind(text(&metadata.station_function)).bind(text(&metadata.area)).bind(text(&metadata.region))
        .bind(text(&metadata.street)).bind(text(&metadata.house_number)).bind(text(&metadata.postcode))
        .bind(text(&metadata.town)).bind(text(&metadata.municipality)).bind(metadata.latitude)
        .bind(metadata.longitude).bind(text(&metadata.tap_position))
        .bind(metadata.capacity.map(|capacity| capacity.kva())).bind(metadata.is_in_service())
        .execute(connection).await?.rows_affected()))
}

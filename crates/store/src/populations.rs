//! The population that a run learned from the fleet, and the sample it learns from.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{Extreme, IsoWeek, gridspark::Population};
use serde::{Deserialize, Serialize};

use super::assessments::extreme_to_code;
use super::bands::{from_json, to_json};
use super::extremes::series_by_key;
use super::{FleetBox, Store, StoreError, on, within};

/// What the fleet has in common, for each extreme; all fits share its prepared parts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredPopulation", into = "StoredPopulation")]
pub struct FleetPopulation {
    minimum: Arc<Population>,
    maximum: Arc<Population>,
}

/// Its stored form.
#[derive(Serialize, Deserialize)]
struct StoredPopulation {
    minimum: Population,
    maximum: Population,
}

impl From<StoredPopulation> for FleetPopulation {
    fn from(halves: StoredPopulation) -> Self {
        Self::new(halves.minimum, halves.maximum)
    }
}

impl From<FleetPopulation> for StoredPopulation {
    fn from(fleet: FleetPopulation) -> Self {
        Self { minimum: Population::clone(&fleet.minimum), maximum: Population::clone(&fleet.maximum) }
    }
}

impl FleetPopulation {
    /// From the populations of the weekly minimum and maximum.
    pub fn new(minimum: Population, maximum: Population) -> Self {
        Self { minimum: Arc::new(minimum), maximum: Arc::new(maximum) }
    }

    /// The population of one extreme.
    pub fn of(&self, extreme: Extreme) -> &Arc<Population> {
        match extreme {
            Extreme::Min => &self.minimum,
            Extreme::Max => &self.maximum,
        }
    }
}

impl Store {
    /// The population that a run learned; `None` before that.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] if a later version wrote it in another form.
    pub async fn population(&self, run_id: i64) -> Result<Option<FleetPopulation>, StoreError> {
        let text: Option<Option<String>> = on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT population FROM run WHERE run_id = $1").bind(run_id).fetch_optional(pool).await?);
        text.flatten().as_deref().map(from_json).transpose()
    }

    /// The population of the newest other run with the same model, settings and readings.
    ///
    /// # Errors
    /// [`StoreError::Query`]; [`StoreError::Corrupt`] if a later version wrote it in another form.
    pub async fn earlier_population(&self, run_id: i64) -> Result<Option<FleetPopulation>, StoreError> {
        let text: Option<String> = on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT e.population FROM run e JOIN run r ON r.run_id = $1 AND e.run_id <> r.run_id AND e.model = r.model \
             AND e.model_version = r.model_version AND e.settings = r.settings \
             AND e.running_week IS NOT DISTINCT FROM r.running_week \
             WHERE e.population IS NOT NULL ORDER BY e.run_id DESC LIMIT 1")
            .bind(run_id).fetch_optional(pool).await?);
        text.as_deref().map(from_json).transpose()
    }

    /// Stores the population that a run learned, unless another worker of the run was first: then
    /// that one counts and is returned.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn save_population(
        &self,
        run_id: i64,
        learned: FleetPopulation,
    ) -> Result<FleetPopulation, StoreError> {
        let text = to_json(&learned)?;
        let mut write = self.write().await?;
        let kept = within!(write, connection => sqlx::query(
            "UPDATE run SET population = $2, learned_at = $3 WHERE run_id = $1 AND population IS NULL")
            .bind(run_id).bind(text).bind(Utc::now()).execute(connection).await?.rows_affected());
        within!(write, connection => sqlx::query("DELETE FROM learning WHERE run_id = $1")
            .bind(run_id).execute(connection).await?.rows_affected());
        write.commit().await?;
        if kept == 1 {
            return Ok(learned);
        }
        Ok(self.population(run_id).await?.unwrap_or(learned))
    }

    /// Claims the learning of an extreme that nobody has learned or claimed, until `until`.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn claim_learning(
        &self,
        run_id: i64,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Extreme>, StoreError> {
        let mut write = self.write().await?;
        let mut claimed = None;
        for extreme in Extreme::ALL {
            let taken = within!(write, connection => sqlx::query(
                "INSERT INTO learning (run_id, extreme, leased_until) \
                 SELECT run_id, $2, $3 FROM run WHERE run_id = $1 AND population IS NULL \
                 ON CONFLICT (run_id, extreme) DO UPDATE SET leased_until = excluded.leased_until \
                 WHERE learning.learned IS NULL AND learning.leased_until <= $4")
                .bind(run_id).bind(extreme_to_code(extreme)).bind(until).bind(now)
                .execute(connection).await?.rows_affected());
            if taken == 1 {
                claimed = Some(extreme);
                break;
            }
        }
        write.commit().await?;
        Ok(claimed)
    }

    /// Extends the lease on learning an extreme.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn extend_learning(
        &self,
        run_id: i64,
        extreme: Extreme,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE learning SET leased_until = $3 WHERE run_id = $1 AND extreme = $2 AND learned IS NULL")
            .bind(run_id).bind(extreme_to_code(extreme)).bind(until).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// Completes the learning of an extreme; if somebody else has completed it meanwhile, the
    /// result is the same.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn complete_learning(
        &self,
        run_id: i64,
        extreme: Extreme,
        learned: &Population,
    ) -> Result<(), StoreError> {
        let text = to_json(learned)?;
        let mut write = self.write().await?;
        within!(write, connection => sqlx::query(
            "UPDATE learning SET learned = $3 WHERE run_id = $1 AND extreme = $2 AND learned IS NULL")
            .bind(run_id).bind(extreme_to_code(extreme)).bind(text).execute(connection).await?.rows_affected());
        write.commit().await
    }

    /// The population, once both extremes are learned.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn completed_learning(&self, run_id: i64) -> Result<Option<FleetPopulation>, StoreError> {
        let texts: Vec<String> = on!(&self.pool, pool => sqlx::query_scalar(
            "SELECT learned FROM learning WHERE run_id = $1 AND learned IS NOT NULL ORDER BY extreme")
            .bind(run_id).fetch_all(pool).await?);
        let [minimum, maximum] = texts.as_slice() else { return Ok(None) };
        Ok(Some(FleetPopulation::new(from_json(minimum)?, from_json(maximum)?)))
    }

    /// At most `limit` boxes in service, spread evenly over the fleet, with their weeks before
    /// `running_week`.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn sample_fleet(
        &self,
        limit: u32,
        running_week: Option<IsoWeek>,
    ) -> Result<Vec<FleetBox>, StoreError> {
        let mut session = self.read().await?;
        let boxes: Vec<(i64, String, Option<f64>)> = within!(session, connection => sqlx::query_as(
            "SELECT box_key, box_id, capacity_kva FROM box WHERE in_service ORDER BY box_id")
            .fetch_all(connection).await?);
        let step = boxes.len().div_ceil(limit.max(1) as usize).max(1);
        let sample: Vec<(i64, String, Option<f64>)> = boxes.into_iter().step_by(step).collect();
        let keys: Vec<i64> = sample.iter().map(|(key, ..)| *key).collect();
        let mut weeks = series_by_key(&mut session, &keys, running_week).await?;
        let sampled = sample.into_iter().map(|(key, box_id, capacity_kva)| FleetBox {
            box_id,
            capacity_kva,
            weeks: weeks.remove(&key).unwrap_or_default(),
        });
        Ok(sampled.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_learned_is_read_and_knows_no_growth() {
        let mut stored = serde_json::to_value(FleetPopulation::default()).unwrap();
        for extreme in ["minimum", "maximum"] {
            let half = stored[extreme].as_object_mut().unwrap();
            half.remove("growth").unwrap();
            half.remove("future_noise").unwrap();
        }
        let read: FleetPopulation = from_json(&stored.to_string()).unwrap();
        assert_eq!(read, FleetPopulation::default());
        assert_eq!(read.of(Extreme::Min).growth.weight, 0.0);
    }
}

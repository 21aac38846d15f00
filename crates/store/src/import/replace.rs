//! Weeks for which a source's answer is complete: what it delivers replaces what was stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ingest::IngestWindow;
use domain::tally::{TallyRecord, WeekTally};
use model::{BoxId, IsoWeek};
use sqlx::QueryBuilder;

use super::{ChangedWeek, ImportTransaction, ROWS_AT_ONCE, WeekKey, keys_of};
use crate::{StoreError, within};

/// Boxes per round of queries for boxes without delivered weeks.
const BOXES_AT_ONCE: usize = 500;

impl ImportTransaction {
    /// Replaces stored weeks by a batch, which holds everything that the source delivers of each of
    /// its boxes within the window. Unchanged weeks are left alone. `last_delivered_week` is the
    /// last week that the source delivered earlier.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn replace(
        &mut self,
        batch: &[TallyRecord],
        window: IngestWindow,
        last_delivered_week: Option<IsoWeek>,
    ) -> Result<(), StoreError> {
        let delivered = self.by_place(batch).await?;
        let keys = keys_of(&delivered);
        let first = match window {
            IngestWindow::From(week) => Some(week.index()),
            IngestWindow::Everything => delivered.keys().map(|&(_, _, week)| week).min(),
        };
        let Some(first) = first else { return Ok(()) };
        self.forget_implausible(&keys, first).await?;
        let mut stored = self.stored_weeks(&keys, first, i32::MAX).await?;
        if window == IngestWindow::Everything {
            let firsts = first_weeks(&delivered);
            stored.retain(|(key, _, week), _| firsts.get(key).is_some_and(|first| week >= first));
        }
        let changed: Vec<ChangedWeek> = delivered
            .iter()
            .filter(|&(place, tally)| stored.get(place) != Some(tally))
            .map(|(&place, &tally)| ChangedWeek { place, tally })
            .collect();
        self.write_changed(&changed).await?;
        stored.retain(|place, _| {
            !delivered.contains_key(place) && is_within_delivered(place.2, last_delivered_week)
        });
        self.remove(stored.into_keys().collect()).await
    }

    /// Called after all batches: boxes (all, or only some) that no batch contained have no readings
    /// in the window any more. `last_delivered_week` as in [`replace`](Self::replace).
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn remove_absent_boxes(
        &mut self,
        window: IngestWindow,
        last_delivered_week: Option<IsoWeek>,
        only: Option<&BTreeSet<BoxId>>,
    ) -> Result<(), StoreError> {
        let (IngestWindow::From(first), Some(last)) = (window, last_delivered_week) else { return Ok(()) };
        let boxes: Vec<(i64, String)> = within!(self.write, connection => sqlx::query_as(
            "SELECT box_key, box_id FROM box ORDER BY box_key").fetch_all(connection).await?);
        let others: Vec<i64> = boxes
            .into_iter()
            .filter_map(|(key, box_id)| Some((key, BoxId::new(&box_id).ok()?)))
            .filter(|(_, box_id)| only.is_none_or(|only| only.contains(box_id)))
            .filter(|(_, box_id)| !self.keys.contains_key(box_id))
            .map(|(key, _)| key)
            .collect();
        for keys in others.chunks(BOXES_AT_ONCE) {
            let stored = self.stored_weeks(keys, first.index(), last.index()).await?;
            self.remove(stored.into_keys().collect()).await?;
        }
        Ok(())
    }

    async fn remove(&mut self, places: Vec<WeekKey>) -> Result<(), StoreError> {
        self.changed_boxes.extend(places.iter().map(|place| place.0));
        self.removed_weeks += places.len() as u64;
        for places in places.chunks(ROWS_AT_ONCE) {
            within!(self.write, connection => {
                let mut delete = QueryBuilder::new("DELETE FROM week_extremes WHERE (box_key, phase, week) IN (");
                delete.push_values(places, |mut line, &(box_key, phase, week)| {
                    line.push_bind(box_key).push_bind(phase).push_bind(week);
                });
                delete.push(")");
                delete.build().execute(connection).await?;
            });
        }
        Ok(())
    }
}

/// Whether the source had delivered this week before.
fn is_within_delivered(week: i32, last_delivered_week: Option<IsoWeek>) -> bool {
    last_delivered_week.is_some_and(|last| week <= last.index())
}

/// The first delivered week of each box.
fn first_weeks(delivered: &BTreeMap<WeekKey, WeekTally>) -> HashMap<i64, i32> {
    let mut firsts = HashMap::new();
    for &(key, _, week) in delivered.keys() {
        firsts.entry(key).and_modify(|first: &mut i32| *first = week.min(*first)).or_insert(week);
    }
    firsts
}

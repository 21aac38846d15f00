//! The rows that have been fetched, in chunks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use domain::ranking::{Facets, RankingPage, RankingQuery, RankingRow};
use model::BoxId;

/// Rows asked for at once.
pub(super) const CHUNK: u32 = 100;

/// What is known of the list for one question.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rows {
    query: RankingQuery,
    total: u32,
    facets: Facets,
    chunks: BTreeMap<u32, Arc<[RankingRow]>>,
    requested: BTreeSet<u32>,
}

impl Rows {
    /// The list as its first chunk shows it.
    pub(super) fn new(query: RankingQuery, first: RankingPage) -> Self {
        let mut rows = Self { query, ..Self::default() };
        rows.requested.insert(0);
        rows.insert(0, first);
        rows
    }

    /// The question, its window left open.
    pub(super) fn query(&self) -> &RankingQuery {
        &self.query
    }

    /// How many rows the filter lets through.
    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// How many boxes each choice of each filter would show.
    pub(super) fn facets(&self) -> &Facets {
        &self.facets
    }

    /// A row, where it has been fetched.
    pub(super) fn get(&self, row: u32) -> Option<&RankingRow> {
        self.chunks.get(&(row / CHUNK))?.get((row % CHUNK) as usize)
    }

    /// Where a box stands, if its row has been fetched.
    pub(super) fn place_of(&self, box_id: &BoxId) -> Option<u32> {
        self.chunks.iter().find_map(|(chunk, rows)| {
            let place = rows.iter().position(|row| row.box_id == *box_id)?;
            Some(chunk * CHUNK + u32::try_from(place).ok()?)
        })
    }

    /// The chunks to ask for so that these rows and those around them are there; each is named once.
    pub(super) fn request(&mut self, rows: Range<u32>) -> Vec<u32> {
        let last = self.total.saturating_sub(1) / CHUNK;
        // One chunk ahead and one behind, fetched before they are scrolled to.
        let first = (rows.start / CHUNK).saturating_sub(1);
        (first..=(rows.end / CHUNK + 1).min(last)).filter(|chunk| self.requested.insert(*chunk)).collect()
    }

    /// Takes in a chunk.
    pub(super) fn insert(&mut self, chunk: u32, page: RankingPage) {
        self.total = page.total;
        if let Some(facets) = page.facets {
            self.facets = facets;
        }
        self.chunks.insert(chunk, page.rows.into());
    }

    /// Forgets that a chunk was asked for, because the answer failed: scrolling asks again.
    pub(super) fn release(&mut self, chunk: u32) {
        self.requested.remove(&chunk);
    }

    /// The question for the first chunk, and for the place of a box in the whole list.
    pub(super) fn first_query(query: &RankingQuery, chosen: Option<BoxId>) -> RankingQuery {
        RankingQuery { place_of: chosen, ..Self::chunk_query(query, 0) }
    }

    /// The question for a chunk.
    pub(super) fn chunk_query(query: &RankingQuery, chunk: u32) -> RankingQuery {
        RankingQuery { offset: chunk * CHUNK, limit: CHUNK, ..query.clone() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use domain::urgency::Urgency;

    use super::*;

    pub(in crate::ranking) fn page(from: u32, count: u32, total: u32) -> RankingPage {
        let row = |rank| RankingRow {
            rank,
            box_id: BoxId::new(&format!("B{rank}")).unwrap(),
            station_name: String::new(),
            address: String::new(),
            town: String::new(),
            area: String::new(),
            capacity_kva: None,
            urgency: Urgency::Ample,
            exceedance: None,
            peak_loading: None,
            peak_week: None,
            peak_extreme: None,
            overload_week: None,
            overload_probability: None,
            first_overload: None,
            headroom: None,
            action: None,
            flags: Vec::new(),
            weeks_ahead: None,
        };
        RankingPage { rows: (from..from + count).map(row).collect(), total, place: None, facets: None }
    }

    #[test]
    fn chunks_are_asked_for_once_and_ahead_of_scrolling() {
        let mut rows = Rows::new(RankingQuery::default(), page(0, 100, 35_000));
        assert_eq!(rows.request(0..50), [1]);
        assert_eq!(rows.request(0..50), Vec::<u32>::new());
        assert_eq!(rows.request(20_000..20_050), [199, 200, 201]);
        assert_eq!(rows.request(34_950..35_000), [348, 349]);
        rows.release(200);
        assert_eq!(rows.request(20_000..20_050), [200]);
    }

    #[test]
    fn rows_are_found_across_chunks_and_missing_ones_are_none() {
        let mut rows = Rows::new(RankingQuery::default(), page(0, 100, 250));
        rows.insert(2, page(200, 50, 250));
        assert_eq!(rows.get(99).map(|row| row.rank), Some(99));
        assert_eq!(rows.get(100), None);
        assert_eq!(rows.get(249).map(|row| row.rank), Some(249));
        assert_eq!(rows.get(250), None);
        assert_eq!(rows.place_of(&BoxId::new("B249").unwrap()), Some(249));
        assert_eq!(rows.place_of(&BoxId::new("B150").unwrap()), None);
    }

    #[test]
    fn an_empty_list_asks_for_nothing_more() {
        let mut rows = Rows::new(RankingQuery::default(), RankingPage::default());
        assert!(rows.request(0..0).is_empty());
    }
}

//! Tallies that readings are still added to.

use std::collections::HashMap;

use domain::tally::SeenQuarters;
use model::IsoWeek;

use super::PHASES;

/// The series and week of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) series: u32,
    pub(super) week: IsoWeek,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct OpenTally {
    pub(super) key: Key,
    pub(super) min_kw: f64,
    pub(super) max_kw: f64,
    pub(super) seen: SeenQuarters,
}

impl OpenTally {
    /// Adds another tally of the same key.
    pub(super) fn union_with(&mut self, other: &Self) {
        self.min_kw = self.min_kw.min(other.min_kw);
        self.max_kw = self.max_kw.max(other.max_kw);
        self.seen = self.seen.union(&other.seen);
    }
}

/// The tally of a series that the last reading went to: a series' readings mostly arrive week by
/// week.
#[derive(Debug, Clone, Copy)]
struct LatestTally {
    week: IsoWeek,
    /// Index of the tally, or [`NO_TALLY`].
    index: u32,
    /// Whether the series ever had a tally.
    has_readings: bool,
}

const NO_TALLY: u32 = u32::MAX;

/// The open tallies by series and week.
#[derive(Debug, Default)]
pub(super) struct OpenTallies {
    tallies: Vec<OpenTally>,
    last: Vec<LatestTally>,
    indices: HashMap<Key, u32>,
}

impl OpenTallies {
    /// Adds a finite value to the tally of a series and week.
    #[inline]
    pub(super) fn add(&mut self, series: u32, week: IsoWeek, quarter: u16, value_kw: f64) {
        let index = match self.last.get(series as usize) {
            Some(last) if last.week == week && last.index != NO_TALLY => last.index,
            _ => self.index_of(series, week),
        };
        if let Some(tally) = self.tallies.get_mut(index as usize) {
            if value_kw < tally.min_kw {
                tally.min_kw = value_kw;
            }
            if value_kw > tally.max_kw {
                tally.max_kw = value_kw;
            }
            tally.seen.insert(quarter);
        }
    }

    /// Adds another tally.
    pub(super) fn union_with(&mut self, tally: &OpenTally) {
        let index = self.index_of(tally.key.series, tally.key.week);
        if let Some(open) = self.tallies.get_mut(index as usize) {
            open.union_with(tally);
        }
    }

    /// Finds or opens a tally and makes it the latest of its series.
    #[cold]
    fn index_of(&mut self, series: u32, week: IsoWeek) -> u32 {
        let key = Key { series, week };
        let next = self.tallies.len() as u32;
        let index = *self.indices.entry(key).or_insert(next);
        if index == next {
            let seen = SeenQuarters::default();
            self.tallies.push(OpenTally { key, min_kw: f64::INFINITY, max_kw: f64::NEG_INFINITY, seen });
        }
        let series = series as usize;
        if self.last.len() <= series {
            self.last.resize(series + 1, LatestTally { week, index: NO_TALLY, has_readings: false });
        }
        self.last[series] = LatestTally { week, index, has_readings: true };
        index
    }

    pub(super) fn len(&self) -> usize {
        self.tallies.len()
    }

    /// Number of boxes that ever had a tally.
    pub(super) fn boxes_seen(&self) -> usize {
        self.last.chunks(PHASES as usize).filter(|phases| phases.iter().any(|last| last.has_readings)).count()
    }

    /// Removes and returns all tallies in key order.
    pub(super) fn take_sorted(&mut self) -> Vec<OpenTally> {
        let mut tallies = std::mem::take(&mut self.tallies);
        tallies.sort_unstable_by_key(|tally| tally.key);
        self.indices.clear();
        for last in &mut self.last {
            last.index = NO_TALLY;
        }
        tallies
    }
}

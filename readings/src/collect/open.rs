//! Tallies that are still being added to.

use std::collections::HashMap;

use domain::tally::SeenQuarters;
use model::IsoWeek;

use super::PHASES;

/// What a tally belongs to.
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
    /// Takes in what another tally of the same key has seen.
    pub(super) fn unite(&mut self, other: &Self) {
        self.min_kw = self.min_kw.min(other.min_kw);
        self.max_kw = self.max_kw.max(other.max_kw);
        self.seen = self.seen.union(&other.seen);
    }
}

/// The tally of each series to which the last reading went: readings of a series mostly come week by week.
#[derive(Debug, Clone, Copy)]
struct Last {
    week: IsoWeek,
    /// Index of the tally, or [`NONE`].
    index: u32,
    /// Whether the series ever had a tally.
    is_used: bool,
}

const NONE: u32 = u32::MAX;

/// The open tallies by series and week.
#[derive(Debug, Default)]
pub(super) struct OpenTallies {
    tallies: Vec<OpenTally>,
    last: Vec<Last>,
    indices: HashMap<Key, u32>,
}

impl OpenTallies {
    /// Adds a finite value to the tally of a series and week.
    #[inline]
    pub(super) fn add(&mut self, series: u32, week: IsoWeek, quarter: u16, value_kw: f64) {
        let index = match self.last.get(series as usize) {
            Some(last) if last.week == week && last.index != NONE => last.index,
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

    /// Takes in what another tally has seen.
    pub(super) fn unite(&mut self, tally: &OpenTally) {
        let index = self.index_of(tally.key.series, tally.key.week);
        if let Some(open) = self.tallies.get_mut(index as usize) {
            open.unite(tally);
        }
    }

    /// Finds or opens a tally and makes it the last of its series.
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
            self.last.resize(series + 1, Last { week, index: NONE, is_used: false });
        }
        self.last[series] = Last { week, index, is_used: true };
        index
    }

    pub(super) fn len(&self) -> usize {
        self.tallies.len()
    }

    /// Number of boxes that ever had a tally.
    pub(super) fn boxes_seen(&self) -> usize {
        self.last.chunks(PHASES as usize).filter(|phases| phases.iter().any(|last| last.is_used)).count()
    }

    /// Hands out all tallies in order of their keys and is empty afterwards.
    pub(super) fn take_sorted(&mut self) -> Vec<OpenTally> {
        let mut tallies = std::mem::take(&mut self.tallies);
        tallies.sort_unstable_by_key(|tally| tally.key);
        self.indices.clear();
        for last in &mut self.last {
            last.index = NONE;
        }
        tallies
    }
}

//! What the filters look at, close together in memory: every question passes over all boxes.

use domain::ranking::Change;
use domain::urgency::Urgency;
use model::{Extreme, Flag, IsoWeek};

use super::ListedBox;

/// What the filters look at of one box, apart from its texts and what was recorded of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Criteria {
    pub(super) urgency: Urgency,
    pub(super) peak_extreme: Option<Extreme>,
    /// A place among the list's areas.
    pub(super) area: u32,
    /// A place among the list's regions.
    pub(super) region: u32,
    /// By place among [`Flag::ALL`].
    pub(super) flags: ChoiceBits,
    /// By place among [`Change::ALL`].
    pub(super) changes: ChoiceBits,
    pub(super) early_week: Option<IsoWeek>,
    pub(super) early_import_week: Option<IsoWeek>,
    pub(super) early_feed_in_week: Option<IsoWeek>,
    pub(super) overload_probability: Option<f64>,
    pub(super) peak_loading: Option<f64>,
    pub(super) import_headroom_kw: Option<f64>,
    pub(super) feed_in_headroom_kw: Option<f64>,
}

impl Criteria {
    pub(super) fn of(listed: &ListedBox, area: u32, region: u32) -> Self {
        let ListedBox { row, before, early_import_week, early_feed_in_week, .. } = listed;
        Self {
            urgency: row.urgency,
            peak_extreme: row.peak_extreme,
            area,
            region,
            flags: ChoiceBits::new(Flag::ALL.map(|flag| row.flags.contains(&flag))),
            changes: ChoiceBits::new(Change::ALL.map(|change| change.admits(row, before.as_ref()))),
            early_week: row.first_overload.and_then(|first| first.early_week),
            early_import_week: *early_import_week,
            early_feed_in_week: *early_feed_in_week,
            overload_probability: row.overload_probability,
            peak_loading: row.peak_loading,
            import_headroom_kw: row.headroom.map(|room| room.import_kw),
            feed_in_headroom_kw: row.headroom.map(|room| room.feed_in_kw),
        }
    }

    /// The first week by which the chance of an overload by one direction is above the risk.
    pub(super) fn early_week_of(&self, direction: Extreme) -> Option<IsoWeek> {
        match direction {
            Extreme::Min => self.early_feed_in_week,
            Extreme::Max => self.early_import_week,
        }
    }

    /// Overloaded as measured or as forecast.
    pub(super) fn is_overloaded(&self) -> bool {
        matches!(self.urgency, Urgency::Exceeded | Urgency::Overload)
    }
}

/// The choices of a filter that a box is among: a bit for each, by its place among all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChoiceBits(u32);

impl ChoiceBits {
    /// Of at most 32 choices.
    pub(super) fn new<const CHOICES: usize>(is_among: [bool; CHOICES]) -> Self {
        const { assert!(CHOICES <= 32) };
        Self(is_among.into_iter().rev().fold(0, |bits, is_among| bits << 1 | u32::from(is_among)))
    }

    /// Whether the box is among the choice at a place.
    pub(super) fn has(self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    /// Adds the box to the count of each choice that it is among.
    pub(super) fn count(self, counts: &mut [u32]) {
        let mut left = self.0;
        while left != 0 {
            if let Some(count) = counts.get_mut(left.trailing_zeros() as usize) {
                *count += 1;
            }
            left &= left - 1;
        }
    }
}

//! Boxes by each filter's choices.

use chrono::NaiveDate;
use domain::actions::{ActionFilter, ActionSummary};
use domain::ranking::{AreaCount, Change, Facets, RegionCount};
use domain::urgency::Urgency;
use model::{Extreme, Flag};

use super::ListedBox;
use super::filter::{self, admits};

/// Boxes by each filter's choices.
pub(super) struct Counts {
    any_urgency: u32,
    urgency: [u32; Urgency::ALL.len()],
    areas: Vec<u32>,
    regions: Vec<u32>,
    flags: [u32; Flag::ALL.len()],
    peak_extremes: [u32; Extreme::ALL.len()],
    actions: [u32; ActionFilter::ALL.len()],
    changes: [u32; Change::ALL.len()],
}

impl Counts {
    pub(super) fn new(areas: usize, regions: usize) -> Self {
        Self {
            any_urgency: 0,
            urgency: Default::default(),
            areas: vec![0; areas],
            regions: vec![0; regions],
            flags: Default::default(),
            peak_extremes: Default::default(),
            actions: Default::default(),
            changes: Default::default(),
        }
    }

    /// Counts a box for every filter that alone keeps it from the list, and for all of them if none does.
    pub(super) fn add(
        &mut self,
        (listed, recorded): (&ListedBox, Option<&ActionSummary>),
        [area, region]: [u32; 2],
        failed: u16,
        is_shown: bool,
        today: NaiveDate,
    ) {
        let row = &listed.row;
        if failed & !(filter::URGENCY | filter::DEFAULT) == 0 {
            self.any_urgency += u32::from(is_shown);
            let place = Urgency::ALL.iter().position(|class| *class == row.urgency);
            place.into_iter().for_each(|place| self.urgency[place] += 1);
        }
        if failed & !filter::AREA == 0 {
            self.areas[area as usize] += 1;
        }
        if failed & !filter::REGION == 0 {
            self.regions[region as usize] += 1;
        }
        if failed & !(filter::FLAG | filter::DEFAULT) == 0 {
            for (flag, boxes) in Flag::ALL.iter().zip(&mut self.flags) {
                *boxes += u32::from(row.flags.contains(flag));
            }
        }
        if failed & !filter::ACTION == 0 {
            for (action, boxes) in ActionFilter::ALL.iter().zip(&mut self.actions) {
                *boxes += u32::from(admits(*action, (row, recorded), today));
            }
        }
        if failed & !(filter::CHANGE | filter::DEFAULT) == 0 {
            for (change, boxes) in Change::ALL.iter().zip(&mut self.changes) {
                *boxes += u32::from(change.admits(row, listed.before.as_ref()));
            }
        }
        if failed & !filter::PEAK_EXTREME == 0 {
            for (extreme, boxes) in Extreme::ALL.iter().zip(&mut self.peak_extremes) {
                *boxes += u32::from(row.peak_extreme == Some(*extreme));
            }
        }
    }

    pub(super) fn into_facets(self, areas: &[String], regions: &[String]) -> Facets {
        let counted = areas.iter().zip(self.areas).filter(|(_, boxes)| *boxes > 0);
        let known = regions.iter().zip(self.regions).filter(|(name, boxes)| *boxes > 0 && !name.is_empty());
        Facets {
            any_urgency: self.any_urgency,
            urgency: self.urgency,
            areas: counted.map(|(area, boxes)| AreaCount { area: area.clone(), boxes }).collect(),
            regions: known.map(|(region, boxes)| RegionCount { region: region.clone(), boxes }).collect(),
            flags: Flag::ALL.into_iter().zip(self.flags).filter(|(_, boxes)| *boxes > 0).collect(),
            peak_extremes: self.peak_extremes,
            actions: self.actions,
            changes: self.changes,
        }
    }
}

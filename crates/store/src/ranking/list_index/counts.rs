//! Boxes by each filter's choices.

use chrono::NaiveDate;
use domain::actions::{ActionFilter, ActionSummary};
use domain::ranking::{AreaCount, Change, Facets, RegionCount};
use domain::urgency::Urgency;
use model::{Extreme, Flag};

use super::criteria::{ChoiceBits, Criteria};
use super::filter::{self, Filters};

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
    today: NaiveDate,
}

impl Counts {
    pub(super) fn new(areas: usize, regions: usize, today: NaiveDate) -> Self {
        Self {
            any_urgency: 0,
            urgency: Default::default(),
            areas: vec![0; areas],
            regions: vec![0; regions],
            flags: Default::default(),
            peak_extremes: Default::default(),
            actions: Default::default(),
            changes: Default::default(),
            today,
        }
    }

    /// Counts a box for every filter that alone keeps it from the list, and for all of them if none does.
    pub(super) fn add(
        &mut self,
        criteria: &Criteria,
        recorded: Option<&ActionSummary>,
        failed: u16,
        filters: &Filters<'_>,
    ) {
        if failed & filter::OTHER != 0 {
            return;
        }
        if failed & !(filter::URGENCY | filter::DEFAULT) == 0 {
            self.any_urgency += u32::from(filters.shows_by_default(criteria));
            let is_of = |urgency| urgency == criteria.urgency;
            ChoiceBits::new(Urgency::ALL.map(is_of)).count(&mut self.urgency);
        }
        if failed & !filter::AREA == 0 {
            self.areas[criteria.area as usize] += 1;
        }
        if failed & !filter::REGION == 0 {
            self.regions[criteria.region as usize] += 1;
        }
        if failed & !(filter::FLAG | filter::DEFAULT) == 0 {
            criteria.flags.count(&mut self.flags);
        }
        if failed & !filter::ACTION == 0 {
            let admits = |action: ActionFilter| action.admits(recorded, criteria.is_overloaded(), self.today);
            ChoiceBits::new(ActionFilter::ALL.map(admits)).count(&mut self.actions);
        }
        if failed & !(filter::CHANGE | filter::DEFAULT) == 0 {
            criteria.changes.count(&mut self.changes);
        }
        if failed & !filter::PEAK_EXTREME == 0 {
            let is_towards = |direction| filters.is_towards(direction, criteria);
            ChoiceBits::new(Extreme::ALL.map(is_towards)).count(&mut self.peak_extremes);
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

//! How many boxes are in each class, in all and by area.

use domain::identity::Scope;
use domain::overview::{AreaSummary, Overview};
use domain::urgency::Urgency;

use super::ListIndex;
use super::criteria::Criteria;

impl ListIndex {
    /// The fleet's counts; the age of data and forecasts is left open. Of the whole fleet they are counted once, whoever asks.
    pub(crate) fn overview(&self, scope: &Scope) -> Overview {
        match scope {
            Scope::All => self.overview.get_or_init(|| self.count_classes(scope)).clone(),
            Scope::Areas(_) | Scope::Boxes(_) => self.count_classes(scope),
        }
    }

    fn count_classes(&self, scope: &Scope) -> Overview {
        let is_within = self.is_within(scope);
        let mut is_seen = vec![*scope == Scope::All; self.areas.len()];
        let mut overview = Overview::default();
        let mut areas: Vec<AreaSummary> = self
            .areas
            .iter()
            .map(|area| AreaSummary {
                area: area.clone(),
                boxes: 0,
                exceeded: 0,
                overloaded: 0,
                unmeasured: 0,
            })
            .collect();
        for (at, &Criteria { urgency, area, .. }) in self.criteria.iter().enumerate() {
            if !is_within(at) {
                continue;
            }
            is_seen[area as usize] = true;
            let area = &mut areas[area as usize];
            if urgency == Urgency::Unmeasured {
                overview.unmeasured += 1;
                area.unmeasured += 1;
                continue;
            }
            overview.boxes += 1;
            area.boxes += 1;
            match urgency {
                Urgency::Exceeded => {
                    overview.exceeded += 1;
                    area.exceeded += 1;
                }
                Urgency::Overload => {
                    overview.overloaded += 1;
                    area.overloaded += 1;
                }
                Urgency::Near => overview.near += 1,
                Urgency::Ample => overview.ample += 1,
                Urgency::NoForecast => overview.no_forecast += 1,
                Urgency::Unmeasured => {}
            }
        }
        let seen = areas.into_iter().zip(is_seen).filter_map(|(area, is_seen)| is_seen.then_some(area));
        Overview { areas: seen.collect(), ..overview }
    }
}

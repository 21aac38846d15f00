//! What is new in the list since the run of an earlier week.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use chrono::NaiveDate;
use domain::actions::ActionFilter;
use domain::identity::Scope;
use domain::ranking::{Change, RankingQuery};
use domain::this_week::{Changes, FirstOverloads, NowAndBefore};
use domain::urgency::Urgency;
use model::{Extreme, Flag};

use super::ListIndex;

impl ListIndex {
    /// How many boxes changed. For the whole fleet it is found once, whoever asks.
    pub(crate) fn changes(&self, scope: &Scope) -> Changes {
        match scope {
            Scope::All => self.changes.get_or_init(|| self.find_changes(scope)).clone(),
            Scope::Areas(_) | Scope::Boxes(_) => self.find_changes(scope),
        }
    }

    fn find_changes(&self, scope: &Scope) -> Changes {
        // The counts are those of the list's own filters, so that they can't differ.
        let everything = self.page(scope, &RankingQuery::default(), NaiveDate::MIN);
        let facets = everything.facets.unwrap_or_default();
        let is_within = self.is_within(scope);
        let boxes =
            || self.boxes.iter().enumerate().filter(|(at, _)| is_within(*at)).map(|(_, listed)| listed);
        let before = |of: &dyn Fn(&domain::ranking::Before) -> bool| {
            let count = boxes().filter(|listed| listed.before.as_ref().is_some_and(of)).count();
            self.compared_with.map(|_| u32::try_from(count).unwrap_or(u32::MAX))
        };
        let of_class = |urgency| NowAndBefore {
            now: facets.of_urgency(urgency),
            before: before(&|before| before.urgency == urgency),
        };
        let mut by_week: BTreeMap<_, [u32; 2]> = BTreeMap::new();
        for listed in boxes().filter(|listed| listed.row.urgency == Urgency::Overload) {
            if let Some((week, extreme)) = listed.row.first_overload_week() {
                by_week.entry(week).or_default()[usize::from(extreme == Extreme::Min)] += 1;
            }
        }
        let ends = by_week.first_key_value().zip(by_week.last_key_value());
        let weeks = ends.map(|((first, _), (last, _))| (0..=*last - *first).map(|after| first.plus(after)));
        let first_overloads = weeks.into_iter().flatten().map(|week| {
            let [import, feed_in] = by_week.get(&week).copied().unwrap_or_default();
            FirstOverloads { week, import, feed_in }
        });
        Changes {
            compared_with: self.compared_with,
            exceeded: of_class(Urgency::Exceeded),
            overloaded: of_class(Urgency::Overload),
            silent: NowAndBefore {
                now: facets.of_flag(Flag::Silent),
                before: before(&|before| before.is_silent),
            },
            newly_overloaded: facets.of_change(Change::NewlyOverloaded),
            earlier: facets.of_change(Change::Earlier),
            cleared: facets.of_change(Change::Cleared),
            newly_silent: facets.of_change(Change::NewlySilent),
            first_overloads: first_overloads.collect(),
        }
    }

    /// How many boxes of the list a filter by what was recorded lets through.
    pub(crate) fn recorded(&self, scope: &Scope, filter: ActionFilter, today: NaiveDate) -> u32 {
        let is_within = self.is_within(scope);
        let actions = self.actions.read().unwrap_or_else(PoisonError::into_inner);
        let found =
            self.criteria.iter().zip(actions.iter()).enumerate().filter(|(at, (criteria, action))| {
                action.is_some()
                    && criteria.urgency != Urgency::Unmeasured
                    && filter.admits(action.as_ref(), criteria.is_overloaded(), today)
                    && is_within(*at)
            });
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    }
}

//! The rows that a planner has picked out.

use std::collections::BTreeMap;

use domain::actions::ActionSummary;
use domain::ranking::RankingRow;
use leptos::prelude::*;
use model::BoxId;

/// The most boxes that a link names.
pub(super) const MAX_SELECTED: usize = 200;

/// A selected box, and the action that its row showed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Selected {
    pub(super) box_id: BoxId,
    pub(super) action: Option<ActionSummary>,
}

impl From<&RankingRow> for Selected {
    fn from(row: &RankingRow) -> Self {
        Self { box_id: row.box_id.clone(), action: row.action.clone() }
    }
}

/// The selected boxes; they stay selected when the list is filtered or sorted anew.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    boxes: RwSignal<BTreeMap<BoxId, Option<ActionSummary>>>,
    /// The row that a range begins at.
    anchor: StoredValue<Option<u32>>,
    /// The one box that a key picked for its progress; none once the person selects themselves.
    picked: StoredValue<Option<BoxId>>,
}

impl Selection {
    pub(super) fn new() -> Self {
        Self {
            boxes: RwSignal::new(BTreeMap::new()),
            anchor: StoredValue::new(None),
            picked: StoredValue::new(None),
        }
    }

    /// How many there are; a reactive value.
    pub(super) fn len(self) -> usize {
        self.boxes.with(BTreeMap::len)
    }

    /// Whether a box is among them; a reactive value.
    pub(super) fn holds(self, box_id: &BoxId) -> bool {
        self.boxes.with(|boxes| boxes.contains_key(box_id))
    }

    /// All of them, in the order of their names.
    pub(super) fn boxes(self) -> Vec<BoxId> {
        self.boxes.with(|boxes| boxes.keys().cloned().collect())
    }

    /// All of them with the actions that their rows showed last, in the order of their names.
    pub(super) fn selected(self) -> Vec<Selected> {
        let selected = |(box_id, action): (&BoxId, &Option<ActionSummary>)| Selected {
            box_id: box_id.clone(),
            action: action.clone(),
        };
        self.boxes.with(|boxes| boxes.iter().map(selected).collect())
    }

    /// Rows were read anew and are shown: what they say of selected boxes is what the person sees.
    pub(super) fn see(self, rows: &[RankingRow]) {
        let is_news = |row: &&RankingRow| {
            self.boxes
                .with_untracked(|boxes| boxes.get(&row.box_id).is_some_and(|known| *known != row.action))
        };
        let news: Vec<&RankingRow> = rows.iter().filter(is_news).collect();
        if !news.is_empty() {
            self.boxes.update(|boxes| {
                boxes.extend(news.into_iter().map(|row| (row.box_id.clone(), row.action.clone())));
            });
        }
    }

    /// The row that a range begins at.
    pub(super) fn anchor(self) -> Option<u32> {
        self.anchor.get_value()
    }

    /// A range begins here.
    pub(super) fn begin_at(self, row: u32) {
        self.anchor.set_value(Some(row));
    }

    /// The rows have changed their places.
    pub(super) fn forget_beginning(self) {
        self.anchor.set_value(None);
    }

    /// Whether the person has selected something, rather than a key one row.
    pub(super) fn is_by_hand(self) -> bool {
        self.boxes.with_untracked(|boxes| match self.picked.get_value() {
            Some(picked) => boxes.keys().any(|box_id| *box_id != picked),
            None => !boxes.is_empty(),
        })
    }

    /// Selects this box alone, until another is picked.
    pub(super) fn pick(self, row: Selected) {
        self.picked.set_value(Some(row.box_id.clone()));
        self.boxes.set(BTreeMap::from([(row.box_id, row.action)]));
    }

    /// Selects a box, or no longer.
    pub(super) fn toggle(self, row: Selected) {
        self.picked.set_value(None);
        self.boxes.update(|boxes| {
            if boxes.remove(&row.box_id).is_none() && boxes.len() < MAX_SELECTED {
                boxes.insert(row.box_id, row.action);
            }
        });
    }

    /// Selects some boxes as well.
    pub(super) fn add(self, more: impl IntoIterator<Item = Selected>) {
        self.picked.set_value(None);
        self.boxes.update(|boxes| {
            for row in more {
                if boxes.len() < MAX_SELECTED {
                    boxes.insert(row.box_id, row.action);
                }
            }
        });
    }

    /// Selects nothing.
    pub(super) fn clear(self) {
        self.anchor.set_value(None);
        self.picked.set_value(None);
        if self.boxes.with_untracked(|boxes| !boxes.is_empty()) {
            self.boxes.set(BTreeMap::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::actions::ActionStatus;

    use super::*;
    use crate::ranking::rows::tests::page;

    fn named(number: usize) -> BoxId {
        BoxId::new(&format!("B{number}")).unwrap()
    }

    fn row(number: usize) -> Selected {
        Selected { box_id: named(number), action: None }
    }

    #[test]
    fn what_a_key_picks_gives_way_to_the_next_and_never_takes_the_place_of_what_was_selected() {
        Owner::new().with(|| {
            let selection = Selection::new();
            selection.pick(row(1));
            assert!(!selection.is_by_hand());
            selection.pick(row(2));
            assert_eq!(selection.boxes(), [named(2)]);
            selection.toggle(row(3));
            assert!(selection.is_by_hand());
            selection.clear();
            assert!(!selection.is_by_hand());
        });
    }

    #[test]
    fn boxes_are_selected_once_and_never_more_than_a_link_can_name() {
        Owner::new().with(|| {
            let selection = Selection::new();
            selection.toggle(row(1));
            selection.add([row(1), row(2)]);
            assert_eq!(selection.len(), 2);
            selection.toggle(row(1));
            assert_eq!(selection.boxes(), [named(2)]);
            selection.add((0..2 * MAX_SELECTED).map(row));
            selection.toggle(row(5_000));
            assert_eq!(selection.len(), MAX_SELECTED);
            selection.clear();
            assert_eq!((selection.len(), selection.anchor()), (0, None));
        });
    }

    #[test]
    fn what_is_seen_of_a_box_is_what_its_row_showed_last() {
        Owner::new().with(|| {
            let selection = Selection::new();
            selection.toggle(row(1));
            let action = Some(ActionSummary {
                version: 2,
                status: ActionStatus::Planned,
                day: None,
                owner: "ada".to_owned(),
            });
            let mut shown = page(1, 2, 2).rows;
            shown.iter_mut().for_each(|row| row.action = action.clone());
            selection.see(&shown);
            assert_eq!(selection.selected(), [Selected { box_id: named(1), action }]);
        });
    }
}

//! The rows that a planner has picked out.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::BoxId;

/// The most boxes that a link names.
pub(super) const MAX_SELECTED: usize = 200;

/// The selected boxes; they stay selected when the list is filtered or sorted anew.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    boxes: RwSignal<BTreeSet<BoxId>>,
    /// The row that a range begins at.
    anchor: StoredValue<Option<u32>>,
}

impl Selection {
    pub(super) fn new() -> Self {
        Self { boxes: RwSignal::new(BTreeSet::new()), anchor: StoredValue::new(None) }
    }

    /// How many there are; a reactive value.
    pub(super) fn len(self) -> usize {
        self.boxes.with(BTreeSet::len)
    }

    /// Whether a box is among them; a reactive value.
    pub(super) fn holds(self, box_id: &BoxId) -> bool {
        self.boxes.with(|boxes| boxes.contains(box_id))
    }

    /// All of them, in the order of their names.
    pub(super) fn boxes(self) -> Vec<BoxId> {
        self.boxes.with(|boxes| boxes.iter().cloned().collect())
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

    /// Selects a box, or no longer.
    pub(super) fn toggle(self, box_id: &BoxId) {
        self.boxes.update(|boxes| {
            if !boxes.remove(box_id) && boxes.len() < MAX_SELECTED {
                boxes.insert(box_id.clone());
            }
        });
    }

    /// Selects some boxes as well.
    pub(super) fn add(self, more: impl IntoIterator<Item = BoxId>) {
        self.boxes.update(|boxes| {
            for box_id in more {
                if boxes.len() < MAX_SELECTED {
                    boxes.insert(box_id);
                }
            }
        });
    }

    /// Selects nothing.
    pub(super) fn clear(self) {
        self.anchor.set_value(None);
        if self.boxes.with_untracked(|boxes| !boxes.is_empty()) {
            self.boxes.set(BTreeSet::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(number: usize) -> BoxId {
        BoxId::new(&format!("B{number}")).unwrap()
    }

    #[test]
    fn boxes_are_selected_once_and_never_more_than_a_link_can_name() {
        Owner::new().with(|| {
            let selection = Selection::new();
            selection.toggle(&named(1));
            selection.add([named(1), named(2)]);
            assert_eq!(selection.len(), 2);
            selection.toggle(&named(1));
            assert_eq!(selection.boxes(), [named(2)]);
            selection.add((0..2 * MAX_SELECTED).map(named));
            selection.toggle(&named(5_000));
            assert_eq!(selection.len(), MAX_SELECTED);
            selection.clear();
            assert_eq!((selection.len(), selection.anchor()), (0, None));
        });
    }
}

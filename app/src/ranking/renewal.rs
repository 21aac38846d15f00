//! How the detail has the list fetched anew after it changed a box.

use leptos::prelude::*;

/// Counts the changes that the list has to follow.
#[derive(Clone, Copy)]
pub(crate) struct ListRenewal(RwSignal<u32>);

impl Default for ListRenewal {
    fn default() -> Self {
        Self(RwSignal::new(0))
    }
}

impl ListRenewal {
    /// A box has changed.
    pub(crate) fn request(self) {
        self.0.update(|changes| *changes += 1);
    }

    /// How many changes there were; a reactive value.
    pub(super) fn changes(self) -> u32 {
        self.0.get()
    }
}

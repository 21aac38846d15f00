//! How the detail has the list fetched anew after it changed a box.

use domain::box_detail::BoxDetail;
use domain::ranking::RankingRow;
use domain::urgency::Urgency;
use leptos::prelude::*;
use model::BoxId;

/// What a row and a box's page both say.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    box_id: BoxId,
    urgency: Urgency,
    rank: u32,
    peak_loading: Option<f64>,
}

/// Counts the changes that the list has to follow, and holds the box that was read last.
#[derive(Clone, Copy)]
pub(crate) struct ListRenewal {
    changes: RwSignal<u32>,
    newest: RwSignal<Option<Seen>>,
    /// The boxes that something was recorded of, in the list.
    recorded: RwSignal<Vec<BoxId>>,
}

impl Default for ListRenewal {
    fn default() -> Self {
        Self { changes: RwSignal::new(0), newest: RwSignal::new(None), recorded: RwSignal::new(Vec::new()) }
    }
}

impl ListRenewal {
    /// A box has changed.
    pub(crate) fn request(self) {
        self.changes.update(|changes| *changes += 1);
    }

    /// Something was recorded of these boxes in the list: rows and detail have to say so.
    pub(super) fn recorded(self, boxes: Vec<BoxId>) {
        self.request();
        self.recorded.set(boxes);
    }

    /// The boxes that something was recorded of in the list, last; a reactive value.
    pub(crate) fn last_recorded(self) -> Vec<BoxId> {
        self.recorded.get()
    }

    /// How many changes there were; a reactive value.
    pub(crate) fn changes(self) -> u32 {
        self.changes.get()
    }

    /// A box was read: its row has to say the same.
    pub(crate) fn seen(self, detail: &BoxDetail) {
        self.newest.set(Some(Seen {
            box_id: detail.box_id.clone(),
            urgency: detail.urgency,
            rank: detail.rank,
            peak_loading: detail.assessment.as_ref().map(|found| found.peak_loading.fraction()),
        }));
    }

    /// Whether the box that was read last says otherwise than its row; a reactive value of the box.
    pub(super) fn contradicts(self, row_of: impl Fn(&BoxId) -> Option<RankingRow>) -> bool {
        self.newest.with(|newest| {
            let Some(seen) = newest else { return false };
            let row = row_of(&seen.box_id).map(|row| Seen {
                box_id: row.box_id,
                urgency: row.urgency,
                rank: row.rank,
                peak_loading: row.peak_loading,
            });
            row.is_some_and(|row| row != *seen)
        })
    }
}

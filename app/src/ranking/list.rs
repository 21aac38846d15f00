//! The list as it lives in the browser: what has been fetched, what is in view, which row has the keyboard.

use domain::ranking::{Facets, RankingPage, RankingQuery};
use domain::urgency::Urgency;
use leptos::html::{Div, Select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::BoxId;
use wasm_bindgen::JsCast as _;

use super::column_choice::ColumnChoice;
use super::key_list::KeyList;
use super::renewal::ListRenewal;
use super::rows::Rows;
use super::selection::{MAX_SELECTED, Selected, Selection};
use super::window::Viewport;
use crate::address::use_address;
use crate::api::ApiError;
use crate::api::functions::rank_boxes;

/// The height of the head that stays above the rows, px: `--head-height` in style/30-ranking-table.css.
const HEAD_HEIGHT: f64 = 36.0;

/// Handles to the list's state.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub(super) rows: RwSignal<Rows>,
    pub(super) viewport: RwSignal<Viewport>,
    /// Whether another question is under way; the rows of the last one stay until it is answered.
    pub(super) busy: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<ApiError>>,
    /// The row that the tab key reaches; none before the page is alive.
    pub(super) active: RwSignal<Option<u32>>,
    pub(super) selection: Selection,
    pub(super) columns: ColumnChoice,
    pub(super) key_list: KeyList,
    /// Where the progress of what is selected is chosen; not there for those who may not decide.
    pub(super) progress: NodeRef<Select>,
    /// Whether a key led there from a row.
    came_from_row: StoredValue<bool>,
    /// The question that the address asks.
    wanted: Memo<RankingQuery>,
    /// Where the box of the address stood when the page was opened.
    first_place: StoredValue<Option<u32>>,
    /// Counts how often it was asked anew after a failure.
    attempts: RwSignal<u32>,
    wants_focus: RwSignal<bool>,
    pub(super) frame: NodeRef<Div>,
}

impl List {
    /// The list with its first page, following the address from here on.
    pub(super) fn new(query: RankingQuery, first: Result<RankingPage, ApiError>) -> Self {
        let (page, failure) = match first {
            Ok(page) => (page, None),
            Err(error) => (RankingPage::default(), Some(error)),
        };
        let address = use_address();
        let first_place = page.place;
        let list = Self {
            wanted: Memo::new(move |_| address.with(|address| address.ranking())),
            first_place: StoredValue::new(first_place),
            attempts: RwSignal::new(0),
            selection: Selection::new(),
            columns: ColumnChoice::remembered(),
            key_list: KeyList::new(),
            progress: NodeRef::new(),
            came_from_row: StoredValue::new(false),
            rows: RwSignal::new(Rows::new(query, page)),
            viewport: RwSignal::new(Viewport::default()),
            busy: RwSignal::new(false),
            failure: RwSignal::new(failure),
            active: RwSignal::new(None),
            wants_focus: RwSignal::new(false),
            frame: NodeRef::new(),
        };
        list.follow_address();
        list.follow_changes();
        list.fetch_in_view();
        list.measure();
        list.move_focus();
        list
    }

    /// How many boxes each choice of each filter would show.
    pub(super) fn facets(self) -> Memo<Facets> {
        Memo::new(move |_| self.rows.with(|rows| rows.facets().clone()))
    }

    /// Whether the rows belong to another question than the address asks, because that one was not answered.
    pub(super) fn is_stale(self) -> bool {
        let is_of_before = self.rows.with(|rows| self.wanted.with(|wanted| rows.query() != wanted));
        self.failure.with(Option::is_some) && is_of_before
    }

    /// Asks once more what was not answered.
    pub(super) fn ask_again(self) {
        self.attempts.update(|attempts| *attempts += 1);
    }

    /// Whether the list is that of the boxes that are not measured.
    pub(super) fn shows_unmeasured(self) -> bool {
        self.rows.with(|rows| rows.query().urgency == Some(Urgency::Unmeasured))
    }

    /// Asks anew when filter or order change.
    fn follow_address(self) {
        let wanted = self.wanted;
        Effect::new(move |_| {
            let query = wanted.get();
            self.attempts.track();
            let known = self.rows.with_untracked(|rows| *rows.query() == query);
            self.busy.set(!known);
            if known {
                // Back at the question that the rows answer.
                self.failure.set(None);
                return;
            }
            spawn_local(async move {
                let answer = rank_boxes(Rows::chunk_query(&query, 0)).await;
                // While it was under way the question may have changed again, or the page be gone.
                if wanted.try_get_untracked().as_ref() != Some(&query) {
                    return;
                }
                self.busy.set(false);
                match answer {
                    Ok(page) => {
                        self.failure.set(None);
                        self.selection.see(&page.rows);
                        self.rows.set(Rows::new(query, page));
                        self.active.set(Some(0));
                        self.selection.forget_beginning();
                        self.scroll_to(0.0);
                    }
                    Err(error) => self.failure.set(Some(error)),
                }
            });
        });
    }

    /// Asks anew for what is in view when a box has changed; order and scrolling stay, unless the chosen row would move out of
    /// sight.
    fn follow_changes(self) {
        let address = use_address();
        let Some(renewal) = use_context::<ListRenewal>() else { return };
        // A box that says otherwise than its row was changed by somebody else, or by a run.
        Effect::new(move |_| {
            let row_of =
                |box_id: &BoxId| self.rows.with_untracked(|rows| rows.get(rows.place_of(box_id)?).cloned());
            if renewal.contradicts(row_of) {
                renewal.request();
            }
        });
        Effect::new(move |before: Option<u32>| {
            let changes = renewal.changes();
            if before.is_none_or(|before| before == changes) {
                return changes;
            }
            let query = self.rows.with_untracked(|rows| rows.query().clone());
            let chosen = address.with_untracked(|address| address.box_id.clone());
            spawn_local(async move {
                let Ok(first) = rank_boxes(Rows::first_query(&query, chosen.clone())).await else { return };
                if self.rows.try_with_untracked(|rows| *rows.query() == query) != Some(true) {
                    return;
                }
                let before =
                    chosen.and_then(|chosen| self.rows.with_untracked(|rows| rows.place_of(&chosen)));
                let after = first.place;
                self.selection.see(&first.rows);
                self.rows.set(Rows::new(query, first));
                if let (Some(before), Some(after)) = (before, after) {
                    self.follow_row(before, after);
                }
            });
            changes
        });
    }

    /// Keeps a row in sight, and in the order of the tab key, that has moved to another place.
    fn follow_row(self, before: u32, after: u32) {
        let viewport = self.viewport.get_untracked();
        if self.active.get_untracked() == Some(before) {
            self.active.set(Some(after));
        }
        if let Some(top) = viewport.following(before, after) {
            self.scroll_to(top);
        }
    }

    /// Fetches the chunks that come into view.
    fn fetch_in_view(self) {
        Effect::new(move |_| {
            self.attempts.track();
            let in_view = self.rows.with(|rows| self.viewport.get().rows(rows.total()));
            let missing = self.rows.try_update_untracked(|rows| rows.request(in_view)).unwrap_or_default();
            let query = self.rows.with_untracked(|rows| rows.query().clone());
            for chunk in missing {
                let query = query.clone();
                spawn_local(async move {
                    let answer = rank_boxes(Rows::chunk_query(&query, chunk)).await;
                    if self.rows.try_with_untracked(|rows| *rows.query() == query) != Some(true) {
                        return;
                    }
                    match answer {
                        Ok(page) => {
                            // What another question did not get is not here yet.
                            if self.wanted.with_untracked(|wanted| *wanted == query) {
                                self.failure.set(None);
                            }
                            self.selection.see(&page.rows);
                            self.rows.update(|rows| rows.insert(chunk, page));
                        }
                        Err(error) => {
                            self.failure.set(Some(error));
                            self.rows.update_untracked(|rows| rows.release(chunk));
                        }
                    }
                });
            }
        });
    }

    /// Measures the frame, now and whenever its size changes.
    fn measure(self) {
        let address = use_address();
        Effect::new(move |_| {
            let Some(frame) = self.frame.get() else { return };
            let measured = frame.clone();
            let take = move || {
                let height = f64::from(measured.client_height()) - HEAD_HEIGHT;
                // A pane that is not shown has no height; what was known before still holds.
                if height > 0.0 {
                    self.viewport.try_update(|viewport| viewport.height = height);
                }
            };
            take();
            if self.active.get_untracked().is_none() {
                self.show_chosen(address.with_untracked(|address| address.box_id.clone()));
            }
            // In the next frame: what changes sizes while sizes are being reported is an error of the page.
            let later = move || request_animation_frame(take.clone());
            let listener = wasm_bindgen::closure::Closure::<dyn Fn()>::new(later);
            if let Ok(observer) = web_sys::ResizeObserver::new(listener.as_ref().unchecked_ref()) {
                observer.observe(&frame);
                let kept = StoredValue::new_local((observer, listener));
                on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
            }
        });
    }

    /// Scrolls to the box that a link has chosen, and lets the tab key begin there.
    fn show_chosen(self, chosen: Option<BoxId>) {
        let place = chosen.and_then(|chosen| {
            self.rows.with_untracked(|rows| rows.place_of(&chosen)).or_else(|| self.first_place.get_value())
        });
        self.active.set(Some(place.unwrap_or_default()));
        if let Some(place) = place {
            self.scroll_to(self.viewport.get_untracked().top_showing(place));
        }
    }

    /// Takes over where the list has been scrolled to.
    pub(super) fn scrolled(self) {
        if let Some(frame) = self.frame.get_untracked() {
            let top = f64::from(frame.scroll_top());
            self.viewport.update(|viewport| viewport.top = top);
        }
    }

    fn scroll_to(self, top: f64) {
        self.viewport.update(|viewport| viewport.top = top);
        // After the rows are drawn: before, the list may be too short to scroll that far.
        request_animation_frame(move || {
            if let Some(frame) = self.frame.try_get_untracked().flatten() {
                frame.set_scroll_top(top as i32);
            }
        });
    }

    /// Selects a row, or no longer; with `to_here` all rows from where the last selection began.
    pub(super) fn select(self, row: u32, selected: Selected, to_here: bool) {
        match self.selection.anchor().filter(|_| to_here) {
            Some(anchor) => self.select_range(anchor.min(row), anchor.max(row)),
            None => {
                self.selection.toggle(selected);
                self.selection.begin_at(row);
            }
        }
    }

    /// Selects the active row, or no longer.
    pub(super) fn select_active(self) {
        let row = self.active.get_untracked().unwrap_or_default();
        let selected = self.rows.with_untracked(|rows| rows.get(row).map(Selected::from));
        if let Some(selected) = selected {
            self.select(row, selected, false);
        }
    }

    /// Leads the keyboard to the progress of what is selected, or else of the active row.
    pub(super) fn choose_progress(self) {
        if self.progress.with_untracked(Option::is_none) {
            return;
        }
        if !self.selection.is_by_hand() {
            let row = self.active.get_untracked().unwrap_or_default();
            let Some(row) = self.rows.with_untracked(|rows| rows.get(row).map(Selected::from)) else {
                return;
            };
            self.selection.pick(row);
        }
        self.came_from_row.set_value(true);
        // After the bar is shown: what is hidden can't have the keyboard.
        request_animation_frame(move || {
            if let Some(progress) = self.progress.try_get_untracked().flatten() {
                let _ = progress.focus();
            }
        });
    }

    /// Gives the keyboard back to the row that it came from; otherwise it stays at the choice of progress.
    pub(super) fn leave_progress(self) {
        if self.came_from_row.try_update_value(std::mem::take) == Some(true) {
            self.go_to(self.active.get_untracked().unwrap_or_default());
        } else if let Some(progress) = self.progress.get_untracked() {
            let _ = progress.focus();
        }
    }

    /// Goes on to a row and selects all from where the selection began.
    pub(super) fn select_to(self, row: u32) {
        let here = self.active.get_untracked().unwrap_or_default();
        let anchor = self.selection.anchor().unwrap_or(here);
        self.selection.begin_at(anchor);
        self.select_range(anchor.min(row), anchor.max(row));
        self.go_to(row);
    }

    /// Selects the rows from the first to the last; those that are not here yet are fetched for it.
    fn select_range(self, first: u32, last: u32) {
        let last = last.min(first.saturating_add(MAX_SELECTED as u32 - 1));
        let here: Option<Vec<Selected>> = self
            .rows
            .with_untracked(|rows| (first..=last).map(|row| rows.get(row).map(Selected::from)).collect());
        if let Some(selected) = here {
            self.selection.add(selected);
            return;
        }
        let query = self.rows.with_untracked(|rows| rows.query().clone());
        let window = RankingQuery { offset: first, limit: last - first + 1, ..query };
        spawn_local(async move {
            match rank_boxes(window).await {
                Ok(page) => self.selection.add(page.rows.iter().map(Selected::from)),
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }

    /// Gives the keyboard to a row, scrolling to it if need be.
    pub(super) fn go_to(self, row: u32) {
        let top = self.viewport.get_untracked().top_showing(row);
        self.active.set(Some(row));
        self.scroll_to(top);
        self.wants_focus.set(true);
    }

    /// Whether the keyboard is on its way to the active row.
    pub(super) fn is_moving(self) -> bool {
        self.wants_focus.get_untracked()
    }

    /// Moves the focus to the active row as soon as it is drawn.
    fn move_focus(self) {
        Effect::new(move |_| {
            let (Some(row), true) = (self.active.get(), self.wants_focus.get()) else { return };
            self.rows.track();
            request_animation_frame(move || {
                let link = document().get_element_by_id(&format!("row-{row}"));
                match link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
                    Some(link) => {
                        let _ = link.focus();
                        self.wants_focus.try_set(false);
                    }
                    // Its row is still on its way: the frame keeps the keyboard meanwhile.
                    None => {
                        if let Some(frame) = self.frame.try_get_untracked().flatten() {
                            let _ = frame.focus();
                        }
                    }
                }
            });
        });
    }
}

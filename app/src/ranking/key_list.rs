//! The list of keys, in a dialog.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::account::may_decide;
use crate::erased_view::IntoErased as _;
use crate::words::{KEYS, PROGRESS_KEY, use_words};

/// The dialog, opened from anywhere in the list.
#[derive(Clone, Copy)]
pub(super) struct KeyList(NodeRef<Dialog>);

impl KeyList {
    pub(super) fn new() -> Self {
        Self(NodeRef::new())
    }

    /// Shows it above the page; the browser moves the keyboard into it, and back afterwards.
    pub(super) fn open(self) {
        if let Some(dialog) = self.0.get_untracked().filter(|dialog| !dialog.open()) {
            // It fails for a dialog that is open already.
            let _ = dialog.show_modal();
        }
    }

    fn close(self) {
        if let Some(dialog) = self.0.get_untracked() {
            dialog.close();
        }
    }
}

/// Each key and what it does.
#[component]
pub(super) fn KeyListDialog(
    /// The dialog's handle.
    key_list: KeyList,
) -> impl IntoView {
    let labels = use_words().list();
    let line = |(keys, meaning): (&'static [&'static str], &'static str)| {
        view! {
            <div>
                <dt>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> " " }).collect_view()}</dt>
                <dd>{meaning}</dd>
            </div>
        }
    };
    let is_offered = |keys: &[&str]| may_decide() || keys != PROGRESS_KEY;
    let keys = KEYS.into_iter().zip(labels.key_meanings).filter(|(keys, _)| is_offered(keys));
    view! {
        <dialog class="key-list" node_ref=key_list.0 aria-labelledby="key-list-title">
            <h2 id="key-list-title">{labels.keys}</h2>
            <dl>{keys.map(line).collect_view()}</dl>
            <button type="button" class="button" on:click=move |_| key_list.close()>{labels.close}</button>
        </dialog>
    }
    .into_erased()
}

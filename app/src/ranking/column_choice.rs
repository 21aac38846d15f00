//! Which columns are shown: the person's choice, remembered in this browser and known to the server.

use domain::ranking::SortKey;
use leptos::html::Details;
use leptos::prelude::*;

use super::columns::{COLUMNS, Column};
use super::dropdown::Dropdown;
use crate::erased_view::IntoErased as _;
use crate::preferences::{self, COLUMNS_COOKIE};
use crate::words::use_words;

/// The columns that are shown; without a choice as many as there is room for.
#[derive(Clone, Copy)]
pub(super) struct ColumnChoice(RwSignal<Option<Vec<&'static str>>>);

impl ColumnChoice {
    /// What is remembered.
    pub(super) fn remembered() -> Self {
        Self(RwSignal::new(preferences::remembered(COLUMNS_COOKIE).and_then(|text| parsed(&text))))
    }

    fn shows(self, column: &Column) -> bool {
        !column.is_optional()
            || self.0.with(|chosen| chosen.as_ref().is_none_or(|names| names.contains(&column.name())))
    }

    fn set(self, chosen: Option<Vec<&'static str>>) {
        preferences::remember(COLUMNS_COOKIE, chosen.as_ref().map(|names| names.join(".")).as_deref());
        self.0.set(chosen);
    }

    /// Whether a column is seen: without a choice, whether there is room for it.
    fn is_seen(self, column: &Column) -> bool {
        if self.0.with(Option::is_some) {
            return self.shows(column);
        }
        let heading = document().query_selector(&format!(".ranking thead .{}", column.class)).ok().flatten();
        heading.is_some_and(|heading| heading.client_width() > 0)
    }

    fn toggle(self, column: &Column) {
        let is_seen = |column: &Column| untrack(|| self.is_seen(column));
        let wanted = |other: &&Column| if *other == column { !is_seen(column) } else { is_seen(other) };
        self.set(Some(
            COLUMNS.iter().filter(|other| other.is_optional()).filter(wanted).map(Column::name).collect(),
        ));
    }

    /// The classes of the table that the style sheet hides columns by.
    /// The column that is sorted by is always among them.
    pub(super) fn table_class(self, sorted_by: SortKey) -> String {
        let is_chosen = self.0.with(Option::is_some);
        let mut class = String::from(if is_chosen { "ranking chosen-columns" } else { "ranking" });
        for column in &COLUMNS {
            let is_sorted_by = column.key == Some(sorted_by);
            if is_sorted_by {
                class.push_str(" sorted-");
            } else if !self.shows(column) {
                class.push_str(" without-");
            } else {
                continue;
            }
            class.push_str(column.name());
        }
        class
    }
}

/// The columns of a remembered text; names that this version doesn't know are skipped, an empty text is a choice of none.
fn parsed(text: &str) -> Option<Vec<&'static str>> {
    let known = |name: &str| {
        COLUMNS.iter().filter(|column| column.is_optional()).map(Column::name).find(|column| *column == name)
    };
    Some(text.split('.').filter_map(known).collect())
}

/// A checkbox for each column that may be left out.
#[component]
pub(super) fn ColumnMenu(
    /// The choice.
    choice: ColumnChoice,
) -> impl IntoView {
    let words = use_words();
    let labels = words.list();
    let menu = NodeRef::<Details>::new();
    // Which columns have room is looked up when the menu opens.
    let (openings, set_openings) = signal(0_u32);
    let is_checked = move |column: &Column| openings.get() > 0 && choice.is_seen(column);
    let line = move |column: &'static Column| {
        view! {
            <li>
                <label>
                    <input type="checkbox" prop:checked=move || is_checked(column) on:change=move |_| choice.toggle(column) />
                    {column.title(words)}
                </label>
            </li>
        }
    };
    view! {
        <Dropdown
            menu
            class="column-menu with-script"
            label=labels.columns
            icon="M2 3h12v10H2zM6 3v10M10 3v10"
            on:toggle=move |_| set_openings.update(|openings| *openings += 1)
        >
            <ul>{COLUMNS.iter().filter(|column| column.is_optional()).map(line).collect_view()}</ul>
            <button type="button" class="text-button" on:click=move |_| choice.set(None)>{labels.usual_columns}</button>
        </Dropdown>
    }
    .into_erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_text_names_columns_and_what_is_unknown_is_skipped() {
        assert_eq!(parsed("area.nonsense.capacity"), Some(vec!["area", "capacity"]));
        assert_eq!(parsed(""), Some(Vec::new()));
        assert_eq!(parsed("box"), Some(Vec::new()), "the box is always shown");
    }
}

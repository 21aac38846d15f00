//! Search, area and order. A form that works without JavaScript; with it, the list follows while one types.

use std::time::Duration;

use domain::ranking::{AreaCount, Facets, RegionCount, SortKey};
use leptos::html::Input;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use model::Flag;

use super::columns::{BY_BANDS, COLUMNS, name};
use super::more_filters::{MoreFilters, more_filters_set};
use crate::address::{Address, use_address};
use crate::early_input::take_early_input;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// How long after the last key the list is asked for.
const PAUSE: Duration = Duration::from_millis(180);

/// The filters above the list.
#[component]
pub(super) fn FilterForm(
    /// How many boxes each choice would show.
    facets: Memo<Facets>,
) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let navigate = use_navigate();
    let path = use_location().pathname;
    let go = move |change: &dyn Fn(&mut Address), replace: bool| {
        let to = address.with_untracked(|address| address.changed(change).href());
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("{}{to}", path.get_untracked()), options);
    };
    let go = StoredValue::new(go);
    // In an effect: it runs when the page is alive, and not on the server.
    Effect::new(move |_| {
        if let Some(early) = address.with_untracked(take_early_input) {
            go.with_value(|go| go(&|to| *to = early.clone(), true));
        }
    });
    let set_area = move |event| {
        let area = event_target_value(&event);
        let area = (!area.is_empty()).then_some(area);
        go.with_value(|go| go(&|to| to.area = area.clone(), false));
    };
    let set_region = move |event| {
        let region = event_target_value(&event);
        let region = (!region.is_empty()).then_some(region);
        go.with_value(|go| go(&|to| to.region = region.clone(), false));
    };
    let set_flag = move |event| {
        let flag: Option<Flag> = event_target_value(&event).parse().ok();
        go.with_value(|go| go(&|to| to.flag = flag, false));
    };
    let set_sort = move |event| {
        let key: SortKey = event_target_value(&event).parse().unwrap_or_default();
        let first = COLUMNS
            .iter()
            .chain([&BY_BANDS])
            .find(|column| column.key == Some(key))
            .map(|column| column.first)
            .unwrap_or_default();
        go.with_value(|go| go(&|to| (to.sort, to.direction) = (key, first), false));
    };
    let search = move |text: String| go.with_value(|go| go(&|to| to.search = text.trim().to_owned(), true));
    let set = Memo::new(move |_| address.with(filters_set));
    view! {
        <form class="filters" role="search" method="get" action="" autocomplete="off" on:submit=move |event| event.prevent_default()>
            <SearchField on_search=search />
            // On a narrow screen the other fields open from a button; elsewhere the style sheet shows them in the form.
            <button type="button" class="filter-button" popovertarget="filter-fields">
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M2 3h12L9.5 8.5V13l-3 1V8.5z" />
                </svg>
                <span>{words.filters}</span>
                {move || Some(set.get()).filter(|set| *set > 0).map(|set| view! { <span class="filters-set">{set}</span> })}
            </button>
            <div class="filter-fields" id="filter-fields" popover="auto">
            <label class="field">
                <span class="field-name">{words.area}</span>
                <AreaSelect facets on_change=set_area />
            </label>
            <RegionField facets on_change=set_region />
            <label class="field">
                <span class="field-name">{words.flag_filter}</span>
                <FlagSelect facets on_change=set_flag />
            </label>
            <label class="field sort-field">
                <span class="sort-name">{words.sort_by}</span>
                <select name="sort" on:change=set_sort prop:value=move || address.with(|address| address.sort.as_str())>
                    {COLUMNS
                        .iter()
                        .chain([&BY_BANDS])
                        .filter_map(|column| column.key)
                        .map(|key| {
                            let selected = move || address.with(|address| address.sort == key);
                            view! { <option value=key.as_str() selected=selected>{name(key, words)}</option> }
                        })
                        .collect_view()}
                </select>
            </label>
            <MoreFilters facets on_change=Callback::new(move |change: Address| go.with_value(|go| go(&|to| *to = change.clone(), false))) />
            <button class="without-script" type="submit">{words.apply}</button>
            <ShowRows facets />
            </div>
            <HiddenFields />
        </form>
    }
    .into_erased()
}

/// How many of the fields behind the button narrow the list.
fn filters_set(address: &Address) -> usize {
    usize::from(address.area.is_some())
        + usize::from(address.region.is_some())
        + usize::from(address.flag.is_some())
        + more_filters_set(address)
}

/// Closes the sheet of a narrow screen and says how many rows are below it.
#[component]
fn ShowRows(facets: Memo<Facets>) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let shown = move || {
        let urgency = address.with(|address| address.urgency);
        let of = |facets: &Facets| urgency.map_or(facets.any_urgency, |urgency| facets.of_urgency(urgency));
        words.show_rows(facets.with(of))
    };
    view! {
        <button
            type="button"
            class="show-rows with-script"
            popovertarget="filter-fields"
            popovertargetaction="hide"
        >
            {shown}
        </button>
    }
    .into_erased()
}

/// The rest of the address, which the form must not lose.
#[component]
fn HiddenFields() -> impl IntoView {
    let address = use_address();
    let fields = move || {
        address.with(|address| {
            address
                .pairs()
                .into_iter()
                .filter(|(key, _)| ["urgency", "only", "dir", "box", "tab", "lang", "theme"].contains(key))
                .map(|(key, value)| view! { <input type="hidden" name=key value=value.into_owned() /> })
                .collect_view()
        })
    };
    view! { {fields} }
}

#[component]
fn SearchField(on_search: impl Fn(String) + Copy + 'static) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let field = NodeRef::<Input>::new();
    let searched = Memo::new(move |_| address.with(|address| address.search.clone()));
    let sent = StoredValue::new(searched.get_untracked());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let on_input = move |event| {
        let text = event_target_value(&event);
        if let Some(earlier) = pending.get_value() {
            earlier.clear();
        }
        let later = set_timeout_with_handle(
            move || {
                sent.set_value(text.trim().to_owned());
                on_search(text.clone());
            },
            PAUSE,
        );
        pending.set_value(later.ok());
    };
    // Going back and forth changes the field; an answer to one's own typing must not.
    Effect::new(move |_| {
        let text = searched.get();
        if let Some(field) = field.get().filter(|_| sent.with_value(|sent| *sent != text)) {
            field.set_value(&text);
            sent.set_value(text);
        }
    });
    view! {
        <label class="field search-field">
            <span class="visually-hidden">{words.search}</span>
            <svg class="search-mark" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2zm3.6 8.6L14 14" />
            </svg>
            <input
                type="search"
                name="q"
                node_ref=field
                value=searched.get_untracked()
                placeholder=words.search_hint
                autocomplete="off"
                on:input=on_input
            />
        </label>
    }
    .into_erased()
}

#[component]
fn AreaSelect(facets: Memo<Facets>, on_change: impl Fn(leptos::ev::Event) + 'static) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let areas = move || {
        let chosen = address.with(|address| address.area.clone());
        let mut areas = facets.with(|facets| facets.areas.clone());
        areas.retain(|area| !area.area.is_empty());
        // What is chosen stays on offer where the other filters leave nothing of it.
        if let Some(area) = chosen.filter(|chosen| !areas.iter().any(|area| area.area == *chosen)) {
            areas.push(AreaCount { area, boxes: 0 });
        }
        areas
    };
    let option = move |area: AreaCount| {
        let name = area.area.clone();
        let selected = move || address.with(|address| address.area.as_deref() == Some(name.as_str()));
        let text = format!("{} ({})", area.area, words.count(area.boxes));
        view! { <option value=area.area selected=selected>{text}</option> }
    };
    let chosen = move || address.with(|address| address.area.clone().unwrap_or_default());
    view! {
        <select name="area" on:change=on_change prop:value=chosen>
            <option value="">{words.all_areas}</option>
            {move || areas().into_iter().map(option).collect_view()}
        </select>
    }
    .into_erased()
}

/// Where the metadata know regions.
#[component]
fn RegionField(
    facets: Memo<Facets>,
    on_change: impl Fn(leptos::ev::Event) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let labels = use_words().list();
    let words = use_words();
    let address = use_address();
    let chosen = move || address.with(|address| address.region.clone());
    let regions = move || {
        let mut regions = facets.with(|facets| facets.regions.clone());
        if let Some(region) = chosen().filter(|chosen| !regions.iter().any(|known| known.region == *chosen)) {
            regions.push(RegionCount { region, boxes: 0 });
        }
        regions
    };
    // The field stays once it was there: no filter makes the others move.
    let is_known =
        Memo::new(move |was: Option<&bool>| was.copied().unwrap_or(false) || !regions().is_empty());
    let option = move |known: RegionCount| {
        let name = known.region.clone();
        let selected = move || address.with(|address| address.region.as_deref() == Some(name.as_str()));
        let text = format!("{} ({})", known.region, words.count(known.boxes));
        view! { <option value=known.region selected=selected>{text}</option> }
    };
    view! {
        <Show when=move || is_known.get()>
            <label class="field">
                <span class="field-name">{labels.region}</span>
                <select name="region" on:change=on_change prop:value=move || chosen().unwrap_or_default()>
                    <option value="">{labels.all_regions}</option>
                    {move || regions().into_iter().map(option).collect_view()}
                </select>
            </label>
        </Show>
    }
    .into_erased()
}

/// What is to be said of the data of the boxes that are listed.
#[component]
fn FlagSelect(facets: Memo<Facets>, on_change: impl Fn(leptos::ev::Event) + 'static) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let flags = move || {
        let chosen = address.with(|address| address.flag);
        let counted = |flag| facets.with(|facets| facets.of_flag(flag));
        let offered = move |flag: &Flag| counted(*flag) > 0 || chosen == Some(*flag);
        Flag::ALL.into_iter().filter(offered).map(move |flag| (flag, counted(flag))).collect::<Vec<_>>()
    };
    let option = move |(flag, boxes): (Flag, u32)| {
        let selected = move || address.with(|address| address.flag == Some(flag));
        let text = format!("{} ({})", words.flag(flag).name, words.count(boxes));
        view! { <option value=flag.as_str() selected=selected>{text}</option> }
    };
    let chosen = move || address.with(|address| address.flag.map_or("", Flag::as_str));
    view! {
        <select name="flag" on:change=on_change prop:value=chosen>
            <option value="">{words.all_flags}</option>
            {move || flags().into_iter().map(option).collect_view()}
        </select>
    }
    .into_erased()
}

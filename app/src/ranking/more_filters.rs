//! Filters that are asked for less: direction, time, chance, loading, room, progress, change.

use domain::actions::ActionFilter;
use domain::ranking::{Change, Facets};
use leptos::prelude::*;
use model::Extreme;

use crate::address::{Address, peak_of_word, peak_word, use_address};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

const WEEKS: [u16; 4] = [1, 4, 13, 26];
const CHANCES: [u16; 5] = [5, 10, 25, 50, 90];
const LOADINGS: [u16; 5] = [60, 80, 90, 100, 120];
const ROOMS_KW: [u16; 6] = [10, 25, 50, 100, 200, 400];

/// The filters behind a heading that opens; it stands open where one of them is set.
#[component]
pub(super) fn MoreFilters(
    /// How many boxes each choice would show.
    facets: Memo<Facets>,
    /// Takes the address with the choice in it.
    on_change: Callback<Address>,
) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let labels = words.more_filters();
    let set = Memo::new(move |_| address.with(more_filters_set));
    let heading = move || match set.get() {
        0 => labels.more.to_owned(),
        set => format!("{} ({set})", labels.more),
    };
    let change = move |apply: fn(&mut Address, &str)| {
        move |event| {
            let value = event_target_value(&event);
            on_change.run(address.with_untracked(|address| address.changed(|to| apply(to, &value))));
        }
    };
    let peak = move |extreme: Extreme| {
        let selected = move || address.with(|address| address.peak_extreme == Some(extreme));
        let name = match extreme {
            Extreme::Min => labels.feed_in,
            Extreme::Max => labels.import,
        };
        let text =
            move || format!("{name} ({})", words.count(facets.with(|facets| facets.of_extreme(extreme))));
        view! { <option value=peak_word(extreme) selected=selected>{text}</option> }
    };
    let progress = move |action: ActionFilter| {
        let selected = move || address.with(|address| address.action == Some(action));
        let name = words.action_filter(action);
        let text =
            move || format!("{name} ({})", words.count(facets.with(|facets| facets.of_action(action))));
        view! { <option value=action.as_str() selected=selected>{text}</option> }
    };
    let since = move |change: Change| {
        let selected = move || address.with(|address| address.change == Some(change));
        let name = words.change(change);
        let text =
            move || format!("{name} ({})", words.count(facets.with(|facets| facets.of_change(change))));
        view! { <option value=change.as_str() selected=selected>{text}</option> }
    };
    view! {
        <details class="more-filters" open={set.get_untracked() > 0}>
            <summary>{heading}</summary>
            <div class="more-filters-fields">
                <label class="field">
                    <span>{labels.direction}</span>
                    <select
                        name="peak"
                        on:change=change(|to, value| to.peak_extreme = peak_of_word(value))
                        prop:value=move || address.with(|address| address.peak_extreme.map_or("", peak_word))
                    >
                        <option value="">{labels.both}</option>
                        {[Extreme::Max, Extreme::Min].map(peak).collect_view()}
                    </select>
                </label>
                <NumberSelect
                    name="within"
                    label=labels.within
                    any=labels.any_time
                    choices=&WEEKS
                    text=move |weeks| words.within_weeks(weeks)
                    chosen=Signal::derive(move || address.with(|address| address.within_weeks))
                    on_change=change(|to, value| to.within_weeks = value.parse().ok())
                />
                <NumberSelect
                    name="chance"
                    label=labels.chance
                    any=labels.any
                    choices=&CHANCES
                    text=move |percent| words.at_least_percent(percent)
                    chosen=Signal::derive(move || address.with(|address| address.min_probability_percent.map(u16::from)))
                    on_change=change(|to, value| to.min_probability_percent = value.parse().ok())
                />
                <NumberSelect
                    name="loading"
                    label=labels.loading
                    any=labels.any
                    choices=&LOADINGS
                    text=move |percent| words.at_least_percent(percent)
                    chosen=Signal::derive(move || address.with(|address| address.min_loading_percent))
                    on_change=change(|to, value| to.min_loading_percent = value.parse().ok())
                />
                <NumberSelect
                    name="import-room"
                    label=words.headroom_labels().import
                    any=labels.any
                    choices=&ROOMS_KW
                    text=move |kw| words.at_least_kw(kw)
                    chosen=Signal::derive(move || address.with(|address| address.min_import_headroom_kw))
                    on_change=change(|to, value| to.min_import_headroom_kw = value.parse().ok())
                />
                <NumberSelect
                    name="feed-in-room"
                    label=words.headroom_labels().feed_in
                    any=labels.any
                    choices=&ROOMS_KW
                    text=move |kw| words.at_least_kw(kw)
                    chosen=Signal::derive(move || address.with(|address| address.min_feed_in_headroom_kw))
                    on_change=change(|to, value| to.min_feed_in_headroom_kw = value.parse().ok())
                />
                <label class="field">
                    <span>{words.actions().status}</span>
                    <select
                        name="progress"
                        on:change=change(|to, value| to.action = value.parse().ok())
                        prop:value=move || address.with(|address| address.action.map_or("", ActionFilter::as_str))
                    >
                        <option value="">{words.actions().any}</option>
                        {ActionFilter::ALL.map(progress).collect_view()}
                    </select>
                </label>
                <label class="field">
                    <span>{words.this_week().changed}</span>
                    <select
                        name="change"
                        on:change=change(|to, value| to.change = value.parse().ok())
                        prop:value=move || address.with(|address| address.change.map_or("", Change::as_str))
                    >
                        <option value="">{words.this_week().any_change}</option>
                        {Change::ALL.map(since).collect_view()}
                    </select>
                </label>
            </div>
        </details>
    }
    .into_erased()
}

/// How many of these filters are set.
pub(super) fn more_filters_set(address: &Address) -> usize {
    [
        address.peak_extreme.is_some(),
        address.within_weeks.is_some(),
        address.min_probability_percent.is_some(),
        address.min_loading_percent.is_some(),
        address.min_import_headroom_kw.is_some(),
        address.min_feed_in_headroom_kw.is_some(),
        address.action.is_some(),
        address.change.is_some(),
    ]
    .into_iter()
    .filter(|is_set| *is_set)
    .count()
}

#[component]
fn NumberSelect(
    name: &'static str,
    label: &'static str,
    any: &'static str,
    choices: &'static [u16],
    text: impl Fn(u16) -> String + Copy + Send + Sync + 'static,
    chosen: Signal<Option<u16>>,
    on_change: impl Fn(leptos::ev::Event) + 'static,
) -> impl IntoView {
    // A link may hold a number that is not among the choices.
    let offered = move || {
        let mut offered = choices.to_vec();
        offered.extend(chosen.get().filter(|chosen| !choices.contains(chosen)));
        offered.sort_unstable();
        offered
    };
    let option = move |number: u16| {
        let selected = move || chosen.get() == Some(number);
        view! { <option value=number.to_string() selected=selected>{text(number)}</option> }
    };
    view! {
        <label class="field">
            <span>{label}</span>
            <select name=name on:change=on_change prop:value=move || chosen.get().map_or(String::new(), |it| it.to_string())>
                <option value="">{any}</option>
                {move || offered().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_erased()
}

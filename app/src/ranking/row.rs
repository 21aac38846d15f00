//! One transformer in the list.

use domain::ranking::RankingRow;
use leptos::either::Either;
use leptos::prelude::*;
use model::{Extreme, IsoWeek};

use super::list::List;
use super::loading_bar::LoadingBar;
use super::place_line::PlaceLine;
use super::selection::Selected;
use super::status_mark::StatusMark;
use super::weeks_picture::weeks_picture;
use crate::address::{use_address, use_link};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The cells of a row. The box's name is a link that covers the row.
#[component]
pub(super) fn RowCells(
    /// The transformer.
    row: RankingRow,
    /// Its place in the list, from 0.
    place: u32,
    /// Whether the link is in the order of the tab key; none: like any link.
    #[prop(into)]
    tab_stop: Signal<Option<bool>>,
    /// The list it belongs to.
    list: List,
) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let id = row.box_id.clone();
    let href = use_link({
        let id = row.box_id.clone();
        move |to| to.box_id = Some(id.clone())
    });
    let chosen = Memo::new(move |_| address.with(|address| address.box_id.as_ref() == Some(&id)));
    let current = move || chosen.get().then_some("true");
    let tab_index = move || tab_stop.get().map(|stop| if stop { "0" } else { "-1" });
    // Many stations are called after their address.
    let address_line = if row.address == row.station_name { "" } else { &row.address };
    let (address_line, town) = (address_line.to_owned(), row.town.clone());
    let station_note = row.station_name.clone();
    let loading = match row.peak_loading {
        Some(loading) => Either::Left(view! { <LoadingBar loading urgency=row.urgency /> }),
        None => Either::Right(view! { <Missing /> }),
    };
    let first = row.first_overload_week();
    let first_week = first.map(|(week, _)| week);
    let by_feed_in = first.is_some_and(|(_, extreme)| extreme == Extreme::Min);
    let picture =
        row.weeks_ahead.as_ref().zip(row.peak_extreme).and_then(|(ahead, side)| weeks_picture(ahead, side));
    let selection = list.selection;
    let this = row.box_id.clone();
    let is_selected = move || selection.holds(&this);
    let this = Selected::from(&row);
    let on_select = move |event: leptos::ev::MouseEvent| list.select(place, this.clone(), event.shift_key());
    let select_label = words.select_box(row.box_id.as_str());
    let progress = row.action.as_ref().map(|action| words.action_status(action.status));
    let action = row.action.as_ref().map(|action| words.action_short(action));
    let (headroom, exceedance) = (row.headroom, row.exceedance);
    let room = move |extreme: Extreme| {
        let kw = headroom.map(|room| room.in_direction(extreme));
        let is_passed = exceedance.is_some_and(|found| found.is_recent_in(extreme));
        view! { <RoomCell kw doubt=is_passed.then(|| words.doubtful_room(extreme)) /> }
    };
    let probability = row.overload_probability.map(|probability| words.probability(probability));
    // Where there is no room for its own columns: what was measured, else the chance and its week.
    let narrow = row.exceedance.map(|found| words.exceedance_shortest(&found)).or_else(|| {
        let chance = probability.clone()?;
        Some(match first {
            Some((week, extreme)) => {
                let arrow = if extreme == Extreme::Min { " ↓" } else { "" };
                format!("{chance} · {}{arrow}", words.week_number(week))
            }
            None => chance,
        })
    });
    view! {
        <td class="col-select">
            <input type="checkbox" tabindex="-1" aria-label=select_label prop:checked=is_selected on:click=on_select />
        </td>
        <td class=format!("col-status urgency-{}", row.urgency.as_str())>
            <StatusMark urgency=row.urgency />
            <span>{words.urgency(row.urgency)}</span>
            {row.exceedance.map(|found| view! { <span class="line muted status-note">{words.exceedance_short(&found)}</span> })}
        </td>
        <th scope="row" class="col-box">
            <a id=format!("row-{place}") href=href aria-current=current tabindex=tab_index>{row.box_id.to_string()}</a>
            {action.map(|said| view! { <span class="line muted box-action" title=said.clone()>{said.clone()}</span> })}
            <span class="box-note">
                {progress.map(|said| view! { <span class="box-progress muted">{said}" · "</span> })}
                <PlaceLine text=station_note muted=true />
            </span>
        </th>
        <td class="col-station">
            <PlaceLine text=row.station_name />
            <PlaceLine text=address_line town muted=true />
        </td>
        <td class="col-weeks-ahead">{picture.map_or_else(|| Either::Right(view! { <Missing /> }), Either::Left)}</td>
        <td class="col-loading">
            {loading}
            {narrow.map(|said| view! { <span class="line muted narrow-note">{said}</span> })}
        </td>
        <td class="col-overload-week"><WeekCell week=first_week feed_in=by_feed_in /></td>
        <td class="col-probability figure">{probability.map_or_else(|| Either::Right(view! { <Missing /> }), Either::Left)}</td>
        <td class="col-room-import figure">{room(Extreme::Max)}</td>
        <td class="col-room-feed-in figure">{room(Extreme::Min)}</td>
        <td class="col-area">{row.area}</td>
        <td class="col-peak-week"><WeekCell week=row.peak_week feed_in=row.peak_extreme == Some(Extreme::Min) /></td>
        <td class="col-capacity figure">
            {row.capacity_kva.map_or_else(|| Either::Right(view! { <Missing /> }), |kva| Either::Left(words.kva(kva)))}
        </td>
    }
    .into_erased()
}

/// A week over its year, with an arrow down where feed-in is meant.
#[component]
fn WeekCell(week: Option<IsoWeek>, feed_in: bool) -> impl IntoView {
    let words = use_words();
    let note = feed_in.then(|| {
        view! {
            <span aria-hidden="true" title=words.by_feed_in>" ↓"</span>
            <span class="visually-hidden">{words.by_feed_in}</span>
        }
    });
    match week {
        Some(week) => Either::Left(view! {
            <span class="line">{words.week_number(week)}</span>
            <span class="line muted">{week.year()} {note}</span>
        }),
        None => Either::Right(view! { <Missing /> }),
    }
}

/// The room for more load; one that is short is told apart, and one that last weeks' measurements contradict is in doubt.
#[component]
fn RoomCell(kw: Option<f64>, doubt: Option<&'static str>) -> impl IntoView {
    let words = use_words();
    match kw {
        Some(kw) => {
            let doubt = doubt.filter(|_| kw >= 0.0);
            let mark = doubt.map(|doubt| {
                view! {
                    <span aria-hidden="true">" ?"</span>
                    <span class="visually-hidden">{doubt}</span>
                }
            });
            Either::Left(view! { <span class:short=kw < 0.0 title=doubt>{words.whole_kw(kw)} {mark}</span> })
        }
        None => Either::Right(view! { <Missing /> }),
    }
    .into_erased()
}

/// Stands for a value that is not there.
#[component]
fn Missing() -> impl IntoView {
    let words = use_words();
    view! {
        <span class="muted" aria-hidden="true">"–"</span>
        <span class="visually-hidden">{words.none}</span>
    }
    .into_erased()
}

/// A row that is on its way.
#[component]
pub(super) fn RowOnItsWay() -> impl IntoView {
    let words = use_words();
    view! {
        <td class="on-its-way">
            <span class="skeleton" aria-hidden="true"></span>
            <span class="visually-hidden">{words.loading}</span>
        </td>
    }
    .into_erased()
}

//! The right side of the dashboard.

use std::sync::Arc;

use domain::accuracy::BoxAccuracy;
use domain::box_detail::BoxDetail;
use domain::box_weeks::BoxWeeks;
use domain::doubtful_peaks::doubtful_peaks;
use leptos::either::EitherOf3;
use leptos::html::Section;
use leptos::prelude::*;
use model::BoxId;

use super::accuracy_tab::AccuracyTab;
use super::action::{ActionDrafts, ActionForm};
use super::data_tab::DataTab;
use super::facts::{KeyFigures, StationFacts};
use super::flag_list::NoteLine;
use super::forecast_tab::ForecastTab;
use super::heading::Heading;
use super::keep_last::KeepLast;
use super::nothing_chosen::NothingChosen;
use super::provenance::{GrowthNote, ProvenanceLine};
use super::renewal::Renewal;
use super::special_weeks::SpecialWeeksBox;
use super::tab_data::TabData;
use super::tabs::Tabs;
use super::this_week::AskedThisWeek;
use super::verdict::VerdictDetails;
use super::what_if::{TypedOfBoxes, what_if_view};
use super::why_tab::WhyTab;
use crate::account::is_viewer;
use crate::address::{Tab, use_address, use_link};
use crate::api::functions::{describe_accuracy, describe_box, describe_weeks, survey_week};
use crate::api::{ApiError, FleetOverview, ask};
use crate::chrome::Failure;
use crate::erased_view::IntoErased as _;
#[cfg(not(feature = "ssr"))]
use crate::on_demand::{Make, PartMissing, load_early, on_demand};
use crate::ranking::ListRenewal;
use crate::words::use_words;

/// Where the style sheet shows one pane at a time: style/25-dashboard.css.
const NARROW: &str = "(width < 68rem)";

/// The box that the address names, or what there is to choose from.
#[component]
pub(crate) fn DetailPane(
    /// The fleet.
    fleet: FleetOverview,
) -> impl IntoView {
    let words = use_words();
    let address = use_address();
    let chosen = Memo::new(move |_| address.with(|address| address.box_id.clone()));
    let detail = ask(
        move || chosen.get(),
        |chosen| async move {
            match chosen {
                Some(box_id) => Some(describe_box(box_id).await),
                None => None,
            }
        },
    );
    let list = use_context::<ListRenewal>();
    // Asked again when something was recorded: it says so.
    let this_week: AskedThisWeek = ask(
        move || {
            let is_shown = is_viewer() && chosen.with(Option::is_none);
            is_shown.then(|| list.map(ListRenewal::changes))
        },
        |shown| async move {
            match shown {
                Some(_) => Some(survey_week().await),
                None => None,
            }
        },
    );
    let tab = Memo::new(move |_| address.with(|address| address.tab));
    let accuracy = TabData::new(chosen, tab, Tab::Accuracy, describe_accuracy);
    let weeks = TabData::new(chosen, tab, Tab::Data, describe_weeks);
    provide_context(Renewal::watching(move || detail.get(), Callback::new(move |()| detail.refetch())));
    provide_context(ActionDrafts::default());
    provide_context(TypedOfBoxes::default());
    // What is recorded for many in the list is shown here too.
    if let Some(list) = list {
        Effect::new(move |_| {
            let recorded = list.last_recorded();
            if chosen.get_untracked().is_some_and(|chosen| recorded.contains(&chosen)) {
                detail.refetch();
            }
        });
    }
    // Back on the network, the detail asks by itself.
    let is_away = StoredValue::new(false);
    Effect::new(move |_| {
        let failed = detail.with(|answer| matches!(answer, Some(Some(Err(ApiError::Connection(_))))));
        is_away.set_value(failed);
    });
    let listener = window_event_listener(leptos::ev::online, move |_| {
        if is_away.get_value() {
            detail.refetch();
        }
    });
    on_cleanup(move || listener.remove());
    // While another box is on its way, the last one stays, marked as such.
    let (pending, set_pending) = signal(false);
    let busy = move || if pending.get() { "true" } else { "false" };
    let pane = NodeRef::<Section>::new();
    begin_anew(pane, chosen);
    #[cfg(not(feature = "ssr"))]
    load_early(load_detail_part);
    let back = use_link(|to| {
        to.box_id = None;
        to.this_week = false;
    });
    let is_shown = move || address.with(|address| address.box_id.is_some() || address.this_week);
    view! {
        <section class="detail-pane" id="detail" node_ref=pane aria-label=words.detail aria-busy=busy tabindex="-1">
            <Show when=is_shown>
                <a class="back-link" href=back>"← " {words.back}</a>
            </Show>
            <KeepLast
                fallback=move || view! { <p class="loading-note">{words.loading}</p> }
                set_pending=set_pending
            >
                // Read at once rather than awaited: what is made while waiting is gone when the next box is chosen
                // before this one is drawn.
                {move || {
                    let ranked = fleet.get().and_then(Result::ok).map(|overview| overview.boxes);
                    Some(match detail.get()? {
                        Some(Ok(detail)) => EitherOf3::A(detail_view(Given { detail: Arc::new(detail), ranked, tab, accuracy, weeks })),
                        Some(Err(error)) => EitherOf3::B(view! { <Failure error /> }),
                        None => EitherOf3::C(view! { <NothingChosen fleet this_week /> }),
                    })
                }}
            </KeepLast>
        </section>
    }
    .into_erased()
}

/// Another box is read from its top. Where it has taken the place of the list, it takes the keyboard too.
fn begin_anew(pane: NodeRef<Section>, chosen: Memo<Option<BoxId>>) {
    Effect::new(move |before: Option<Option<BoxId>>| {
        let now = chosen.get();
        if let (Some(before), Some(pane)) = (before, pane.get()) {
            let narrow = window().match_media(NARROW).ok().flatten().is_some_and(|query| query.matches());
            if now.is_some() && now != before {
                pane.set_scroll_top(0);
                if narrow {
                    let _ = pane.focus();
                }
            }
        }
        now
    });
}

/// What the view of a box is made of.
struct Given {
    detail: Arc<BoxDetail>,
    /// How many boxes are ranked.
    ranked: Option<u32>,
    /// The tab that is shown.
    tab: Memo<Tab>,
    /// What the tab of accuracy shows.
    accuracy: TabData<BoxAccuracy>,
    /// What the tab of data shows.
    weeks: TabData<BoxWeeks>,
}

/// All about one box. The list is usable before the browser has the code for it.
#[cfg(feature = "ssr")]
fn detail_view(given: Given) -> AnyView {
    view! { <div class="part">{make_detail(given)}</div> }.into_any()
}

#[cfg(not(feature = "ssr"))]
fn detail_view(given: Given) -> AnyView {
    static KNOWN: std::sync::OnceLock<Make<Given>> = std::sync::OnceLock::new();
    on_demand(given, &KNOWN, detail_part)
}

#[cfg(not(feature = "ssr"))]
#[leptos::wasm_split::wasm_split(
    detail,
    wasm_split_path = leptos::wasm_split,
    preload(load_detail_part),
    fallible
)]
fn detail_part() -> Result<Make<Given>, PartMissing> {
    Ok(make_detail)
}

fn make_detail(given: Given) -> AnyView {
    let Given { detail, ranked, tab, accuracy, weeks } = given;
    let has_forecast = detail.minimum.is_some() && detail.maximum.is_some();
    let drawn = Arc::clone(&detail);
    let panel = move || {
        let detail = Arc::clone(&drawn);
        match tab.get() {
            Tab::Forecast => view! { <ForecastTab detail /> }.into_erased(),
            Tab::Why => view! { <WhyTab detail /> }.into_erased(),
            Tab::WhatIf => what_if_view(detail).into_erased(),
            Tab::Accuracy => view! { <AccuracyTab detail accuracy /> }.into_erased(),
            Tab::Data => view! { <DataTab detail weeks /> }.into_erased(),
        }
    };
    // Of what was never measured there is nothing to look at.
    let views = (has_forecast || !detail.measured.is_empty()).then(|| {
        let labelled_by = move || format!("tab-{}", tab.get().as_str());
        view! {
            <Tabs />
            <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby=labelled_by>
                {panel}
            </div>
        }
    });
    let forecast_basis = detail.maximum.as_ref().and_then(|maximum| maximum.forecast_basis.clone());
    let bases = [&detail.minimum, &detail.maximum].map(|extreme| extreme.as_ref()?.forecast_basis.as_ref());
    let outliers = bases.into_iter().flatten().map(|basis| basis.outliers.len()).sum();
    view! {
        <article class="detail">
            <Heading detail=Arc::clone(&detail) ranked />
            <NoteLine flags=detail.flags.clone() open=!has_forecast />
            {views}
            <GrowthNote detail=Arc::clone(&detail) />
            <VerdictDetails detail=Arc::clone(&detail) />
            <KeyFigures detail=Arc::clone(&detail) />
            <ActionForm box_id=detail.box_id.clone() actions=detail.actions.clone() />
            <SpecialWeeksBox box_id=detail.box_id.clone() special=detail.special_weeks.clone() peaks=doubtful_peaks(&detail) has_forecast />
            <StationFacts station=detail.station.clone() />
            <ProvenanceLine provenance=detail.provenance.clone() forecast_basis outliers />
        </article>
    }
    .into_erased()
}

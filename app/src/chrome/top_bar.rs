//! The bar at the top of every page.

use leptos::prelude::*;

use super::account::OperatorLinks;
use super::{AccountBox, LanguageSwitch, ThemeSwitch};
use crate::account::{is_operator, is_viewer};
use crate::address::{use_home_link, use_model_card_link, use_plan_link};
use crate::api::FleetOverview;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The product's name, the age of data and forecasts, the switches.
#[component]
pub(crate) fn TopBar(
    /// The fleet, where the page has asked for it.
    #[prop(optional)]
    fleet: Option<FleetOverview>,
) -> impl IntoView {
    let words = use_words();
    let freshness = move |fleet: FleetOverview| {
        view! {
            <p class="freshness">
                <Suspense>
                    {move || Suspend::new(async move {
                        fleet.await.ok().map(|overview| {
                            let day = overview.forecast_at.map(|moment| words.day_of(moment));
                            words.freshness(overview.measured_to, day)
                        })
                    })}
                </Suspense>
            </p>
        }
    };
    view! {
        <header class="top-bar">
            <a class="brand" href=use_home_link() title=words.tagline>
                <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                    <rect class="brand-ground" width="24" height="24" rx="6" />
                    <path class="brand-spark" d="M13.2 3.5 5.5 13.6h5l-1 6.9 8.4-10.8h-5.4z" />
                </svg>
                <span>{words.title}</span>
            </a>
            {fleet.map(freshness)}
            // On a narrow screen the switches open from a button; elsewhere the style sheet shows them in the bar.
            <button type="button" class="menu-button" popovertarget="menu" aria-label=words.menu title=words.menu>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M2 4h12M2 8h12M2 12h12" />
                </svg>
            </button>
            <div class="switches" id="menu" popover="auto">
                {is_viewer()
                    .then(|| {
                        view! {
                            <a class="page-link" href=use_plan_link() rel="external">{words.plan().title}</a>
                            <a class="page-link" href=use_model_card_link() rel="external">{words.model_card_link}</a>
                        }
                    })}
                {is_operator().then(|| view! { <OperatorLinks /> })}
                // No page of this program: the browser fetches it.
                <a class="page-link" rel="external" href=words.handbook_link>{words.handbook}</a>
                <LanguageSwitch />
                <ThemeSwitch />
                <AccountBox />
            </div>
        </header>
    }
    .into_erased()
}

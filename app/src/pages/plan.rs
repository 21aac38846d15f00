//! The page of the plan.

use domain::plan::Plan;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::address::use_address;
use crate::api::functions::{plan_replacements, survey_fleet};
use crate::api::{ApiError, Asked, FleetOverview, ask};
use crate::chrome::{Failure, SkipLink, TopBar};
use crate::erased_view::IntoErased as _;
use crate::plan::{PlanFilter, plan_view};
use crate::ranking::UnknownNote;
use crate::words::use_words;

/// Which transformers to replace first, for the area and the budget in the address.
#[component]
pub(crate) fn PlanPage() -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let address = use_address();
    let fleet: FleetOverview = ask(|| (), |()| survey_fleet());
    let asked = Memo::new(move |_| address.with(|address| (address.area.clone(), address.budget_euro)));
    let plan: Asked<Result<Plan, ApiError>> =
        ask(move || asked.get(), |(area, budget_euro)| plan_replacements(area, budget_euro));
    let areas = move || {
        let overview = fleet.get()?.ok()?;
        let areas = overview.areas.into_iter().map(|area| area.area).collect();
        Some(view! { <UnknownNote areas /> })
    };
    let shown = move || {
        Some(match plan.get()? {
            Ok(plan) => view! { <Shown plan /> }.into_erased(),
            Err(error) => view! { <Failure error /> }.into_any(),
        })
    };
    view! {
        <Title text=format!("{} – {}", labels.title, words.title) />
        <SkipLink target="plan" text=labels.skip />
        <TopBar fleet />
        <main class="plan" id="plan" tabindex="-1">
            <h1>{labels.title}</h1>
            <Suspense>{areas}</Suspense>
            <Suspense fallback=move || view! { <p class="loading-note">{words.loading}</p> }>{shown}</Suspense>
        </main>
    }
    .into_erased()
}

/// What it is, what may be missing, the fields, and the plan.
#[component]
fn Shown(plan: Plan) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let about = words.plan_about(plan.risk, plan.has_prices);
    let missing = match (plan.has_ratings, plan.has_prices) {
        (false, _) => Some(labels.no_ratings),
        (true, false) => Some(labels.no_prices),
        (true, true) => None,
    };
    view! {
        <p>{about}</p>
        {missing.map(|said| view! { <p class="stale-note">{said}</p> })}
        <PlanFilter plan=plan.clone() />
        {plan_view(plan)}
    }
    .into_erased()
}

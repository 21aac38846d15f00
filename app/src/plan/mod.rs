//! The plan: which transformers to replace first, and the step from there to actions.
//!
//! `filter` asks, the rest shows: `table` its rows, `orders` what is to be ordered, `recording` the step. `desk` holds
//! what is ticked. All but the filter is loaded once the page is there.

mod desk;
mod filter;
mod orders;
mod recording;
mod table;

use std::sync::Arc;

use domain::plan::Plan;
use leptos::prelude::*;

use self::desk::Desk;
pub(crate) use self::filter::PlanFilter;
use self::orders::Orders;
use self::recording::PlanTicked;
use self::table::{PlanTable, SplitTable};
use crate::account::may_decide;
use crate::erased_view::IntoErased as _;
#[cfg(not(feature = "ssr"))]
use crate::on_demand::{Make, PartMissing, on_demand};
use crate::words::use_words;

/// What there is of a plan.
#[cfg(feature = "ssr")]
pub(crate) fn plan_view(plan: Plan) -> AnyView {
    view! { <div class="part">{make_plan(plan)}</div> }.into_any()
}

/// What there is of a plan. The list doesn't wait for its code.
#[cfg(not(feature = "ssr"))]
pub(crate) fn plan_view(plan: Plan) -> AnyView {
    static KNOWN: std::sync::OnceLock<Make<Plan>> = std::sync::OnceLock::new();
    on_demand(plan, &KNOWN, plan_part)
}

#[cfg(not(feature = "ssr"))]
#[leptos::wasm_split::wasm_split(plan, wasm_split_path = leptos::wasm_split, fallible)]
fn plan_part() -> Result<Make<Plan>, PartMissing> {
    Ok(make_plan)
}

fn make_plan(plan: Plan) -> AnyView {
    let words = use_words();
    let labels = words.plan();
    let desk = Desk::new(Arc::new(plan));
    let plan = desk.plan();
    let rows = plan.rows.len();
    let sum = move || desk.with_ticked(|ticked| words.plan_ticked(ticked, rows));
    let replacements = (rows > 0).then(|| {
        let budget = words.plan_budget(&plan).map(|said| view! { <p class="muted">{said}</p> });
        view! {
            <p class="plan-sum" role="status">{sum}</p>
            {budget}
            {may_decide().then(|| view! { <PlanTicked desk /> })}
            <PlanTable desk />
            <Orders desk />
        }
    });
    let nothing = (rows == 0 && plan.splits.is_empty() && plan.has_ratings)
        .then(|| view! { <p class="muted">{labels.nothing}</p> });
    let splits = Some(plan.splits.clone()).filter(|splits| !splits.is_empty());
    view! {
        <div class="plan-part">
            {nothing}
            {replacements}
            {splits.map(|rows| view! { <SplitTable rows /> })}
        </div>
    }
    .into_erased()
}

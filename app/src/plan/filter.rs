//! What the plan is of: the area and the budget, which stand in the address. A form that needs no script.

use domain::plan::Plan;
use domain::ranking::AreaCount;
use leptos::prelude::*;

use crate::address::{use_address, use_plan_export_link};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The fields, and the same rows as a file.
#[component]
pub(crate) fn PlanFilter(
    /// The areas to choose from, and whether there are prices.
    plan: Plan,
) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let address = use_address();
    let (chosen, budget) = address.with_untracked(|address| (address.area.clone(), address.budget_euro));
    let option = |area: AreaCount| {
        let selected = chosen.as_deref() == Some(area.area.as_str());
        let text = format!("{} ({})", area.area, words.count(area.boxes));
        view! { <option value=area.area selected=selected>{text}</option> }
    };
    // What is chosen stays on offer where nothing of it is short.
    let is_missing = |area: &&String| !plan.areas.iter().any(|known| known.area == **area);
    let missing = chosen.as_ref().filter(is_missing).map(|area| AreaCount { area: area.clone(), boxes: 0 });
    let named = plan.areas.iter().filter(|area| !area.area.is_empty()).cloned();
    let options = named.chain(missing).map(option).collect_view();
    let kept = address.with_untracked(|address| {
        let kept = address.pairs().into_iter().filter(|(key, _)| ["lang", "theme"].contains(key));
        kept.map(|(key, value)| view! { <input type="hidden" name=key value=value.into_owned() /> })
            .collect_view()
    });
    let budget = plan.has_prices.then(|| {
        view! {
            <label class="field">
                <span>{labels.budget}</span>
                <input
                    type="text"
                    name="budget"
                    inputmode="numeric"
                    autocomplete="off"
                    value=budget.map(|euro| euro.to_string())
                />
            </label>
        }
    });
    let has_rows = !plan.rows.is_empty() || !plan.splits.is_empty();
    let export = use_plan_export_link();
    view! {
        <form class="plan-filter" method="get" action="/plan" autocomplete="off">
            <label class="field">
                <span>{words.area}</span>
                <select name="area">
                    <option value="">{words.all_areas}</option>
                    {options}
                </select>
            </label>
            {budget}
            {kept}
            <button type="submit" class="button">{words.apply}</button>
            {has_rows.then(|| view! { <a class="page-link" rel="external" href=export download="">{labels.as_csv}</a> })}
        </form>
    }
    .into_erased()
}

//! The state of the page and links to it, for components: the root of the page provides the state as a context.

use leptos::prelude::*;

use super::Address;
use crate::preferences;

/// The state of the page as it stands in the address.
pub(crate) fn use_address() -> Memo<Address> {
    use_context().unwrap_or_else(|| Memo::new(|_| Address::default()))
}

/// A link to the page as it is now, with some of it changed.
pub(crate) fn use_link(change: impl Fn(&mut Address) + Send + Sync + 'static) -> Signal<String> {
    let address = use_address();
    Signal::derive(move || address.with(|address| address.changed(&change).href()))
}

/// A link to the whole list under one filter, whatever the list shows now: as many rows as a figure of the fleet says.
pub(crate) fn use_link_to_list(filter: impl Fn(&mut Address) + Send + Sync + 'static) -> Signal<String> {
    let address = use_address();
    Signal::derive(move || {
        address.with(|address| {
            let list = Address { language: address.language, theme: address.theme, ..Address::default() };
            list.changed(&filter).href()
        })
    })
}

/// Marks a page beside the list, such as that of runs: its address is that of the list that it was opened from.
#[derive(Clone, Copy)]
pub(crate) struct BesideList;

/// A link to the page that opens first: the ranked list, or the view that the person has made the start page. From a page
/// beside the list it leads back to the list as it was left.
pub(crate) fn use_home_link() -> Signal<String> {
    let is_beside_list = use_context::<BesideList>().is_some();
    let address = use_address();
    Signal::derive(move || {
        address.with(|address| {
            let Address { language, theme, .. } = *address;
            let bare = Address { language, theme, ..Address::default() };
            let home = match preferences::start_view() {
                _ if is_beside_list && *address != bare => address.clone(),
                Some(view) => Address { language, theme, ..Address::parse(&view) },
                None => bare,
            };
            format!("/{}", home.href().trim_end_matches('?'))
        })
    })
}

/// A link to the model card.
pub(crate) fn use_model_card_link() -> Signal<String> {
    use_link_to("/model")
}

/// A link to the plan, of the area that is looked at.
pub(crate) fn use_plan_link() -> Signal<String> {
    let address = use_address();
    Signal::derive(move || {
        address.with(|address| {
            let Address { area, budget_euro, language, theme, .. } = address.clone();
            let plan = Address { area, budget_euro, language, theme, ..Address::default() };
            format!("/plan{}", plan.href().trim_end_matches('?'))
        })
    })
}

/// A link to the plan as a file: of the area and for the budget that the page shows.
pub(crate) fn use_plan_export_link() -> Signal<String> {
    let address = use_address();
    Signal::derive(move || {
        address.with(|address| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(address.area.as_deref().map(|area| ("area", area)));
            query.extend_pairs(address.budget_euro.map(|euro| ("budget_euro", euro.to_string())));
            format!("/api/plan.csv?{}", query.finish()).trim_end_matches('?').to_owned()
        })
    })
}

/// A link to the page of runs.
pub(crate) fn use_runs_link() -> Signal<String> {
    use_link_to("/runs")
}

/// A link to the page of completeness.
#[cfg(feature = "ssr")]
pub(crate) fn use_completeness_link() -> Signal<String> {
    use_link_to("/completeness")
}

/// A link to the audit.
pub(crate) fn use_audit_link() -> Signal<String> {
    use_link_to("/audit")
}

/// A link to the entries of the audit before one.
#[cfg(feature = "ssr")]
pub(crate) fn use_older_audit_link(before: i64) -> Signal<String> {
    let audit = use_audit_link();
    Signal::derive(move || {
        let link = audit.get();
        let sign = if link.contains('?') { '&' } else { '?' };
        format!("{link}{sign}before={before}")
    })
}

/// A link to the sheet for paper of the box that is shown.
pub(crate) fn use_print_link() -> Signal<String> {
    use_print_link_of(|_| {})
}

/// A link to the sheet for paper of the list as it is filtered.
pub(crate) fn use_list_print_link() -> Signal<String> {
    use_print_link_of(|list| list.box_id = None)
}

fn use_print_link_of(change: fn(&mut Address)) -> Signal<String> {
    let address = use_address();
    Signal::derive(move || {
        address.with(|address| format!("/print{}", address.changed(change).href().trim_end_matches('?')))
    })
}

/// A link to a page beside the list: the list's state goes along, for the way back.
fn use_link_to(path: &'static str) -> Signal<String> {
    let address = use_address();
    Signal::derive(move || address.with(|address| format!("{path}{}", address.href().trim_end_matches('?'))))
}

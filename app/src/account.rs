//! Whoever uses the page: known to the server by the request, to the browser by the document.

use domain::identity::{Account, Right};
#[cfg(not(feature = "ssr"))]
use leptos::prelude::document;
#[cfg(feature = "ssr")]
use leptos::prelude::use_context;

/// The name of the document's element that carries it.
pub(crate) const ELEMENT: &str = "account";

/// Whoever uses the page; nothing where the page is for everyone.
#[cfg(feature = "ssr")]
pub(crate) fn account() -> Option<Account> {
    use_context::<http::request::Parts>()?.extensions.get().cloned()
}

/// Whoever uses the page; nothing where the page is for everyone.
#[cfg(not(feature = "ssr"))]
pub(crate) fn account() -> Option<Account> {
    let element = document().query_selector(&format!("meta[name='{ELEMENT}']")).ok()??;
    serde_json::from_str(&element.get_attribute("content")?).ok()
}

/// Whether the page offers decisions. The server asks again for each.
pub(crate) fn may_decide() -> bool {
    account().is_some_and(|account| account.may_decide())
}

/// Whether the page offers what operators see.
pub(crate) fn is_operator() -> bool {
    account().is_some_and(|account| account.right >= Right::Operator)
}

/// Whether the page offers what viewers see: not in the frame of a portal, which shows list and boxes alone.
pub(crate) fn is_viewer() -> bool {
    account().is_none_or(|account| account.right >= Right::Viewer)
}

//! What the browser prefers, where the address does not say.

use domain::language::Language;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::words::accepted_language;

/// The language without `lang` in the address: on the server by `Accept-Language`.
#[cfg(feature = "ssr")]
pub(crate) fn language() -> Language {
    use_context::<http::request::Parts>()
        .and_then(|parts| accepted_language(parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default()
}

/// The language without `lang` in the address: in the browser the one that the server has chosen.
#[cfg(not(feature = "ssr"))]
pub(crate) fn language() -> Language {
    document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .and_then(|code| code.parse::<Language>().ok())
        .unwrap_or_default()
}

/// Whether the system prefers dark; follows its changes in the browser, is light on the server.
pub(crate) fn system_is_dark() -> ReadSignal<bool> {
    let (dark, set_dark) = signal(false);
    Effect::new(move |_| {
        let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else { return };
        set_dark.set(query.matches());
        let listener = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::MediaQueryListEvent)>::new(
            move |event: web_sys::MediaQueryListEvent| set_dark.set(event.matches()),
        );
        query.set_onchange(Some(wasm_bindgen::JsCast::unchecked_ref(listener.as_ref())));
        // Both live as long as the page.
        listener.forget();
        std::mem::forget(query);
    });
    dark
}

//! What the person has chosen before, else what the browser prefers, where the address does not say.

use domain::language::Language;
use leptos::prelude::*;

use crate::address::{Address, Theme};
#[cfg(feature = "ssr")]
use crate::words::accepted_language;

/// The cookie that remembers the language.
pub(crate) const LANGUAGE_COOKIE: &str = "gridspark-language";
/// The cookie that remembers light or dark.
pub(crate) const THEME_COOKIE: &str = "gridspark-theme";
/// The cookie that remembers the columns of the list.
pub(crate) const COLUMNS_COOKIE: &str = "gridspark-columns";
/// The cookie that remembers the view that opens first, as its query.
pub(crate) const START_COOKIE: &str = "gridspark-start";
/// The cookie that remembers what the charts show.
pub(crate) const CHART_COOKIE: &str = "gridspark-chart";

/// The language without `lang` in the address: on the server the remembered one, else by `Accept-Language`.
#[cfg(feature = "ssr")]
pub(crate) fn language() -> Language {
    let accepted = || {
        use_context::<http::request::Parts>().and_then(|parts| {
            accepted_language(parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok()?)
        })
    };
    remembered(LANGUAGE_COOKIE).and_then(|code| code.parse().ok()).or_else(accepted).unwrap_or_default()
}

/// The remembered choice between light and dark; nothing where the system's preference counts.
pub(crate) fn theme() -> Option<Theme> {
    remembered(THEME_COOKIE)?.parse().ok()
}

/// The query of the view that opens first, if the person has chosen one.
pub(crate) fn start_view() -> Option<String> {
    remembered(START_COOKIE).and_then(|value| view_of(&value))
}

/// The view to open first by the value of the `Cookie` header: its query, with nothing in it but what addresses may hold.
#[cfg(feature = "ssr")]
pub fn start_view_of(cookies: &str) -> Option<String> {
    view_of(&value_of(START_COOKIE, cookies)?)
}

fn view_of(value: &str) -> Option<String> {
    let view = Address::parse(value).view();
    let query = view.trim_start_matches('?');
    (!query.is_empty()).then(|| query.to_owned())
}

/// The value of a cookie.
pub(crate) fn remembered(cookie: &str) -> Option<String> {
    value_of(cookie, &cookies()?)
}

fn value_of(cookie: &str, cookies: &str) -> Option<String> {
    let of = |pair: &str| pair.trim().strip_prefix(cookie)?.strip_prefix('=').map(str::to_owned);
    cookies.split(';').find_map(of)
}

#[cfg(feature = "ssr")]
fn cookies() -> Option<String> {
    let parts = use_context::<http::request::Parts>()?;
    Some(parts.headers.get(http::header::COOKIE)?.to_str().ok()?.to_owned())
}

#[cfg(not(feature = "ssr"))]
fn cookies() -> Option<String> {
    js_sys::Reflect::get(&document(), &"cookie".into()).ok()?.as_string()
}

/// The `Set-Cookie` that remembers a choice for a year, or forgets it.
fn set_cookie(cookie: &str, value: Option<&str>) -> String {
    let (value, seconds) = value.map_or(("", 0), |value| (value, 365 * 24 * 3_600));
    format!("{cookie}={value}; Path=/; Max-Age={seconds}; SameSite=Lax")
}

/// The values of `Set-Cookie` for the choices in an address's query: how a switch works without JavaScript.
#[cfg(feature = "ssr")]
pub fn choices_to_remember(query: &str) -> Vec<String> {
    let address = Address::parse(query);
    let language = address.language.map(|language| set_cookie(LANGUAGE_COOKIE, Some(language.code())));
    let theme = address.theme.map(|theme| set_cookie(THEME_COOKIE, Some(theme.as_str())));
    language.into_iter().chain(theme).collect()
}

/// Remembers a choice in this browser, or forgets it.
pub(crate) fn remember(cookie: &str, value: Option<&str>) {
    let text = set_cookie(cookie, value);
    // A browser that takes no cookies shows the choice until the page is left.
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &text.into());
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

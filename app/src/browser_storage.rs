//! What the browser keeps for the person, beside the cookies that the server has to know.
//!
//! Texts under names: for good, or for as long as a tab is open, also over reloads and pages.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;

/// The text under a name; nothing on the server, and where the browser keeps nothing.
pub(crate) fn kept(name: &str) -> Option<String> {
    call("localStorage", "getItem", &[name])?.as_string()
}

/// Keeps a text under a name. A browser that keeps nothing forgets it with the page.
pub(crate) fn keep(name: &str, text: &str) {
    call("localStorage", "setItem", &[name, text]);
}

/// The text under a name that this tab keeps.
pub(crate) fn kept_by_tab(name: &str) -> Option<String> {
    call("sessionStorage", "getItem", &[name])?.as_string()
}

/// Keeps a text under a name until the tab is closed.
pub(crate) fn keep_in_tab(name: &str, text: &str) {
    call("sessionStorage", "setItem", &[name, text]);
}

#[cfg(target_arch = "wasm32")]
fn storage(kind: &str) -> Option<JsValue> {
    // A page whose storage is blocked throws on access.
    js_sys::Reflect::get(&leptos::prelude::window(), &kind.into()).ok()
}

#[cfg(not(target_arch = "wasm32"))]
fn storage(_kind: &str) -> Option<JsValue> {
    None
}

fn call(kind: &str, method: &str, words: &[&str]) -> Option<JsValue> {
    let storage = storage(kind)?;
    let method: js_sys::Function = js_sys::Reflect::get(&storage, &method.into()).ok()?.dyn_into().ok()?;
    let words: js_sys::Array = words.iter().map(|word| JsValue::from_str(word)).collect();
    method.apply(&storage, &words).ok()
}

/// A key of its own for something that is sent: what is sent twice under it is taken once. Empty on the server.
pub(crate) fn new_key() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        // 104 random bits; a page without a secure origin has no `crypto.randomUUID`.
        let part = || (js_sys::Math::random() * 2_f64.powi(52)) as u64;
        format!("{:013x}{:013x}", part(), part())
    }
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

//! What a person has typed or chosen before the page came alive: it is taken over, not lost.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::address::Address;

/// The fields of the filter form by their names, which are those of the address.
const FIELDS: [&str; 9] = ["q", "area", "region", "flag", "sort", "peak", "within", "chance", "loading"];

thread_local! {
    /// The fields that differ from what the server had sent: name and value.
    static CHANGED: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// Reads the fields of the filter form; to be called before the page is hydrated, which resets them.
pub fn collect_early_input() {
    let of = |field: &JsValue, name: &str| js_sys::Reflect::get(field, &name.into()).ok();
    let text = |field: &JsValue, name: &str| of(field, name).and_then(|value| value.as_string());
    let mut changed = Vec::new();
    for name in FIELDS {
        let field = document().query_selector(&format!(".filters [name='{name}']")).ok().flatten();
        let Some(field) = field else { continue };
        let Some(now) = text(&field, "value") else { continue };
        let sent = match text(&field, "defaultValue") {
            Some(sent) => sent,
            None => chosen_by_server(&field).unwrap_or_default(),
        };
        if now != sent {
            changed.push((name.to_owned(), now));
        }
    }
    CHANGED.with_borrow_mut(|kept| *kept = changed);
}

/// The value of the option that the server has marked, else of the first.
fn chosen_by_server(select: &JsValue) -> Option<String> {
    let element: &web_sys::Element = select.dyn_ref()?;
    let option = element
        .query_selector("option[selected]")
        .ok()
        .flatten()
        .or_else(|| element.query_selector("option").ok().flatten())?;
    js_sys::Reflect::get(&option, &"value".into()).ok()?.as_string()
}

/// The address with what was typed and chosen; nothing where nothing was.
pub(crate) fn take_early_input(address: &Address) -> Option<Address> {
    let changed = CHANGED.with_borrow_mut(std::mem::take);
    if changed.is_empty() {
        return None;
    }
    let mut pairs: Vec<(String, String)> =
        address.pairs().into_iter().map(|(key, value)| (key.to_owned(), value.into_owned())).collect();
    pairs.retain(|(key, _)| changed.iter().all(|(name, _)| name != key));
    pairs.extend(changed);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Some(Address::parse(&query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_replaces_what_the_address_says() {
        let address = Address::parse("area=Breda&sort=area&q=old");
        assert_eq!(take_early_input(&address), None);
        let typed = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        CHANGED.set(vec![typed("q", "den bosch"), typed("area", "")]);
        let wanted = Address::parse("sort=area&q=den+bosch");
        assert_eq!(take_early_input(&address), Some(wanted));
        assert_eq!(take_early_input(&address), None, "it is taken once");
    }
}

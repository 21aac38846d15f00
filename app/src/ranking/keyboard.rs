//! The keys that move through the list.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;

use super::list::List;

/// Arrow keys go row by row, page keys by what is in view, Home and End to the ends; Enter follows the row's link. Space
/// selects a row, Shift with an arrow all rows on the way, Escape none.
pub(super) fn on_key(list: List, event: &KeyboardEvent) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    // A row takes the keyboard by a click as well; while it is on its way to another row, that one counts.
    let on_row = element(event).and_then(|element| element.id().strip_prefix("row-")?.parse::<u32>().ok());
    if on_row.is_some() && list.active.get_untracked() != on_row && !list.is_moving() {
        list.active.set(on_row);
    }
    match event.key().as_str() {
        " " if on_row.is_some() => {
            event.prevent_default();
            list.select_active();
            return;
        }
        "Escape" => {
            list.selection.clear();
            return;
        }
        _ => {}
    }
    let total = list.rows.with_untracked(|rows| rows.total());
    let page = list.viewport.get_untracked().page();
    let here = list.active.get_untracked().unwrap_or_default();
    if let Some(row) = target(&event.key(), here, page, total) {
        event.prevent_default();
        if event.shift_key() { list.select_to(row) } else { list.go_to(row) }
    }
}

/// The keys that work wherever the keyboard is, but for fields that take text.
pub(super) fn follow_keys(list: List) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let is_elsewhere = element(&event).is_some_and(|element| {
            ["INPUT", "SELECT", "TEXTAREA"].contains(&element.tag_name().as_str()) || is_in_dialog(&element)
        });
        if is_elsewhere
            || event.alt_key()
            || event.ctrl_key()
            || event.meta_key()
            || event.default_prevented()
        {
            return;
        }
        match event.key().as_str() {
            "/" => {
                let field = document().query_selector("#list input[name='q']").ok().flatten();
                if let Some(field) =
                    field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok())
                {
                    event.prevent_default();
                    let _ = field.focus();
                    field.select();
                }
            }
            "?" => {
                event.prevent_default();
                list.key_list.open();
            }
            "s" => {
                event.prevent_default();
                match progress_in_detail(&event) {
                    Some(field) => drop(field.focus()),
                    None => list.choose_progress(),
                }
            }
            // From nowhere into the list.
            "ArrowDown" | "ArrowUp" if element(&event).is_none_or(|element| element.tag_name() == "BODY") => {
                event.prevent_default();
                list.go_to(list.active.get_untracked().unwrap_or_default());
            }
            _ => {}
        }
    });
    on_cleanup(move || listener.remove());
}

fn element(event: &KeyboardEvent) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

/// Where the progress of the open box is chosen, if the keyboard is in its detail.
fn progress_in_detail(event: &KeyboardEvent) -> Option<web_sys::HtmlElement> {
    let detail = element(event)?.closest("#detail").ok()??;
    detail.query_selector(".action-fields select[name='status']").ok()??.dyn_into().ok()
}

fn is_in_dialog(element: &web_sys::Element) -> bool {
    element.closest("dialog").ok().flatten().is_some()
}

/// Where a key leads; nowhere if it does not move or there are no rows.
fn target(key: &str, here: u32, page: u32, total: u32) -> Option<u32> {
    let last = total.checked_sub(1)?;
    let row = match key {
        "ArrowDown" => here.saturating_add(1),
        "ArrowUp" => here.saturating_sub(1),
        "PageDown" => here.saturating_add(page),
        "PageUp" => here.saturating_sub(page),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(row.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_within_the_list() {
        assert_eq!(target("ArrowUp", 0, 10, 5), Some(0));
        assert_eq!(target("PageDown", 3, 10, 5), Some(4));
        assert_eq!(target("End", 0, 10, 35_000), Some(34_999));
        assert_eq!(target("ArrowDown", 0, 10, 0), None);
        assert_eq!(target("x", 0, 10, 5), None);
    }
}

//! The keys that move through the list.

use web_sys::KeyboardEvent;

use super::list::List;
use leptos::prelude::*;

/// Arrow keys go row by row, page keys by what is in view, Home and End to the ends; Enter follows the row's link.
pub(super) fn on_key(list: List, event: &KeyboardEvent) {
    if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return;
    }
    let total = list.rows.with_untracked(|rows| rows.total());
    let page = list.viewport.get_untracked().page();
    let here = list.active.get_untracked().unwrap_or_default();
    if let Some(row) = target(&event.key(), here, page, total) {
        event.prevent_default();
        list.go_to(row);
    }
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

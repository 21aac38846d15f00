//! The WebAssembly entry point of the pages.

// View types nest deeper than the compiler's default limit.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Hydrates the page that the server has rendered.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::collect_early_input();
    leptos::mount::hydrate_body(app::App);
}

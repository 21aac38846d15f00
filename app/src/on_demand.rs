//! Views whose code is loaded when the first of them is shown.
//!
//! The build (`xtask/src/site/frontend.rs`) puts what only a function marked `wasm_split` needs into
//! a part of its own. The server has all code, and sends a view as it is. In the browser what was sent
//! stands until the part is there, then the view takes its place; from then on views are made at once.

use std::future::Future;
use std::sync::OnceLock;

use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use crate::api::ApiError;
use crate::chrome::Failure;
use crate::words::use_words;

/// Makes a view of what it is given.
pub(crate) type Make<Given> = fn(Given) -> AnyView;

/// Why a view can't be made: its part could not be loaded, as without a network.
pub(crate) struct PartMissing;

impl From<SplitLoaderError> for PartMissing {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// A view of which `load` loads the part that makes it; `known` keeps what was loaded.
pub(crate) fn on_demand<Given, Part>(
    given: Given,
    known: &'static OnceLock<Make<Given>>,
    load: impl FnOnce() -> Part,
) -> AnyView
where
    Given: 'static,
    Part: Future<Output = Result<Make<Given>, PartMissing>> + 'static,
{
    let is_sent = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    if let (Some(make), false) = (known.get(), is_sent) {
        return view! { <div class="part" data-live="">{make(given)}</div> }.into_any();
    }
    let frame = NodeRef::<Div>::new();
    let (owner, loading) = (Owner::current(), load());
    leptos::task::spawn_local(async move {
        let made = loading.await;
        if made.is_err() && is_sent {
            // What the server has sent can still be read.
            return;
        }
        let (Some(frame), Some(owner)) = (frame.try_get_untracked().flatten(), owner) else { return };
        let view = move || match made {
            Ok(make) => known.get_or_init(|| make)(given),
            Err(PartMissing) => {
                let error = ApiError::Connection("a part of the page".to_owned());
                view! { <Failure error /> }.into_any()
            }
        };
        owner.with(|| mount(&frame, view()));
    });
    if is_sent {
        // Without children of its own it keeps those that were sent.
        return view! { <div class="part" node_ref=frame></div> }.into_any();
    }
    let waiting = use_words().loading;
    view! {
        <div class="part" node_ref=frame>
            <p class="loading-note">{waiting}</p>
        </div>
    }
    .into_any()
}

/// Loads a part as soon as the page has come alive, so that the first view needn't wait for it. Where it can't be loaded,
/// the view tries again.
pub(crate) fn load_early<Part: Future<Output = Result<(), SplitLoaderError>> + 'static>(load: fn() -> Part) {
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            let _ = load().await;
        });
    });
}

/// Puts a view in the place of what stands in the frame, for as long as the current owner lives. What a person has
/// opened in it stays open, and the keyboard stays where it was.
fn mount(frame: &Element, view: AnyView) {
    let opened: Vec<bool> = all(frame, FOLDS).iter().map(|fold| fold.has_attribute("open")).collect();
    let active = document().active_element();
    let focused = all(frame, STOPS).into_iter().position(|stop| Some(stop) == active);
    frame.set_inner_html("");
    let mut state = view.build();
    state.mount(frame, None);
    StoredValue::new_local(state);
    for (fold, was_open) in all(frame, FOLDS).iter().zip(opened) {
        if was_open {
            let _ = fold.set_attribute("open", "");
        }
    }
    let stop = focused.and_then(|place| all(frame, STOPS).into_iter().nth(place));
    if let Some(stop) = stop.and_then(|stop| stop.dyn_into::<HtmlElement>().ok()) {
        let _ = stop.focus();
    }
    let _ = frame.set_attribute("data-live", "");
}

/// What can be opened.
const FOLDS: &str = "details";
/// Where the keyboard stops.
const STOPS: &str = "a[href], button, summary, input, select, [tabindex]";

fn all(frame: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = frame.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
}

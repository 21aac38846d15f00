//! Fetches ECharts when the first chart is wanted.

use js_sys::{Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlScriptElement;

const SCRIPT_ID: &str = "charts-script";

/// The library, after its script has run.
///
/// # Errors
/// What the browser says where the script cannot be loaded.
pub(super) async fn echarts() -> Result<JsValue, JsValue> {
    if let Some(loaded) = loaded() {
        return Ok(loaded);
    }
    let script = match document().get_element_by_id(SCRIPT_ID) {
        Some(script) => script.dyn_into::<HtmlScriptElement>()?,
        None => request()?,
    };
    let settled = Promise::new(&mut |resolve, reject| {
        // Both may already wait for another chart.
        let _ = script.add_event_listener_with_callback("load", &resolve);
        let _ = script.add_event_listener_with_callback("error", &reject);
    });
    if let Err(error) = JsFuture::from(settled).await {
        // The next chart tries anew.
        script.remove();
        return Err(error);
    }
    loaded().ok_or_else(|| JsValue::from_str("the script did not define the library"))
}

fn loaded() -> Option<JsValue> {
    Reflect::get(&window(), &"echarts".into()).ok().filter(JsValue::is_object)
}

/// Puts the script into the document, with the nonce of the document's own scripts.
fn request() -> Result<HtmlScriptElement, JsValue> {
    let document = document();
    let address =
        document.query_selector("meta[name=charts]")?.and_then(|meta| meta.get_attribute("content"));
    let address = address.ok_or_else(|| JsValue::from_str("the document does not name the script"))?;
    let script: HtmlScriptElement = document.create_element("script")?.dyn_into()?;
    script.set_id(SCRIPT_ID);
    script.set_src(&address);
    if let Some(own) = document.query_selector("script[nonce]")? {
        let nonce = own.unchecked_into::<web_sys::HtmlElement>().nonce();
        script.set_nonce(&nonce);
    }
    document.head().ok_or(JsValue::NULL)?.append_child(&script)?;
    Ok(script)
}

//! Renders an address to HTML.

use std::sync::Arc;

use any_spawner::Executor;
use app::App;
use app::api::SharedGridData;
use futures::StreamExt as _;
use leptos::prelude::*;
use leptos_meta::ServerMetaContext;
use leptos_router::location::RequestUrl;

use crate::invented::InventedGrid;

/// The body of the page at an address, complete.
pub(crate) async fn page(address: &str) -> String {
    let _ = Executor::init_tokio();
    let context = Arc::new(hydration_context::SsrSharedContext::new());
    let owner = Owner::new_root(Some(context));
    let stream = owner.with(|| {
        let data: SharedGridData = Arc::new(InventedGrid);
        provide_context(data);
        provide_context(RequestUrl::new(address));
        let (meta, _parts) = ServerMetaContext::new();
        provide_context(meta);
        view! { <App /> }.to_html_stream_in_order()
    });
    let html = stream.collect::<String>().await;
    owner.unset_with_forced_cleanup();
    html
}

/// How often a text occurs.
pub(crate) fn count(html: &str, text: &str) -> usize {
    html.matches(text).count()
}

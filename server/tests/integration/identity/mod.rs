//! Who may come in, and what they may do: the router as it is served, asked without a network.

mod audit;
mod keys;
mod matrix;
mod openings;
mod proxy;
mod scopes;
mod signing_in;

use axum::body::Body;
use axum::http::Request;
use gridspark::identity::Peer;
use store::Store;

use crate::support::pages::{Page, Pages};

/// The settings of a proxy that names people, and what their groups may.
pub(super) const PROXY: &str = "[identity]\npublic_url = 'https://grid.example.org'\nproxies = ['10.0.0.7']\n\
    frame_ancestors = ['https://portal.example.org']\nway_in = { kind = 'reverse-proxy' }\n\
    grant = [{ group = 'read', right = 'viewer' }, { group = 'breda', right = 'planner', areas = ['Breda'] },\n\
    { group = 'plan', right = 'planner' }, { group = 'ops', right = 'operator' }]\n";

/// A dashboard behind that proxy.
pub(super) fn behind_a_proxy(store: &Store) -> Pages {
    Pages::configured(store, PROXY)
}

/// A request as it comes from an address, with headers.
pub(super) async fn ask(pages: &Pages, from: &str, what: &str, headers: &[(&str, &str)], body: &str) -> Page {
    let (method, path) = what.split_once(' ').unwrap();
    let mut request = Request::builder()
        .method(method)
        .uri(path.replace('[', "%5B").replace(']', "%5D"))
        .extension(Peer(from.parse().unwrap()));
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    pages.answer(request.body(Body::from(body.to_owned())).unwrap()).await
}

/// A request that the proxy passes on, of somebody of these groups.
pub(super) async fn as_one_of(pages: &Pages, groups: &str, what: &str, body: &str) -> Page {
    let headers = [("x-forwarded-user", "ada"), ("x-forwarded-groups", groups), ("host", "grid.example.org")];
    ask(pages, "10.0.0.7", what, &headers, body).await
}

//! The dashboard over HTTP: pages, server functions, static files and headers.

mod accuracy;
mod api_status;
mod completeness;
mod connections;
mod failures;
mod grid_data;
mod headers;
mod measured_coverage;
mod model_card;
mod operations;
mod plan;
mod print;
mod rescue;
mod runs;
mod site;
mod start_view;
mod usage;
mod what_if;

use std::sync::Arc;

use app::api::SharedGridData;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::{any, get};
use domain::calendar::Calendar;
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use store::Store;
use tokio::sync::Notify;
use tower_http::compression::CompressionLayer;

use crate::configuration::Configuration;
use crate::identity::Identity;
use crate::telemetry::Metrics;
pub use connections::{KnownAddresses, serve};
pub use grid_data::StoredGridData;
pub use operations::operations;
pub use site::{Site, SiteError};

/// The router of `gridspark serve`. `worker` is woken by planners' decisions; responses are counted
/// in `metrics`. `identity` stands around all of it.
pub fn dashboard(
    store: Store,
    configuration: &Configuration,
    site: &Site,
    identity: &Identity,
    worker: Arc<Notify>,
    metrics: &Metrics,
) -> Router {
    let calendar = Calendar::new(configuration.time_zone);
    let operations = operations::operations(store.clone(), metrics.clone());
    let figures = Router::new().route("/model/{figure}", get(model_card::figure)).with_state(store.clone());
    let clock = configuration.wall_clock();
    let card_page =
        model_card::CardPage { store: store.clone(), assets: site.assets(), clock: clock.clone() };
    let card = Router::new().route("/model", get(model_card::page)).with_state(card_page);
    let usage = usage::Usage::new(store.clone());
    let runs_page = runs::RunsPage {
        store: store.clone(),
        usage: usage.clone(),
        settings: configuration.runs.clone(),
        assets: site.assets(),
        clock: clock.clone(),
    };
    let runs = Router::new().route("/runs", get(runs::page)).with_state(runs_page);
    let completeness_page = completeness::CompletenessPage {
        store: store.clone(),
        calendar: calendar.clone(),
        assets: site.assets(),
    };
    let completeness =
        Router::new().route("/completeness", get(completeness::page)).with_state(completeness_page);
    let data: SharedGridData =
        Arc::new(StoredGridData::new(store, configuration.clone(), calendar).waking(worker));
    let print_page = print::PrintPage {
        data: Arc::clone(&data),
        assets: site.assets(),
        identity: identity.clone(),
        clock: clock.clone(),
    };
    let print = Router::new().route("/print", get(print::page)).with_state(print_page);
    let plan_export = plan::PlanExport { data: Arc::clone(&data), identity: identity.clone() };
    let plan = Router::new().route("/api/plan.csv", get(plan::export)).with_state(plan_export);
    let options = site.options();
    let assets = site.assets();
    let policies = headers::Policies::new(identity.settings());
    let page_policies = policies.clone();
    let context = move || {
        provide_context(Arc::clone(&data));
        provide_context(assets.clone());
        provide_context(clock.clone());
        page_policies.protect_page();
        failures::mark_unknown();
    };
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    let not_found = render_app_async_with_context(context.clone(), shell.clone());
    let not_found = Router::new().fallback(move |request: Request| {
        let page = not_found(request);
        async move { (StatusCode::NOT_FOUND, page.await) }
    });
    let pages: Router = Router::<LeptosOptions>::new()
        .leptos_routes_with_context(&options, generate_route_list(app::App), context, shell)
        .with_state(options);
    let routes = pages
        .merge(figures)
        .merge(card)
        .merge(runs)
        .merge(completeness)
        .merge(print)
        .merge(plan)
        .merge(operations)
        .merge(identity.routes())
        .route("/api/{*rest}", any(|| async { (StatusCode::NOT_FOUND, "there is no such endpoint") }))
        .route_layer(axum::middleware::map_response(api_status::by_reason));
    let guarded = identity
        .around_routes(routes)
        .route_layer(axum::middleware::from_fn_with_state(usage, usage::count))
        .route_layer(axum::middleware::from_fn_with_state(metrics.clone(), operations::count))
        .layer(CompressionLayer::new())
        .fallback_service(site.files(not_found));
    identity
        .around_everything(guarded)
        .layer(axum::middleware::from_fn(headers::remember_choices))
        .layer(axum::middleware::from_fn(start_view::lead))
        .layer(axum::middleware::from_fn_with_state(rescue::Rescue::new(site.assets()), rescue::rescue))
        .layer(axum::middleware::from_fn_with_state(policies, headers::protect))
}

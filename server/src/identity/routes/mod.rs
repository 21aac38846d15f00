//! The routes of identity beside signing in and out: keys, sessions, embed tokens and the audit.

mod audit;
mod embedding;
mod failure;
mod keys;
mod sessions;

use axum::Router;

use super::Identity;

pub(super) fn routes(identity: Identity) -> Router {
    Router::new()
        .merge(keys::routes())
        .merge(sessions::routes())
        .merge(embedding::routes())
        .merge(audit::routes())
        .with_state(identity)
}

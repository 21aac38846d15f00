//! What operators do with the keys of programs.

use std::collections::BTreeSet;

use axum::extract::{Extension, Path, Request, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use domain::identity::{Person, Right, Scope};
use serde::{Deserialize, Serialize};
use store::ApiKey;

use super::failure::{Failure, opened};
use crate::identity::Identity;
use crate::identity::keys::{self, WantedKey};

pub(super) fn routes() -> Router<Identity> {
    Router::new().route("/api/keys", get(list).post(create)).route("/api/keys/{key_id}/revoke", post(revoke))
}

#[derive(Serialize)]
struct ShownKey {
    key_id: i64,
    name: String,
    right: Right,
    scope: Scope,
    created_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

impl From<ApiKey> for ShownKey {
    fn from(key: ApiKey) -> Self {
        let ApiKey { key_id, name, right, scope, created_by, created_at, expires_at, revoked_at, .. } = key;
        Self { key_id, name, right, scope, created_by, created_at, expires_at, revoked_at }
    }
}

async fn list(State(identity): State<Identity>) -> Result<Json<Vec<ShownKey>>, Failure> {
    Ok(Json(identity.0.store.keys().await?.into_iter().map(ShownKey::from).collect()))
}

/// The body of a request for a key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct CreateKey {
    name: String,
    right: Right,
    areas: Option<BTreeSet<String>>,
    days: i64,
}

#[derive(Serialize)]
struct CreatedKey {
    key_id: i64,
    key: String,
}

async fn create(
    State(identity): State<Identity>,
    Extension(person): Extension<Person>,
    request: Request,
) -> Result<Json<CreatedKey>, Failure> {
    let (parts, CreateKey { name, right, areas, days }) = opened(request).await?;
    let wanted = WantedKey { name, right, scope: areas.map_or(Scope::All, Scope::Areas), days };
    let address = identity.address_text(&parts);
    let (key, key_id) = keys::create(&identity.0.store, wanted, &person, address, Utc::now()).await?;
    Ok(Json(CreatedKey { key_id, key }))
}

async fn revoke(
    State(identity): State<Identity>,
    Extension(person): Extension<Person>,
    Path(key_id): Path<i64>,
    request: Request,
) -> Result<Json<()>, Failure> {
    let address = identity.address_text(&request.into_parts().0);
    let revoked = keys::revoke(&identity.0.store, key_id, &person, address, Utc::now()).await?;
    if revoked { Ok(Json(())) } else { Err(Failure::NotThere) }
}

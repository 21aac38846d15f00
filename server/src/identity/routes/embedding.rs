//! Embed tokens: minted by a portal's back end, posted by its page into a frame.

use std::collections::BTreeSet;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use chrono::Utc;
use domain::identity::{AuditAction, NewAuditEntry, Scope};
use model::BoxId;
use serde::{Deserialize, Serialize};
use store::ApiKey;

use super::failure::{Failure, opened};
use crate::identity::{Identity, Refusal, cookies, embedding, guard, keys, token};

pub(super) fn routes() -> Router<Identity> {
    Router::new().route("/api/embed-tokens", post(mint)).route(embedding::ROUTE, post(begin))
}

/// The body of a request for an embed token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct MintToken {
    areas: Option<BTreeSet<String>>,
    boxes: Option<BTreeSet<BoxId>>,
    minutes: i64,
}

#[derive(Serialize)]
struct MintedToken {
    token: String,
    /// By which the page counts, whose clock may be wrong.
    expires_in_seconds: i64,
}

async fn mint(State(identity): State<Identity>, request: Request) -> Result<Json<MintedToken>, Failure> {
    let (parts, wanted) = opened::<MintToken>(request).await?;
    let (store, now) = (&identity.0.store, Utc::now());
    let key = keys::bearer(&parts).map(token::hash).ok_or(Failure::NotThere)?;
    let key = store.valid_key(&key, now).await?.ok_or(Failure::NotThere)?;
    let (key, scope) = match (wanted.areas, wanted.boxes) {
        (None, None) => (key.clone(), key.scope),
        (Some(areas), None) => (key, Scope::Areas(areas)),
        (None, Some(boxes)) => {
            // Of boxes only the store knows in which areas they are.
            let own = store.as_seen_by(keys::person_of(&key));
            for box_id in &boxes {
                if own.stored_box(box_id).await?.is_none() {
                    return Err(Failure::Wanted(format!("There is no box {box_id} that this key is for.")));
                }
            }
            let scope = Scope::Boxes(boxes);
            (ApiKey { scope: scope.clone(), ..key }, scope)
        }
        (Some(_), Some(_)) => return Err(Failure::Wanted("Areas or boxes, not both.".to_owned())),
    };
    let address = identity.address_text(&parts);
    let token = keys::mint(store, &key, scope, wanted.minutes, address, now).await?;
    Ok(Json(MintedToken { token, expires_in_seconds: wanted.minutes * 60 }))
}

/// The fields of the form that a portal posts: the token, and the language.
pub(in crate::identity) fn form_fields(body: &[u8]) -> (String, Option<String>) {
    let field = |name: &str| {
        form_urlencoded::parse(body).find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
    };
    (field("token").unwrap_or_default(), field("lang"))
}

/// What follows in the frame is asked for with the token, which is in no address.
async fn begin(State(identity): State<Identity>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let (embed, language) = form_fields(&body);
    let (store, now) = (&identity.0.store, Utc::now());
    let begun = async {
        let found = store.valid_key(&token::hash(&embed), now).await.map_err(Refusal::store)?;
        let key = found.filter(|key| key.minted_with.is_some()).ok_or(Refusal::WrongKey)?;
        let person = keys::person_of(&key);
        // A page that is loaded again and again is one frame.
        if identity.0.limits.may_record(&format!("frame {}", key.key_id), None) {
            let subject = format!("embed token (number {})", key.key_id);
            let entry = NewAuditEntry::done(&person, AuditAction::BeginEmbedding, subject);
            let entry = NewAuditEntry { address: identity.address_text(&parts), ..entry };
            store.audit(&entry, now).await.map_err(Refusal::store)?;
        }
        Ok((key.expires_at - now).num_seconds())
    };
    match begun.await {
        Ok(seconds) => {
            let to = match language.as_deref() {
                Some("nl") => "/?lang=nl",
                Some("en") => "/?lang=en",
                _ => "/",
            };
            let cookie = cookies::embedded(cookies::EMBED, &embed, seconds);
            (StatusCode::SEE_OTHER, [(LOCATION, to.to_owned()), (SET_COOKIE, cookie)]).into_response()
        }
        Err(refused) => guard::refuse(&identity, refused, None, &parts).await,
    }
}

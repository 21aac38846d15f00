//! What operators do with keys, sessions and the audit; what programs do with their keys.

use std::collections::BTreeSet;

use app::api::ApiError;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Extension, Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use domain::identity::{AuditAction, AuditEntry, NewAuditEntry, Person, Right, Scope};
use model::BoxId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::ApiKey;

use super::keys::{self, KeyError, WantedKey};
use super::{Identity, Refusal, cookies, pages, refusal, token};

/// Entries of the audit on a page.
const ENTRIES_ON_A_PAGE: u32 = 200;
/// Entries of the audit in an export: ten years of a busy fleet.
const MAX_EXPORTED: u32 = 1_000_000;
/// Entries that are read at once for an export.
const EXPORT_STEP: u32 = 5_000;

pub(super) fn routes(identity: Identity) -> Router {
    Router::new()
        .route("/api/keys", get(list_keys).post(create_key))
        .route("/api/keys/{key_id}/revoke", post(revoke_key))
        .route("/api/sessions", get(list_sessions))
        .route("/api/sessions/end", post(end_sessions))
        .route("/api/embed-tokens", post(mint_token))
        .route("/embed/session", post(begin_embedding))
        .route("/audit", get(audit_page))
        .route("/audit.csv", get(audit_export))
        .with_state(identity)
}

/// A failure of one of these, as the other functions of the API say it.
enum Failure {
    Wanted(String),
    NotThere,
    Store,
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        tracing::error!("an operator's request failed: {error}");
        Self::Store
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Wanted(reason) => Self::Wanted(reason.to_owned()),
            KeyError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Wanted(reason) => {
                (StatusCode::BAD_REQUEST, Json(ApiError::BadRequest(reason))).into_response()
            }
            Self::NotThere => {
                let error = ApiError::BadRequest("There is none of that number or name.".to_owned());
                (StatusCode::NOT_FOUND, Json(error)).into_response()
            }
            Self::Store => (StatusCode::SERVICE_UNAVAILABLE, Json(ApiError::Away)).into_response(),
        }
    }
}

/// A body of JSON. Browsers send one to other sites only after having asked, which is never allowed.
fn json<Body: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<Body, Failure> {
    let is_json =
        headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return Err(Failure::Wanted("The request needs content-type: application/json.".to_owned()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Failure::Wanted(format!("The request could not be understood: {error}")))
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

async fn list_keys(State(identity): State<Identity>) -> Result<Json<Vec<ShownKey>>, Failure> {
    Ok(Json(identity.0.store.keys().await?.into_iter().map(ShownKey::from).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateKey {
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

/// A request's person, address and body.
async fn opened(identity: &Identity, request: Request) -> Result<(Parts, Bytes, Option<String>), Failure> {
    let (parts, body) = request.into_parts();
    let address = identity.address(&parts).map(|address| address.to_string());
    // How long it may be was judged before.
    let body = to_bytes(body, usize::MAX).await.map_err(|error| Failure::Wanted(error.to_string()))?;
    Ok((parts, body, address))
}

async fn create_key(
    State(identity): State<Identity>,
    Extension(person): Extension<Person>,
    request: Request,
) -> Result<Json<CreatedKey>, Failure> {
    let (parts, body, address) = opened(&identity, request).await?;
    let CreateKey { name, right, areas, days } = json(&parts.headers, &body)?;
    let wanted = WantedKey { name, right, scope: areas.map_or(Scope::All, Scope::Areas), days };
    let (key, key_id) = keys::create(&identity.0.store, wanted, &person, address, Utc::now()).await?;
    Ok(Json(CreatedKey { key_id, key }))
}

async fn revoke_key(
    State(identity): State<Identity>,
    Extension(person): Extension<Person>,
    Path(key_id): Path<i64>,
    request: Request,
) -> Result<Json<()>, Failure> {
    let (_, _, address) = opened(&identity, request).await?;
    let revoked = keys::revoke(&identity.0.store, key_id, &person, address, Utc::now()).await?;
    if revoked { Ok(Json(())) } else { Err(Failure::NotThere) }
}

#[derive(Serialize)]
struct ShownSession {
    person: String,
    created_at: DateTime<Utc>,
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

async fn list_sessions(State(identity): State<Identity>) -> Result<Json<Vec<ShownSession>>, Failure> {
    let sessions = identity.0.store.sessions(Utc::now()).await?.into_iter();
    let shown = sessions.map(|session| ShownSession {
        person: session.person,
        created_at: session.created_at,
        used_at: session.used_at,
        expires_at: session.expires_at,
    });
    Ok(Json(shown.collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndSessions {
    person: String,
}

async fn end_sessions(
    State(identity): State<Identity>,
    Extension(person): Extension<Person>,
    request: Request,
) -> Result<Json<u64>, Failure> {
    let (parts, body, address) = opened(&identity, request).await?;
    let wanted: EndSessions = json(&parts.headers, &body)?;
    let ended = identity.0.store.end_sessions_of(&wanted.person).await?;
    if ended == 0 {
        return Err(Failure::NotThere);
    }
    let entry = NewAuditEntry::done(&person, AuditAction::RevokeSessions, wanted.person);
    identity.audit(NewAuditEntry { address, ..entry.with(ended.to_string()) }).await;
    Ok(Json(ended))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MintToken {
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

async fn mint_token(
    State(identity): State<Identity>,
    request: Request,
) -> Result<Json<MintedToken>, Failure> {
    let (parts, body, _) = opened(&identity, request).await?;
    let wanted: MintToken = json(&parts.headers, &body)?;
    let (store, now) = (&identity.0.store, Utc::now());
    let key = keys::bearer(&parts).ok().flatten().map(token::hash).ok_or(Failure::NotThere)?;
    let key = store.valid_key(&key, now).await?.ok_or(Failure::NotThere)?;
    let scope = match (wanted.areas, wanted.boxes) {
        (None, None) => key.scope.clone(),
        (Some(areas), None) => Scope::Areas(areas),
        (None, Some(boxes)) => {
            // Of boxes only the store knows in which areas they are.
            let own = store.as_seen_by(keys::person_of(key.clone()));
            for box_id in &boxes {
                if own.stored_box(box_id).await?.is_none() {
                    return Err(Failure::Wanted(format!("There is no box {box_id} that this key is for.")));
                }
            }
            let scope = Scope::Boxes(boxes);
            let widened = ApiKey { scope: scope.clone(), ..key };
            let token = keys::mint(store, &widened, scope, wanted.minutes, now).await?;
            return Ok(Json(MintedToken { token, expires_in_seconds: wanted.minutes * 60 }));
        }
        (Some(_), Some(_)) => return Err(Failure::Wanted("Areas or boxes, not both.".to_owned())),
    };
    let token = keys::mint(store, &key, scope, wanted.minutes, now).await?;
    Ok(Json(MintedToken { token, expires_in_seconds: wanted.minutes * 60 }))
}

/// A portal posts a form with `token` into a frame; what follows in it is asked for with that token,
/// which is in no address.
async fn begin_embedding(State(identity): State<Identity>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let field = |name: &str| {
        form_urlencoded::parse(&body).find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
    };
    let (embed, language) = (field("token").unwrap_or_default(), field("lang"));
    let hash = token::hash(&embed);
    let found = identity.0.store.valid_key(&hash, Utc::now()).await;
    let refused = match found {
        Ok(Some(key)) if key.minted_with.is_some() => {
            let seconds = (key.expires_at - Utc::now()).num_seconds();
            let to = match language.as_deref() {
                Some("nl") => "/?lang=nl",
                Some("en") => "/?lang=en",
                _ => "/",
            };
            let cookie = cookies::embedded(cookies::EMBED, &embed, seconds);
            return (StatusCode::SEE_OTHER, [(LOCATION, to.to_owned()), (SET_COOKIE, cookie)])
                .into_response();
        }
        Ok(_) => match identity.0.limits.sign_in(identity.address(&parts)) {
            Ok(()) => {
                identity.audit_refusal(&Refusal::WrongKey, None, &parts).await;
                Refusal::WrongKey
            }
            Err(too_often) => too_often,
        },
        Err(error) => Refusal::store(error),
    };
    refusal::respond(&identity, &refused, &parts)
}

#[derive(Deserialize)]
struct AuditPage {
    before: Option<i64>,
}

async fn audit_page(
    State(identity): State<Identity>,
    Query(page): Query<AuditPage>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    match identity.0.store.audit_entries(page.before, ENTRIES_ON_A_PAGE).await {
        Ok(entries) => pages::audit(&identity, &parts, entries, ENTRIES_ON_A_PAGE),
        Err(error) => refusal::respond(&identity, &Refusal::store(error), &parts),
    }
}

async fn audit_export(
    State(identity): State<Identity>,
    Extension(person): Extension<Person>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let address = identity.address(&parts).map(|address| address.to_string());
    let entry = NewAuditEntry::done(&person, AuditAction::Export, "audit");
    identity.audit(NewAuditEntry { address, ..entry }).await;
    let mut lines = Vec::new();
    let (mut before, mut left) = (None, MAX_EXPORTED);
    while left > 0 {
        let entries = identity.0.store.audit_entries(before, EXPORT_STEP.min(left)).await?;
        let Some(last) = entries.last() else { break };
        before = Some(last.number);
        left -= entries.len() as u32;
        lines.extend(entries);
    }
    let text = csv_of(&lines).map_err(|error| Failure::Wanted(error.to_string()))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"gridspark-audit.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// Entries as CSV, newest first.
pub(crate) fn csv_of(entries: &[AuditEntry]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["number", "at", "person", "way_in", "address", "action", "outcome", "subject", "detail"];
    writer.write_record(head)?;
    for entry in entries {
        let at = entry.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let cells = [
            entry.number.to_string(),
            at,
            entry.person.clone(),
            entry.way_in.as_str().to_owned(),
            entry.address.clone().unwrap_or_default(),
            entry.action.as_str().to_owned(),
            entry.outcome.as_str().to_owned(),
            entry.subject.clone(),
            entry.detail.clone(),
        ];
        writer.write_record(cells.map(|cell| harmless(&cell)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use domain::identity::{AuditOutcome, WayIn};

    use super::*;

    #[test]
    fn an_export_has_every_field_and_no_formula() {
        let entry = AuditEntry {
            number: 7,
            at: "2026-06-01T04:02:11Z".parse().unwrap(),
            person: "=HYPERLINK(\"https://evil\")".to_owned(),
            way_in: WayIn::ReverseProxy,
            address: None,
            action: AuditAction::SignIn,
            outcome: AuditOutcome::Done,
            subject: "a, \"b\"".to_owned(),
            detail: String::new(),
        };
        let text = String::from_utf8(csv_of(&[entry]).unwrap()).unwrap();
        let line = text.lines().nth(1).unwrap();
        let expected = "7,2026-06-01T04:02:11.000Z,\"'=HYPERLINK(\"\"https://evil\"\")\",reverse-proxy,,sign-in,done,\
            \"a, \"\"b\"\"\",";
        assert_eq!(line, expected);
    }
}

//! What operators do with the sessions of people.

use axum::extract::{Extension, Request, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person};
use serde::{Deserialize, Serialize};

use super::failure::{Failure, opened};
use crate::identity::Identity;

pub(super) fn routes() -> Router<Identity> {
    Router::new().route("/api/sessions", get(list)).route("/api/sessions/end", post(end))
}

#[derive(Serialize)]
struct ShownSession {
    person: String,
    created_at: DateTime<Utc>,
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

async fn list(State(identity): State<Identity>) -> Result<Json<Vec<ShownSession>>, Failure> {
    let idle = identity.0.settings.session_idle();
    let sessions = identity.0.store.sessions(idle, Utc::now()).await?.into_iter();
    let shown = sessions.map(|session| ShownSession {
        person: session.person,
        created_at: session.created_at,
        used_at: session.used_at,
        expires_at: session.expires_at,
    });
    Ok(Json(shown.collect()))
}

/// The body of a request to end somebody's sessions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::identity) struct EndSessions {
    person: String,
}

async fn end(
    State(identity): State<Identity>,
    Extension(person): Extension<Person>,
    request: Request,
) -> Result<Json<u64>, Failure> {
    let (parts, wanted) = opened::<EndSessions>(request).await?;
    let entry = NewAuditEntry::done(&person, AuditAction::RevokeSessions, &wanted.person);
    let entry = NewAuditEntry { address: identity.address_text(&parts), ..entry };
    let ended = identity.0.store.end_sessions_of(&wanted.person, &entry, Utc::now()).await?;
    if ended == 0 { Err(Failure::NotThere) } else { Ok(Json(ended)) }
}

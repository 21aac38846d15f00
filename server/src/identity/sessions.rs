//! Sessions: random tokens in cookies, rows in the store.

use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person};
use store::{NewSession, Store, StoreError};

use super::{Recognised, Refusal, cookies, grants, token};
use crate::configuration::identity::IdentitySettings;

/// Begins a session; the cookie that carries it.
pub(super) async fn begin(
    store: &Store,
    settings: &IdentitySettings,
    person: &Person,
    groups: Vec<String>,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let session = token::random("");
    let new = NewSession {
        token_hash: token::hash(&session),
        person: person.name.clone(),
        way_in: person.way_in,
        groups,
        rights: grants::fingerprint(person),
        expires_at: now + settings.session_lifetime(),
    };
    store.begin_session(&new, now).await?;
    Ok(cookies::own(cookies::SESSION, &session, settings.session_lifetime().num_seconds()))
}

/// The person of a request's session, by the rights that their groups have now.
pub(super) async fn person(
    store: &Store,
    settings: &IdentitySettings,
    parts: &Parts,
) -> Result<Recognised, Refusal> {
    let Some(session) = cookies::value(parts, cookies::SESSION) else { return Err(Refusal::SignIn) };
    let (hash, now) = (token::hash(session), Utc::now());
    let found = store.use_session(&hash, settings.session_idle(), now).await.map_err(Refusal::store)?;
    let found = found.ok_or(Refusal::SignIn)?;
    let Some(person) = grants::person(&found.person, found.way_in, &found.groups, &settings.grant) else {
        store.end_session(&hash).await.map_err(Refusal::store)?;
        return Err(Refusal::NothingGranted);
    };
    let rights = grants::fingerprint(&person);
    if rights == found.rights {
        return Ok(person.into());
    }
    // Whoever had the token under other rights must not have these.
    let renewed = token::random("");
    if !store.renew_session(&hash, &token::hash(&renewed), &rights).await.map_err(Refusal::store)? {
        return Err(Refusal::SignIn);
    }
    let entry = NewAuditEntry::done(&person, AuditAction::ChangeRights, person.name.clone());
    store.audit(&entry.with(rights), now).await.map_err(Refusal::store)?;
    let left = (found.expires_at - now).num_seconds();
    Ok(Recognised { person, cookie: Some(cookies::own(cookies::SESSION, &renewed, left)) })
}

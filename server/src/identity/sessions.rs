//! Sessions: random tokens in cookies, rows in the store.

use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person};
use store::{NewSession, PersonSession, Store, StoreError};

use super::{Recognised, Refusal, cookies, grants, token};
use crate::configuration::identity::IdentitySettings;

/// Begins a session in place of the one that the same browser had; the cookie that carries it.
pub(super) async fn begin(
    store: &Store,
    settings: &IdentitySettings,
    person: &Person,
    groups: Vec<String>,
    request: (&Parts, Option<String>),
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let (parts, address) = request;
    let session = token::random("");
    let new = NewSession {
        token_hash: token::hash(&session),
        person: person.name.clone(),
        way_in: person.way_in,
        groups,
        rights: grants::fingerprint(person),
        expires_at: now + settings.session_lifetime(),
    };
    let entry =
        NewAuditEntry::done(person, AuditAction::SignIn, person.name.clone()).with(person.right.as_str());
    let older = cookies::value(parts, cookies::SESSION).map(token::hash);
    store.begin_session(&new, older.as_deref(), &NewAuditEntry { address, ..entry }, now).await?;
    Ok(cookies::own(cookies::SESSION, &session, settings.session_lifetime().num_seconds()))
}

/// The person of a request's session, by the rights that their groups have now.
pub(super) async fn person(
    store: &Store,
    settings: &IdentitySettings,
    parts: &Parts,
    address: Option<String>,
) -> Result<Recognised, Refusal> {
    let Some(session) = cookies::value(parts, cookies::SESSION) else { return Err(Refusal::SignIn) };
    let (hash, now) = (token::hash(session), Utc::now());
    let find = || store.use_session(&hash, settings.session_idle(), now);
    let found = find().await.map_err(Refusal::store)?.ok_or(Refusal::SignIn)?;
    let entry =
        |detail: &str| NewAuditEntry { address, ..of(&found, AuditAction::ChangeRights).with(detail) };
    let Some(person) = grants::person(&found.person, found.way_in, &found.groups, &settings.grant) else {
        store.end_session(&hash, &entry("nothing is granted any more"), now).await.map_err(Refusal::store)?;
        return Err(Refusal::NothingGranted(found.person));
    };
    let rights = grants::fingerprint(&person);
    if rights == found.rights {
        return Ok(person.into());
    }
    // Whoever had the token under other rights must not have these for long.
    let renewed = token::random("");
    let (renewed_hash, entry) = (token::hash(&renewed), entry(&rights));
    let renewal = store.renew_session(&hash, &renewed_hash, &rights, &entry, now);
    if !renewal.await.map_err(Refusal::store)? {
        // Another request of the same page was first.
        let renewed = find().await.map_err(Refusal::store)?.filter(|session| session.rights == rights);
        return renewed.map(|_| person.into()).ok_or(Refusal::SignIn);
    }
    let left = (found.expires_at - now).num_seconds();
    let cookie = Some(cookies::own(cookies::SESSION, &renewed, left));
    Ok(Recognised { cookie, ..person.into() })
}

/// Ends a request's session, if it has one.
pub(super) async fn end(
    store: &Store,
    settings: &IdentitySettings,
    parts: &Parts,
    address: Option<String>,
) -> Result<(), Refusal> {
    let Some(session) = cookies::value(parts, cookies::SESSION) else { return Ok(()) };
    let (hash, now) = (token::hash(session), Utc::now());
    let found = store.use_session(&hash, settings.session_idle(), now).await.map_err(Refusal::store)?;
    let Some(found) = found else { return Ok(()) };
    let entry = NewAuditEntry { address, ..of(&found, AuditAction::SignOut) };
    store.end_session(&hash, &entry, now).await.map(drop).map_err(Refusal::store)
}

/// What has happened to a session, by its person.
fn of(session: &PersonSession, action: AuditAction) -> NewAuditEntry {
    let person = Person { name: session.person.clone(), way_in: session.way_in, ..Person::anyone() };
    NewAuditEntry::done(&person, action, session.person.clone())
}

//! Keys of programs, and embed tokens.

use axum::http::header;
use axum::http::request::Parts;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use store::{ApiKey, NewApiKey, Store, StoreError};

use super::{Refusal, token};

/// The longest life of an API key.
pub(super) const MAX_KEY_DAYS: i64 = 400;
/// The longest life of an embed token.
pub(super) const MAX_EMBED_MINUTES: i64 = 60;

/// The key in a request's `Authorization`.
pub(super) fn bearer(parts: &Parts) -> Result<Option<&str>, Refusal> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let bearer = value.to_str().ok().and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
    });
    bearer.map(Some).ok_or(Refusal::WrongKey)
}

/// The program that has a key or a token.
pub(super) async fn person(store: &Store, key: &str) -> Result<Person, Refusal> {
    if !key.starts_with(token::API_KEY) && !key.starts_with(token::EMBED_TOKEN) {
        return Err(Refusal::WrongKey);
    }
    let found = store.valid_key(&token::hash(key), Utc::now()).await.map_err(Refusal::store)?;
    Ok(person_of(found.ok_or(Refusal::WrongKey)?))
}

/// The program that a key stands for.
pub(super) fn person_of(key: ApiKey) -> Person {
    let way_in = if key.minted_with.is_some() { WayIn::EmbedToken } else { WayIn::ApiKey };
    let decides = if key.right >= Right::Planner { key.scope.clone() } else { Scope::none() };
    Person { name: format!("key {}", key.name), way_in, right: key.right, reads: key.scope, decides }
}

/// A key to create.
#[derive(Debug, Clone)]
pub(crate) struct WantedKey {
    /// What it is for.
    pub(crate) name: String,
    /// What it may do.
    pub(crate) right: Right,
    /// With which boxes.
    pub(crate) scope: Scope,
    /// For how many days.
    pub(crate) days: i64,
}

/// Why a key can't be created.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("{0}")]
    Wanted(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Creates a key; the key itself, which is known here and now alone, with its number.
pub(crate) async fn create(
    store: &Store,
    wanted: WantedKey,
    creator: &Person,
    address: Option<String>,
    now: DateTime<Utc>,
) -> Result<(String, i64), KeyError> {
    let is_name =
        (1..=60).contains(&wanted.name.chars().count()) && !wanted.name.chars().any(char::is_control);
    if !is_name {
        return Err(KeyError::Wanted("a key has a name of 1 to 60 characters that says what it is for"));
    }
    if !(1..=MAX_KEY_DAYS).contains(&wanted.days) {
        return Err(KeyError::Wanted("a key is valid for 1 to 400 days"));
    }
    if wanted.right == Right::Operator && wanted.scope != Scope::All {
        return Err(KeyError::Wanted("the key of an operator has no areas: an operator sees the whole grid"));
    }
    let key = token::random(token::API_KEY);
    let entry = NewAuditEntry::done(creator, AuditAction::CreateKey, format!("key {}", wanted.name));
    let entry = NewAuditEntry { address, ..entry }.with(format!("{}, {} days", wanted.right, wanted.days));
    let new = NewApiKey {
        token_hash: token::hash(&key),
        name: wanted.name,
        minted_with: None,
        right: wanted.right,
        scope: wanted.scope,
        created_by: creator.name.clone(),
        expires_at: now + TimeDelta::days(wanted.days),
    };
    let number = store.create_key(&new, &entry, now).await?;
    Ok((key, number))
}

/// Revokes a key; false if none of this number was valid.
pub(crate) async fn revoke(
    store: &Store,
    key_id: i64,
    revoker: &Person,
    address: Option<String>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let entry = NewAuditEntry::done(revoker, AuditAction::RevokeKey, format!("key number {key_id}"));
    store.revoke_key(key_id, &NewAuditEntry { address, ..entry }, now).await
}

/// Mints an embed token with a key, within the key's own scope.
pub(super) async fn mint(
    store: &Store,
    key: &ApiKey,
    scope: Scope,
    minutes: i64,
    now: DateTime<Utc>,
) -> Result<String, KeyError> {
    if !(1..=MAX_EMBED_MINUTES).contains(&minutes) {
        return Err(KeyError::Wanted("an embed token is valid for 1 to 60 minutes"));
    }
    if !key.scope.covers(&scope) {
        return Err(KeyError::Wanted("the key is not for all of these boxes"));
    }
    let embed = token::random(token::EMBED_TOKEN);
    let entry = NewAuditEntry::done(
        &person_of(key.clone()),
        AuditAction::MintEmbedToken,
        format!("{minutes} minutes"),
    );
    let new = NewApiKey {
        token_hash: token::hash(&embed),
        name: key.name.clone(),
        minted_with: Some(key.key_id),
        right: Right::Embed,
        scope,
        created_by: format!("key {}", key.name),
        expires_at: now + TimeDelta::minutes(minutes),
    };
    store.create_key(&new, &entry, now).await?;
    Ok(embed)
}

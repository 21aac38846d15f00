//! Keys of programs, and embed tokens.

use std::collections::BTreeSet;

use axum::http::header;
use axum::http::request::Parts;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{AuditAction, NewAuditEntry, Person, Right, Scope, WayIn};
use model::BoxId;
use store::{ApiKey, NewApiKey, Store, StoreError};

use super::{Recognised, Refusal, names, token};

/// The longest life of an API key.
pub(super) const MAX_KEY_DAYS: i64 = 400;
/// The longest name of a key.
const MAX_KEY_NAME_CHARACTERS: usize = 60;
/// The longest life of an embed token.
pub(super) const MAX_EMBED_MINUTES: i64 = 60;

/// The key in a request's `Authorization`. What else stands there is a proxy's own: of a password that it
/// has asked for, or a token of another program.
pub(super) fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, key) = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    let is_ours = key.starts_with(token::API_KEY) || key.starts_with(token::EMBED_TOKEN);
    (scheme.eq_ignore_ascii_case("bearer") && is_ours).then_some(key)
}

/// The program that has a key or a token.
pub(super) async fn recognised(store: &Store, key: &str) -> Result<Recognised, Refusal> {
    let found = store.valid_key(&token::hash(key), Utc::now()).await.map_err(Refusal::store)?;
    let key = found.ok_or(Refusal::WrongKey)?;
    // Each visitor of a portal counts alone: names are shared.
    Ok(Recognised { person: person_of(&key), counted_as: format!("key {}", key.key_id), cookie: None })
}

/// The visitor of a portal in whose frame a token is kept.
pub(super) async fn embedded(store: &Store, token: &str) -> Result<Recognised, Refusal> {
    let found = recognised(store, token).await;
    let found = found.map_err(|refused| match refused {
        Refusal::WrongKey => Refusal::FrameEnded,
        refused => refused,
    })?;
    if found.person.way_in == WayIn::EmbedToken { Ok(found) } else { Err(Refusal::FrameEnded) }
}

/// The program that a key stands for.
pub(super) fn person_of(key: &ApiKey) -> Person {
    let way_in = if key.minted_with.is_some() { WayIn::EmbedToken } else { WayIn::ApiKey };
    let decides = if key.right >= Right::Planner { key.scope.clone() } else { Scope::none() };
    let name = format!("key {} (number {})", key.name, key.minted_with.unwrap_or(key.key_id));
    Person { name, way_in, right: key.right, reads: key.scope.clone(), decides }
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
    /// It isn't one that there may be.
    #[error("{0}")]
    Wanted(String),
    /// The store's failure.
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
    check(store, &wanted).await?;
    let key = token::random(token::API_KEY);
    let entry = NewAuditEntry::done(creator, AuditAction::CreateKey, format!("key {}", wanted.name));
    let detail = format!("{}, {} days, {}", wanted.right, wanted.days, described(&wanted.scope));
    let entry = NewAuditEntry { address, ..entry }.with(detail);
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

/// Whether there may be such a key.
async fn check(store: &Store, wanted: &WantedKey) -> Result<(), KeyError> {
    let refuse = |reason: &str| Err(KeyError::Wanted(reason.to_owned()));
    if wanted.name.chars().count() > MAX_KEY_NAME_CHARACTERS || !names::is_name(&wanted.name) {
        return refuse("a key has a name of 1 to 60 characters that says what it is for");
    }
    if !(1..=MAX_KEY_DAYS).contains(&wanted.days) {
        return refuse("a key is valid for 1 to 400 days");
    }
    if wanted.right == Right::Embed {
        return refuse("a key is a viewer's, planner's or operator's; embed tokens are minted with one");
    }
    let Scope::Areas(areas) = &wanted.scope else { return Ok(()) };
    if wanted.right == Right::Operator {
        return refuse("the key of an operator has no areas: an operator sees the whole grid");
    }
    if areas.is_empty() {
        return refuse("a key is for at least one area; leave them out for all");
    }
    let known: BTreeSet<String> = store.overview().await?.areas.into_iter().map(|area| area.area).collect();
    match areas.difference(&known).next() {
        Some(unknown) => Err(KeyError::Wanted(format!("there is no area {unknown:?}"))),
        None => Ok(()),
    }
}

/// A scope, as the audit tells it.
fn described(scope: &Scope) -> String {
    let listed = |names: Vec<&str>| names.join(", ");
    match scope {
        Scope::All => "everywhere".to_owned(),
        Scope::Areas(areas) => format!("areas {}", listed(areas.iter().map(String::as_str).collect())),
        Scope::Boxes(boxes) => format!("boxes {}", listed(boxes.iter().map(BoxId::as_str).collect())),
    }
}

/// Revokes a key; false if none of this number was valid.
pub(crate) async fn revoke(
    store: &Store,
    key_id: i64,
    revoker: &Person,
    address: Option<String>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let entry = NewAuditEntry::done(revoker, AuditAction::RevokeKey, "key");
    store.revoke_key(key_id, &NewAuditEntry { address, ..entry }, now).await
}

/// Mints an embed token with a key, within the key's own scope.
pub(super) async fn mint(
    store: &Store,
    key: &ApiKey,
    scope: Scope,
    minutes: i64,
    address: Option<String>,
    now: DateTime<Utc>,
) -> Result<String, KeyError> {
    if !(1..=MAX_EMBED_MINUTES).contains(&minutes) {
        return Err(KeyError::Wanted("an embed token is valid for 1 to 60 minutes".to_owned()));
    }
    if !key.scope.covers(&scope) {
        return Err(KeyError::Wanted("the key is not for all of these boxes".to_owned()));
    }
    let embed = token::random(token::EMBED_TOKEN);
    let minter = person_of(key);
    let entry = NewAuditEntry::done(&minter, AuditAction::MintEmbedToken, "embed token");
    let entry = NewAuditEntry { address, ..entry }.with(format!("{minutes} minutes, {}", described(&scope)));
    let new = NewApiKey {
        token_hash: token::hash(&embed),
        name: key.name.clone(),
        minted_with: Some(key.key_id),
        right: Right::Embed,
        scope,
        created_by: minter.name,
        expires_at: now + TimeDelta::minutes(minutes),
    };
    store.create_key(&new, &entry, now).await?;
    Ok(embed)
}

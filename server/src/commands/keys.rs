//! `gridspark create-key`, `keys` and `revoke-key`: the keys of programs.

use chrono::Utc;
use domain::identity::Scope;
use serde::Serialize;
use store::ApiKey;

use super::{CommandError, Started, audit, report};
use crate::Ending;
use crate::command_line::{CreateKey, RevokeKey, Shared};
use crate::identity::keys::{self, WantedKey};

#[derive(Serialize)]
struct Created {
    key_id: i64,
    key: String,
}

pub(super) async fn create(options: CreateKey, shared: Shared) -> Result<Ending, CommandError> {
    let Started { store, .. } = Started::with(&shared).await?;
    let scope = if options.areas.is_empty() { Scope::All } else { Scope::areas(options.areas) };
    let wanted = WantedKey { name: options.name, right: options.right, scope, days: options.days };
    let created = keys::create(&store, wanted, &audit::person(&shared), None, Utc::now()).await;
    let (key, key_id) = created.map_err(|error| CommandError::Key(error.to_string()))?;
    store.close().await;
    let text = format!("{key}\nKey number {key_id}. It is shown this once; only its hash is stored.\n");
    report::print(shared.json, &Created { key_id, key }, &text)?;
    Ok(Ending::Complete)
}

#[derive(Serialize)]
struct Listed {
    key_id: i64,
    name: String,
    right: &'static str,
    scope: Scope,
    created_by: String,
    expires_at: chrono::DateTime<Utc>,
    revoked_at: Option<chrono::DateTime<Utc>>,
}

impl From<ApiKey> for Listed {
    fn from(key: ApiKey) -> Self {
        Self {
            key_id: key.key_id,
            name: key.name,
            right: key.right.as_str(),
            scope: key.scope,
            created_by: key.created_by,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        }
    }
}

pub(super) async fn list(shared: Shared) -> Result<Ending, CommandError> {
    let Started { store, .. } = Started::with(&shared).await?;
    let keys: Vec<Listed> = store.keys().await?.into_iter().map(Listed::from).collect();
    store.close().await;
    let line = |key: &Listed| {
        let state = match key.revoked_at {
            Some(at) => format!("revoked at {}", at.format("%F %TZ")),
            None => format!("until {}", key.expires_at.format("%F %TZ")),
        };
        let scope = match &key.scope {
            Scope::All => "everywhere".to_owned(),
            Scope::Areas(areas) => areas.iter().cloned().collect::<Vec<_>>().join(", "),
            Scope::Boxes(boxes) => format!("{} boxes", boxes.len()),
        };
        format!("{} {}: {} {scope}, by {}, {state}\n", key.key_id, key.name, key.right, key.created_by)
    };
    let text: String = keys.iter().map(line).collect();
    let text = if text.is_empty() { "There is no key.\n".to_owned() } else { text };
    report::print(shared.json, &keys, &text)?;
    Ok(Ending::Complete)
}

pub(super) async fn revoke(options: RevokeKey, shared: Shared) -> Result<Ending, CommandError> {
    let Started { store, .. } = Started::with(&shared).await?;
    let revoked = keys::revoke(&store, options.id, &audit::person(&shared), None, Utc::now()).await?;
    store.close().await;
    if !revoked {
        return Err(CommandError::NothingToEnd(format!("key number {}", options.id)));
    }
    report::print(shared.json, &options.id, &format!("Key number {} is revoked.\n", options.id))?;
    Ok(Ending::Complete)
}

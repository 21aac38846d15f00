//! `gridspark sessions` and `end-sessions`: who is signed in.

use chrono::{DateTime, Utc};
use domain::identity::{AuditAction, NewAuditEntry};
use serde::Serialize;

use super::{CommandError, Started, audit, report};
use crate::Ending;
use crate::command_line::{EndSessions, Shared};

#[derive(Serialize)]
struct Listed {
    person: String,
    created_at: DateTime<Utc>,
    used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

pub(super) async fn list(shared: Shared) -> Result<Ending, CommandError> {
    let Started { store, configuration, .. } = Started::with(&shared).await?;
    let idle = configuration.identity.session_idle();
    let sessions = store.sessions(idle, Utc::now()).await?.into_iter().map(|session| Listed {
        person: session.person,
        created_at: session.created_at,
        used_at: session.used_at,
        expires_at: session.expires_at,
    });
    let sessions: Vec<Listed> = sessions.collect();
    store.close().await;
    let line = |session: &Listed| {
        let at = |moment: DateTime<Utc>| moment.format("%F %TZ").to_string();
        let (begun, used) = (at(session.created_at), at(session.used_at));
        format!("{}: since {begun}, last used {used}, until {}\n", session.person, at(session.expires_at))
    };
    let text: String = sessions.iter().map(line).collect();
    let text = if text.is_empty() { "Nobody is signed in.\n".to_owned() } else { text };
    report::print(shared.json, &sessions, &text)?;
    Ok(Ending::Complete)
}

pub(super) async fn end(options: EndSessions, shared: Shared) -> Result<Ending, CommandError> {
    let Started { store, .. } = Started::with(&shared).await?;
    let entry = NewAuditEntry::done(&audit::person(&shared), AuditAction::RevokeSessions, &options.person);
    let ended = store.end_sessions_of(&options.person, &entry, Utc::now()).await?;
    if ended == 0 {
        return Err(CommandError::NothingToEnd(format!("session of {:?}", options.person)));
    }
    store.close().await;
    report::print(shared.json, &ended, &format!("{ended} sessions of {} are ended.\n", options.person))?;
    Ok(Ending::Complete)
}

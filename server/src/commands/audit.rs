//! `gridspark audit`: who did what; and the entries of commands themselves.

use chrono::Utc;
use domain::identity::{AuditAction, NewAuditEntry, Person, WayIn};
use store::{Store, StoreError};

use super::{CommandError, Started, report};
use crate::Ending;
use crate::command_line::{Audit, Shared};
use crate::identity::audit_csv;
use crate::runs::started_by;

pub(super) async fn run(options: Audit, shared: Shared) -> Result<Ending, CommandError> {
    let Started { store, .. } = Started::with(&shared).await?;
    let entry = NewAuditEntry::done(&person(&shared), AuditAction::Export, "audit");
    store.audit(&entry.with(format!("the last {}", options.last)), Utc::now()).await?;
    let entries = store.audit_entries(None, options.last).await?;
    store.close().await;
    let text = [audit_csv::head(), audit_csv::lines_of(&entries)].into_iter().collect::<Result<Vec<_>, _>>();
    let text = text.map_err(|error| CommandError::Output(error.into()))?.concat();
    report::print(shared.json, &entries, &String::from_utf8_lossy(&text))?;
    Ok(Ending::Complete)
}

/// Whoever gives a command: by `--started-by`, else account and host. Who may do so is the host's
/// business.
pub(super) fn person(shared: &Shared) -> Person {
    let name = started_by(shared.started_by.as_deref(), "command");
    Person { name, way_in: WayIn::CommandLine, ..Person::anyone() }
}

/// Records that a run was started by hand, or by a scheduler beside the server.
pub(super) async fn record_start(store: &Store, shared: &Shared, command: &str) -> Result<(), StoreError> {
    let entry = NewAuditEntry::done(&person(shared), AuditAction::StartRun, command);
    store.audit(&entry, Utc::now()).await
}

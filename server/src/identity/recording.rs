//! What is recorded in the audit of requests.

use axum::http::request::Parts;
use chrono::Utc;
use domain::identity::{AuditAction, AuditOutcome, NewAuditEntry, Person};
use store::StoreError;

use super::{Identity, Refusal};

impl Identity {
    /// Records a refusal that somebody should be able to look up, unless there were many of late: they
    /// are never removed, and whoever is refused could fill the database.
    pub(super) async fn audit_refusal(&self, refusal: &Refusal, person: Option<&Person>, parts: &Parts) {
        let Some(detail) = refusal.worth_recording() else { return };
        let name = person.map(|person| person.name.as_str()).or(refusal.named()).unwrap_or_default();
        let address = self.address(parts);
        if !self.0.limits.may_record(name, address) {
            tracing::warn!("refused and, as one of many, not recorded: {name:?} {address:?} {detail}");
            return;
        }
        let entry = NewAuditEntry {
            person: name.to_owned(),
            way_in: person.map_or_else(|| self.way_in(), |person| person.way_in),
            address: address.map(|address| address.to_string()),
            action: AuditAction::Refusal,
            outcome: AuditOutcome::Refused,
            subject: format!("{} {}", parts.method, parts.uri.path()),
            detail: detail.to_owned(),
        };
        if let Err(error) = self.0.store.audit(&entry, Utc::now()).await {
            tracing::error!("a refusal could not be recorded ({entry:?}): {error}");
        }
    }

    /// Records that somebody takes data away, before they get them.
    pub(crate) async fn record_export(
        &self,
        parts: &Parts,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        let anyone = Person::anyone();
        let person = parts.extensions.get::<Person>().unwrap_or(&anyone);
        let entry = NewAuditEntry::done(person, AuditAction::Export, subject).with(detail);
        self.0.store.audit(&NewAuditEntry { address: self.address_text(parts), ..entry }, Utc::now()).await
    }

    /// The address of whoever asks, as the audit has it.
    pub(super) fn address_text(&self, parts: &Parts) -> Option<String> {
        self.address(parts).map(|address| address.to_string())
    }
}

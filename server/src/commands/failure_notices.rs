//! Notices of unattended commands: reports a failure, and delivers pending notices at the end.

use chrono::Utc;
use domain::notices::Task;
use store::StoreError;

use super::{CommandError, Started};
use crate::Ending;
use crate::command_line::Shared;
use crate::configuration::{Configuration, NotificationSettings};
use crate::credentials::webhook_credentials;
use crate::notification::{Notifier, webhooks_of};
use crate::secrets;
use crate::telemetry::Metrics;

/// Runs a command and reports its failure. Notification settings that can't be used stop it before
/// it begins.
pub(super) async fn with_failure_notices<F>(
    task: Task,
    shared: Shared,
    command: F,
) -> Result<Ending, CommandError>
where
    F: Future<Output = Result<Ending, CommandError>>,
{
    let configuration = Configuration::load(shared.config.as_deref(), shared.database.as_deref())?;
    if configuration.notification.webhook.is_empty() {
        return command.await;
    }
    let credentials = match secrets::obtain(&configuration).await {
        Ok(credentials) => credentials,
        Err(error) => {
            let error = CommandError::from(error);
            notify_reachable_webhooks(task, configuration, &error).await;
            return Err(error);
        }
    };
    let notifier = |store| Notifier::new(store, &configuration, &credentials.webhooks, &Metrics::default());
    let without_store = notifier(None)?;
    let outcome = command.await;
    let store = match &outcome {
        // The command has waited for it long enough already.
        Err(CommandError::Store(StoreError::Unreachable(_))) => None,
        // The credentials may have changed since.
        _ => match Started::with(&shared).await {
            Ok(started) => Some(started.store),
            Err(error) => {
                tracing::warn!("the store is not there to keep notices: {error}");
                None
            }
        },
    };
    let notifier = match &store {
        Some(store) => notifier(Some(store.clone()))?,
        None => without_store,
    };
    if let Err(error) = &outcome
        && error.is_worth_a_notice()
    {
        notifier.run_failed(task, error).await;
    }
    if let Err(error) = notifier.deliver_due(Utc::now()).await {
        tracing::warn!("the notices cannot be delivered now: {error}");
    }
    if let Some(store) = store {
        store.close().await;
    }
    outcome
}

/// Vault can't be asked: notify the webhooks whose secrets come from a file or a variable.
async fn notify_reachable_webhooks(task: Task, mut configuration: Configuration, error: &CommandError) {
    let settings = configuration.notification.clone();
    let credentials = webhook_credentials(&settings);
    configuration.notification.webhook.retain(|webhook| {
        let alone = NotificationSettings { webhook: vec![webhook.clone()], ..settings.clone() };
        webhooks_of(&alone, &credentials).is_ok()
    });
    match Notifier::new(None, &configuration, &credentials, &Metrics::default()) {
        Ok(notifier) => notifier.run_failed(task, error).await,
        Err(second) => tracing::warn!("no webhook can be notified: {second}"),
    }
}

//! Announces notices of this process, and delivers those of any process.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::calendar::Calendar;
use domain::notices::{Notice, NoticeKind, Task};
use futures_util::future::join_all;
use model::IsoWeek;
use store::{ClaimedDelivery, Store, StoreError, Subscription, notice_identity};
use tracing::Instrument as _;

use super::NotificationError;
use super::send::{Attempt, OutgoingNotice, send};
use super::webhook::{Webhook, webhooks_of};
use crate::configuration::{Configuration, CronExpression, NotificationSettings};
use crate::credentials::WebhookCredentials;
use crate::secret::without_passwords;
use crate::telemetry::Metrics;

/// The pause between two checks of the outbox.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// The lease on a delivery; longer than the slowest answer.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Deliveries unclaimed this long after their time belong to a removed webhook.
const UNCLAIMED_AFTER: TimeDelta = TimeDelta::hours(2);
/// The pause after a first failed attempt; it doubles with each further failure.
const FIRST_BACKOFF: TimeDelta = TimeDelta::seconds(15);
/// The longest pause between attempts.
const MAX_BACKOFF: TimeDelta = TimeDelta::hours(1);

/// The result of one check of the outbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Notices delivered.
    pub arrived: u32,
    /// Notices to be retried.
    pub released: u32,
    /// Notices given up.
    pub given_up: u32,
}

/// Announces and delivers notices. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notifier(Arc<Shared>);

struct Shared {
    store: Option<Store>,
    webhooks: Vec<Webhook>,
    settings: NotificationSettings,
    cron: Option<CronExpression>,
    zone: Tz,
    metrics: Metrics,
    /// What this process has announced, to announce it once.
    announced: Mutex<HashSet<String>>,
    /// The newest run when there was no digest to make.
    looked_at: AtomicI64,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Notifier").field("webhooks", &self.webhooks).finish_non_exhaustive()
    }
}

impl Notifier {
    /// A notifier with the configured webhooks; without any it does nothing. Without a store,
    /// notices are sent at once.
    ///
    /// # Errors
    /// [`NotificationError`], with the remedy.
    pub fn new(
        store: Option<Store>,
        configuration: &Configuration,
        credentials: &WebhookCredentials,
        metrics: &Metrics,
    ) -> Result<Self, NotificationError> {
        Ok(Self(Arc::new(Shared {
            store,
            webhooks: webhooks_of(&configuration.notification, credentials)?,
            settings: configuration.notification.clone(),
            cron: configuration.schedule.as_ref().map(|schedule| schedule.cron.clone()),
            zone: configuration.time_zone,
            metrics: metrics.clone(),
            announced: Mutex::default(),
            looked_at: AtomicI64::new(0),
        })))
    }

    /// Whether there are no webhooks.
    pub fn is_silent(&self) -> bool {
        self.0.webhooks.is_empty()
    }

    /// The webhooks.
    pub fn webhooks(&self) -> &[Webhook] {
        &self.0.webhooks
    }

    /// Announces a failed task. Never fails: errors are logged.
    pub async fn run_failed(&self, task: Task, error: &(dyn std::fmt::Display + Sync)) {
        let run = match (&self.0.store, task) {
            (Some(store), Task::MakeForecasts) => store.unfinished_run().await.ok().flatten(),
            _ => None,
        };
        let run = run.map(|(run, _)| run.run_id);
        self.announce(&Notice::RunFailed { task, run, reason: without_passwords(error) }, Utc::now()).await;
    }

    /// Announces a notice, once per process. If the store can't be reached the notice is sent at
    /// once: it may be about just that.
    pub async fn announce(&self, notice: &Notice, now: DateTime<Utc>) {
        let is_asked_for = self.0.webhooks.iter().any(|webhook| webhook.events.contains(&notice.kind()));
        let identity = notice_identity(notice, now);
        let is_new = self.0.announced.lock().is_ok_and(|mut announced| announced.insert(identity.clone()));
        if !is_asked_for || !is_new {
            return;
        }
        let stored = match &self.0.store {
            Some(store) => store.announce(notice, now).await,
            None => Err(StoreError::Unreachable(sqlx::Error::PoolClosed)),
        };
        if let Err(error) = stored {
            tracing::warn!("a notice ({identity}) is sent at once, as it cannot be stored: {error}");
            let arrived = self.send_at_once(notice, &identity, now).await;
            // Otherwise the next announcement tries again.
            if !arrived && let Ok(mut announced) = self.0.announced.lock() {
                announced.remove(&identity);
            }
        }
    }

    /// Counts a failed run.
    pub fn count_failed_run(&self) {
        self.0.metrics.run_failed();
    }

    /// Delivers notices, for ever.
    pub async fn run(self) {
        if self.is_silent() {
            return;
        }
        loop {
            if let Err(error) = self.deliver_due(Utc::now()).await {
                tracing::warn!("the notices cannot be delivered: {error}");
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Checks once: announces a late run and the weekly digest, and delivers what is due by `now`.
    ///
    /// # Errors
    /// [`StoreError`]; a receiver's refusal is not an error.
    pub async fn deliver_due(&self, now: DateTime<Utc>) -> Result<Delivered, StoreError> {
        let Some(store) = &self.0.store else { return Ok(Delivered::default()) };
        if self.is_silent() {
            return Ok(Delivered::default());
        }
        self.announce_late_run(store, now).await?;
        self.announce_due_digest(store, now).await?;
        let start = std::time::Instant::now();
        let mut all = Delivered::default();
        // A slow or unreachable receiver must not delay the others.
        let deliveries = self.0.webhooks.iter().map(|webhook| self.deliver(store, webhook, now, start));
        for delivered in join_all(deliveries).await {
            let delivered = delivered?;
            all.arrived += delivered.arrived;
            all.released += delivered.released;
            all.given_up += delivered.given_up;
        }
        Ok(all)
    }

    async fn announce_late_run(&self, store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        if !self.is_subscribed(NoticeKind::RunLate) {
            return Ok(());
        }
        let late = match &self.0.cron {
            Some(cron) => self.late_occurrence(cron, store, now).await?,
            None => self.late_run(store, now).await?,
        };
        if let Some(notice) = late {
            self.announce(&notice, now).await;
        }
        Ok(())
    }

    /// A scheduled run that should be finished by now.
    async fn late_occurrence(
        &self,
        cron: &CronExpression,
        store: &Store,
        now: DateTime<Utc>,
    ) -> Result<Option<Notice>, StoreError> {
        let within_minutes = self.0.settings.late_after_minutes;
        let before = now - TimeDelta::minutes(i64::from(within_minutes));
        let Some(due_at) = cron.latest(before, self.0.zone) else { return Ok(None) };
        let is_late = match store.newest_occurrence().await? {
            // A new store has missed nothing.
            None => false,
            Some((newest, is_done)) => newest < due_at || (newest == due_at && !is_done),
        };
        Ok(is_late.then_some(Notice::RunLate { due_at, within_minutes: Some(within_minutes) }))
    }

    /// A run started elsewhere that should be finished by now.
    async fn late_run(&self, store: &Store, now: DateTime<Utc>) -> Result<Option<Notice>, StoreError> {
        let days = TimeDelta::days(i64::from(self.0.settings.late_after_days));
        let due_at = store.newest_run_of_fleet().await?.map(|done_at| done_at + days);
        let late = due_at.filter(|due_at| *due_at < now);
        Ok(late.map(|due_at| Notice::RunLate { due_at, within_minutes: None }))
    }

    async fn announce_due_digest(&self, store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        if !self.is_subscribed(NoticeKind::WeeklyDigest) {
            return Ok(());
        }
        let newest = store.newest_finished_run().await?.unwrap_or(0);
        if self.0.looked_at.swap(newest, Ordering::Relaxed) == newest {
            return Ok(());
        }
        let week = IsoWeek::containing(now.with_timezone(&self.0.zone).date_naive());
        let Ok(begun) = Calendar::new(self.0.zone).start_of(week) else { return Ok(()) };
        let also_unchanged = self.0.settings.digest_without_changes;
        let made = store.announce_weekly_digest(week, begun, also_unchanged, now).await;
        if made.is_err() {
            self.0.looked_at.store(0, Ordering::Relaxed);
        }
        if let Some(digest) = made? {
            let changes = (digest.newly_overloaded.count, digest.newly_near.count, digest.relieved.count);
            tracing::info!(
                "the digest of {week}: {} newly overloaded, {} newly near, {} relieved",
                changes.0,
                changes.1,
                changes.2
            );
        }
        Ok(())
    }

    fn is_subscribed(&self, kind: NoticeKind) -> bool {
        self.0.webhooks.iter().any(|webhook| webhook.events.contains(&kind))
    }

    fn retry_for(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.0.settings.give_up_after_hours))
    }

    async fn deliver(
        &self,
        store: &Store,
        webhook: &Webhook,
        now: DateTime<Utc>,
        start: std::time::Instant,
    ) -> Result<Delivered, StoreError> {
        let (name, kinds) = (webhook.name.as_str(), &webhook.events);
        let (since, subscription) = (now - self.retry_for(), Subscription { webhook: name, kinds });
        let abandoned = store.open_deliveries(&subscription, since, since - UNCLAIMED_AFTER, now).await?;
        if abandoned > 0 {
            tracing::error!(
                "{abandoned} notices were given up: nobody who knows their webhooks was there to deliver them; \
                 check [[notification.webhook]] on every host"
            );
        }
        let mut delivered = Delivered::default();
        loop {
            let now = now + TimeDelta::from_std(start.elapsed()).unwrap_or_default();
            let Some(claim) = store.claim_delivery(name, now + LEASE, now).await? else {
                return Ok(delivered);
            };
            self.attempt(store, webhook, &claim, now, &mut delivered).await?;
        }
    }

    async fn attempt(
        &self,
        store: &Store,
        webhook: &Webhook,
        claim: &ClaimedDelivery,
        now: DateTime<Utc>,
        delivered: &mut Delivered,
    ) -> Result<(), StoreError> {
        let attempt = match claim.notice() {
            Ok(notice) => {
                let outgoing = OutgoingNotice {
                    notice: Some(&notice),
                    identity: claim.identity(),
                    announced_at: claim.announced_at(),
                    zone: self.0.zone,
                };
                let (webhook_name, identity) = (webhook.name.as_str(), claim.identity());
                let span = tracing::info_span!("delivery", webhook = webhook_name, notice = identity);
                send(webhook, &outgoing, now).instrument(span).await
            }
            // A newer Gridspark beside this one may know it.
            Err(error) => Attempt::Later { reason: error.to_string(), retry_after: None },
        };
        let (name, identity) = (webhook.name.as_str(), claim.identity());
        match attempt {
            Attempt::Arrived => {
                tracing::info!(webhook = name, "delivered: {identity}");
                delivered.arrived += 1;
                self.0.metrics.notice_attempted(name, "arrived");
                store.complete_delivery(claim, now).await
            }
            Attempt::Later { reason, retry_after } => {
                let again = now + backoff_after(claim.attempts()).max(retry_after.unwrap_or_default());
                if again >= claim.announced_at() + self.retry_for() {
                    let reason = format!("after {} attempts {reason}", claim.attempts());
                    return self.give_up(store, webhook, claim, &reason, now, delivered).await;
                }
                let until = again.format("%F %T UTC");
                tracing::warn!(
                    webhook = name,
                    "not delivered: {identity}: {reason}; trying again at {until}"
                );
                delivered.released += 1;
                self.0.metrics.notice_attempted(name, "put-off");
                store.release_delivery(claim, &reason, again).await
            }
            Attempt::Never { reason } => self.give_up(store, webhook, claim, &reason, now, delivered).await,
        }
    }

    async fn give_up(
        &self,
        store: &Store,
        webhook: &Webhook,
        claim: &ClaimedDelivery,
        reason: &str,
        now: DateTime<Utc>,
        delivered: &mut Delivered,
    ) -> Result<(), StoreError> {
        let (name, identity) = (webhook.name.as_str(), claim.identity());
        tracing::error!(
            webhook = name,
            "given up: {identity}: {reason}; check the webhook with `gridspark check --notify`"
        );
        delivered.given_up += 1;
        self.0.metrics.notice_attempted(name, "given-up");
        store.fail_delivery(claim, reason, now).await
    }

    /// Whether any webhook received it.
    async fn send_at_once(&self, notice: &Notice, identity: &str, now: DateTime<Utc>) -> bool {
        let mut arrived = false;
        for webhook in self.0.webhooks.iter().filter(|webhook| webhook.events.contains(&notice.kind())) {
            let outgoing =
                OutgoingNotice { notice: Some(notice), identity, announced_at: now, zone: self.0.zone };
            let name = webhook.name.as_str();
            match send(webhook, &outgoing, now).await {
                Attempt::Arrived => {
                    arrived = true;
                    tracing::info!(webhook = name, "delivered: {identity}");
                }
                Attempt::Later { reason, .. } | Attempt::Never { reason } => {
                    tracing::error!(webhook = name, "not delivered: {identity}: {reason}");
                }
            }
        }
        arrived
    }

    /// Sends every webhook a test message; returns each one's name, host and error.
    pub async fn send_test_messages(&self, now: DateTime<Utc>) -> Vec<(String, String, Option<String>)> {
        let tests = self.0.webhooks.iter().map(|webhook| async {
            let outgoing =
                OutgoingNotice { notice: None, identity: "test", announced_at: now, zone: self.0.zone };
            let failure = match send(webhook, &outgoing, now).await {
                Attempt::Arrived => None,
                Attempt::Later { reason, .. } | Attempt::Never { reason } => Some(reason),
            };
            (webhook.name.to_string(), webhook.host().to_owned(), failure)
        });
        join_all(tests).await
    }
}

/// The pause after this many attempts.
fn backoff_after(attempts: i32) -> TimeDelta {
    let doublings = attempts.clamp(1, 16).unsigned_abs() - 1;
    (FIRST_BACKOFF * 2_i32.pow(doublings)).min(MAX_BACKOFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_double_up_to_an_hour() {
        let seconds: Vec<i64> = [1, 2, 3, 8, 9, 100].map(|n| backoff_after(n).num_seconds()).into();
        assert_eq!(seconds, [15, 30, 60, 1_920, 3_600, 3_600]);
    }
}

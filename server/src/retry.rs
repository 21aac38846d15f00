//! Retries while the database is unreachable: a restart costs time, not the run.

use std::time::{Duration, Instant};

use store::StoreError;

/// The longest outage of the database that a command waits out.
const MAX_OUTAGE: Duration = Duration::from_secs(120);

/// Exponential backoff of our own, since `backon` neither pauses by hand nor restarts after an
/// attempt that lasted long: from a fifth of a second up to ten seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { next: Duration::from_millis(200) }
    }
}

impl Backoff {
    /// The next pause, twice as long as the one before.
    pub(crate) fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(Duration::from_secs(10));
        pause
    }
}

/// An attempt that took this long had a working database: a later failure is a new outage.
const MIN_UPTIME: Duration = Duration::from_secs(10);

/// Retries until success, a permanent failure, or an outage longer than [`MAX_OUTAGE`].
pub(crate) async fn retry_while_unavailable<T, F>(attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    retry(attempt, Backoff::default(), MAX_OUTAGE, MIN_UPTIME).await
}

async fn retry<T, F>(
    mut attempt: impl FnMut() -> F,
    fresh: Backoff,
    max_outage: Duration,
    answered: Duration,
) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut backoff = fresh;
    let mut since: Option<Instant> = None;
    loop {
        let began = Instant::now();
        let outcome = attempt().await;
        if began.elapsed() >= answered {
            (backoff, since) = (fresh, None);
        }
        match outcome {
            Err(error)
                if error.is_transient() && since.get_or_insert_with(Instant::now).elapsed() < max_outage =>
            {
                let pause = backoff.pause();
                tracing::warn!("{error}; trying again in {pause:.1?}");
                tokio::time::sleep(pause).await;
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Backoff = Backoff { next: Duration::ZERO };

    #[test]
    fn pauses_double_up_to_ten_seconds() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u128> = (0..8).map(|_| backoff.pause().as_millis()).collect();
        assert_eq!(pauses, [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    }

    /// The number of attempts if the first `failures` attempts fail with this error.
    async fn attempts(failures: usize, error: fn() -> StoreError, max_outage: Duration) -> usize {
        let mut attempts = 0;
        let tried = || {
            attempts += 1;
            let answer = if attempts <= failures { Err(error()) } else { Ok(()) };
            async move { answer }
        };
        let result = retry(tried, AT_ONCE, max_outage, MIN_UPTIME).await;
        assert_eq!(result.is_ok(), attempts > failures);
        attempts
    }

    fn away() -> StoreError {
        StoreError::Query(sqlx::Error::PoolTimedOut)
    }

    #[tokio::test]
    async fn a_database_that_comes_back_costs_nothing_but_time() {
        assert_eq!(attempts(4, away, MAX_OUTAGE).await, 5);
    }

    #[tokio::test]
    async fn what_fails_for_good_is_not_tried_again() {
        assert_eq!(attempts(4, || StoreError::LeaseLost, MAX_OUTAGE).await, 1);
    }

    #[tokio::test]
    async fn patience_has_an_end() {
        assert_eq!(attempts(4, away, Duration::ZERO).await, 1);
    }

    #[tokio::test]
    async fn a_database_that_had_answered_meanwhile_is_waited_for_anew() {
        let mut attempts = 0;
        let tried = || {
            attempts += 1;
            let answer = if attempts <= 3 { Err(away()) } else { Ok(()) };
            async move { answer }
        };
        // Every attempt counts as long: each failure begins a new outage.
        let max_outage = Duration::from_millis(1);
        let slow = Backoff { next: max_outage * 2 };
        assert!(retry(tried, slow, max_outage, Duration::ZERO).await.is_ok());
        assert_eq!(attempts, 4);
    }
}

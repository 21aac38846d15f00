//! A value that an issuer publishes: fetched when it is needed, and again when it is old. Nobody waits for
//! a fetch who can be served with the older value, and one that failed is not tried again at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long what is published is believed, and how it is fetched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ages {
    /// So long it is believed without asking again.
    pub(super) believed: Duration,
    /// So long it is served while it can't be renewed.
    pub(super) kept: Duration,
    /// The least time between two fetches: a flood of wrong tokens must not become one of requests.
    pub(super) pause: Duration,
}

impl Default for Ages {
    fn default() -> Self {
        let hour = Duration::from_secs(3600);
        Self { believed: hour, kept: 24 * hour, pause: Duration::from_secs(10) }
    }
}

/// How new a value has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// As it is believed.
    Usual,
    /// As new as may be asked for: the one that is known does not answer the question.
    Newest,
}

/// The value, shared by all requests.
#[derive(Debug)]
pub(super) struct Fetched<Value> {
    ages: Ages,
    known: Arc<Mutex<Known<Value>>>,
    under_way: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct Known<Value> {
    value: Option<(Instant, Arc<Value>)>,
    failure: Option<(Instant, String)>,
}

/// What is known without asking.
enum Answer<Value> {
    Final(Result<Arc<Value>, String>),
    Older(Arc<Value>),
    Nothing,
}

impl<Value> Known<Value> {
    fn answer(&self, wish: Wish, ages: Ages) -> Answer<Value> {
        let believed = if wish == Wish::Newest { ages.pause } else { ages.believed };
        let usable = self.value.as_ref().filter(|(at, _)| at.elapsed() < ages.kept);
        match (usable, &self.failure) {
            (Some((at, value)), _) if at.elapsed() < believed => Answer::Final(Ok(Arc::clone(value))),
            (usable, Some((at, reason))) if at.elapsed() < ages.pause => {
                Answer::Final(usable.map(|(_, value)| Arc::clone(value)).ok_or_else(|| reason.clone()))
            }
            (Some((_, value)), _) => Answer::Older(Arc::clone(value)),
            (None, _) => Answer::Nothing,
        }
    }
}

impl<Value: Send + Sync + 'static> Fetched<Value> {
    pub(super) fn new(ages: Ages) -> Self {
        let known = Known { value: None, failure: None };
        Self { ages, known: Arc::new(Mutex::new(known)), under_way: Arc::default() }
    }

    /// The value; fetched by `fetch` where it has to be.
    pub(super) async fn get<Fetch>(
        &self,
        wish: Wish,
        fetch: impl FnOnce() -> Fetch + Send + 'static,
    ) -> Result<Arc<Value>, String>
    where
        Fetch: Future<Output = Result<Value, String>> + Send + 'static,
    {
        let ages = self.ages;
        let older = match self.answer(wish) {
            Answer::Final(outcome) => return outcome,
            Answer::Older(value) if wish == Wish::Usual => Some(value),
            Answer::Older(_) | Answer::Nothing => None,
        };
        let (known, under_way) = (Arc::clone(&self.known), Arc::clone(&self.under_way));
        if older.is_some() && under_way.try_lock().is_err() {
            return older.ok_or_else(String::new);
        }
        // A task of its own: whoever asked may leave, and others wait for it.
        let fetching = tokio::spawn(async move {
            let _one_at_a_time = under_way.lock().await;
            let answer = known.lock().unwrap_or_else(PoisonError::into_inner).answer(wish, ages);
            if let Answer::Final(outcome) = answer {
                return outcome;
            }
            let fetched = fetch().await;
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            match fetched {
                Ok(value) => {
                    let value = Arc::new(value);
                    *known = Known { value: Some((Instant::now(), Arc::clone(&value))), failure: None };
                    Ok(value)
                }
                Err(reason) => {
                    tracing::warn!("what an issuer publishes could not be fetched: {reason}");
                    known.failure = Some((Instant::now(), reason.clone()));
                    let usable = known.value.as_ref().filter(|(at, _)| at.elapsed() < ages.kept);
                    usable.map(|(_, value)| Arc::clone(value)).ok_or(reason)
                }
            }
        });
        match older {
            Some(value) => Ok(value),
            None => fetching.await.map_err(|error| error.to_string())?,
        }
    }

    fn answer(&self, wish: Wish) -> Answer<Value> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).answer(wish, self.ages)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    async fn in_time<Output>(future: impl Future<Output = Output>) -> Output {
        tokio::time::timeout(SOON, future).await.expect("nobody waits for an issuer that hangs")
    }

    #[tokio::test]
    async fn an_issuer_that_hangs_makes_nobody_wait_who_can_have_the_older_value() {
        let ages = Ages { believed: Duration::ZERO, ..Ages::default() };
        let fetched = Fetched::new(ages);
        assert_eq!(in_time(fetched.get(Wish::Usual, async || Ok(1))).await, Ok(Arc::new(1)));
        for _ in 0..3 {
            let hanging = fetched.get(Wish::Usual, std::future::pending);
            assert_eq!(in_time(hanging).await, Ok(Arc::new(1)));
        }
    }

    #[tokio::test]
    async fn a_failed_fetch_is_remembered_and_many_who_ask_are_one_fetch() {
        let fetched = Arc::new(Fetched::<u8>::new(Ages::default()));
        let fetches = Arc::new(AtomicU32::new(0));
        let ask = || {
            let (fetched, fetches) = (Arc::clone(&fetched), Arc::clone(&fetches));
            tokio::spawn(async move {
                let fetch = async move || {
                    fetches.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    Err("it is away".to_owned())
                };
                fetched.get(Wish::Newest, fetch).await
            })
        };
        let asked: Vec<_> = (0..5).map(|_| ask()).collect();
        for asked in asked {
            assert_eq!(in_time(asked).await.unwrap(), Err("it is away".to_owned()));
        }
        assert_eq!(fetches.load(Ordering::Relaxed), 1);
    }
}

//! Counts what people open and record, without knowing who: kept in memory, and added to the store about every minute.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{NaiveDate, Utc};
use domain::usage::Use;
use store::Store;

/// The time between two additions to the store: what is counted later than this is lost where the program is killed.
const INTERVAL: Duration = Duration::from_secs(60);

/// What was counted and is not in the store yet.
#[derive(Debug, Clone)]
pub(super) struct Usage(Arc<Counting>);

#[derive(Debug)]
struct Counting {
    store: Store,
    counted: Mutex<Counted>,
}

#[derive(Debug)]
struct Counted {
    counts: BTreeMap<(NaiveDate, Use), u64>,
    added_at: Instant,
}

impl Usage {
    /// Nothing counted yet.
    pub(super) fn new(store: Store) -> Self {
        let counted = Counted { counts: BTreeMap::new(), added_at: Instant::now() };
        Self(Arc::new(Counting { store, counted: Mutex::new(counted) }))
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one use; whether it is time to add to the store.
    fn count(&self, what: Use) -> bool {
        let mut counted = self.counted();
        *counted.counts.entry((Utc::now().date_naive(), what)).or_default() += 1;
        let is_time = counted.added_at.elapsed() >= INTERVAL;
        if is_time {
            counted.added_at = Instant::now();
        }
        is_time
    }

    /// Adds what was counted to the store. Where the store fails it stays counted.
    pub(super) async fn add(&self) {
        let counts = std::mem::take(&mut self.counted().counts);
        if let Err(error) = self.0.store.add_usage(&counts).await {
            tracing::warn!("how much the pages are used could not be stored: {error}");
            let mut counted = self.counted();
            for (key, count) in counts {
                *counted.counts.entry(key).or_default() += count;
            }
        }
    }
}

/// What a request uses; nothing for what pages ask by themselves.
fn use_of(method: &Method, route: &str, uri: &Uri) -> Option<Use> {
    let names_box = || {
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        query.into_iter().any(|(key, value)| key == "box" && !value.is_empty())
    };
    Some(match (method.as_str(), route) {
        ("GET", "/") if names_box() => Use::Transformer,
        ("GET", "/") => Use::List,
        ("GET", "/api/box") => Use::Transformer,
        ("GET", "/plan") => Use::Plan,
        ("GET", "/model") => Use::Model,
        ("GET", "/print") => Use::Print,
        ("GET", "/runs") => Use::Runs,
        ("GET", "/audit") => Use::Audit,
        ("POST", "/api/actions") => Use::Action,
        ("POST", "/api/weeks" | "/api/weeks/withdraw") => Use::Weeks,
        _ => return None,
    })
}

/// Counts what was answered with success.
pub(super) async fn count(State(usage): State<Usage>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let what = route.and_then(|route| use_of(request.method(), route.as_str(), request.uri()));
    let response = next.run(request).await;
    if let Some(what) = what.filter(|_| response.status().is_success())
        && usage.count(what)
    {
        tokio::spawn(async move { usage.add().await });
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_what_is_recorded_are_counted_and_nothing_else() {
        let of = |method: Method, route: &str, uri: &str| use_of(&method, route, &uri.parse().unwrap());
        assert_eq!(of(Method::GET, "/", "/?area=Breda&box="), Some(Use::List));
        assert_eq!(of(Method::GET, "/", "/?lang=nl&box=B1"), Some(Use::Transformer));
        assert_eq!(of(Method::GET, "/api/box", "/api/box?box_id=B1"), Some(Use::Transformer));
        assert_eq!(of(Method::GET, "/plan", "/plan?budget=100000"), Some(Use::Plan));
        assert_eq!(of(Method::POST, "/api/actions", "/api/actions"), Some(Use::Action));
        for route in ["/api/ranking", "/api/overview", "/healthz", "/metrics"] {
            assert_eq!(of(Method::GET, route, route), None);
        }
    }
}

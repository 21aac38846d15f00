//! A receiver of webhooks: a real server on this host that answers as configured and keeps what it
//! was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// A received request.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    pub(crate) after: Duration,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }
}

#[derive(Default)]
struct Desk {
    received: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<Answer>>,
}

/// A server that runs until this is dropped.
pub(crate) struct Receiver {
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
    desk: Arc<Desk>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        Self::on("127.0.0.1:0").await
    }

    /// On this address and port.
    pub(crate) async fn on(place: &str) -> Self {
        let listener = TcpListener::bind(place).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::<Desk>::default();
        let router = Router::new().fallback(take).with_state(Arc::clone(&desk));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, desk, server }
    }

    /// The next answers; afterwards 200.
    pub(crate) fn answers(&self, answers: impl IntoIterator<Item = Answer>) {
        self.desk.answers.lock().unwrap().extend(answers);
    }

    /// The requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.desk.received.lock().unwrap().clone()
    }

    /// Waits for this many requests.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Received> {
        let deadline = std::time::Instant::now() + Duration::from_secs(30);
        loop {
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            assert!(std::time::Instant::now() < deadline, "{} of {count} requests", received.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn take(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let received = Received { path: uri.to_string(), headers, body: body.to_vec() };
    desk.received.lock().unwrap().push(received);
    let answer = desk.answers.lock().unwrap().pop_front().unwrap_or_else(|| Answer::status(200));
    tokio::time::sleep(answer.after).await;
    let mut response = (StatusCode::from_u16(answer.status).unwrap(), answer.body.clone()).into_response();
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

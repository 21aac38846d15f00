//! Connections: served one by one, with bounds that no slow or silent client passes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::identity::Peer;

/// A request's headers have to arrive within this, also where a connection is kept for the next one.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// A client that takes nothing of its answer for so long is gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// What headers may be long altogether.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// Connections at once; further ones wait.
const MAX_CONNECTIONS: usize = 4_096;
/// Connections at once from one address; further ones are closed. Proxies share the connections of
/// many people.
const MAX_CONNECTIONS_OF_ADDRESS: usize = 512;
/// How long answers may take to be finished when the server is stopped.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves a router until `stop` comes, then finishes the answers under way.
///
/// # Errors
/// None while it serves: a connection that fails ends alone.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = OpenConnections::default();
    let mut stop = pin!(stop);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let (place, accepted) = tokio::select! {
            () = &mut stop => break,
            accepted = async { (place.await, listener.accept().await) } => accepted,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file handles, most often: others have to end first.
                tracing::warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let Some(counted) = open.count(address.ip()) else { continue };
        let connection = graceful.watch(connection(stream, address.ip(), router.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended: {error}");
            }
            drop((counted, place));
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished when the server stopped");
    }
    Ok(())
}

type Io = TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>;

fn connection(
    stream: TcpStream,
    address: IpAddr,
    router: Router,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::trace!("a connection stays without TCP_NODELAY: {error}");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let io: Io = TokioIo::new(Box::pin(stream));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(address));
        router.clone().oneshot(request.map(Body::new))
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(io, service)
}

/// How many connections are open from each address.
#[derive(Debug, Clone, Default)]
struct OpenConnections(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of them, as long as it is open.
struct Counted {
    open: OpenConnections,
    address: IpAddr,
}

impl OpenConnections {
    fn count(&self, address: IpAddr) -> Option<Counted> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_insert(0);
        if *count >= MAX_CONNECTIONS_OF_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Counted { open: self.clone(), address })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.open.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_can_not_take_all_connections() {
        let open = OpenConnections::default();
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let mut held: Vec<Counted> =
            (0..MAX_CONNECTIONS_OF_ADDRESS).map(|_| open.count(one).unwrap()).collect();
        assert!(open.count(one).is_none() && open.count(other).is_some());
        held.pop();
        assert!(open.count(one).is_some());
        drop(held);
        assert!(open.0.lock().unwrap().is_empty());
    }
}

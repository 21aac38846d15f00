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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use crate::configuration::identity::Addresses;
use crate::identity::Peer;
use crate::identity::limits::network;

/// A request's headers have to arrive within this, also where a connection is kept for the next one.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// A client that takes nothing of its answer for so long is gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// What headers may be long altogether.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// Connections at once from everywhere but the proxies; further ones are closed.
const MAX_CONNECTIONS: usize = 3_072;
/// Connections at once from one address, or from the network of one subscriber; further ones are closed.
const MAX_CONNECTIONS_OF_ADDRESS: usize = 256;
/// Connections at once from the proxies, which share those of many people.
const MAX_CONNECTIONS_OF_PROXIES: usize = 1_024;
/// Connections that are kept for monitoring, whatever others hold.
const RESERVED_CONNECTIONS: usize = 64;
/// How long answers may take to be finished when the server is stopped.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// The addresses whose connections are not counted with everybody's.
#[derive(Debug, Clone, Default)]
pub struct KnownAddresses {
    /// The proxies before the dashboard.
    pub proxies: Vec<Addresses>,
    /// What monitors it: a load balancer, an orchestrator, Prometheus.
    pub monitoring: Vec<Addresses>,
}

/// Serves a router until `stop` comes, then finishes the answers under way.
///
/// # Errors
/// None while it serves: a connection that fails ends alone.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    known: KnownAddresses,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let places = Places::new(known);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
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
        let Some(place) = places.take(address.ip()) else { continue };
        let connection = graceful.watch(connection(stream, address.ip(), router.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended: {error}");
            }
            drop(place);
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

/// The places that connections take.
#[derive(Debug)]
struct Places {
    known: KnownAddresses,
    all: Arc<Semaphore>,
    of_proxies: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    open: OpenConnections,
}

/// A place, as long as its connection is open.
struct Place {
    _permit: OwnedSemaphorePermit,
    _counted: Option<Counted>,
}

impl Places {
    fn new(known: KnownAddresses) -> Self {
        let [all, of_proxies, reserved] = [MAX_CONNECTIONS, MAX_CONNECTIONS_OF_PROXIES, RESERVED_CONNECTIONS]
            .map(|places| Arc::new(Semaphore::new(places)));
        Self { known, all, of_proxies, reserved, open: OpenConnections::default() }
    }

    /// A place for a connection from an address; none if there are too many of its kind.
    fn take(&self, address: IpAddr) -> Option<Place> {
        let is_in = |list: &[Addresses]| list.iter().any(|addresses| addresses.contain(address));
        let permit = |places: &Arc<Semaphore>| Arc::clone(places).try_acquire_owned().ok();
        let usual = if is_in(&self.known.proxies) {
            permit(&self.of_proxies).map(|permit| Place { _permit: permit, _counted: None })
        } else {
            self.open.count(network(Some(address))).and_then(|counted| {
                permit(&self.all).map(|permit| Place { _permit: permit, _counted: Some(counted) })
            })
        };
        let reserved = || {
            permit(&self.reserved)
                .filter(|_| is_in(&self.known.monitoring))
                .map(|permit| Place { _permit: permit, _counted: None })
        };
        usual.or_else(reserved)
    }
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
    fn neither_one_address_nor_many_take_the_places_of_proxies_and_monitoring() {
        let [proxy, probe] = ["10.0.0.7", "10.0.9.1"].map(|text| text.parse::<IpAddr>().unwrap());
        let listed = |text: &str| vec![Addresses::try_from(text.to_owned()).unwrap()];
        let places =
            Places::new(KnownAddresses { proxies: listed("10.0.0.7"), monitoring: listed("10.0.9.0/24") });
        let mut held: Vec<Place> = Vec::new();
        // One subscriber has many addresses.
        for n in 0..2 * MAX_CONNECTIONS_OF_ADDRESS {
            let address = format!("2001:db8::{n:x}").parse().unwrap();
            held.extend(places.take(address));
        }
        assert_eq!(held.len(), MAX_CONNECTIONS_OF_ADDRESS);
        held.pop();
        held.extend(places.take("2001:db8::1".parse().unwrap()));
        assert_eq!(held.len(), MAX_CONNECTIONS_OF_ADDRESS);
        for n in 0..4 * MAX_CONNECTIONS as u32 {
            held.extend(places.take(IpAddr::V4((u32::from_be_bytes([192, 0, 0, 0]) + n).into())));
        }
        assert_eq!(held.len(), MAX_CONNECTIONS);
        let mut known: Vec<Place> = (0..RESERVED_CONNECTIONS).filter_map(|_| places.take(probe)).collect();
        assert_eq!(known.len(), RESERVED_CONNECTIONS);
        known.extend((0..MAX_CONNECTIONS_OF_PROXIES).filter_map(|_| places.take(proxy)));
        assert_eq!(known.len(), RESERVED_CONNECTIONS + MAX_CONNECTIONS_OF_PROXIES);
        drop((held, known));
        assert!(places.open.0.lock().unwrap().is_empty() && places.take(proxy).is_some());
    }
}

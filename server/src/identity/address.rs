//! From which address a request comes.

use std::net::IpAddr;

use axum::http::request::Parts;

use crate::configuration::identity::{Addresses, IdentitySettings};

/// The other end of the connection; the server adds it to each request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The other end of a request's connection.
pub(super) fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<Peer>().map(|peer| peer.0.to_canonical())
}

/// Whether an address is one of the proxies.
pub(super) fn is_proxy(address: IpAddr, proxies: &[Addresses]) -> bool {
    proxies.iter().any(|addresses| addresses.contain(address))
}

/// Whether a request comes from one of the proxies of the settings.
pub(crate) fn is_from_proxy(parts: &Parts, settings: &IdentitySettings) -> bool {
    peer(parts).is_some_and(|address| is_proxy(address, &settings.proxies))
}

/// The address of whoever asks: the last in `X-Forwarded-For` that is not a proxy, as far as the
/// proxies vouch for it.
pub fn client_address(parts: &Parts, proxies: &[Addresses]) -> Option<IpAddr> {
    let mut address = peer(parts)?;
    let forwarded = parts.headers.get_all("x-forwarded-for");
    let hops: Vec<&str> =
        forwarded.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    for hop in hops.iter().rev() {
        if !is_proxy(address, proxies) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => break,
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn only_what_proxies_vouch_for_is_believed() {
        let proxies: Vec<Addresses> = vec!["10.0.0.0/8".to_owned().try_into().unwrap()];
        let found = |peer: &str, forwarded: &str| {
            let request = Request::builder().header("x-forwarded-for", forwarded);
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            parts.extensions.insert(Peer(peer.parse().unwrap()));
            client_address(&parts, &proxies).unwrap().to_string()
        };
        assert_eq!(found("192.0.2.1", "198.51.100.7"), "192.0.2.1");
        assert_eq!(found("10.0.0.1", "198.51.100.7"), "198.51.100.7");
        assert_eq!(found("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2"), "198.51.100.7");
        assert_eq!(found("::ffff:10.0.0.1", "nonsense"), "10.0.0.1");
    }
}

//! The names that requests may be addressed to. Another site whose name points here would otherwise
//! speak to the dashboard from its visitors' browsers.

use std::net::IpAddr;

use axum::http::header;
use axum::http::request::Parts;

use crate::configuration::identity::IdentitySettings;

/// The own host's names.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The name that a request is addressed to.
fn addressed(parts: &Parts) -> Option<&str> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    match (parts.uri.authority(), hosts.next(), hosts.next()) {
        (Some(authority), _, None) => Some(authority.as_str()),
        (None, Some(host), None) => host.to_str().ok(),
        _ => None,
    }
}

/// Whether a request is addressed to one of the names, or by a bare address: monitoring asks each server by
/// its own, and no site's name can be one.
pub(super) fn is_allowed_for_monitoring(parts: &Parts, settings: &IdentitySettings) -> bool {
    let host = addressed(parts).map(name).unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.parse::<IpAddr>().is_ok() || is_allowed(parts, settings)
}

/// Whether a request is addressed to one of the names.
pub(super) fn is_allowed(parts: &Parts, settings: &IdentitySettings) -> bool {
    let addressed = addressed(parts);
    let Some(addressed) = addressed.map(name) else { return false };
    let public = settings.public_url.as_ref().map(|url| name(url.host()));
    let allowed = OWN.into_iter().chain(public).chain(settings.hosts.iter().map(|host| name(host)));
    allowed.into_iter().any(|host| host.eq_ignore_ascii_case(addressed))
}

/// A host without its port.
fn name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_request_is_for_the_own_host_the_public_name_or_one_of_the_list() {
        let settings: IdentitySettings =
            toml::from_str("public_url = 'https://grid.example.org'\nhosts = ['10.0.0.7', '[fd00::1]']")
                .unwrap();
        let is_allowed = |host: &str| {
            let (parts, ()) = Request::builder().header("host", host).body(()).unwrap().into_parts();
            is_allowed(&parts, &settings)
        };
        for host in
            ["localhost:8000", "127.0.0.1", "[::1]:80", "Grid.Example.org", "10.0.0.7:8000", "[fd00::1]"]
        {
            assert!(is_allowed(host), "{host}");
        }
        for host in
            ["evil.example", "grid.example.org.evil.example", "grid.example.org:80@evil", "", "[fd00::2]:80"]
        {
            assert!(!is_allowed(host), "{host}");
        }
        let (parts, ()) = Request::get("/").body(()).unwrap().into_parts();
        assert!(!super::is_allowed(&parts, &settings), "a request without a name");
    }
}

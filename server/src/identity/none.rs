//! The way in *none*: whoever is on the host may do everything.

use axum::http::HeaderName;
use axum::http::request::Parts;
use domain::identity::Person;

use super::Refusal;
use super::address::peer;

/// What proxies add. Behind one, everyone would count as being on the host.
const OF_PROXIES: [&str; 5] = ["forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip"];
/// What their other headers begin with.
const BEGINNINGS_OF_PROXIES: [&str; 3] = ["x-forwarded-", "x-original-", "cf-"];

/// Whether a request says that it has passed a proxy. Proxies needn't say so.
pub(super) fn has_passed_a_proxy(parts: &Parts) -> bool {
    parts.headers.keys().map(HeaderName::as_str).any(|name| {
        OF_PROXIES.contains(&name)
            || BEGINNINGS_OF_PROXIES.iter().any(|beginning| name.starts_with(beginning))
    })
}

/// Anyone, unless the request has come from elsewhere.
pub(super) fn person(parts: &Parts) -> Result<Person, Refusal> {
    let is_elsewhere = peer(parts).is_some_and(|address| !address.is_loopback());
    if is_elsewhere || has_passed_a_proxy(parts) {
        return Err(Refusal::NoWayIn);
    }
    Ok(Person::anyone())
}

//! The way in *none*: whoever is on the host may do everything.

use axum::http::request::Parts;
use domain::identity::Person;

use super::Refusal;
use super::address::peer;

/// What proxies add. Behind one, everyone would count as being on the host.
const OF_PROXIES: [&str; 3] = ["forwarded", "x-forwarded-for", "x-forwarded-host"];

/// Anyone, unless the request has come from elsewhere.
pub(super) fn person(parts: &Parts) -> Result<Person, Refusal> {
    let is_elsewhere = peer(parts).is_some_and(|address| !address.is_loopback());
    if is_elsewhere || OF_PROXIES.iter().any(|name| parts.headers.contains_key(*name)) {
        return Err(Refusal::NoWayIn);
    }
    Ok(Person::anyone())
}

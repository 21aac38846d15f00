//! What stands around the router.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use domain::identity::{Person, Right, WayIn};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::address::{is_proxy, peer};
use super::rights::{FILES, Needs, line_of};
use super::{Identity, Recognised, Refusal, hosts, openid_connect, operator_routes, refusal};

/// More is not read of a request: decisions and keys are a few hundred bytes.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// Where another site's page may post to: a portal shows the dashboard in a frame with its token.
const EMBED_SESSION: &str = "/embed/session";

impl Identity {
    /// The routes of identity itself.
    pub fn routes(&self) -> Router {
        openid_connect::routes(self.clone()).merge(operator_routes::routes(self.clone()))
    }

    /// Refuses to each route of a router whoever has no right to it.
    pub fn around_routes(&self, router: Router) -> Router {
        router.route_layer(from_fn_with_state(self.clone(), authorise))
    }

    /// Refuses, before anything else is looked at, what is addressed to others, comes from other
    /// sites, too often, or is too large.
    pub fn around_everything(&self, router: Router) -> Router {
        let csrf = CsrfLayer::new()
            .with_insecure_bypass(|method, uri| *method == Method::POST && uri.path() == EMBED_SESSION);
        // The proxies before the dashboard may pass on another name than the one that browsers know.
        let csrf = match &self.0.settings.public_url {
            Some(url) => csrf.clone().add_trusted_origin(url.to_string()).unwrap_or(csrf),
            None => csrf,
        };
        router.layer(csrf).layer(from_fn_with_state(self.clone(), screen))
    }
}

/// Hosts, rates and sizes; what was found to come from another site is said in words.
async fn screen(State(identity): State<Identity>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or(FILES, MatchedPath::as_str).to_owned();
    let (parts, body) = request.into_parts();
    let line = line_of(&parts.method, &route);
    // Monitoring asks each server by its own address.
    let is_health = matches!(route.as_str(), "/healthz" | "/readyz" | "/metrics");
    if !is_health && !hosts::is_allowed(&parts, &identity.0.settings) {
        return refusal::respond(&identity, &Refusal::WrongHost, &parts);
    }
    if let Err(refused) =
        identity.0.limits.address(identity.address(&parts), line.map_or(1, |line| line.cost))
    {
        return refusal::respond(&identity, &refused, &parts);
    }
    let body = match bounded(&parts, body).await {
        Ok(body) => body,
        Err(refused) => return refusal::respond(&identity, &refused, &parts),
    };
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        identity.audit_refusal(&Refusal::CrossSite, None, &parts).await;
        return refusal::respond(&identity, &Refusal::CrossSite, &parts);
    }
    response
}

/// A request's body, read whole.
async fn bounded(parts: &Parts, body: Body) -> Result<Body, Refusal> {
    use axum::http::header::CONTENT_LENGTH;
    let said =
        parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > MAX_BODY_BYTES) {
        return Err(Refusal::TooLarge);
    }
    match to_bytes(body, MAX_BODY_BYTES).await {
        Ok(bytes) => Ok(Body::from(bytes)),
        Err(error) => {
            let source: Option<&dyn std::error::Error> = std::error::Error::source(&error);
            let is_long = source.is_some_and(|source| source.to_string().contains("length limit"));
            Err(if is_long { Refusal::TooLarge } else { Refusal::Malformed })
        }
    }
}

/// Who asks, and whether they may.
async fn authorise(State(identity): State<Identity>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or(FILES, MatchedPath::as_str).to_owned();
    let (mut parts, body) = request.into_parts();
    match identity.permitted(&parts, &route).await {
        Ok(None) => next.run(Request::from_parts(parts, body)).await,
        Ok(Some(Recognised { person, cookie })) => {
            parts.extensions.insert(identity.account(&person));
            parts.extensions.insert(person);
            let mut response = next.run(Request::from_parts(parts, body)).await;
            let headers = response.headers_mut();
            // What one person gets is not for another's cache.
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
            headers.append(VARY, HeaderValue::from_static("cookie, authorization"));
            if let Some(cookie) = cookie.and_then(|cookie| cookie.parse().ok()) {
                headers.append(SET_COOKIE, cookie);
            }
            response
        }
        Err((refused, person)) => {
            let address = identity.address(&parts);
            let too_many = refused.is_attempt().then(|| identity.0.limits.sign_in(address).err()).flatten();
            // A flood of wrong keys is refused without filling the audit.
            if too_many.is_none() {
                identity.audit_refusal(&refused, person.as_ref(), &parts).await;
            }
            refusal::respond(&identity, &too_many.unwrap_or(refused), &parts)
        }
    }
}

impl Identity {
    /// Who asks for a route, if it needs somebody.
    async fn permitted(
        &self,
        parts: &Parts,
        route: &str,
    ) -> Result<Option<Recognised>, (Refusal, Option<Person>)> {
        let Some(line) = line_of(&parts.method, route) else { return Err((Refusal::Forbidden, None)) };
        let least = match line.needs {
            Needs::Nothing => return Ok(None),
            Needs::Monitoring if self.is_monitoring(parts) => return Ok(None),
            Needs::Monitoring => Right::Operator,
            Needs::Right(right) | Needs::Key(right) => right,
        };
        let recognised = self.recognise(parts).await.map_err(|refused| (refused, None))?;
        let person = &recognised.person;
        self.0.limits.person(&person.name, line.cost).map_err(|refused| (refused, None))?;
        let is_key_missing = matches!(line.needs, Needs::Key(_)) && person.way_in != WayIn::ApiKey;
        if person.right < least || is_key_missing {
            return Err((Refusal::Forbidden, Some(recognised.person)));
        }
        Ok(Some(recognised))
    }

    /// Whether a request comes from monitoring itself, not through a proxy on the same host.
    fn is_monitoring(&self, parts: &Parts) -> bool {
        let settings = &self.0.settings;
        let through_proxy =
            ["forwarded", "x-forwarded-for"].iter().any(|name| parts.headers.contains_key(*name));
        peer(parts).is_none_or(|address| {
            let is_listed = settings.monitoring.iter().any(|addresses| addresses.contain(address));
            is_listed && !(through_proxy && (is_proxy(address, &settings.proxies) || address.is_loopback()))
        })
    }
}

//! What stands around the router.

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, SET_COOKIE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use domain::identity::{Person, Right, WayIn};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::address::{is_proxy, peer};
use super::rights::{FILES, Line, Needs, line_of, methods_of};
use super::{
    Identity, LiveWayIn, Recognised, Refusal, body, cookies, embedding, hosts, none, openid_connect, refusal,
    routes,
};

/// What headers may be long altogether.
const MAX_HEADER_BYTES: usize = 64 * 1024;

impl Identity {
    /// The routes of identity itself.
    pub fn routes(&self) -> Router {
        openid_connect::routes(self.clone()).merge(routes::routes(self.clone()))
    }

    /// Refuses to each route of a router whoever has no right to it.
    pub fn around_routes(&self, router: Router) -> Router {
        router.route_layer(from_fn_with_state(self.clone(), authorise))
    }

    /// Refuses, before anything else is looked at, what is addressed to others, comes from other
    /// sites, too often, or is too large.
    pub fn around_everything(&self, router: Router) -> Router {
        // A portal's page posts to that one from its own site; its origin is checked with the rest.
        let csrf = CsrfLayer::new()
            .with_insecure_bypass(|method, uri| *method == Method::POST && uri.path() == embedding::ROUTE);
        // The proxies before the dashboard may pass on another name than the one that browsers know.
        let csrf = match &self.0.settings.public_url {
            Some(url) => csrf.clone().add_trusted_origin(url.to_string()).unwrap_or(csrf),
            None => csrf,
        };
        router.layer(csrf).layer(from_fn_with_state(self.clone(), screen))
    }
}

fn route_of(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or(FILES, MatchedPath::as_str).to_owned()
}

/// What a request shows from outside; what was found to come from another site is said in words.
async fn screen(State(identity): State<Identity>, request: Request, next: Next) -> Response {
    let route = route_of(&request);
    let (mut parts, body) = request.into_parts();
    if let Err(refused) = identity.screened(&parts, &route) {
        return refuse(&identity, refused, None, &parts).await;
    }
    if let (LiveWayIn::None, Ok(anyone)) = (&identity.0.way_in, none::person(&parts)) {
        // Each page says that it is open, the one for unknown addresses too.
        parts.extensions.insert(identity.account(&anyone));
    }
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        return refuse(&identity, Refusal::CrossSite, None, &parts).await;
    }
    response
}

/// Who asks, and whether they may. Nothing is read of a request that is refused.
async fn authorise(State(identity): State<Identity>, request: Request, next: Next) -> Response {
    let route = route_of(&request);
    let (mut parts, body) = request.into_parts();
    let (line, recognised) = match identity.permitted(&parts, &route).await {
        Ok(permitted) => permitted,
        Err((refused, person)) => return refuse(&identity, refused, person.as_ref(), &parts).await,
    };
    let body = match read(line, &parts, body).await {
        Ok(body) => body,
        Err(refused) => {
            let person = recognised.as_ref().map(|recognised| &recognised.person);
            return refuse(&identity, refused, person, &parts).await;
        }
    };
    let Some(Recognised { person, cookie, .. }) = recognised else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    parts.extensions.insert(identity.account(&person));
    parts.extensions.insert(person);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let headers = response.headers_mut();
    // What one person gets is for no cache, not even the own browser's: after signing out, Back shows
    // nothing.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.append(VARY, HeaderValue::from_static("cookie, authorization"));
    if let Some(cookie) = cookie.and_then(|cookie| cookie.parse().ok()) {
        headers.append(SET_COOKIE, cookie);
    }
    response
}

/// The response to what is refused, counted and recorded.
pub(super) async fn refuse(
    identity: &Identity,
    refused: Refusal,
    person: Option<&Person>,
    parts: &Parts,
) -> Response {
    let attempt = refused.is_attempt().then(|| identity.0.limits.sign_in(identity.address(parts)));
    let refused = attempt.and_then(Result::err).unwrap_or(refused);
    identity.audit_refusal(&refused, person, parts).await;
    refusal::respond(identity, &refused, parts)
}

/// What is read of a permitted request: nothing where nothing is expected.
async fn read(line: &Line, parts: &Parts, body: Body) -> Result<Body, Refusal> {
    let is_api = line.route.starts_with("/api/");
    let is_expected = match line.needs {
        Needs::Nothing => line.route == embedding::ROUTE,
        _ => line.method == "POST",
    };
    if !is_expected {
        return Ok(Body::empty());
    }
    if is_api {
        body::check_json(parts)?;
    }
    body::read(body).await
}

impl Identity {
    /// What can be judged of a request without knowing who asks.
    fn screened(&self, parts: &Parts, route: &str) -> Result<(), Refusal> {
        let live = &*self.0;
        // Orchestrators ask each server by its own address.
        let is_ours = match route {
            "/healthz" | "/readyz" => true,
            "/metrics" => hosts::is_allowed_for_monitoring(parts, &live.settings),
            _ => hosts::is_allowed(parts, &live.settings),
        };
        if !is_ours {
            return Err(Refusal::WrongHost);
        }
        let line = line_of(&parts.method, route);
        live.limits.address(self.address(parts), line.map_or(1, |line| line.cost))?;
        if let LiveWayIn::ReverseProxy(proxy) = &live.way_in {
            proxy.refuse_forged(parts, &live.settings)?;
        }
        let methods = methods_of(route);
        if line.is_none() && !methods.is_empty() {
            return Err(Refusal::OtherMethod(methods));
        }
        let length: usize = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if length > MAX_HEADER_BYTES {
            return Err(Refusal::LongHeaders);
        }
        body::check_length(parts)?;
        if route == embedding::ROUTE { embedding::check_origin(parts, &live.settings) } else { Ok(()) }
    }

    /// The line of a route, and who asks for it, if it needs somebody.
    async fn permitted(
        &self,
        parts: &Parts,
        route: &str,
    ) -> Result<(&'static Line, Option<Recognised>), (Refusal, Option<Person>)> {
        let Some(line) = line_of(&parts.method, route) else { return Err((Refusal::Forbidden, None)) };
        let least = match line.needs {
            Needs::Nothing => return Ok((line, None)),
            Needs::Monitoring if self.is_monitoring(parts) => return Ok((line, None)),
            Needs::Monitoring => Right::Operator,
            Needs::Right(right) | Needs::Key(right) => right,
        };
        let recognised = self.recognise(parts).await.map_err(|refused| (refused, None))?;
        let person = &recognised.person;
        let counted = self.0.limits.person(&recognised.counted_as, line.cost);
        let is_key_missing = matches!(line.needs, Needs::Key(_)) && person.way_in != WayIn::ApiKey;
        let refused = match counted {
            Err(too_often) => Some(too_often),
            Ok(()) if person.right < least || is_key_missing => Some(Refusal::Forbidden),
            Ok(()) => None,
        };
        match refused {
            Some(refused) => Err((refused, Some(recognised.person))),
            None => Ok((line, Some(recognised))),
        }
    }

    /// Whether a request comes from monitoring itself: from a listed address that is no proxy's, and
    /// without anything that names a person or tells of a proxy on the same host.
    fn is_monitoring(&self, parts: &Parts) -> bool {
        let settings = &self.0.settings;
        let is_named = match &self.0.way_in {
            LiveWayIn::ReverseProxy(proxy) => proxy.is_named(parts),
            _ => false,
        };
        let is_somebody =
            is_named || parts.headers.contains_key(AUTHORIZATION) || cookies::name_somebody(parts);
        peer(parts).is_none_or(|address| {
            let is_listed = settings.monitoring.iter().any(|addresses| addresses.contain(address));
            is_listed && !is_proxy(address, &settings.proxies) && !none::has_passed_a_proxy(parts)
        }) && !is_somebody
    }
}

//! The routes of signing in and out.

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::Utc;
use domain::identity::WayIn;
use serde::Deserialize;

use super::{CALLBACK, OpenidConnect, SIGN_IN_LIFETIME};
use crate::configuration::identity::Origin;
use crate::identity::{
    Identity, LiveWayIn, Refusal, cookies, grants, guard, pages, refusal, sessions, token,
};

/// The routes, of whichever way in: where there is none to sign in at, they say so.
pub(in crate::identity) fn routes(identity: Identity) -> Router {
    Router::new()
        .route("/sign-in", get(sign_in))
        .route(CALLBACK, get(callback))
        .route("/sign-out", post(sign_out))
        .route("/signed-out", get(signed_out))
        .with_state(identity)
}

impl Identity {
    fn provider(&self) -> Result<(&OpenidConnect, &Origin), Refusal> {
        match (&self.0.way_in, &self.0.settings.public_url) {
            (LiveWayIn::OpenidConnect(provider), Some(own)) => Ok((provider, own)),
            _ => Err(Refusal::NoSignIn),
        }
    }
}

#[derive(Deserialize)]
struct SignIn {
    to: Option<String>,
}

async fn sign_in(
    State(identity): State<Identity>,
    Query(query): Query<SignIn>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let begun = async {
        let (provider, own) = identity.provider()?;
        identity.0.limits.sign_in(identity.address(&parts))?;
        let return_to = query.to.filter(|to| is_own_path(to)).unwrap_or_else(|| "/".to_owned());
        provider.begin(&identity.0.store, own, &return_to, Utc::now()).await
    };
    match begun.await {
        Ok((to, state)) => {
            let cookie = cookies::own(&cookies::sign_in(&state), &state, SIGN_IN_LIFETIME.num_seconds());
            see(&to, [cookie])
        }
        Err(refused) => guard::refuse(&identity, refused, None, &parts).await,
    }
}

#[derive(Deserialize)]
struct Callback {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

async fn callback(
    State(identity): State<Identity>,
    Query(query): Query<Callback>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let begun = cookies::removed(&cookies::sign_in(query.state.as_deref().unwrap_or_default()));
    match finish(&identity, &parts, query).await {
        // What a portal has left in this browser is not the person's.
        Ok((cookie, return_to)) => see(&return_to, [cookie, begun, cookies::embedding_removed()]),
        Err(refused) => {
            let mut response = guard::refuse(&identity, refused, None, &parts).await;
            if let Ok(cookie) = begun.parse() {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
    }
}

async fn finish(identity: &Identity, parts: &Parts, query: Callback) -> Result<(String, String), Refusal> {
    let (provider, own) = identity.provider()?;
    let state = query.state.ok_or(Refusal::SignInLost)?;
    let begun = cookies::value(parts, &cookies::sign_in(&state)).ok_or(Refusal::SignInLost)?;
    // Nobody can be signed in by a link that somebody else has begun.
    if token::hash(begun) != token::hash(&state) {
        return Err(Refusal::SignInLost);
    }
    if let Some(error) = query.error {
        let word: String =
            error.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
        tracing::info!("the provider has not signed somebody in: {word}");
        return Err(Refusal::NotSignedIn);
    }
    let code = query.code.ok_or(Refusal::SignInLost)?;
    let live = &identity.0;
    let signed_in = provider.finish(&live.store, own, &state, &code).await?;
    let person =
        grants::person(&signed_in.name, WayIn::OpenidConnect, &signed_in.groups, &live.settings.grant);
    let person = person.ok_or(Refusal::NothingGranted(signed_in.name))?;
    let request = (parts, identity.address_text(parts));
    let begun =
        sessions::begin(&live.store, &live.settings, &person, signed_in.groups, request, Utc::now()).await;
    Ok((begun.map_err(Refusal::store)?, signed_in.return_to))
}

async fn sign_out(State(identity): State<Identity>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let live = &identity.0;
    let to = match identity.provider() {
        Ok((provider, own)) => {
            let address = identity.address_text(&parts);
            if let Err(refused) = sessions::end(&live.store, &live.settings, &parts, address).await {
                return refusal::respond(&identity, &refused, &parts);
            }
            provider.sign_out_address(own).await
        }
        Err(_) => None,
    };
    let mut response = pages::signed_out(&identity, &parts, to.as_deref());
    for cookie in [cookies::removed(cookies::SESSION), cookies::embedding_removed()] {
        if let Ok(cookie) = cookie.parse() {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    let clear = HeaderName::from_static("clear-site-data");
    if let Ok(what) = "\"cache\"".parse() {
        response.headers_mut().insert(clear, what);
    }
    response
}

async fn signed_out(State(identity): State<Identity>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    pages::signed_out(&identity, &parts, None)
}

/// Whether an address is a path of the dashboard's own: no other host, no scheme.
fn is_own_path(to: &str) -> bool {
    to.starts_with('/')
        && !to.starts_with("//")
        && to.len() < 2_000
        && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// Sends the browser on, with cookies.
fn see<const N: usize>(to: &str, cookies: [String; N]) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response();
    for cookie in cookies {
        if let Ok(cookie) = cookie.parse() {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn nobody_is_sent_to_another_host_after_signing_in() {
        assert!(is_own_path("/") && is_own_path("/?area=Breda&box=ESD.1"));
        for to in ["//evil.example", "/\\evil.example", "https://evil.example", "", "evil", "/a\r\nb", "/\tx"]
        {
            assert!(!is_own_path(to), "{to:?}");
        }
    }
}

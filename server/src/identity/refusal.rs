//! What is refused, and how it is said: as JSON to programs, as a page in the person's language to
//! browsers.

use app::RefusalKind;
use app::api::ApiError;
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use store::StoreError;

use super::{Identity, LiveWayIn, pages};

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Nobody is known: sign in first.
    SignIn,
    /// The key or embed token is not valid, or not any more.
    WrongKey,
    /// The embed token of a frame in a portal's page is not valid any more.
    FrameEnded,
    /// A token of a proxy or a provider is not what it should be.
    WrongToken,
    /// An identity that no proxy has written.
    ForgedIdentity,
    /// A sign-in that was not begun here, or too long ago.
    SignInLost,
    /// The provider has not signed the person in.
    NotSignedIn,
    /// There is nothing to sign in at.
    NoSignIn,
    /// From elsewhere, where only the own host may ask.
    NoWayIn,
    /// The person, of this name, may do nothing at all.
    NothingGranted(String),
    /// The person may not do this.
    Forbidden,
    /// From another site's page.
    CrossSite,
    /// Addressed to a name that is not the dashboard's.
    WrongHost,
    /// Too often.
    TooOften {
        /// After how many seconds again.
        seconds: u64,
    },
    /// More was sent than is read.
    TooLarge,
    /// The headers are longer than is read.
    LongHeaders,
    /// What was sent did not arrive in time.
    SlowBody,
    /// What was sent is not said to be JSON.
    NotJson,
    /// The route has these methods.
    OtherMethod(String),
    /// What was sent is no request.
    Malformed,
    /// The provider is away.
    ProviderAway,
    /// The store is away.
    StoreAway,
}

impl Refusal {
    /// A failure of the store, which its log explains.
    pub(super) fn store(error: StoreError) -> Self {
        tracing::error!("who asks could not be looked up: {error}");
        Self::StoreAway
    }

    /// What the audit says of it; `None` for what happens to everyone and would only fill it.
    pub(super) fn worth_recording(&self) -> Option<&'static str> {
        Some(match self {
            Self::WrongKey => "a key that is not valid",
            Self::WrongToken => "a token that is not valid",
            Self::ForgedIdentity => "an identity that no proxy has written",
            Self::FrameEnded => "an embed token that is not valid",
            Self::SignInLost => "a sign-in that was not begun here, or too long ago",
            Self::NotSignedIn => "the provider has not signed them in",
            Self::TooOften { .. } => "too often",
            Self::NothingGranted(_) => "nothing is granted to any of their groups",
            Self::Forbidden => "without the right",
            Self::CrossSite => "from another site",
            _ => return None,
        })
    }

    /// Who is refused, where only the refusal knows.
    pub(super) fn named(&self) -> Option<&str> {
        match self {
            Self::NothingGranted(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it counts as an attempt to get in.
    pub(super) fn is_attempt(&self) -> bool {
        matches!(self, Self::WrongKey | Self::WrongToken | Self::ForgedIdentity)
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn | Self::WrongKey | Self::WrongToken | Self::FrameEnded => StatusCode::UNAUTHORIZED,
            Self::ForgedIdentity
            | Self::NoWayIn
            | Self::NothingGranted(_)
            | Self::Forbidden
            | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::SignInLost | Self::NotSignedIn | Self::Malformed => StatusCode::BAD_REQUEST,
            Self::NoSignIn => StatusCode::NOT_FOUND,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::LongHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::OtherMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::ProviderAway | Self::StoreAway => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::SignIn | Self::WrongKey | Self::WrongToken => RefusalKind::SignIn,
            Self::SignInLost | Self::NotSignedIn => RefusalKind::SignInAgain,
            Self::TooOften { seconds } => RefusalKind::TooOften { seconds: *seconds },
            Self::FrameEnded => RefusalKind::FrameEnded,
            Self::TooLarge | Self::LongHeaders => RefusalKind::TooLarge,
            Self::ProviderAway | Self::StoreAway => RefusalKind::Away,
            Self::Malformed
            | Self::NoSignIn
            | Self::WrongHost
            | Self::SlowBody
            | Self::NotJson
            | Self::OtherMethod(_) => RefusalKind::Malformed,
            _ => RefusalKind::Forbidden,
        }
    }

    fn api_error(&self) -> ApiError {
        if *self == Self::NotJson {
            return ApiError::BadRequest("The request needs content-type: application/json.".to_owned());
        }
        match self.kind() {
            RefusalKind::FrameEnded => ApiError::FrameEnded,
            RefusalKind::SignIn | RefusalKind::SignInAgain => ApiError::SignIn,
            RefusalKind::TooOften { seconds } => ApiError::TooOften(seconds),
            RefusalKind::TooLarge => ApiError::TooLarge,
            RefusalKind::Away => ApiError::Away,
            RefusalKind::Malformed => ApiError::BadRequest("The request could not be understood.".to_owned()),
            _ => ApiError::Forbidden,
        }
    }
}

/// The response to what is refused.
pub(super) fn respond(identity: &Identity, refusal: &Refusal, parts: &Parts) -> Response {
    let is_api = parts.uri.path().starts_with("/api/") || parts.uri.path() == "/metrics";
    let is_page = parts.method == Method::GET && !is_api;
    let can_sign_in = matches!(identity.0.way_in, LiveWayIn::OpenidConnect(_));
    if *refusal == Refusal::SignIn && is_page && can_sign_in {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let to: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        return (StatusCode::SEE_OTHER, [(LOCATION, format!("/sign-in?to={to}"))]).into_response();
    }
    let mut response = if is_api {
        let body = serde_json::to_string(&refusal.api_error()).unwrap_or_default();
        (refusal.status(), [(CONTENT_TYPE, "application/json")], body).into_response()
    } else {
        pages::refused(identity, parts, refusal.status(), refusal.kind(), can_sign_in)
    };
    let headers = response.headers_mut();
    if let Refusal::TooOften { seconds } = refusal {
        headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
    }
    if let Refusal::OtherMethod(methods) = refusal
        && let Ok(methods) = methods.parse()
    {
        headers.insert(ALLOW, methods);
    }
    if refusal.status() == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"gridspark\""));
    }
    response
}

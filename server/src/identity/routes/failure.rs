//! How these routes fail, and how their requests are read.

use app::api::ApiError;
use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use crate::identity::keys::KeyError;

/// A failure of one of these, as the other functions of the API say it.
pub(super) enum Failure {
    Wanted(String),
    NotThere,
    Store,
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        tracing::error!("an operator's request failed: {error}");
        Self::Store
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Wanted(reason) => Self::Wanted(reason),
            KeyError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Wanted(reason) => {
                (StatusCode::BAD_REQUEST, Json(ApiError::BadRequest(reason))).into_response()
            }
            Self::NotThere => {
                let error = ApiError::BadRequest("There is none of that number or name.".to_owned());
                (StatusCode::NOT_FOUND, Json(error)).into_response()
            }
            Self::Store => (StatusCode::SERVICE_UNAVAILABLE, Json(ApiError::Away)).into_response(),
        }
    }
}

/// A request with its body of JSON, whose length and kind were judged before.
pub(super) async fn opened<Body: DeserializeOwned>(request: Request) -> Result<(Parts, Body), Failure> {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, usize::MAX).await.map_err(|error| Failure::Wanted(error.to_string()))?;
    let body = serde_json::from_slice(&body)
        .map_err(|error| Failure::Wanted(format!("The request could not be understood: {error}")))?;
    Ok((parts, body))
}

//! The one error that a page can receive from a server function.

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use serde::{Deserialize, Serialize};

/// Why a question of the page has no answer. The texts are for the person in front of the page: the
/// cause inside the server is in its log, under the reference that [`ApiError::Internal`] carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// No such box.
    #[error("There is no box {0}. Check the identifier, or search the list.")]
    UnknownBox(String),
    /// The question itself is malformed.
    #[error("{0}")]
    BadRequest(String),
    /// Nobody is known, or not any more.
    #[error("You are not signed in, or not any more. Load the page again to sign in.")]
    SignIn,
    /// The token of a frame in another page is not valid any more.
    #[error("This view has ended. Load the page around it again to go on.")]
    FrameEnded,
    /// The person may not do this.
    #[error("You may not do this. If you need it for your work, ask the operator of this dashboard.")]
    Forbidden,
    /// Too many requests; after so many seconds again.
    #[error("That was too often. Try again in {0} s.")]
    TooOften(u64),
    /// More was sent than is read.
    #[error("More was sent than is accepted.")]
    TooLarge,
    /// What is needed to answer is away.
    #[error("This can't be answered at the moment. Try again in a minute.")]
    Away,
    /// Something failed inside the server.
    #[error(
        "The server could not answer. Try again in a minute; if it persists, give your operator the reference {0}."
    )]
    Internal(String),
    /// The server could not be reached, or its answer not be read.
    #[error("The server cannot be reached. Check the connection and try again. ({0})")]
    Connection(String),
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(text) | ServerFnErrorErr::MissingArg(text) => {
                Self::BadRequest(format!("The request could not be understood: {text}"))
            }
            // On the server it is the question that can't be read, in the browser the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(text) => {
                Self::BadRequest(format!("The request could not be understood: {text}"))
            }
            other => Self::Connection(other.to_string()),
        }
    }
}

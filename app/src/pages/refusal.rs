//! What is refused or failed, as a page; and the page after signing out.

use leptos::prelude::*;

use super::document::Document;
use crate::api::ApiError;

/// Why something is refused, as far as the person may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// Nobody is known.
    SignIn,
    /// The token of a frame in another page is not valid any more.
    FrameEnded,
    /// The sign-in was not completed.
    SignInAgain,
    /// It needs a right that the person does not have.
    Forbidden,
    /// Too many requests.
    TooOften {
        /// After how many seconds again.
        seconds: u64,
    },
    /// Too much was sent.
    TooLarge,
    /// What is needed to answer is away.
    Away,
    /// No request that is known.
    Malformed,
}

/// The page of a refusal.
#[component]
pub fn RefusalDocument(
    /// Why.
    kind: RefusalKind,
    /// Whether there is something to sign in at.
    can_sign_in: bool,
    /// The address's query, for language and appearance.
    query: String,
) -> impl IntoView {
    let offers = can_sign_in && matches!(kind, RefusalKind::SignIn | RefusalKind::SignInAgain);
    Document {
        query,
        title: Box::new(move |words| words.refusal(kind).title),
        class: "refusal",
        is_beside_list: false,
    }
    .around(move |words| {
        let link = offers.then(|| view! { <a class="button" href="/sign-in">{words.sign_out().sign_in}</a> });
        view! {
            <p role="alert">{words.refusal(kind).text}</p>
            {link}
        }
        .into_any()
    })
}

/// The page of something that failed.
#[component]
pub fn FailureDocument(
    /// What the server said.
    error: ApiError,
    /// The address's query, for language and appearance.
    query: String,
) -> impl IntoView {
    Document { query, title: Box::new(|words| words.failed), class: "refusal", is_beside_list: false }
        .around(move |words| view! { <p role="alert">{words.error(&error)}</p> }.into_any())
}

/// The page after signing out.
#[component]
pub fn SignedOutDocument(
    /// Where the provider signs the person out as well.
    to: Option<String>,
    /// The address's query, for language and appearance.
    query: String,
) -> impl IntoView {
    let document = Document {
        query,
        title: Box::new(|words| words.sign_out().signed_out),
        class: "refusal",
        is_beside_list: false,
    };
    document.around(move |words| {
        let texts = words.sign_out();
        let onwards = to.map(|to| view! { <a class="button" href=to>{texts.go_on}</a> });
        view! {
            <p>{texts.signed_out_text}</p>
            {onwards}
            " "
            <a class="button" href="/sign-in">{texts.sign_in}</a>
        }
        .into_any()
    })
}

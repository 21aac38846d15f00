//! Keeps what is shown while the next is on its way.

use leptos::children::{TypedChildren, ViewFnOnce};
use leptos::prelude::*;

/// A `Transition` in the browser, which says in `set_pending` whether it waits. On the server a `Suspense`, which is the
/// same there: the effect behind `set_pending` would run on another thread than the rendering, and what either reads may
/// be in the other's hands, which ends the page.
#[component]
pub(super) fn KeepLast<Content>(
    /// What is shown before there is anything.
    #[prop(into)]
    fallback: ViewFnOnce,
    /// Whether it waits.
    set_pending: WriteSignal<bool>,
    /// The content.
    children: TypedChildren<Content>,
) -> impl IntoView
where
    Content: IntoView + Send + 'static,
{
    #[cfg(feature = "ssr")]
    {
        let _ = set_pending;
        Suspense(SuspenseProps::builder().fallback(fallback).children(children).build())
    }
    #[cfg(not(feature = "ssr"))]
    Transition(
        TransitionProps::builder().fallback(fallback).set_pending(set_pending).children(children).build(),
    )
}

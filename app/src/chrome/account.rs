//! Who uses the page, and the way out.

use domain::identity::WayIn;
use leptos::prelude::*;

use crate::account::account;
use crate::address::{use_audit_link, use_runs_link};
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The person's name and right, and a button that signs out; where everyone may do everything it
/// says so.
#[component]
pub(crate) fn AccountBox() -> impl IntoView {
    let words = use_words().account();
    account()
        .map(|account| {
            let right = words.right(account.right);
            if account.way_in == WayIn::None {
                return view! { <p class="account" title=words.open_explained>{words.open}</p> }.into_any();
            }
            let sign_out = account.can_sign_out.then(|| {
                view! {
                    // Without JavaScript too. It is no link: nothing that is followed may sign anybody out.
                    <form method="post" action="/sign-out">
                        <button type="submit" class="button">{words.sign_out}</button>
                    </form>
                }
            });
            view! {
                <div class="account">
                    <p>
                        <span class="visually-hidden">{words.signed_in_as} " "</span>
                        <span class="account-name">{account.name}</span> " "
                        <span class="account-right">{right}</span>
                    </p>
                    {sign_out}
                </div>
            }
            .into_any()
        })
        .into_erased()
}

/// The links that only operators can follow.
#[component]
pub(super) fn OperatorLinks() -> impl IntoView {
    let words = use_words();
    view! {
        <a class="page-link" href=use_runs_link() rel="external">{words.runs_link}</a>
        <a class="page-link" href=use_audit_link() rel="external">{words.account().audit_link}</a>
    }
    .into_any()
}

//! The proposals of a box: each with what it would change.

use domain::proposals::{AcceptanceOutcome, ListedProposal, RemovalOutcome};
use leptos::html::H2;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::asking::{Asking, today};
use super::saving::SaveForm;
use super::typed::Typed;
use crate::account::may_decide;
use crate::api::ApiError;
use crate::api::functions::{accept_proposal, list_proposals, remove_proposal};
use crate::chrome::Failure;
use crate::erased_view::IntoErased as _;
use crate::words::use_words;

/// The form that saves, and what was saved.
#[component]
pub(super) fn Proposals(asking: Asking) -> impl IntoView {
    let words = use_words();
    let texts = words.proposals();
    // Asked for here rather than with the page, whose first part is the smaller for it.
    let proposals = ArcRwSignal::new(None::<Result<Vec<ListedProposal>, ApiError>>);
    let (answered, box_id) = (proposals.clone(), asking.box_id.clone());
    let again = Callback::new(move |()| {
        let (answered, box_id) = (answered.clone(), box_id.clone());
        spawn_local(async move { answered.set(Some(list_proposals(box_id).await)) });
    });
    Effect::new(move |_| again.run(()));
    let form = may_decide().then(|| view! { <SaveForm asking=asking.clone() on_saved=again /> });
    let said = ArcRwSignal::new(String::new());
    let shown = said.clone();
    let heading = NodeRef::<H2>::new();
    let list = move || match proposals.get() {
        Some(Ok(listed)) if listed.is_empty() => view! { <p class="muted">{texts.nothing}</p> }.into_erased(),
        Some(Ok(listed)) => {
            let entry = |listed| {
                view! { <Entry listed asking=asking.clone() said=said.clone() heading on_changed=again /> }
            };
            let entries = listed.into_iter().map(entry).collect_view();
            view! { <ul class="proposals">{entries}</ul> }.into_erased()
        }
        Some(Err(error)) => view! { <Failure error /> }.into_erased(),
        None => view! { <p class="loading-note">{words.loading}</p> }.into_erased(),
    };
    view! {
        <section class="facts action" aria-labelledby="proposals">
            <h2 id="proposals" tabindex="-1" node_ref=heading>{texts.title}</h2>
            {form}
            {list}
            <p class="action-said" role="status">{move || shown.get()}</p>
        </section>
    }
    .into_erased()
}

#[component]
fn Entry(
    listed: ListedProposal,
    asking: Asking,
    /// What came of accepting or removing one.
    said: ArcRwSignal<String>,
    /// Takes the keyboard when the button of what is removed goes.
    heading: NodeRef<H2>,
    on_changed: Callback<()>,
) -> impl IntoView {
    let words = use_words();
    let texts = words.proposals();
    let ListedProposal { proposal, effect } = listed;
    let effect = effect.map(|effect| words.before_and_after(&effect.before, &effect.after));
    let entry = words.proposal_entry(&proposal);
    let name = proposal.name.as_str().to_owned();
    let named = |button: &str| format!("{button}: {name}");
    let (label_show, label_remove) = (named(texts.show), named(texts.remove));

    let acceptance =
        proposal.accepted.as_ref().map(|found| words.acceptance(found, &proposal.assumed, today()));
    let is_accepted = acceptance.is_some();
    let accept_text = if is_accepted { texts.withdraw } else { texts.accept };
    let label_accept = named(accept_text);
    let (box_id, number) = (asking.box_id.clone(), proposal.number);
    let assumed = proposal.assumed;
    let show = move |_| asking.edit(|typed| *typed = Typed::of(&assumed, words));
    let (accepted_box, said_of_it) = (box_id.clone(), said.clone());
    let accept = move |_| {
        let (box_id, said) = (accepted_box.clone(), said_of_it.clone());
        spawn_local(async move {
            said.set(match accept_proposal(box_id, number, !is_accepted).await {
                Ok(AcceptanceOutcome::Recorded) if is_accepted => texts.withdrawn.to_owned(),
                Ok(AcceptanceOutcome::Recorded) => texts.accepted.to_owned(),
                Ok(AcceptanceOutcome::Gone) => texts.gone.to_owned(),
                Ok(AcceptanceOutcome::UnknownBox) => words.error(&ApiError::Forbidden),
                Err(error) => return said.set(words.error(&error)),
            });
            if let Some(heading) = heading.try_get_untracked().flatten() {
                let _ = heading.focus();
            }
            on_changed.try_run(());
        });
    };
    let remove = move |_| {
        let (box_id, said) = (box_id.clone(), said.clone());
        spawn_local(async move {
            said.set(match remove_proposal(box_id, number).await {
                Ok(RemovalOutcome::Removed) => texts.removed.to_owned(),
                Ok(RemovalOutcome::Gone) => texts.gone.to_owned(),
                Ok(RemovalOutcome::UnknownBox) => words.error(&ApiError::Forbidden),
                Err(error) => return said.set(words.error(&error)),
            });
            if let Some(heading) = heading.try_get_untracked().flatten() {
                let _ = heading.focus();
            }
            on_changed.try_run(());
        });
    };
    let decide = may_decide().then(|| {
        view! {
            <button type="button" class="button with-script" aria-label=label_accept on:click=accept>
                {accept_text}
            </button>
            <button type="button" class="button with-script" aria-label=label_remove on:click=remove>
                {texts.remove}
            </button>
        }
    });
    view! {
        <li>
            <strong>{name}</strong>
            <span>{entry}</span>
            {effect.map(|effect| view! { <span>{effect}</span> })}
            {acceptance.map(|acceptance| view! { <span class="proposal-accepted">{acceptance}</span> })}
            <span class="proposal-buttons">
                <button type="button" class="button with-script" aria-label=label_show on:click=show>
                    {texts.show}
                </button>
                {decide}
            </span>
        </li>
    }
    .into_erased()
}

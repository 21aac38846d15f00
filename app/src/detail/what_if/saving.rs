//! How what is assumed is saved under a name.

use domain::actions::IdempotencyKey;
use domain::proposals::{NewProposal, ProposalName, ProposalOutcome};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::asking::Asking;
use crate::api::ApiError;
use crate::api::functions::save_proposal;
use crate::browser_storage::new_key;
use crate::erased_view::IntoErased as _;
use crate::words::{Words, use_words};

/// A name and a button.
#[component]
pub(super) fn SaveForm(
    asking: Asking,
    /// Called once something is saved.
    on_saved: Callback<()>,
) -> impl IntoView {
    let words = use_words();
    let texts = words.proposals();
    // Counted references: what was sent comes back even where the view was renewed meanwhile.
    let (name, said) = (ArcRwSignal::new(String::new()), ArcRwSignal::new(String::new()));
    let is_sending = ArcRwSignal::new(false);
    let sent = StoredValue::new(None::<NewProposal>);
    let (typed_name, said_last, sending) = (name.clone(), said.clone(), is_sending.clone());
    let asking = StoredValue::new(asking);
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_sending.get_untracked() {
            return;
        }
        let proposal = asking.with_value(|asking| proposal_of(&name.get_untracked(), asking, words));
        // The same, sent again after an answer was lost, keeps its key.
        let proposal = proposal.map(|new| match sent.get_value() {
            Some(before) if (&before.name, &before.assumed) == (&new.name, &new.assumed) => before,
            _ => new,
        });
        let proposal = match proposal {
            Ok(proposal) => proposal,
            Err(refusal) => return said.set(refusal),
        };
        sent.set_value(Some(proposal.clone()));
        is_sending.set(true);
        said.set(texts.saving.to_owned());
        let (name, said, is_sending) = (name.clone(), said.clone(), is_sending.clone());
        spawn_local(async move {
            said.set(match save_proposal(proposal).await {
                Ok(ProposalOutcome::Saved(_)) => {
                    sent.try_set_value(None);
                    name.set(String::new());
                    on_saved.try_run(());
                    texts.saved.to_owned()
                }
                Ok(ProposalOutcome::NameTaken(theirs)) => words.name_taken(&theirs),
                Ok(ProposalOutcome::Refused(error)) => words.proposal_error(error),
                Ok(ProposalOutcome::UnknownBox) => words.error(&ApiError::Forbidden),
                Err(error) => words.error(&error),
            });
            is_sending.set(false);
        });
    };
    let (shown, edited, cleared) = (typed_name.clone(), typed_name, said_last.clone());
    let on_name = move |event| {
        edited.set(event_target_value(&event));
        cleared.set(String::new());
    };
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    view! {
        <form class="with-script" on:submit=on_submit>
            <fieldset class="action-fields" disabled=move || !is_alive.get()>
                <label class="field">
                    <span>{texts.name}</span>
                    <input
                        type="text"
                        name="proposal"
                        autocomplete="off"
                        maxlength=ProposalName::MAX_CHARACTERS.to_string()
                        prop:value=move || shown.get()
                        on:input=on_name
                    />
                </label>
                <button type="submit" class="button" aria-disabled=move || sending.get().then_some("true")>
                    {texts.save}
                </button>
                <p class="action-said" role="status">{move || said_last.get()}</p>
            </fieldset>
        </form>
    }
    .into_erased()
}

/// What is to be saved, or why it can't be, for the person.
fn proposal_of(name: &str, asking: &Asking, words: &Words) -> Result<NewProposal, String> {
    let assumed = asking.typed.get_untracked().assumed(words)?;
    let name = ProposalName::new(name).map_err(|error| words.proposal_error(error))?;
    let key = IdempotencyKey::new(new_key()).map_err(|error| error.to_string())?;
    Ok(NewProposal { box_id: asking.box_id.clone(), key, name, assumed })
}

//! The rows that are ticked become actions: planned, for a day, with the rating as the note.

use chrono::NaiveDate;
use domain::actions::{ActionChange, ActionError, ActionOutcome, ActionStatus, NewAction};
use domain::plan::PlanRow;
use domain::ranking::RankingQuery;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desk::Desk;
use crate::api::ApiError;
use crate::api::functions::record_actions;
use crate::erased_view::IntoErased as _;
use crate::unanswered::Unanswered;
use crate::words::{BulkOutcome, Words, use_words};

/// A date and a button. Each row is recorded on top of the version that it shows, and keeps its owner; what somebody else
/// has recorded since is shown in the row, which stays ticked.
#[component]
pub(super) fn PlanTicked(desk: Desk) -> impl IntoView {
    let words = use_words();
    let labels = words.plan();
    let day = RwSignal::new(String::new());
    let is_sending = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let unanswered = Unanswered::new();
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_sending.get_untracked() {
            return;
        }
        let new = match day.get_untracked().parse() {
            _ if untrack(|| desk.ticked_count()) == 0 => return said.set(labels.tick_first.to_owned()),
            Err(_) => return said.set(labels.day_first.to_owned()),
            Ok(day) => new_actions(desk, day, words, unanswered),
        };
        let new = match new {
            Ok(new) => new,
            Err(error) => return said.set(words.action_error(error)),
        };
        is_sending.set(true);
        said.set(words.actions().saving.to_owned());
        spawn_local(async move {
            unanswered.sending(&new);
            let (outcomes, failure) = send(&new).await;
            for (new, outcome) in new.iter().zip(&outcomes) {
                unanswered.answered(&new.box_id);
                match outcome {
                    ActionOutcome::Recorded(action) => {
                        desk.learn(&new.box_id, action);
                        desk.tick(&new.box_id, false);
                    }
                    ActionOutcome::Conflict(theirs) => desk.learn(&new.box_id, theirs),
                    ActionOutcome::Refused(_) | ActionOutcome::UnknownBox => {}
                }
            }
            let told = (!outcomes.is_empty()).then(|| words.recorded_for(&BulkOutcome::of(&outcomes)));
            let failed = failure.map(|error| words.error(&error));
            said.try_set(told.into_iter().chain(failed).collect::<Vec<_>>().join(" "));
            is_sending.try_set(false);
        });
    };
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    view! {
        <form class="plan-record with-script" on:submit=on_submit>
            <fieldset class="action-fields" disabled=move || !is_alive.get()>
                <label class="field">
                    <span>{words.actions().planned_on}</span>
                    <input
                        type="date"
                        name="day"
                        prop:value=day
                        on:input=move |event| day.set(event_target_value(&event))
                    />
                </label>
                <button
                    type="submit"
                    class="button"
                    aria-disabled=move || (is_sending.get() || desk.ticked_count() == 0).then_some("true")
                >
                    {move || words.plan_rows(desk.ticked_count())}
                </button>
                <p class="action-said" role="status">{said}</p>
            </fieldset>
        </form>
    }
    .into_erased()
}

/// What is recorded of each row that is ticked.
fn new_actions(
    desk: Desk,
    day: NaiveDate,
    words: &Words,
    unanswered: Unanswered,
) -> Result<Vec<NewAction>, ActionError> {
    let new = |row: &&PlanRow| {
        let known = desk.action(row);
        let owner = known.as_ref().map_or("", |action| action.owner.as_str());
        let note = words.plan_note(row);
        let change = ActionChange::new(ActionStatus::Planned, Some(day), owner, &note)?;
        unanswered.action(&row.box_id, known.as_ref(), change)
    };
    untrack(|| desk.with_ticked(|rows| rows.iter().map(new).collect()))
}

/// Sends in as many requests as it takes; what became of those that were answered, and why the rest was not.
async fn send(new: &[NewAction]) -> (Vec<ActionOutcome>, Option<ApiError>) {
    let mut outcomes = Vec::with_capacity(new.len());
    for part in new.chunks(RankingQuery::MAX_ROWS as usize) {
        match record_actions(part.to_vec()).await {
            Ok(answered) => outcomes.extend(answered),
            Err(error) => return (outcomes, Some(error)),
        }
    }
    (outcomes, None)
}

//! One progress for all that are selected.

use domain::actions::{ActionChange, ActionError, ActionStatus, NewAction};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::BoxId;

use super::list::List;
use super::renewal::ListRenewal;
use super::selection::Selected;
use crate::api::functions::record_actions;
use crate::erased_view::IntoErased as _;
use crate::unanswered::Unanswered;
use crate::words::{BulkOutcome, use_words};

/// Progress, a date where one belongs to it, and a button: nothing is recorded by looking through the choices.
///
/// Each box is recorded on top of the version that its row showed, and keeps its owner. Afterwards, and by Escape, the
/// keyboard is where it came from.
#[component]
pub(super) fn SetProgress(
    /// The list whose rows are selected.
    list: List,
) -> impl IntoView {
    let selection = list.selection;
    let words = use_words();
    let labels = words.actions();
    let renewal = use_context::<ListRenewal>();
    let status = RwSignal::new(None::<ActionStatus>);
    let day = RwSignal::new(String::new());
    let is_sending = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let unanswered = Unanswered::new();
    // What was said is of the boxes that were selected, whatever their rows show by now.
    let boxes = Memo::new(move |_| selection.boxes());
    Effect::new(move |_| {
        boxes.track();
        said.set(String::new());
    });
    let option =
        |status: ActionStatus| view! { <option value=status.as_str()>{words.action_status(status)}</option> };
    let on_status = move |event| {
        status.set(event_target_value(&event).parse().ok());
        said.set(String::new());
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(chosen) = status.get_untracked().filter(|_| !is_sending.get_untracked()) else { return };
        let day = day.get_untracked().parse().ok().filter(|_| chosen.has_day());
        let new: Result<Vec<NewAction>, ActionError> =
            selection.selected().into_iter().map(|it| new_action(it, chosen, day, unanswered)).collect();
        let new = match new {
            Ok(new) => new,
            Err(error) => return said.set(words.action_error(error)),
        };
        is_sending.set(true);
        said.set(labels.saving.to_owned());
        spawn_local(async move {
            let boxes: Vec<BoxId> = new.iter().map(|new| new.box_id.clone()).collect();
            unanswered.sending(&new);
            let message = match record_actions(new).await {
                Ok(outcomes) => {
                    boxes.iter().for_each(|box_id| unanswered.answered(box_id));
                    let outcome = BulkOutcome::of(&outcomes);
                    if outcome.refused.is_none() {
                        // The button goes with the choice, and would take the keyboard along.
                        list.leave_progress();
                        status.try_set(None);
                    }
                    words.recorded_for(&outcome)
                }
                Err(error) => words.error(&error),
            };
            said.try_set(message);
            is_sending.try_set(false);
            if let Some(renewal) = renewal {
                renewal.recorded(boxes);
            }
        });
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            status.set(None);
            list.leave_progress();
            if !selection.is_by_hand() {
                selection.clear();
            }
        }
    };
    let has_day = move || status.get().is_some_and(ActionStatus::has_day);
    let day_label = move || match status.get() {
        Some(ActionStatus::Ignored) => labels.until,
        _ => labels.planned_on,
    };
    let chosen = move || status.get().map_or("", ActionStatus::as_str);
    view! {
        <form class="set-progress" on:submit=on_submit on:keydown=on_key>
            <label>
                <span class="visually-hidden">{labels.set_for_selected}</span>
                <select name="set-progress" node_ref=list.progress on:change=on_status prop:value=chosen>
                    <option value="">{labels.set_for_selected}</option>
                    {ActionStatus::ALL.map(option).collect_view()}
                </select>
            </label>
            <label hidden=move || !has_day()>
                <span class="visually-hidden">{day_label}</span>
                <input
                    type="date"
                    name="set-day"
                    prop:value=day
                    on:input=move |event| day.set(event_target_value(&event))
                />
            </label>
            <button
                type="submit"
                class="button"
                hidden=move || status.get().is_none()
                aria-disabled=move || is_sending.get().then_some("true")
            >
                {move || words.record_for(selection.len())}
            </button>
            <span>{said}</span>
        </form>
    }
    .into_erased()
}

fn new_action(
    Selected { box_id, action }: Selected,
    status: ActionStatus,
    day: Option<chrono::NaiveDate>,
    unanswered: Unanswered,
) -> Result<NewAction, ActionError> {
    let owner = action.as_ref().map_or("", |action| action.owner.as_str());
    let change = ActionChange::new(status, day, owner, "")?;
    unanswered.action(&box_id, action.as_ref(), change)
}

#[cfg(test)]
mod tests {
    use domain::actions::{ActionOutcome, ActionSummary};

    use super::*;

    #[test]
    fn what_comes_of_many_is_counted_by_its_kind() {
        let outcome = BulkOutcome::of(&[
            ActionOutcome::UnknownBox,
            ActionOutcome::Refused(ActionError::PastDay),
            ActionOutcome::UnknownBox,
        ]);
        let BulkOutcome { recorded, conflicts, not_theirs, refused } = outcome;
        assert_eq!((recorded, conflicts, not_theirs, refused), (0, 0, 2, Some(ActionError::PastDay)));
    }

    #[test]
    fn to_ignore_without_a_date_is_refused_before_anything_is_sent() {
        let known =
            ActionSummary { version: 3, status: ActionStatus::Seen, day: None, owner: "ada".to_owned() };
        let selected = Selected { box_id: BoxId::new("B1").unwrap(), action: Some(known) };
        Owner::new().with(|| {
            let new = new_action(selected, ActionStatus::Ignored, None, Unanswered::new());
            assert_eq!(new, Err(ActionError::NoDay));
        });
    }
}

//! What planners record of a transformer.

use domain::actions::{
    Action, ActionChange, ActionError, ActionFilter, ActionOutcome, ActionStatus, ActionSummary,
};
use domain::language::Language;

use super::Words;

/// The fixed texts of one language.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct ActionWords {
    /// Heading.
    pub(crate) title: &'static str,
    /// Label of the status.
    pub(crate) status: &'static str,
    /// Label of the day of a measure.
    pub(crate) planned_on: &'static str,
    /// Label of the day until which it is left alone.
    pub(crate) until: &'static str,
    /// Label.
    pub(crate) owner: &'static str,
    /// Label.
    pub(crate) note: &'static str,
    /// Button.
    pub(crate) save: &'static str,
    /// While it is under way.
    pub(crate) saving: &'static str,
    /// After it.
    pub(crate) saved: &'static str,
    /// Heading of what was recorded before.
    pub(crate) history: &'static str,
    /// Where nothing was recorded.
    pub(crate) nothing: &'static str,
    /// Somebody else was quicker.
    pub(crate) conflict: &'static str,
    /// Button: what the other has recorded stands.
    pub(crate) keep_theirs: &'static str,
    /// Button: one's own is recorded on top of it.
    pub(crate) record_mine: &'static str,
    /// What is typed and not recorded yet.
    pub(crate) draft: &'static str,
    /// The filter without a choice.
    pub(crate) any: &'static str,
    /// Button: for all that are selected.
    pub(crate) set_for_selected: &'static str,
}

const ENGLISH: ActionWords = ActionWords {
    title: "Action",
    status: "Progress",
    planned_on: "Planned for",
    until: "Ignored until",
    owner: "Owner",
    note: "Comment",
    save: "Record",
    saving: "Being recorded …",
    saved: "Recorded.",
    history: "Recorded before",
    nothing: "Nothing recorded yet",
    conflict: "Somebody recorded something else meanwhile. Yours is still in the fields above.",
    keep_theirs: "Keep theirs",
    record_mine: "Record mine on top",
    draft: "Not recorded yet.",
    any: "All progress",
    set_for_selected: "Set progress",
};

const DUTCH: ActionWords = ActionWords {
    title: "Actie",
    status: "Voortgang",
    planned_on: "Gepland voor",
    until: "Genegeerd tot",
    owner: "Eigenaar",
    note: "Toelichting",
    save: "Vastleggen",
    saving: "Wordt vastgelegd …",
    saved: "Vastgelegd.",
    history: "Eerder vastgelegd",
    nothing: "Nog niets vastgelegd",
    conflict: "Iemand heeft intussen iets anders vastgelegd. Wat u invulde staat nog in de velden hierboven.",
    keep_theirs: "Dat van de ander laten staan",
    record_mine: "Het mijne alsnog vastleggen",
    draft: "Nog niet vastgelegd.",
    any: "Alle voortgang",
    set_for_selected: "Voortgang kiezen",
};

impl Words {
    /// The fixed texts around actions.
    pub(crate) fn actions(&self) -> &'static ActionWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// The name of a status.
    pub(crate) fn action_status(&self, status: ActionStatus) -> &'static str {
        match (self.language, status) {
            (Language::English, ActionStatus::New) => "New",
            (Language::English, ActionStatus::Seen) => "Seen",
            (Language::English, ActionStatus::Investigating) => "Investigating",
            (Language::English, ActionStatus::Planned) => "Planned",
            (Language::English, ActionStatus::Done) => "Done",
            (Language::English, ActionStatus::Ignored) => "Ignored",
            (Language::Dutch, ActionStatus::New) => "Nieuw",
            (Language::Dutch, ActionStatus::Seen) => "Gezien",
            (Language::Dutch, ActionStatus::Investigating) => "In onderzoek",
            (Language::Dutch, ActionStatus::Planned) => "Gepland",
            (Language::Dutch, ActionStatus::Done) => "Uitgevoerd",
            (Language::Dutch, ActionStatus::Ignored) => "Genegeerd",
        }
    }

    /// The name of a filter.
    pub(crate) fn action_filter(&self, filter: ActionFilter) -> &'static str {
        match (self.language, filter) {
            (_, ActionFilter::Status(status)) => self.action_status(status),
            (Language::English, ActionFilter::DoneButOverloaded) => "Done, still overloaded",
            (Language::Dutch, ActionFilter::DoneButOverloaded) => "Uitgevoerd, toch overbelast",
            (Language::English, ActionFilter::Overdue) => "Overdue",
            (Language::Dutch, ActionFilter::Overdue) => "Datum verstreken",
        }
    }

    /// What a row says: `Planned 1 Mar 2027, ada`.
    pub(crate) fn action_short(&self, action: &ActionSummary) -> String {
        let day = action.day.map(|day| format!(" {}", self.short_day(day))).unwrap_or_default();
        let owner = Some(&action.owner).filter(|owner| !owner.is_empty());
        let owner = owner.map(|owner| format!(", {owner}")).unwrap_or_default();
        format!("{}{day}{owner}", self.action_status(action.status))
    }

    /// One entry of the history: when, who and what.
    pub(crate) fn action_entry(&self, action: &Action) -> String {
        let change = &action.change;
        let day = change.day().map(|day| format!(", {}", self.day(day))).unwrap_or_default();
        let owner = Some(change.owner()).filter(|owner| !owner.is_empty());
        let owner = owner.map(|owner| format!(", {}: {owner}", self.actions().owner.to_lowercase()));
        format!(
            "{}, {}: {}{day}{}",
            self.moment(action.at),
            self.person(&action.person),
            self.action_status(change.status()),
            owner.unwrap_or_default()
        )
    }

    /// Why something can't be recorded, and what to do.
    pub(crate) fn action_error(&self, error: ActionError) -> String {
        let (note, owner) = (ActionChange::MAX_NOTE_CHARACTERS, ActionChange::MAX_OWNER_CHARACTERS);
        match (self.language, error) {
            (Language::English, ActionError::LongNote) => {
                format!("The comment is too long: at most {note} characters.")
            }
            (Language::Dutch, ActionError::LongNote) => {
                format!("De toelichting is te lang: hoogstens {note} tekens.")
            }
            (Language::English, ActionError::LongOwner) => {
                format!("The owner's name is too long: at most {owner} characters.")
            }
            (Language::Dutch, ActionError::LongOwner) => {
                format!("De naam van de eigenaar is te lang: hoogstens {owner} tekens.")
            }
            (Language::English, ActionError::ControlCharacter) => {
                "There are characters that can't be shown: type the text anew.".to_owned()
            }
            (Language::Dutch, ActionError::ControlCharacter) => {
                "Er staan tekens in die niet te tonen zijn: typ de tekst opnieuw.".to_owned()
            }
            (Language::English, ActionError::NoDay) => "Say until which day it is ignored.".to_owned(),
            (Language::Dutch, ActionError::NoDay) => "Geef aan tot welke dag dit wordt genegeerd.".to_owned(),
            (Language::English, ActionError::NeedlessDay) => "This progress has no date.".to_owned(),
            (Language::Dutch, ActionError::NeedlessDay) => "Bij deze voortgang hoort geen datum.".to_owned(),
            (Language::English, ActionError::PastDay) => {
                "The date has passed: choose a later one.".to_owned()
            }
            (Language::Dutch, ActionError::PastDay) => "De datum is al voorbij: kies een latere.".to_owned(),
            (Language::English, ActionError::UnknownVersion) => {
                "What this page shows was recorded elsewhere: load the page anew.".to_owned()
            }
            (Language::Dutch, ActionError::UnknownVersion) => {
                "Wat deze pagina toont is elders vastgelegd: laad de pagina opnieuw.".to_owned()
            }
            (Language::English, ActionError::FarDay) => {
                "The date is more than thirty years ahead: check the year.".to_owned()
            }
            (Language::Dutch, ActionError::FarDay) => {
                "De datum ligt meer dan dertig jaar vooruit: controleer het jaar.".to_owned()
            }
        }
    }

    /// The button for so many boxes.
    pub(crate) fn record_for(&self, boxes: usize) -> String {
        match self.language {
            Language::English => format!("Record for {boxes}"),
            Language::Dutch => format!("Vastleggen voor {boxes}"),
        }
    }

    /// What came of recording for all that were selected.
    pub(crate) fn recorded_for(&self, outcome: &BulkOutcome) -> String {
        let BulkOutcome { recorded, conflicts, not_theirs, refused } = *outcome;
        // Where none was recorded, the reason alone is said.
        let is_refused = recorded == 0 && conflicts + not_theirs == 0 && refused.is_some();
        let mut said = match self.language {
            _ if is_refused => String::new(),
            Language::English => format!("Recorded for {recorded}."),
            Language::Dutch => format!("Vastgelegd voor {recorded}."),
        };
        if conflicts > 0 {
            said.push_str(&match self.language {
                Language::English => format!(
                    " Not for {conflicts}: somebody recorded something else meanwhile. Look at the rows, and record again."
                ),
                Language::Dutch => format!(
                    " Niet voor {conflicts}: iemand heeft intussen iets anders vastgelegd. Bekijk de rijen en leg het opnieuw vast."
                ),
            });
        }
        if not_theirs > 0 {
            said.push_str(&match self.language {
                Language::English => format!(" Not for {not_theirs}, about which you don't decide."),
                Language::Dutch => format!(" Niet voor {not_theirs}, waarover u niet mag beslissen."),
            });
        }
        if let Some(error) = refused {
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(&self.action_error(error));
        }
        said
    }

    /// Who did something, where everyone may without signing in.
    pub(crate) fn person(&self, name: &str) -> String {
        match (name, self.language) {
            ("anyone", Language::English) => "not signed in".to_owned(),
            ("anyone", Language::Dutch) => "niet ingelogd".to_owned(),
            _ => name.to_owned(),
        }
    }
}

/// What came of recording for many boxes at once.
pub(crate) struct BulkOutcome {
    pub(crate) recorded: usize,
    /// Somebody else was quicker.
    pub(crate) conflicts: usize,
    /// Boxes about which the person doesn't decide.
    pub(crate) not_theirs: usize,
    /// Why some were refused.
    pub(crate) refused: Option<ActionError>,
}

impl BulkOutcome {
    /// Counted by kind.
    pub(crate) fn of(outcomes: &[ActionOutcome]) -> Self {
        let count = |of: fn(&ActionOutcome) -> bool| outcomes.iter().filter(|outcome| of(outcome)).count();
        Self {
            recorded: count(|it| matches!(it, ActionOutcome::Recorded(_))),
            conflicts: count(|it| matches!(it, ActionOutcome::Conflict(_))),
            not_theirs: count(|it| matches!(it, ActionOutcome::UnknownBox)),
            refused: outcomes.iter().find_map(|outcome| match outcome {
                ActionOutcome::Refused(error) => Some(*error),
                _ => None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_none_was_recorded_the_reason_alone_is_said() {
        let refused = [ActionOutcome::Refused(ActionError::PastDay)];
        let words = Words::of(Language::English);
        assert_eq!(
            words.recorded_for(&BulkOutcome::of(&refused)),
            "The date has passed: choose a later one."
        );
        let some = BulkOutcome { recorded: 2, ..BulkOutcome::of(&refused) };
        assert_eq!(words.recorded_for(&some), "Recorded for 2. The date has passed: choose a later one.");
    }

    #[test]
    fn an_entry_says_when_who_and_what() {
        let change = ActionChange::new(ActionStatus::Planned, "2027-03-01".parse().ok(), "ada", "").unwrap();
        let action = Action {
            version: 2,
            change,
            person: "grace".to_owned(),
            at: "2026-11-30T09:00:00Z".parse().unwrap(),
        };
        let said = |language| Words::of(language).action_entry(&action);
        assert_eq!(
            said(Language::English),
            "30 November 2026, 09:00 UTC, grace: Planned, 1 March 2027, owner: ada"
        );
        assert_eq!(
            said(Language::Dutch),
            "30 november 2026 om 09:00 (wereldtijd), grace: Gepland, 1 maart 2027, eigenaar: ada"
        );
    }
}

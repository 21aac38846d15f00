//! The words of the audit's page.

use domain::identity::{AuditAction, AuditOutcome, EXPORTED_PLAN, PRINTED_LIST, WayIn};
use domain::language::Language;

use super::Words;

/// The fixed texts of one language.
pub(crate) struct AuditWords {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) export: &'static str,
    pub(crate) older: &'static str,
    pub(crate) none: &'static str,
    pub(crate) columns: [&'static str; 8],
}

const ENGLISH: AuditWords = AuditWords {
    title: "Audit",
    about: "Who did what, when, and how they got in. Nothing here can be changed or deleted.",
    export: "All of it as CSV",
    older: "Older",
    none: "Nothing has been recorded yet.",
    columns: ["Time", "Person", "Way in", "IP address", "Action", "Outcome", "Subject", "Detail"],
};

const DUTCH: AuditWords = AuditWords {
    title: "Logboek",
    about: "Wie deed wat, wanneer, en hoe kwam hij of zij binnen. Niets hier kan worden veranderd of gewist.",
    export: "Alles als CSV",
    older: "Ouder",
    none: "Er is nog niets vastgelegd.",
    columns: [
        "Tijd",
        "Persoon",
        "Toegang",
        "IP-adres",
        "Handeling",
        "Uitkomst",
        "Onderwerp",
        "Bijzonderheid",
    ],
};

impl Words {
    /// The fixed texts.
    pub(crate) fn audit(&self) -> &'static AuditWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What was done.
    pub(crate) fn audit_action(&self, action: AuditAction) -> &'static str {
        let is_dutch = self.language == Language::Dutch;
        let pick = |english, dutch| if is_dutch { dutch } else { english };
        match action {
            AuditAction::SignIn => pick("signed in", "ingelogd"),
            AuditAction::SignOut => pick("signed out", "uitgelogd"),
            AuditAction::Refusal => pick("asked", "gevraagd"),
            AuditAction::RecordAction => pick("recorded an action", "een actie vastgelegd"),
            AuditAction::SaveProposal => pick("saved a proposal", "een voorstel bewaard"),
            AuditAction::AcceptProposal => pick("accepted a proposal", "een voorstel aanvaard"),
            AuditAction::WithdrawAcceptance => {
                pick("no longer accepts a proposal", "een voorstel niet langer aanvaard")
            }
            AuditAction::RemoveProposal => pick("removed a proposal", "een voorstel verwijderd"),
            AuditAction::DecideWeeks => pick("decided on weeks", "over weken beslist"),
            AuditAction::StartRun => pick("started a run", "een run gestart"),
            AuditAction::Export => pick("exported", "geëxporteerd"),
            AuditAction::ChangeRights => pick("has other rights", "heeft andere rechten"),
            AuditAction::CreateKey => pick("created a key", "een sleutel gemaakt"),
            AuditAction::RevokeKey => pick("revoked a key", "een sleutel ingetrokken"),
            AuditAction::MintEmbedToken => pick("minted an embed token", "een sleutel voor inbedden gemaakt"),
            AuditAction::RevokeSessions => pick("ended sessions", "sessies beëindigd"),
            AuditAction::BeginEmbedding => pick("opened a frame", "een kader geopend"),
        }
    }

    /// Whether it was done.
    pub(crate) fn audit_outcome(&self, outcome: AuditOutcome) -> &'static str {
        match (self.language, outcome) {
            (Language::English, AuditOutcome::Done) => "done",
            (Language::English, AuditOutcome::Refused) => "refused",
            (Language::Dutch, AuditOutcome::Done) => "gedaan",
            (Language::Dutch, AuditOutcome::Refused) => "geweigerd",
        }
    }

    /// A way in.
    pub(crate) fn way_in(&self, way_in: WayIn) -> &'static str {
        match (self.language, way_in) {
            (Language::English, WayIn::None) => "none",
            (Language::Dutch, WayIn::None) => "geen",
            (Language::English, WayIn::ReverseProxy) => "reverse proxy",
            (Language::Dutch, WayIn::ReverseProxy) => "login van de organisatie",
            (_, WayIn::OpenidConnect) => "OpenID Connect",
            (Language::English, WayIn::ApiKey) => "API key",
            (Language::Dutch, WayIn::ApiKey) => "API-sleutel",
            (Language::English, WayIn::EmbedToken) => "embed token",
            (Language::Dutch, WayIn::EmbedToken) => "sleutel voor inbedden",
            (Language::English, WayIn::CommandLine) => "command line",
            (Language::Dutch, WayIn::CommandLine) => "opdrachtregel",
        }
    }

    /// On what it was done: what the program names by a word of its own, in the page's words.
    pub(crate) fn audit_subject(&self, action: AuditAction, recorded: &str) -> String {
        let is_dutch = self.language == Language::Dutch;
        let pick = |english: &'static str, dutch: &'static str| if is_dutch { dutch } else { english };
        let known = match (action, recorded) {
            (AuditAction::Export, PRINTED_LIST) => pick("list for printing", "lijst om af te drukken"),
            (AuditAction::Export, EXPORTED_PLAN) => pick("plan as CSV", "plan als CSV"),
            (AuditAction::Export, "audit") => pick("this audit", "dit logboek"),
            (AuditAction::StartRun, "import") => pick("import of readings", "inlezen van metingen"),
            (AuditAction::StartRun, "update-extremes") => pick("weekly extremes", "weekuitersten"),
            (AuditAction::StartRun, "make-forecasts") => pick("forecasts", "verwachtingen"),
            _ => recorded,
        };
        known.to_owned()
    }

    /// The progress and its day of an entry such as `planned 2027-05-01`; another text as it is.
    pub(crate) fn audit_progress(&self, recorded: &str) -> String {
        let (status, day) = recorded.split_once(' ').unwrap_or((recorded, ""));
        let Ok(status) = status.parse().map(|status| self.action_status(status)) else {
            return recorded.to_owned();
        };
        match day.parse() {
            Ok(day) => format!("{status}, {}", self.day(day)),
            Err(_) => status.to_owned(),
        }
    }

    /// The weeks of an entry such as `2026-W03 to 2026-W05 left out`, and what was decided; another text as it is.
    pub(crate) fn audit_weeks(&self, recorded: &str) -> String {
        let weeks = || {
            let (first, rest) = recorded.split_once(" to ")?;
            let (last, what) = rest.split_once(' ')?;
            let what = match (self.language, what) {
                (_, "left out") => self.left_out,
                (_, "counted") => self.counted,
                (Language::Dutch, "as the model decides") => "zoals het model beslist",
                (_, other) => other,
            };
            Some(format!("{}: {what}", self.span(first.parse().ok()?, last.parse().ok()?)))
        };
        weeks().unwrap_or_else(|| recorded.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_is_told_in_the_words_of_the_page() {
        let words = Words::of(Language::Dutch);
        assert_eq!(words.audit_progress("planned 2027-05-01"), "Gepland, 1 mei 2027");
        assert_eq!(words.audit_progress("seen"), "Gezien");
        assert_eq!(words.audit_progress("by hand"), "by hand");
        let weeks = words.audit_weeks("2026-W03 to 2026-W05 left out").replace('\u{a0}', " ");
        assert!(weeks.starts_with("week 3") && weeks.ends_with(": niet meegeteld"), "{weeks}");
        assert_eq!(words.audit_weeks("something else"), "something else");
        assert_eq!(words.audit_subject(AuditAction::Export, PRINTED_LIST), "lijst om af te drukken");
        assert_eq!(words.audit_subject(AuditAction::RecordAction, "ESD.000268-2"), "ESD.000268-2");
    }
}

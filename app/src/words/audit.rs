//! The words of the audit's page.

use domain::identity::{AuditAction, AuditOutcome, WayIn};
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
    about: "Who did what, when, and how they got in. Nothing here can be changed or deleted. Times are UTC.",
    export: "All of it as CSV",
    older: "Older",
    none: "Nothing has been recorded yet.",
    columns: ["Time", "Person", "Way in", "Address", "Action", "Outcome", "Subject", "Detail"],
};

const DUTCH: AuditWords = AuditWords {
    title: "Logboek",
    about: "Wie deed wat, wanneer, en hoe kwam hij of zij binnen. Niets hier kan worden veranderd of gewist. Tijden zijn UTC.",
    export: "Alles als CSV",
    older: "Ouder",
    none: "Er is nog niets vastgelegd.",
    columns: ["Tijd", "Persoon", "Ingang", "Adres", "Daad", "Uitkomst", "Waarop", "Bijzonderheid"],
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
            AuditAction::DecideWeeks => pick("decided on weeks", "over weken beslist"),
            AuditAction::StartRun => pick("started a run", "een run gestart"),
            AuditAction::Export => pick("exported", "geëxporteerd"),
            AuditAction::ChangeRights => pick("has other rights", "heeft andere rechten"),
            AuditAction::CreateKey => pick("created a key", "een sleutel gemaakt"),
            AuditAction::RevokeKey => pick("revoked a key", "een sleutel ingetrokken"),
            AuditAction::MintEmbedToken => pick("minted an embed token", "een inbedtoken gemaakt"),
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
            (_, WayIn::ReverseProxy) => "reverse proxy",
            (_, WayIn::OpenidConnect) => "OpenID Connect",
            (Language::English, WayIn::ApiKey) => "API key",
            (Language::Dutch, WayIn::ApiKey) => "API-sleutel",
            (Language::English, WayIn::EmbedToken) => "embed token",
            (Language::Dutch, WayIn::EmbedToken) => "inbedtoken",
            (Language::English, WayIn::CommandLine) => "command line",
            (Language::Dutch, WayIn::CommandLine) => "opdrachtregel",
        }
    }
}

//! The words of who uses the page and what they may not do.

use domain::identity::Right;
use domain::language::Language;

use super::Words;

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct AccountWords {
    language: Language,
    pub(crate) open: &'static str,
    pub(crate) open_explained: &'static str,
    pub(crate) signed_in_as: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) audit_link: &'static str,
}

const ENGLISH: AccountWords = AccountWords {
    language: Language::English,
    open: "Open to everyone",
    open_explained: "Nobody has to sign in here: whoever reaches this page may see and decide everything.",
    signed_in_as: "Signed in as",
    sign_out: "Sign out",
    audit_link: "Audit",
};

const DUTCH: AccountWords = AccountWords {
    language: Language::Dutch,
    open: "Open voor iedereen",
    open_explained: "Niemand hoeft hier in te loggen: wie deze pagina bereikt, mag alles zien en beslissen.",
    signed_in_as: "Ingelogd als",
    sign_out: "Uitloggen",
    audit_link: "Logboek",
};

impl Words {
    /// The texts of who uses the page.
    pub(crate) fn account(&self) -> &'static AccountWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }
}

impl AccountWords {
    /// A right.
    pub(crate) fn right(&self, right: Right) -> &'static str {
        match (self.language, right) {
            (Language::English, Right::Embed) => "in a frame",
            (Language::English, Right::Viewer) => "viewer",
            (Language::English, Right::Planner) => "planner",
            (Language::English, Right::Operator) => "operator",
            (Language::Dutch, Right::Embed) => "ingebed",
            (Language::Dutch, Right::Viewer) => "lezer",
            (Language::Dutch, Right::Planner) => "planner",
            (Language::Dutch, Right::Operator) => "beheerder",
        }
    }
}

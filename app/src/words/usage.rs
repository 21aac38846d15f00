//! The words about how much the pages are used.

use domain::language::Language;
use domain::usage::Use;

use super::Words;

/// The fixed texts of one language.
pub(crate) struct UsageWords {
    /// Heading.
    pub(crate) title: &'static str,
    /// What is counted, and what is not.
    pub(crate) about: &'static str,
    /// Column.
    pub(crate) day: &'static str,
}

const ENGLISH: UsageWords = UsageWords {
    title: "Use",
    about: "How often pages were opened and things recorded, by day in UTC. Who did it is not counted.",
    day: "Day",
};

const DUTCH: UsageWords = UsageWords {
    title: "Gebruik",
    about: "Hoe vaak pagina’s zijn geopend en dingen zijn vastgelegd, per dag in UTC. Wie het deed, wordt niet geteld.",
    day: "Dag",
};

impl Words {
    /// The fixed texts.
    pub(crate) fn usage(&self) -> &'static UsageWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// The name of what is counted.
    pub(crate) fn use_name(&self, what: Use) -> &'static str {
        match (self.language, what) {
            (Language::English, Use::List) => "List",
            (Language::English, Use::Transformer) => "Transformer",
            (Language::English | Language::Dutch, Use::Plan) => "Plan",
            (Language::English, Use::Model) => "About the model",
            (Language::English, Use::Print) => "Print",
            (Language::English, Use::Runs) => "Runs",
            (Language::English, Use::Audit) => "Audit",
            (Language::English, Use::Action) => "Recorded",
            (Language::English, Use::Weeks) => "Decided on weeks",
            (Language::Dutch, Use::List) => "Lijst",
            (Language::Dutch, Use::Transformer) => "Transformator",
            (Language::Dutch, Use::Model) => "Over het model",
            (Language::Dutch, Use::Print) => "Afdrukken",
            (Language::Dutch, Use::Runs) => "Runs",
            (Language::Dutch, Use::Audit) => "Audit",
            (Language::Dutch, Use::Action) => "Vastgelegd",
            (Language::Dutch, Use::Weeks) => "Over weken beslist",
        }
    }
}

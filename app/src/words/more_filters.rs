//! The words of the filters that are asked for less.

use domain::language::Language;

use super::Words;

/// The fixed texts of these filters.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct MoreFilterWords {
    /// The heading that opens them.
    pub(crate) more: &'static str,
    /// Label.
    pub(crate) direction: &'static str,
    /// Either direction.
    pub(crate) both: &'static str,
    /// The maximum sets the peak.
    pub(crate) import: &'static str,
    /// The minimum sets the peak.
    pub(crate) feed_in: &'static str,
    /// Label.
    pub(crate) within: &'static str,
    /// No such filter.
    pub(crate) any_time: &'static str,
    /// Label.
    pub(crate) chance: &'static str,
    /// Label.
    pub(crate) loading: &'static str,
    /// No such filter.
    pub(crate) any: &'static str,
}

const ENGLISH: MoreFilterWords = MoreFilterWords {
    more: "More filters",
    direction: "Direction of the peak",
    both: "Both directions",
    import: "Import",
    feed_in: "Feed-in",
    within: "Limit reached",
    any_time: "Whenever",
    chance: "Chance of an overload",
    loading: "Peak loading",
    any: "Any",
};

const DUTCH: MoreFilterWords = MoreFilterWords {
    more: "Meer filters",
    direction: "Richting van de piek",
    both: "Beide richtingen",
    import: "Afname",
    feed_in: "Teruglevering",
    within: "Grens bereikt",
    any_time: "Wanneer dan ook",
    chance: "Kans op overbelasting",
    loading: "Piekbelasting",
    any: "Alle",
};

impl Words {
    /// The texts of these filters.
    pub(crate) fn more_filters(&self) -> &'static MoreFilterWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// Within so many weeks from now.
    pub(crate) fn within_weeks(&self, weeks: u16) -> String {
        match self.language {
            Language::English if weeks == 1 => "this week".to_owned(),
            Language::Dutch if weeks == 1 => "deze week".to_owned(),
            Language::English => format!("within {weeks} weeks"),
            Language::Dutch => format!("binnen {weeks} weken"),
        }
    }

    /// This share or more.
    pub(crate) fn at_least_percent(&self, percent: u16) -> String {
        match self.language {
            Language::English => format!("{percent}% or more"),
            Language::Dutch => format!("{percent}% of meer"),
        }
    }
}

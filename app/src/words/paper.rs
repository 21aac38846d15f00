//! The words of the sheets for paper.

use domain::language::Language;

use super::Words;

/// The fixed texts.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct PaperWords {
    /// On the screen only.
    pub(crate) hint: &'static str,
    /// Before the filter.
    pub(crate) filter: &'static str,
    /// Where there is none.
    pub(crate) no_filter: &'static str,
    /// Before a week.
    pub(crate) measured_to: &'static str,
    /// Before a day.
    pub(crate) forecast_of: &'static str,
    /// What the picture shows.
    pub(crate) picture: &'static str,
    /// Heading.
    pub(crate) no_such_box: &'static str,
}

const ENGLISH: PaperWords = PaperWords {
    hint: "This page is made for paper: print it with your browser.",
    filter: "Filter",
    no_filter: "none",
    measured_to: "measured to",
    forecast_of: "forecast of",
    picture: "Measured weekly maximum and minimum, and their forecast",
    no_such_box: "There is no such box",
};

const DUTCH: PaperWords = PaperWords {
    hint: "Deze pagina is voor papier gemaakt: druk haar af met uw browser.",
    filter: "Filter",
    no_filter: "geen",
    measured_to: "gemeten tot en met",
    forecast_of: "verwachting van",
    picture: "Gemeten weekmaximum en -minimum, en de verwachting ervan",
    no_such_box: "Deze box bestaat niet",
};

impl Words {
    /// The texts of the sheets.
    pub(crate) fn on_paper(&self) -> &'static PaperWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// How many transformers a printed list has.
    pub(crate) fn rows_printed(&self, rows: usize) -> String {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        self.rows(rows, rows)
    }
}

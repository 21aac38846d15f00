//! The words about how complete the readings are.

use domain::completeness::CompletenessMap;
use domain::language::Language;

use super::Words;

/// The fixed texts of one language.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct CompletenessWords {
    /// Title of the page, and link to it.
    pub(crate) title: &'static str,
    /// Before the first import.
    pub(crate) nothing: &'static str,
    /// Heading.
    pub(crate) areas: &'static str,
    /// Heading.
    pub(crate) boxes: &'static str,
    /// Where no box lacks a reading.
    pub(crate) complete: &'static str,
    /// Boxes without an area.
    pub(crate) no_area: &'static str,
    /// Column.
    pub(crate) area: &'static str,
    /// Column.
    pub(crate) transformer: &'static str,
    /// A week before the first measurement.
    pub(crate) before: &'static str,
    /// What the shades mean, from none to all.
    pub(crate) shades: [&'static str; 5],
}

const ENGLISH: CompletenessWords = CompletenessWords {
    title: "Completeness",
    nothing: "Nothing has been imported yet.",
    areas: "By area",
    boxes: "Transformers that lack most readings",
    complete: "No reading is missing.",
    no_area: "no area",
    area: "Area",
    transformer: "Transformer",
    before: "not measured yet",
    shades: ["none", "less than half", "less than 90%", "less than all", "all"],
};

const DUTCH: CompletenessWords = CompletenessWords {
    title: "Volledigheid",
    nothing: "Er is nog niets ingelezen.",
    areas: "Per gebied",
    boxes: "Transformatoren met de meeste ontbrekende metingen",
    complete: "Er ontbreekt geen meting.",
    no_area: "geen gebied",
    area: "Gebied",
    transformer: "Transformator",
    before: "nog niet gemeten",
    shades: ["geen", "minder dan de helft", "minder dan 90%", "minder dan alle", "alle"],
};

impl Words {
    /// The fixed texts.
    pub(crate) fn completeness(&self) -> &'static CompletenessWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What the map is of.
    pub(crate) fn about_completeness(&self, map: &CompletenessMap) -> String {
        let (lacking, all) =
            (self.number(map.incomplete_boxes as f64, 0), self.number(map.measured_boxes as f64, 0));
        let weeks = map.weeks.first().copied().zip(map.weeks.last().copied());
        let span = weeks.map(|(first, last)| self.span(first, last)).unwrap_or_default();
        match self.language {
            Language::English => format!(
                "{span}: {lacking} of {all} measured transformers in service lack readings. A week before a transformer's first \
                 measurement is not expected of it."
            ),
            Language::Dutch => format!(
                "{span}: bij {lacking} van de {all} gemeten transformatoren in bedrijf ontbreken metingen. Een week vóór de eerste \
                 meting van een transformator telt niet mee."
            ),
        }
    }
}

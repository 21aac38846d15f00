//! The texts of the figures in the languages of the dashboard.

use domain::language::Language;

/// The texts of the figures in one language.
pub(super) struct FigureWords {
    language: Language,
    pub(super) pinball: &'static str,
    pub(super) horizon: &'static str,
    pub(super) weeks_ahead: &'static str,
    pub(super) reliability: &'static str,
    pub(super) below: &'static str,
    pub(super) larger_dots: &'static str,
}

const ENGLISH: FigureWords = FigureWords {
    language: Language::English,
    pinball: "Pinball loss, share of the training range (lower is better)",
    horizon: "Share of weeks within the 90 % band (solid) and the 70 % band (dashed)",
    weeks_ahead: "weeks ahead",
    reliability: "Reliability: predicted across, observed upwards; on the diagonal is right",
    below: "below the five quantiles",
    larger_dots: "Larger dots stand for more cases.",
};

const DUTCH: FigureWords = FigureWords {
    language: Language::Dutch,
    pinball: "Pinball loss, deel van het bereik in de training (lager is beter)",
    horizon: "Deel van de weken binnen de 90%-band (doorgetrokken) en de 70%-band (gestreept)",
    weeks_ahead: "weken vooruit",
    reliability: "Betrouwbaarheid: voorspeld naar rechts, waargenomen omhoog; op de diagonaal klopt het",
    below: "onder de vijf kwantielen",
    larger_dots: "Grotere punten staan voor meer gevallen.",
};

impl FigureWords {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// A number with the language's decimal separator.
    pub(super) fn number(&self, value: f64, digits: usize) -> String {
        let text = format!("{value:.digits$}");
        match self.language {
            Language::English => text,
            Language::Dutch => text.replace('.', ","),
        }
    }

    /// A share in whole percent.
    pub(super) fn percent(&self, share: f64) -> String {
        match self.language {
            Language::English => format!("{:.0} %", 100.0 * share),
            Language::Dutch => format!("{:.0}%", 100.0 * share),
        }
    }

    pub(super) fn week_above(&self, limit: f64) -> String {
        match self.language {
            Language::English => format!("week above {} of capacity", self.percent(limit)),
            Language::Dutch => format!("week boven {} van het vermogen", self.percent(limit)),
        }
    }

    pub(super) fn any_week(&self, weeks: usize) -> String {
        match self.language {
            Language::English => format!("any of the {weeks} weeks"),
            Language::Dutch => format!("een van de {weeks} weken"),
        }
    }
}

//! The texts of the figures in the languages of the dashboard.

/// The language of a figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FigureLanguage {
    /// English.
    #[default]
    English,
    /// Dutch.
    Dutch,
}

/// The texts of the figures in one language.
pub(super) struct FigureWords {
    language: FigureLanguage,
    pub(super) pinball: &'static str,
    pub(super) horizon: &'static str,
    pub(super) weeks_ahead: &'static str,
    pub(super) reliability: &'static str,
    pub(super) below: &'static str,
    pub(super) larger_dots: &'static str,
}

const ENGLISH: FigureWords = FigureWords {
    language: FigureLanguage::English,
    pinball: "Pinball loss, share of the training range (lower is better)",
    horizon: "Share of weeks within the 90 % band (solid) and the 70 % band (dashed)",
    weeks_ahead: "weeks ahead",
    reliability: "Reliability: predicted across, observed upwards; on the diagonal is right",
    below: "below the five quantiles",
    larger_dots: "Larger dots stand for more cases.",
};

const DUTCH: FigureWords = FigureWords {
    language: FigureLanguage::Dutch,
    pinball: "Pinball loss, deel van het bereik in de training (lager is beter)",
    horizon: "Deel van de weken binnen de 90%-band (doorgetrokken) en de 70%-band (gestreept)",
    weeks_ahead: "weken vooruit",
    reliability: "Betrouwbaarheid: voorspeld naar rechts, waargenomen omhoog; op de diagonaal klopt het",
    below: "onder de vijf kwantielen",
    larger_dots: "Grotere punten staan voor meer gevallen.",
};

impl FigureWords {
    pub(super) const fn of(language: FigureLanguage) -> &'static Self {
        match language {
            FigureLanguage::English => &ENGLISH,
            FigureLanguage::Dutch => &DUTCH,
        }
    }

    /// A number with the language's decimal separator.
    pub(super) fn number(&self, value: f64, digits: usize) -> String {
        let text = format!("{value:.digits$}");
        match self.language {
            FigureLanguage::English => text,
            FigureLanguage::Dutch => text.replace('.', ","),
        }
    }

    /// A share in whole percent.
    pub(super) fn percent(&self, share: f64) -> String {
        match self.language {
            FigureLanguage::English => format!("{:.0} %", 100.0 * share),
            FigureLanguage::Dutch => format!("{:.0}%", 100.0 * share),
        }
    }

    pub(super) fn week_above(&self, limit: f64) -> String {
        match self.language {
            FigureLanguage::English => format!("week above {} of capacity", self.percent(limit)),
            FigureLanguage::Dutch => format!("week boven {} van de capaciteit", self.percent(limit)),
        }
    }

    pub(super) fn any_week(&self, weeks: usize) -> String {
        match self.language {
            FigureLanguage::English => format!("any of the {weeks} weeks"),
            FigureLanguage::Dutch => format!("een van de {weeks} weken"),
        }
    }
}

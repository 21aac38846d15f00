//! The card's figures.

mod frame;
mod horizon;
mod pinball;
mod reliability;
mod words;

use domain::language::Language;

use crate::Report;
use words::FigureWords;

/// A figure of the card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    /// Pinball loss by data set and model, with the spread over boxes.
    Pinball,
    /// Coverage of the two bands by weeks ahead.
    Horizon,
    /// Predicted probabilities against observed frequencies.
    Reliability,
}

impl Figure {
    /// All figures, in the order of the card.
    pub const ALL: [Self; 3] = [Self::Pinball, Self::Horizon, Self::Reliability];

    /// The name in files and URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pinball => "pinball",
            Self::Horizon => "horizon",
            Self::Reliability => "reliability",
        }
    }

    /// The figure of a report as SVG, legible on light and dark pages.
    #[must_use]
    pub fn draw(self, report: &Report, language: Language) -> String {
        let words = FigureWords::of(language);
        match self {
            Self::Pinball => pinball::pinball(report, words),
            Self::Horizon => horizon::horizon(report, words),
            Self::Reliability => reliability::reliability(report, words),
        }
    }
}

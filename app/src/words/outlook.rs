//! The one sentence that says how a transformer stands.

use domain::language::Language;
use domain::outlook::{Outlook, WeekRange};
use domain::urgency::Urgency;
use model::Extreme;

use super::Words;

impl Words {
    /// The name of a class.
    pub(crate) fn urgency(&self, urgency: Urgency) -> &'static str {
        match urgency {
            Urgency::Exceeded => self.exceeded,
            Urgency::Overload => self.overload,
            Urgency::Near => self.near,
            Urgency::Ample => self.ample,
            Urgency::NoForecast => self.no_forecast,
            Urgency::Unmeasured => self.unmeasured,
        }
    }

    /// The meaning of a class.
    pub(crate) fn urgency_meaning(&self, urgency: Urgency) -> &'static str {
        match urgency {
            Urgency::Exceeded => self.exceeded_meaning,
            Urgency::Overload => self.overload_meaning,
            Urgency::Near => self.near_meaning,
            Urgency::Ample => self.ample_meaning,
            Urgency::NoForecast => self.no_forecast_meaning,
            Urgency::Unmeasured => self.unmeasured_meaning,
        }
    }

    /// The name of an extreme in the middle of a sentence.
    pub(crate) fn extreme(&self, extreme: Extreme) -> &'static str {
        match extreme {
            Extreme::Min => "minimum",
            Extreme::Max => "maximum",
        }
    }

    /// Where the outlook leads: a heading of a few words.
    pub(crate) fn outlook_heading(&self, outlook: &Outlook) -> String {
        match (self.language, outlook) {
            (Language::English, Outlook::Overload { range, probability, .. }) => {
                let lead = match probability {
                    p if *p >= 0.95 => "Almost certainly overloaded",
                    p if *p >= 0.6 => "Probably overloaded",
                    p if *p >= 0.3 => "Possibly overloaded",
                    _ => "Small chance of an overload",
                };
                format!("{lead} from {}", self.week(range.week))
            }
            (Language::Dutch, Outlook::Overload { range, probability, .. }) => {
                let lead = match probability {
                    p if *p >= 0.95 => "Vrijwel zeker overbelast",
                    p if *p >= 0.6 => "Waarschijnlijk overbelast",
                    p if *p >= 0.3 => "Mogelijk overbelast",
                    _ => "Kleine kans op overbelasting",
                };
                format!("{lead} vanaf {}", self.week(range.week))
            }
            (Language::English, Outlook::Within { urgency: Urgency::Near, .. }) => {
                "Little room left".to_owned()
            }
            (Language::Dutch, Outlook::Within { urgency: Urgency::Near, .. }) => {
                "Weinig ruimte over".to_owned()
            }
            (Language::English, Outlook::Within { .. }) => "Ample room".to_owned(),
            (Language::Dutch, Outlook::Within { .. }) => "Ruim voldoende capaciteit".to_owned(),
            (_, Outlook::None) => self.no_forecast.to_owned(),
        }
    }

    /// The outlook in frequencies.
    pub(crate) fn outlook(&self, outlook: &Outlook) -> String {
        match (self.language, outlook) {
            (Language::English, Outlook::Overload { range, probability, until }) => format!(
                "{} The chance of at least one overload up to {} is {}.",
                self.range(range),
                self.week(*until),
                self.frequency(*probability)
            ),
            (Language::Dutch, Outlook::Overload { range, probability, until }) => format!(
                "{} De kans op minstens één overbelasting tot en met {} is {}.",
                self.range(range),
                self.week(*until),
                self.frequency(*probability)
            ),
            (Language::English, Outlook::Within { range, loading, until, .. }) => format!(
                "Up to {} the forecast reaches at most {} of the capacity, in {}. {}",
                self.week(*until),
                self.percent(*loading),
                self.week(range.week),
                self.range(range)
            ),
            (Language::Dutch, Outlook::Within { range, loading, until, .. }) => format!(
                "Tot en met {} bereikt de verwachting hooguit {} van het vermogen, in {}. {}",
                self.week(*until),
                self.percent(*loading),
                self.week(range.week),
                self.range(range)
            ),
            (Language::English, Outlook::None) => "The reasons are given below.".to_owned(),
            (Language::Dutch, Outlook::None) => "De redenen staan hieronder.".to_owned(),
        }
    }

    fn range(&self, range: &WeekRange) -> String {
        let (low, high) = (self.kw_value(range.low_kw), self.kw(range.high_kw));
        let (extreme, limit) = (self.extreme(range.extreme), self.kw(range.limit_kw));
        match self.language {
            Language::English => {
                format!(
                    "In 9 of 10 such weeks the {extreme} lies between {low} and {high}; the limit is {limit}."
                )
            }
            Language::Dutch => {
                format!(
                    "In 9 van de 10 zulke weken ligt het {extreme} tussen {low} en {high}; de grens is {limit}."
                )
            }
        }
    }
}

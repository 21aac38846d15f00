//! The classes of urgency, with the chances that bound them.

use domain::language::Language;
use domain::urgency::{ClassThresholds, Urgency};

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

    /// The meaning of a class, with the chances that bound it.
    pub(crate) fn urgency_meaning(&self, urgency: Urgency, bounds: ClassThresholds) -> String {
        let (overload, near) = (self.chance_bound(bounds.overload), self.chance_bound(bounds.near));
        match (self.language, urgency) {
            (_, Urgency::Exceeded) => self.exceeded_meaning.to_owned(),
            (_, Urgency::NoForecast) => self.no_forecast_meaning.to_owned(),
            (_, Urgency::Unmeasured) => self.unmeasured_meaning.to_owned(),
            (Language::English, Urgency::Overload) => {
                format!("a chance of an overload within the half-year of {overload} or more")
            }
            (Language::English, Urgency::Near) => {
                format!("a chance of an overload within the half-year from {near} up to {overload}")
            }
            (Language::English, Urgency::Ample) => {
                format!("a chance of an overload within the half-year below {near}")
            }
            (Language::Dutch, Urgency::Overload) => {
                format!("een kans op overbelasting binnen het halfjaar van {overload} of meer")
            }
            (Language::Dutch, Urgency::Near) => {
                format!("een kans op overbelasting binnen het halfjaar van {near} tot {overload}")
            }
            (Language::Dutch, Urgency::Ample) => {
                format!("een kans op overbelasting binnen het halfjaar van minder dan {near}")
            }
        }
    }

    /// A bound in percent, with the decimals it needs: `10%`, `0.5%`.
    pub(super) fn chance_bound(&self, chance: f64) -> String {
        format!("{}%", self.axis_figure(100.0 * chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_say_the_chances_that_bound_them() {
        let bounds = ClassThresholds { overload: 0.1, near: 0.005 };
        let meaning = |urgency| Words::of(Language::English).urgency_meaning(urgency, bounds);
        assert_eq!(meaning(Urgency::Overload), "a chance of an overload within the half-year of 10% or more");
        assert_eq!(
            meaning(Urgency::Near),
            "a chance of an overload within the half-year from 0.5% up to 10%"
        );
    }
}

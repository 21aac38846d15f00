//! The adoption of a technology among the customers of a box.

use crate::growth::{Installations, Law};

/// Installed power over time: `amount(t) = at_end · law(t)`, t in years from the end of the
/// history.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Adoption {
    /// Power at the end of the history according to the law, kW.
    pub(crate) at_end_kw: f64,
    /// The growth law.
    pub(crate) law: Law,
    /// The single installations that follow the law; None if power changes smoothly.
    pub(crate) installations: Option<Installations>,
}

impl Adoption {
    /// Growth at a constant logarithmic rate per year (0.2 is 22 % a year).
    pub(crate) fn exponential(at_end_kw: f64, rate_per_year: f64) -> Self {
        Self { at_end_kw, law: Law::Exponential { rate_per_year }, installations: None }
    }

    /// Installed power in kW at a time in years from the end of the history.
    pub(crate) fn kw(&self, years_from_end: f64) -> f64 {
        match &self.installations {
            Some(installations) => installations.kw(years_from_end),
            None => self.at_end_kw * self.law.relative(years_from_end),
        }
    }
}

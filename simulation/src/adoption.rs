//! How a technology spreads among the customers of a box.

/// Installed power that grows by a constant rate, `amount(t) = at_end · exp(rate · t)`, t in years from the
/// end of the history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Adoption {
    /// Power at the end of the history, kW.
    pub(crate) at_end_kw: f64,
    /// Growth rate per year (0.2 is 22 % a year).
    pub(crate) rate: f64,
}

impl Adoption {
    /// Installed power in kW at a time in years from the end of the history.
    pub(crate) fn kw(self, years_from_end: f64) -> f64 {
        self.at_end_kw * (self.rate * years_from_end).exp()
    }
}

//! The tabs of the detail.

use domain::UnknownWord;

/// What the detail shows of a box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub(crate) enum Tab {
    /// History and forecast of both extremes in one picture.
    #[default]
    Forecast,
    /// What the peak and both extremes are made of; their breakdowns were tabs of their own.
    #[strum(to_string = "why", serialize = "maximum", serialize = "minimum")]
    Why,
    /// What the model answers to what is assumed.
    WhatIf,
    /// What was forecast before, beside what came.
    Accuracy,
    /// How good the data are.
    Data,
}

impl Tab {
    /// All tabs in their order on the page.
    pub(crate) const ALL: [Self; 5] = [Self::Forecast, Self::Why, Self::WhatIf, Self::Accuracy, Self::Data];

    /// The word in links.
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }

    /// The tab after (1) or before (−1) this one, round and round.
    pub(crate) fn step(self, by: isize) -> Self {
        let place = (self as isize + by).rem_euclid(Self::ALL.len() as isize);
        Self::ALL[place.unsigned_abs()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_keys_go_round() {
        assert_eq!(Tab::Forecast.step(-1), Tab::Data);
        assert_eq!(Tab::Data.step(1), Tab::Forecast);
    }

    #[test]
    fn a_link_to_a_former_tab_still_opens() {
        assert_eq!("minimum".parse(), Ok(Tab::Why));
        assert!(Tab::ALL.into_iter().all(|tab| tab.as_str().parse() == Ok(tab)));
    }
}

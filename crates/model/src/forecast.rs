//! The forecast of one extreme: bands over the weeks.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::IsoWeek;

/// The stored quantiles of every predictive distribution.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quantile {
    /// The lower end of the 90 % band.
    Q05,
    /// The lower end of the 70 % band.
    Q15,
    /// The median.
    Q50,
    /// The upper end of the 70 % band.
    Q85,
    /// The upper end of the 90 % band.
    Q95,
}

impl Quantile {
    /// All levels, ascending.
    pub const ALL: [Self; 5] = [Self::Q05, Self::Q15, Self::Q50, Self::Q85, Self::Q95];

    /// The share of probability below.
    #[must_use]
    pub const fn level(self) -> f64 {
        match self {
            Self::Q05 => 0.05,
            Self::Q15 => 0.15,
            Self::Q50 => 0.50,
            Self::Q85 => 0.85,
            Self::Q95 => 0.95,
        }
    }

    /// The position in [`Self::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// The parts a forecast is explained by.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "kebab-case", parse_err_ty = ParsePartError, parse_err_fn = ParsePartError::of, ascii_case_insensitive)]
pub enum Part {
    /// The trend, with the level.
    Drift,
    /// The season, around zero.
    Yearly,
    /// Trend, season and noise: a new week's value (Σ in the source system).
    Total,
}

/// A text that names no part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a part of a forecast: expected drift, yearly or total")]
pub struct ParsePartError {
    /// The text as it was given.
    pub text: String,
}

impl ParsePartError {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 3] = [Self::Drift, Self::Yearly, Self::Total];

    /// The name in files, addresses and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Five quantiles in kW over the weeks of a forecast, one vector a level, all of one length.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(into = "[Vec<f64>; 5]", try_from = "[Vec<f64>; 5]")]
pub struct Bands([Vec<f64>; 5]);

/// Levels of different lengths.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the five quantiles of a band must have one length, not {lengths:?}")]
pub struct BandsError {
    /// The lengths by level.
    pub lengths: [usize; 5],
}

impl Bands {
    /// Bands from one vector (kW over the weeks) a level, in the order of [`Quantile::ALL`].
    ///
    /// # Errors
    /// [`BandsError`] if the vectors differ in length.
    pub fn new(levels_kw: [Vec<f64>; 5]) -> Result<Self, BandsError> {
        let lengths = levels_kw.each_ref().map(Vec::len);
        if lengths.iter().all(|&length| length == lengths[0]) {
            Ok(Self(levels_kw))
        } else {
            Err(BandsError { lengths })
        }
    }

    /// Bands of the crate's own making, whose levels have one length by construction.
    pub(crate) fn of_one_length(levels_kw: [Vec<f64>; 5]) -> Self {
        debug_assert!(levels_kw.iter().all(|level| level.len() == levels_kw[0].len()));
        Self(levels_kw)
    }

    /// The bands of some of the rows; of those that there are not, none.
    #[must_use]
    pub fn rows(&self, rows: Range<usize>) -> Self {
        Self::of_one_length(
            self.0.each_ref().map(|level| level.get(rows.clone()).unwrap_or_default().to_vec()),
        )
    }

    /// One quantile over the weeks, kW.
    #[must_use]
    pub fn get(&self, quantile: Quantile) -> &[f64] {
        &self.0[quantile.index()]
    }

    /// The number of weeks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0[0].len()
    }

    /// Whether there is no week.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0[0].is_empty()
    }

    /// The vectors by level, in the order of [`Quantile::ALL`].
    #[must_use]
    pub fn into_levels(self) -> [Vec<f64>; 5] {
        self.0
    }
}

impl TryFrom<[Vec<f64>; 5]> for Bands {
    type Error = BandsError;

    fn try_from(levels_kw: [Vec<f64>; 5]) -> Result<Self, BandsError> {
        Self::new(levels_kw)
    }
}

impl From<Bands> for [Vec<f64>; 5] {
    fn from(bands: Bands) -> Self {
        bands.0
    }
}

/// The forecast of one extreme: the rows of the series in their order, then the future weeks, ascending.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forecast {
    /// The weeks: history in the order of the input, then the future.
    pub weeks: Vec<IsoWeek>,
    /// What was observed, kW; nothing at gaps and in the future.
    pub observed_kw: Vec<Option<f64>>,
    /// How many of the rows are history: the future begins at this index.
    pub history: usize,
    /// The trend with the level, kW.
    pub drift: Bands,
    /// The season around zero, kW.
    pub yearly: Bands,
    /// Trend, season and noise, kW.
    pub total: Bands,
}

impl Forecast {
    /// The bands of one part.
    #[must_use]
    pub fn part(&self, part: Part) -> &Bands {
        match part {
            Part::Drift => &self.drift,
            Part::Yearly => &self.yearly,
            Part::Total => &self.total,
        }
    }

    /// With a load of so many kW added to the total of each future week; drift and season stay as they are.
    #[must_use]
    pub fn with_added(mut self, added_kw: &[f64]) -> Self {
        let future = self.future();
        for level in &mut self.total.0 {
            for (kw, added) in level[future.clone()].iter_mut().zip(added_kw) {
                *kw += added;
            }
        }
        self
    }

    /// The indices of the future rows.
    #[must_use]
    pub fn future(&self) -> Range<usize> {
        self.history.min(self.weeks.len())..self.weeks.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_of_unequal_lengths_are_refused_also_when_read() {
        assert!(Bands::new([vec![], vec![], vec![], vec![], vec![1.0]]).is_err());
        assert!(serde_json::from_str::<Bands>("[[1.0],[1.0],[1.0],[1.0],[]]").is_err());
        let bands: Bands = serde_json::from_str("[[1.0],[2.0],[3.0],[4.0],[5.0]]").unwrap();
        assert_eq!(bands.get(Quantile::Q85), [4.0]);
        assert_eq!(bands.len(), 1);
    }

    #[test]
    fn part_names_come_back() {
        for part in Part::ALL {
            assert_eq!(part.as_str().parse(), Ok(part));
        }
        assert!("sigma".parse::<Part>().is_err());
    }
}

//! The urgency class of a box.

use serde::{Deserialize, Serialize};

use crate::UnknownWord;

/// The urgency class of a box, for text, shape and colour.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = UnknownWord, parse_err_fn = UnknownWord::of)]
pub enum Urgency {
    /// The measured extremes passed the limit in the last weeks.
    Exceeded,
    /// An overload within the ranked weeks has at least the first of [`ClassThresholds`] for its probability.
    Overload,
    /// At least the second.
    Near,
    /// Less.
    Ample,
    /// No forecast: the flags say why.
    NoForecast,
    /// No readings, or none of the last year: nothing is said of the box itself, and it has no place in the order.
    Unmeasured,
}

impl Urgency {
    /// Every class, most urgent first.
    pub const ALL: [Self; 6] =
        [Self::Exceeded, Self::Overload, Self::Near, Self::Ample, Self::NoForecast, Self::Unmeasured];

    /// Its name in links, the store and exports.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// From which probability of an overload within the ranked weeks on a box is in which class.
///
/// A class is a range of probabilities and nothing else, so that a box in a redder class is never the less probable one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassThresholds {
    /// From this probability on, 0 to 1: [`Urgency::Overload`].
    pub overload: f64,
    /// From this probability on, 0 to 1, and below the other: [`Urgency::Near`].
    pub near: f64,
}

impl Default for ClassThresholds {
    /// 1 in 10, and 1 in 100.
    fn default() -> Self {
        Self { overload: 0.1, near: 0.01 }
    }
}

impl ClassThresholds {
    /// The class of a forecast with this probability of an overload.
    pub fn class(self, probability: f64) -> Urgency {
        if probability >= self.overload {
            Urgency::Overload
        } else if probability >= self.near {
            Urgency::Near
        } else {
            Urgency::Ample
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redder_class_is_never_the_less_probable_one() {
        let thresholds = ClassThresholds::default();
        let classes: Vec<Urgency> =
            (0..=1_000).rev().map(|mille| thresholds.class(f64::from(mille) / 1_000.0)).collect();
        let place = |class: &Urgency| Urgency::ALL.iter().position(|known| known == class).unwrap();
        assert!(classes.is_sorted_by_key(place));
        assert_eq!((thresholds.class(0.1), thresholds.class(0.0999)), (Urgency::Overload, Urgency::Near));
        assert_eq!((thresholds.class(0.01), thresholds.class(0.0099)), (Urgency::Near, Urgency::Ample));
    }
}

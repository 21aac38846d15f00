//! The probability that the total leaves its limits in a week: the two tails of the mixture over σ.

use crate::additive::Row;
use crate::mixture;
use crate::scale::ValueScale;
use crate::{Limits, Overload, Part};

use super::bands::components;
use super::conditional::Conditional;
use super::factorisation::Factorisation;
use super::horizon::{Joint, joint};
use super::noise::NoisePosterior;

/// The overload probabilities at the future rows.
pub(crate) fn overload(
    future: &[Row],
    factorisation: &Factorisation,
    noise: &NoisePosterior,
    conditionals: &[Conditional],
    scale: &ValueScale,
    limits: &Limits,
) -> Overload {
    let (low, high) = (scale.scaled(-limits.feed_in_kw), scale.scaled(limits.import_kw));
    let (mut weekly_import, mut weekly_feed_in) = (Vec::new(), Vec::new());
    for row in future {
        let mixture = components(Part::Total, row, factorisation, conditionals);
        weekly_import.push(mixture::upper_tail(&mixture, high).clamp(0.0, 1.0));
        weekly_feed_in.push(mixture::cumulative(&mixture, low).clamp(0.0, 1.0));
    }
    let weekly: Vec<f64> = weekly_import.iter().zip(&weekly_feed_in).map(|(p, q)| (p + q).min(1.0)).collect();
    let Joint { any_week, standard_error, first_week } =
        joint(future, factorisation, noise, (low, high), &weekly_import, &weekly_feed_in);
    Overload {
        any_week,
        any_week_standard_error: standard_error,
        first_week,
        weekly,
        weekly_import,
        weekly_feed_in,
    }
}

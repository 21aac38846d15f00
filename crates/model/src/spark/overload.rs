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

/// P(v > import) and P(v < −feed-in) at each of the future rows.
pub(crate) fn weekly(
    future: &[Row],
    factorisation: &Factorisation,
    conditionals: &[Conditional],
    scale: &ValueScale,
    limits: &Limits,
) -> (Vec<f64>, Vec<f64>) {
    let (low, high) = (scale.scaled(-limits.feed_in_kw), scale.scaled(limits.import_kw));
    let tails = |row: &Row| {
        let mixture = components(Part::Total, row, factorisation, conditionals);
        let import = mixture::upper_tail(&mixture, high).clamp(0.0, 1.0);
        (import, mixture::cumulative(&mixture, low).clamp(0.0, 1.0))
    };
    future.iter().map(tails).unzip()
}

/// P(beyond either limit) from those of the single ones, which exclude each other.
pub(crate) fn either_limit(import: &[f64], feed_in: &[f64]) -> Vec<f64> {
    import.iter().zip(feed_in).map(|(p, q)| (p + q).min(1.0)).collect()
}

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
    let (weekly_import, weekly_feed_in) = weekly(future, factorisation, conditionals, scale, limits);
    let Joint { any_week, standard_error, first_week } =
        joint(future, factorisation, noise, (low, high), &weekly_import, &weekly_feed_in);
    Overload {
        any_week,
        any_week_standard_error: standard_error,
        first_week,
        weekly: either_limit(&weekly_import, &weekly_feed_in),
        weekly_import,
        weekly_feed_in,
    }
}

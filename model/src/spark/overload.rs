//! The probability that the total leaves its limits in a week: the two tails of the mixture over σ.

use crate::{Limits, Overload, Part};

use super::bands::components;
use super::conditional::Conditional;
use super::design::{Row, ValueScale};
use super::factorisation::Factorisation;
use super::horizon::{Joint, joint};
use super::mixture;
use super::noise::NoisePosterior;

/// A constant series is overloaded always or never.
pub(crate) fn flat_overload(level_kw: f64, future: usize, limits: &Limits) -> Overload {
    let certain = |overloaded: bool| if overloaded { 1.0 } else { 0.0 };
    let import = certain(level_kw > limits.import_kw);
    let feed_in = certain(level_kw < -limits.feed_in_kw);
    let any = f64::max(import, feed_in);
    Overload {
        weekly: vec![any; future],
        weekly_import: vec![import; future],
        weekly_feed_in: vec![feed_in; future],
        any_week: if future > 0 { any } else { 0.0 },
        any_week_standard_error: 0.0,
        first_week: (0..future).map(|i| if i == 0 { any } else { 0.0 }).collect(),
    }
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

//! The Bayes factor of a step, and the prior probability that there is one.

use super::SwitchingSettings;
use super::noise::Symmetric;

/// Prior standard deviation of a step, in standard deviations of the noise.
const STEP: f64 = 8.0;
const WEEKS_A_YEAR: f64 = 52.177_5;
/// A step begins and ends within a week or with it, at either extreme: as many ways.
pub(super) const WAYS: f64 = 7.0;

/// ln of the Bayes factor of a step in both extremes: information M, response b.
pub(super) fn log_bayes_factor(information: Symmetric, response: [f64; 2]) -> f64 {
    let prior = 1.0 / (STEP * STEP);
    let (min, max, both) = (information.min + prior, information.max + prior, information.both);
    let determinant = min * max - both * both;
    if determinant <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let [low, high] = response;
    let square = max * low * low - 2.0 * both * low * high + min * high * high;
    0.5 * square / determinant - 0.5 * (determinant / (prior * prior)).ln()
}

/// The same for a step in one extreme.
pub(super) fn log_bayes_factor_of_one(information: f64, response: f64) -> f64 {
    let prior = 1.0 / (STEP * STEP);
    0.5 * response * response / (information + prior) - 0.5 * ((information + prior) / prior).ln()
}

/// ln of the prior probability of a switching that touches these many weeks from a certain week on: rate
/// times a share of 1 / weeks among all durations, the ways to begin and end apart.
pub(super) fn log_prior_of_switching(settings: &SwitchingSettings, weeks: i32) -> f64 {
    let longest = f64::from(settings.longest_weeks.max(1)) + 2.0;
    // The harmonic number.
    let total = longest.ln() + 0.577_2;
    log_prior_of_shift(settings) - (f64::from(weeks.max(1)) * total).ln()
}

/// ln of the prior probability that a step begins in a certain week.
pub(super) fn log_prior_of_shift(settings: &SwitchingSettings) -> f64 {
    (settings.per_year.max(1e-12) / WEEKS_A_YEAR).ln()
}

//! Quantiles of the joint maximum of a span of weeks: how far it lies beyond a limit, and what it comes to.

use crate::normal;
use crate::{Extreme, Forecast, Limits, Quantile, RANKED_WEEKS, Risk};

/// The error in probability that ends the search.
const TOLERANCE: f64 = 1e-3;
/// Evaluations after which the best one is taken.
const MAX_EVALUATIONS: usize = 12;
/// Probabilities nearer to 0 or 1 have no finite normal score worth a secant.
const EXTREME: f64 = 1e-6;
/// A spread below this share of the distance is that of a value that is certain.
const CERTAIN: f64 = 1e-9;
/// The 95 % quantile of the standard normal distribution.
const Z_95: f64 = 1.644_853_6;

/// x > 0 kW with P(a value of the span lies more than x beyond a limit) = risk; nothing unless the probability
/// at x = 0 is above the risk. `probability` yields P for limits.
pub(crate) fn shortfall_kw(
    forecast: &Forecast,
    limits: &Limits,
    at_limit: f64,
    risk: Risk,
    mut probability: impl FnMut(&Limits) -> f64,
) -> Option<f64> {
    if at_limit <= risk.probability() {
        return None;
    }
    let (start_kw, sd_kw) = start(forecast, limits)?;
    let beyond = |x: f64| {
        let beyond = Limits { import_kw: limits.import_kw + x, feed_in_kw: limits.feed_in_kw + x };
        probability(&beyond)
    };
    Some(passed_at(risk, (start_kw, start_kw.max(sd_kw), sd_kw), Some((0.0, at_limit)), beyond))
}

/// The q with P(the most extreme of the ranked weeks lies beyond q) = risk, kW with its sign: above q of the
/// maximum, below it of the minimum. `probability` yields P for limits; nothing without a ranked week.
pub(crate) fn extreme_at_risk_kw(
    forecast: &Forecast,
    extreme: Extreme,
    risk: Risk,
    mut probability: impl FnMut(&Limits) -> f64,
) -> Option<f64> {
    let sign = match extreme {
        Extreme::Max => 1.0,
        Extreme::Min => -1.0,
    };
    let weeks = forecast.future().take(RANKED_WEEKS);
    let at = |quantile, row: usize| forecast.total.get(quantile).get(row).map(|kw| sign * kw);
    let outer = |row| {
        let (low, middle, high) = (at(Quantile::Q05, row)?, at(Quantile::Q50, row)?, at(Quantile::Q95, row)?);
        let outer = low.max(high);
        Some((outer, ((outer - middle) / Z_95).max(f64::MIN_POSITIVE)))
    };
    let (start_kw, sd_kw) = weeks.filter_map(outer).max_by(|a, b| a.0.total_cmp(&b.0))?;
    let beyond = |x: f64| {
        probability(&match extreme {
            Extreme::Max => Limits { import_kw: x, feed_in_kw: f64::INFINITY },
            Extreme::Min => Limits { import_kw: f64::INFINITY, feed_in_kw: x },
        })
    };
    Some(sign * passed_at(risk, (start_kw, start_kw, sd_kw), None, beyond))
}

/// x with P(x is passed) = risk. The search begins at the second of `from`; of a certain value, as its first and
/// its standard deviation tell, that value. `lower` is an x with its P where one is known to lie below.
///
/// The normal score of 1 − P is nearly linear in x, so that a secant on it, kept within what is known to
/// enclose the root, needs few evaluations, each of which is an integral over all weeks.
fn passed_at(
    risk: Risk,
    (certain_kw, start_kw, sd_kw): (f64, f64, f64),
    lower: Option<(f64, f64)>,
    mut probability: impl FnMut(f64) -> f64,
) -> f64 {
    if sd_kw <= CERTAIN * certain_kw.abs() || sd_kw <= f64::MIN_POSITIVE {
        return certain_kw;
    }
    let score = |p: f64| normal::quantile(1.0 - p.clamp(EXTREME, 1.0 - EXTREME));
    let wanted = score(risk.probability());
    let mut low = lower.map(|(x, p)| (x, score(p)));
    let mut high: Option<(f64, f64)> = None;
    let mut x = start_kw;
    for _ in 0..MAX_EVALUATIONS {
        let p = probability(x);
        if (p - risk.probability()).abs() <= TOLERANCE {
            break;
        }
        let at = (x, score(p));
        if at.1 < wanted {
            low = Some(at);
        } else {
            high = Some(at);
        }
        x = match (low, high) {
            (Some(low), Some(high)) => {
                let share = ((wanted - low.1) / (high.1 - low.1)).clamp(0.05, 0.95);
                low.0 + share * (high.0 - low.0)
            }
            (_, None) => x + ((wanted - at.1) * sd_kw).max(0.25 * sd_kw),
            (None, _) => x + ((wanted - at.1) * sd_kw).min(-0.25 * sd_kw),
        };
    }
    x
}

/// How far the 95 % band reaches beyond a limit in the week where it reaches furthest, and that week's
/// standard deviation, kW; nothing without a ranked week.
fn start(forecast: &Forecast, limits: &Limits) -> Option<(f64, f64)> {
    let future = forecast.future().take(RANKED_WEEKS);
    let at = |quantile, row: usize| forecast.total.get(quantile).get(row).copied();
    let reach = future.filter_map(|row| {
        let (low, middle, high) = (at(Quantile::Q05, row)?, at(Quantile::Q50, row)?, at(Quantile::Q95, row)?);
        let (above, below) = (high - limits.import_kw, -limits.feed_in_kw - low);
        let spread = if above >= below { high - middle } else { middle - low };
        Some((above.max(below), (spread / Z_95).max(f64::MIN_POSITIVE)))
    });
    reach.max_by(|a, b| a.0.total_cmp(&b.0))
}

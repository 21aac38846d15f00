//! How far the largest value of a span of weeks lies beyond its limit: a quantile of the joint maximum.

use crate::normal;
use crate::{Forecast, Limits, Quantile, RANKED_WEEKS, Risk};

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
///
/// The normal score of 1 − P is nearly linear in x, so that a secant on it, kept within what is known to
/// enclose the root, needs few evaluations, each of which is an integral over all weeks.
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
    let score = |p: f64| normal::quantile(1.0 - p.clamp(EXTREME, 1.0 - EXTREME));
    let wanted = score(risk.probability());
    let (start_kw, sd_kw) = start(forecast, limits)?;
    if sd_kw <= CERTAIN * start_kw {
        return Some(start_kw);
    }
    let mut low = (0.0, score(at_limit));
    let mut high: Option<(f64, f64)> = None;
    let mut x = start_kw.max(sd_kw);
    for _ in 0..MAX_EVALUATIONS {
        let beyond = Limits { import_kw: limits.import_kw + x, feed_in_kw: limits.feed_in_kw + x };
        let p = probability(&beyond);
        if (p - risk.probability()).abs() <= TOLERANCE {
            break;
        }
        let at = (x, score(p));
        if at.1 < wanted {
            low = at
        } else {
            high = Some(at)
        }
        x = match high {
            Some(high) => {
                let share = ((wanted - low.1) / (high.1 - low.1)).clamp(0.05, 0.95);
                low.0 + share * (high.0 - low.0)
            }
            None => x + ((wanted - at.1) * sd_kw).max(0.25 * sd_kw),
        };
    }
    Some(x)
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

//! Quantiles of the joint maximum of a span of weeks: how far it lies beyond a limit, and what it comes to.

use crate::normal;
use crate::{Extreme, Forecast, Limits, Quantile, RANKED_WEEKS, Risk};

/// The error in probability that ends the search.
const TOLERANCE: f64 = 1e-3;
/// The error in probability that ends a search among approximate probabilities, which are further off themselves.
const ROUGH_TOLERANCE: f64 = 4e-3;
/// Of an error in probability this small the last step of a secant leaves less than [`TOLERANCE`].
const NEAR: f64 = 2e-2;
/// Evaluations after which the best one is taken.
const MAX_EVALUATIONS: usize = 12;
/// Probabilities nearer to 0 or 1 have no finite normal score worth a secant.
const EXTREME: f64 = 1e-6;
/// A spread below this share of the distance is that of a value that is certain.
const CERTAIN: f64 = 1e-9;
/// The 95 % quantile of the standard normal distribution.
const Z_95: f64 = 1.644_853_6;
/// The standard score that is passed once in some thousand.
const Z_RARE: f64 = 3.2;

/// P(a value of the span lies beyond the limits).
pub(crate) struct Passing<'a> {
    /// With the error that is asked for.
    pub(crate) exact: &'a dyn Fn(&Limits) -> f64,
    /// Within a few hundredths and much quicker, where there is such a thing.
    pub(crate) rough: Option<&'a dyn Fn(&Limits) -> f64>,
}

/// x > 0 kW with P(a value of the span lies more than x beyond a limit) = risk; nothing unless the probability
/// at x = 0 is above the risk.
pub(crate) fn shortfall_kw(
    forecast: &Forecast,
    limits: &Limits,
    at_limit: f64,
    risk: Risk,
    passing: &Passing<'_>,
) -> Option<f64> {
    if at_limit <= risk.probability() {
        return None;
    }
    let (start_kw, sd_kw) = start(forecast, limits)?;
    let beyond = |x: f64| Limits { import_kw: limits.import_kw + x, feed_in_kw: limits.feed_in_kw + x };
    Some(passed_at(risk, (start_kw, start_kw.max(sd_kw), sd_kw), Some((0.0, at_limit)), passing, beyond))
}

/// The q with P(the most extreme of the ranked weeks lies beyond q) = risk, kW with its sign: above q of the
/// maximum, below it of the minimum. Nothing without a ranked week.
pub(crate) fn extreme_at_risk_kw(
    forecast: &Forecast,
    extreme: Extreme,
    risk: Risk,
    passing: &Passing<'_>,
) -> Option<f64> {
    let (start_kw, sd_kw) = start(forecast, &beyond(extreme, 0.0))?;
    let sign = match extreme {
        Extreme::Max => 1.0,
        Extreme::Min => -1.0,
    };
    Some(sign * passed_at(risk, (start_kw, start_kw, sd_kw), None, passing, |x| beyond(extreme, x)))
}

/// The f ≥ `from` at which `probability` of f, which falls with f, is the risk; `from` where it is no more there already.
pub(crate) fn share_at_risk(risk: Risk, from: f64, probability: impl Fn(f64) -> f64) -> f64 {
    /// A first guess of what one normal score takes; the search learns it.
    const SPREAD: f64 = 0.1;
    let at_start = probability(from);
    if at_start <= risk.probability() + TOLERANCE {
        return from;
    }
    let (start_kw, sd_kw) = (from * (1.0 + SPREAD), from * SPREAD);
    Search { risk, start_kw, sd_kw, tolerance: TOLERANCE, near: 0.0 }.run(Some((from, at_start)), probability)
}

/// The limits of one direction, x kW from zero.
pub(crate) fn beyond(extreme: Extreme, x: f64) -> Limits {
    match extreme {
        Extreme::Max => Limits { import_kw: x, feed_in_kw: f64::INFINITY },
        Extreme::Min => Limits { import_kw: f64::INFINITY, feed_in_kw: x },
    }
}

/// x with P(`limits` of x are passed) = risk. The search begins at the second of `from`; of a certain value, as its
/// first and its standard deviation tell, that value. `lower` is an x with its P where one is known to lie below.
///
/// The search is done among approximate probabilities first: there the spread of what is searched for is learned too,
/// so that an exact one, and a step by what it is off, are mostly all that is left.
fn passed_at(
    risk: Risk,
    (certain_kw, start_kw, sd_kw): (f64, f64, f64),
    lower: Option<(f64, f64)>,
    passing: &Passing<'_>,
    limits: impl Fn(f64) -> Limits,
) -> f64 {
    if sd_kw <= CERTAIN * certain_kw.abs() || sd_kw <= f64::MIN_POSITIVE {
        return certain_kw;
    }
    let (mut start_kw, mut sd_kw) = (start_kw, sd_kw);
    if let Some(rough) = passing.rough {
        let search = Search { risk, start_kw, sd_kw, tolerance: ROUGH_TOLERANCE, near: 0.0 };
        start_kw = search.run(None, |x| rough(&limits(x)));
        // The same paths on both sides: what they are off cancels in the slope.
        let (low_kw, high_kw) = (start_kw - 0.2 * sd_kw, start_kw + 0.2 * sd_kw);
        let rise = score(rough(&limits(high_kw))) - score(rough(&limits(low_kw)));
        if rise > 0.0 {
            sd_kw = (high_kw - low_kw) / rise;
        }
    }
    let search = Search { risk, start_kw, sd_kw, tolerance: TOLERANCE, near: NEAR };
    search.run(lower, |x| (passing.exact)(&limits(x)))
}

/// The normal score of 1 − P.
fn score(p: f64) -> f64 {
    normal::quantile(1.0 - p.clamp(EXTREME, 1.0 - EXTREME))
}

/// A search for the x with P(x is passed) = risk.
struct Search {
    risk: Risk,
    start_kw: f64,
    /// The inverse of how fast the normal score of 1 − P rises with x, about.
    sd_kw: f64,
    /// An error in probability that is no error.
    tolerance: f64,
    /// An error in probability after which one more step is taken on trust.
    near: f64,
}

impl Search {
    /// The x.
    ///
    /// The normal score of 1 − P is nearly linear in x, so that a secant on it, kept within what is known to
    /// enclose the root, needs few evaluations, each of which is an integral over all weeks.
    fn run(&self, lower: Option<(f64, f64)>, probability: impl Fn(f64) -> f64) -> f64 {
        let wanted = score(self.risk.probability());
        let mut low = lower.map(|(x, p)| (x, score(p)));
        let mut high: Option<(f64, f64)> = None;
        let (mut x, sd_kw) = (self.start_kw, self.sd_kw);
        for _ in 0..MAX_EVALUATIONS {
            let p = probability(x);
            let error = (p - self.risk.probability()).abs();
            if error <= self.tolerance {
                break;
            }
            let at = (x, score(p));
            if at.1 < wanted {
                low = Some(at);
            } else {
                high = Some(at);
            }
            if error <= self.near {
                x += (wanted - at.1) * sd_kw;
                break;
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
}

/// How far the 95 % band reaches beyond a limit in the week where it reaches furthest, and that week's
/// standard deviation, kW; nothing without a ranked week.
fn start(forecast: &Forecast, limits: &Limits) -> Option<(f64, f64)> {
    reaches(forecast, limits).map(|reach| (reach.q95_kw, reach.sd_kw)).max_by(|a, b| a.0.total_cmp(&b.0))
}

/// The places of the ranked weeks that may well reach as far beyond a limit as any; the rest is too far away for
/// a rough probability.
pub(crate) fn weeks_in_reach(forecast: &Forecast, limits: &Limits) -> Vec<usize> {
    let furthest = start(forecast, limits).map_or(f64::NEG_INFINITY, |(kw, _)| kw);
    let can_reach = |reach: &Reach| reach.q95_kw + (Z_RARE - Z_95) * reach.sd_kw >= furthest;
    let places = reaches(forecast, limits).enumerate().filter(|(_, reach)| can_reach(reach));
    places.map(|(place, _)| place).collect()
}

/// How far the 95 % band of a week reaches beyond the limit that it comes nearer to.
struct Reach {
    q95_kw: f64,
    sd_kw: f64,
}

fn reaches(forecast: &Forecast, limits: &Limits) -> impl Iterator<Item = Reach> {
    let at = |quantile, row: usize| forecast.total.get(quantile).get(row).copied();
    let weeks = forecast.future().take(RANKED_WEEKS);
    weeks.filter_map(move |row| {
        let (low, middle, high) = (at(Quantile::Q05, row)?, at(Quantile::Q50, row)?, at(Quantile::Q95, row)?);
        let (above, below) = (high - limits.import_kw, -limits.feed_in_kw - low);
        let spread = if above >= below { high - middle } else { middle - low };
        Some(Reach { q95_kw: above.max(below), sd_kw: (spread / Z_95).max(f64::MIN_POSITIVE) })
    })
}

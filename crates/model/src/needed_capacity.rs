//! The capacity that would just do.

use crate::shortfall::share_at_risk;
use crate::{Capacity, Extreme, Fit, Limits, RankedOverload};

/// The capacity at which the chance of an overload in the ranked weeks, by either direction, is the risk, kVA; nothing where
/// it is no more already, or without a headroom.
///
/// Limits grow with the capacity. What holds the risk in each direction by itself, (l − room) / l times the capacity, is
/// where the search begins: where both directions matter it takes more. The fits are those that `ranked` was found
/// from, with the same loads added (none: empty).
#[must_use]
pub fn needed_kva(
    minimum: (&Fit, &[f64]),
    maximum: (&Fit, &[f64]),
    (capacity, limits): (Capacity, &Limits),
    ranked: &RankedOverload,
) -> Option<f64> {
    let room = ranked.headroom?;
    if ranked.both.probability <= ranked.risk.probability() {
        return None;
    }
    let by_direction = f64::max(
        (limits.import_kw - room.import_kw) / limits.import_kw,
        (limits.feed_in_kw - room.feed_in_kw) / limits.feed_in_kw,
    );
    let probability = |share: f64| {
        let limits = limits.times(share);
        let of = |(fit, added_kw): (&Fit, &[f64]), extreme| {
            fit.ranked_overload(&limits.in_direction(extreme), added_kw)
        };
        let (p, q) = (of(minimum, Extreme::Min), of(maximum, Extreme::Max));
        p + q - p * q
    };
    let needed = capacity.kva() * share_at_risk(ranked.risk, by_direction.max(1.0), probability);
    needed.is_finite().then_some(needed)
}

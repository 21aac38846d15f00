//! The overload limits of a series.

use model::{Capacity, Extreme, Limits, PowerFactor};

/// A limit that no load reaches, kW; finite, so that scaled values stay finite.
const UNREACHABLE_KW: f64 = 1e9;

/// The limits of a series; none without a known capacity.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct TaskLimits {
    /// The limits of both directions together.
    pub(crate) both: Option<Limits>,
    /// The limits of the extreme's own direction.
    pub(crate) one_way: Vec<OneWayLimit>,
}

/// The limit of one direction: import for maxima, feed-in for minima.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct OneWayLimit {
    /// The fraction of the capacity from which on a box counts as overloaded.
    pub(crate) threshold: f64,
    /// The limits, with an unreachable one for the other direction.
    pub(crate) limits: Limits,
}

impl OneWayLimit {
    /// The limit at a threshold; None unless the threshold is finite and positive.
    pub(crate) fn of(
        extreme: Extreme,
        capacity: Capacity,
        power_factor: PowerFactor,
        threshold: f64,
    ) -> Option<Self> {
        let limits = Limits::of(capacity, power_factor, threshold, threshold).ok()?;
        let limits = match extreme {
            Extreme::Min => Limits { import_kw: UNREACHABLE_KW, ..limits },
            Extreme::Max => Limits { feed_in_kw: UNREACHABLE_KW, ..limits },
        };
        Some(Self { threshold, limits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minima_are_judged_by_feed_in_and_maxima_by_import_alone() {
        let capacity = Capacity::new(100.0).unwrap();
        let limit = |extreme| OneWayLimit::of(extreme, capacity, PowerFactor::default(), 0.7).unwrap().limits;
        let reached = |kw| Extreme::ALL.map(|extreme| limit(extreme).reached_by(kw));
        assert_eq!(Extreme::ALL, [Extreme::Min, Extreme::Max]);
        assert_eq!(
            (reached(-70.0), reached(70.0), reached(-69.0)),
            ([true, false], [false, true], [false; 2])
        );
        assert!(OneWayLimit::of(Extreme::Max, capacity, PowerFactor::default(), f64::NAN).is_none());
    }
}

//! The room that is left for a constant load.

use serde::{Deserialize, Serialize};

use crate::{Extreme, Limits};

/// The largest constant load of each direction that keeps the chance of an overload by that direction in the ranked
/// weeks at the risk, kW; negative where it is above the risk already.
///
/// With the quantile q of the joint maximum, P(max > q) = risk, import has room for `import limit − q`; feed-in in the
/// same way by the minimum. A load that isn't constant needs a question of its own ([`crate::question`]).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Headroom {
    /// For more import, kW.
    pub import_kw: f64,
    /// For more feed-in, kW.
    pub feed_in_kw: f64,
}

impl Headroom {
    /// From what the most extreme of the ranked weeks passes with the risk, kW with its sign.
    #[must_use]
    pub fn of(minimum_kw: f64, maximum_kw: f64, limits: &Limits) -> Self {
        Self { import_kw: limits.import_kw - maximum_kw, feed_in_kw: limits.feed_in_kw + minimum_kw }
    }

    /// The room of the direction that an extreme belongs to.
    #[must_use]
    pub const fn in_direction(&self, extreme: Extreme) -> f64 {
        match extreme {
            Extreme::Min => self.feed_in_kw,
            Extreme::Max => self.import_kw,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_what_lies_between_the_quantile_and_the_limit_of_its_direction() {
        let limits = Limits { import_kw: 400.0, feed_in_kw: 300.0 };
        let room = Headroom::of(-340.0, 290.0, &limits);
        assert_eq!(room, Headroom { import_kw: 110.0, feed_in_kw: -40.0 });
        assert_eq!((room.in_direction(Extreme::Max), room.in_direction(Extreme::Min)), (110.0, -40.0));
        // A station that never feeds in has more room than its limit.
        assert_eq!(Headroom::of(50.0, 290.0, &limits).feed_in_kw, 350.0);
    }
}

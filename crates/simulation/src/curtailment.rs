//! Curtailment: feed-in raises the voltage, and inverters reduce their output above its limit.

/// A soft limit on the feed-in of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Curtailment {
    /// The limit that feed-in approaches but never exceeds, kW.
    pub(crate) limit_kw: f64,
}

/// Where curtailment sets in, as a fraction of the limit: inverters at the end of the cable curtail
/// first. An assumption.
const KNEE: f64 = 0.85;

impl Curtailment {
    /// Limits feed-in to this, kW.
    pub(crate) const fn new(limit_kw: f64) -> Self {
        Self { limit_kw }
    }

    /// The curtailed load, kW.
    pub(crate) fn apply(self, load_kw: f64) -> f64 {
        let knee = KNEE * self.limit_kw;
        let above = -load_kw - knee;
        if above <= 0.0 {
            return load_kw;
        }
        let room = self.limit_kw - knee;
        -(knee + room * (1.0 - (-above / room).exp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feed_in_is_capped_softly_and_consumption_is_left_alone() {
        let curtailment = Curtailment::new(100.0);
        assert_eq!(curtailment.apply(300.0), 300.0);
        assert_eq!(curtailment.apply(-84.0), -84.0);
        let left: Vec<f64> = (80..400).map(|feed_in| curtailment.apply(-f64::from(feed_in))).collect();
        assert!(left.windows(2).all(|pair| pair[1] <= pair[0]), "more sun never means less feed-in");
        assert!(left.iter().all(|load| *load >= -100.0));
        assert!(left[319] < -99.0);
    }
}

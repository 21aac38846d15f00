//! Inverters that limit themselves: feed-in lifts the voltage, and above its limit they produce less.

/// A soft ceiling on the feed-in of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Curtailment {
    /// What feed-in approaches and never exceeds, kW.
    pub(crate) limit_kw: f64,
}

/// Where inverters begin to limit, as a fraction of the limit: those at the end of the cable do so first.
const KNEE: f64 = 0.85;

impl Curtailment {
    /// Feed-in of at most this, kW.
    pub(crate) const fn new(limit_kw: f64) -> Self {
        Self { limit_kw }
    }

    /// The load that is left, kW.
    pub(crate) fn settle(self, load_kw: f64) -> f64 {
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
        assert_eq!(curtailment.settle(300.0), 300.0);
        assert_eq!(curtailment.settle(-84.0), -84.0);
        let left: Vec<f64> = (80..400).map(|feed_in| curtailment.settle(-f64::from(feed_in))).collect();
        assert!(left.windows(2).all(|pair| pair[1] <= pair[0]), "more sun never means less feed-in");
        assert!(left.iter().all(|load| *load >= -100.0));
        assert!(left[319] < -99.0);
    }
}

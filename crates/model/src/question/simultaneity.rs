//! How much of many appliances runs at once.

/// The share of the rated power that n equal appliances draw together at their common peak,
/// k(n) = k∞ + (1 − k∞)/√n: one draws all of its power, very many the share k∞.
///
/// The formula is that of S. Rusck, "The simultaneous demand in distribution network supplying domestic
/// consumers", ASEA Journal 10 (1956). It follows from demands that are alike and independent; Velander's
/// formula W k₁ + k₂ √W is the same in terms of energy.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Simultaneity {
    /// k∞.
    pub(super) of_very_many: f64,
}

impl Simultaneity {
    /// n k(n), which grows with n: how many of them as good as run at full power. Below one appliance, which
    /// growth passes through, in proportion.
    pub(super) fn running(self, count: f64) -> f64 {
        if count < 1.0 {
            return count.max(0.0);
        }
        self.of_very_many * count + (1.0 - self.of_very_many) * count.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_runs_in_full_and_many_in_part() {
        let simultaneity = Simultaneity { of_very_many: 0.05 };
        assert_eq!(simultaneity.running(0.0), 0.0);
        assert_eq!(simultaneity.running(1.0), 1.0);
        assert!((simultaneity.running(1e10) / 1e10 - 0.05).abs() < 1e-4);
    }

    #[test]
    fn more_appliances_never_draw_less_but_each_does() {
        for of_very_many in [0.0, 0.05, 0.5, 1.0] {
            let simultaneity = Simultaneity { of_very_many };
            let mut before = 0.0;
            for n in 1..2_000 {
                let running = simultaneity.running(f64::from(n) * 0.5);
                assert!(running > before, "{n}");
                before = running;
            }
            assert!(simultaneity.running(50.0) / 50.0 <= simultaneity.running(20.0) / 20.0);
        }
    }
}

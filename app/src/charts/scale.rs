//! The range of a value axis: round figures around everything that must be seen.

/// A range with its ends on multiples of a round step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The distance of the grid lines: 1, 2 or 5 times a power of ten.
    pub(super) step: f64,
}

impl Scale {
    /// The smallest such range around the values with about so many steps; values that are not finite do not count.
    pub(super) fn around(values: impl IntoIterator<Item = f64>, steps: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        // A flat line gets room on both sides.
        let span =
            if high - low > 1e-9 * high.abs().max(1e-3) { high - low } else { high.abs().max(1.0) * 0.1 };
        let step = round_step(span / steps);
        // A little air, so that no line runs along the frame.
        let air = span * 0.03;
        Self { low: ((low - air) / step).floor() * step, high: ((high + air) / step).ceil() * step, step }
    }
}

/// The nearest of 1, 2, 5 × 10ⁿ, by ratio.
fn round_step(wanted: f64) -> f64 {
    let power = 10_f64.powf(wanted.log10().floor());
    let factor = match wanted / power {
        ratio if ratio < 2.0_f64.sqrt() => 1.0,
        ratio if ratio < 10.0_f64.sqrt() => 2.0,
        ratio if ratio < 50.0_f64.sqrt() => 5.0,
        _ => 10.0,
    };
    factor * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_round_and_around_everything() {
        let scale = Scale::around([-200.0, 50.0, f64::NAN], 5.0);
        assert_eq!(scale, Scale { low: -250.0, high: 100.0, step: 50.0 });
    }

    #[test]
    fn flat_and_empty_ranges_still_have_room() {
        for values in [vec![], vec![0.0], vec![1e6, 1e6], vec![f64::INFINITY]] {
            let scale = Scale::around(values, 5.0);
            assert!(scale.high > scale.low && scale.step > 0.0, "{scale:?}");
        }
    }
}

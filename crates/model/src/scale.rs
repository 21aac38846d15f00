//! From kW to the scaled values that a model works on.

use crate::Observation;

/// v = offset + unit × y.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct ValueScale {
    /// The kW of the scaled value zero.
    pub(crate) offset_kw: f64,
    /// The kW of one.
    pub(crate) unit_kw: f64,
}

impl ValueScale {
    /// The scale on which the smallest value is zero and the largest one; the unit may come out as zero, or
    /// infinite.
    pub(crate) fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let min_kw = values.clone().fold(f64::INFINITY, f64::min);
        let max_kw = values.fold(f64::NEG_INFINITY, f64::max);
        Self { offset_kw: min_kw, unit_kw: max_kw - min_kw }
    }

    /// Whether the values are constant up to rounding: range ≤ 1e-9 · max |v|.
    pub(crate) fn is_constant(&self) -> bool {
        self.unit_kw <= 1e-9 * self.offset_kw.abs().max((self.offset_kw + self.unit_kw).abs())
    }

    /// y of a value in kW.
    pub(crate) fn scaled(&self, kw: f64) -> f64 {
        (kw - self.offset_kw) / self.unit_kw
    }

    /// The value in kW of y.
    pub(crate) fn kw(&self, y: f64) -> f64 {
        self.offset_kw + self.unit_kw * y
    }
}

/// The observed values of rows, kW.
pub(crate) fn values(rows: &[Observation]) -> impl Iterator<Item = f64> + Clone + '_ {
    rows.iter().filter_map(|row| row.value_kw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_told_from_small_ranges_on_large_offsets() {
        let scale = |a: f64, b: f64| ValueScale::of([a, b].into_iter());
        assert!(scale(0.0, 0.0).is_constant());
        assert!(scale(1e9, 1e9 + 0.5).is_constant());
        assert!(!scale(1e9, 1e9 + 100.0).is_constant());
        assert!(!scale(-1e-9, 1e-9).is_constant());
        assert!(scale(f64::MIN, f64::MAX).unit_kw.is_infinite());
    }
}

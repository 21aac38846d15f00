//! Robust statistics of short lists.

/// From the median of |x| to the standard deviation of a Gaussian.
pub(crate) const TO_DEVIATION: f64 = 1.482_602_218_505_602;

/// The median, the mean of the middle two of an even number; 0 of nothing. Reorders the list.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let (below, upper, _) = values.select_nth_unstable_by(values.len() / 2, f64::total_cmp);
    if last % 2 == 0 {
        return *upper;
    }
    0.5 * *upper + 0.5 * below.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// The value at a share of the ordered list; 0 of nothing. Reorders the list.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    *values.select_nth_unstable_by((last as f64 * share).round() as usize, f64::total_cmp).1
}

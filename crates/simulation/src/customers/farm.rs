//! Load profile of farms: milking and milk cooling twice a day; drying of onions, grain and maize
//! in autumn.

use super::profile::{DailyProfile, Hump};

pub(super) fn profile() -> DailyProfile {
    DailyProfile::daily(0.24, &[Hump(6.2, 0.9, 0.70), Hump(12.0, 2.5, 0.12), Hump(17.3, 0.9, 0.76)])
}

/// Load of the dryers over the year relative to the milking peak: from late August to November.
pub(super) fn drying(year_fraction: f64) -> f64 {
    const MIDDLE: f64 = 0.755;
    const WIDTH: f64 = 0.055;
    0.38 * (-0.5 * ((year_fraction - MIDDLE) / WIDTH).powi(2)).exp()
}

//! Farms: milking and cooling of milk twice a day, every day; drying of onions, grain and maize in autumn.

use super::profile::{DailyProfile, Hump};

pub(super) fn profile() -> DailyProfile {
    DailyProfile::daily(0.24, &[Hump(6.2, 0.9, 0.70), Hump(12.0, 2.5, 0.12), Hump(17.3, 0.9, 0.76)])
}

/// Load of the dryers over the year in units of the milking peak: from late August to November.
pub(super) fn drying(of_year: f64) -> f64 {
    const MIDDLE: f64 = 0.755;
    const WIDTH: f64 = 0.055;
    0.38 * (-0.5 * ((of_year - MIDDLE) / WIDTH).powi(2)).exp()
}

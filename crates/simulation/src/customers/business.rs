//! Load profiles of shops, offices and light industry.

use super::profile::{DailyProfile, Hump};

/// Open from 9:00 to 18:00 and on Sunday afternoon; food is cooled day and night.
pub(super) fn shops() -> DailyProfile {
    DailyProfile::new(
        0.34,
        &[Hump(11.0, 1.7, 0.50), Hump(14.5, 1.7, 0.42), Hump(17.5, 1.2, 0.42)],
        &[Hump(11.0, 1.7, 0.54), Hump(14.5, 1.7, 0.48), Hump(16.8, 1.1, 0.30)],
        &[Hump(13.2, 1.3, 0.40), Hump(15.8, 1.2, 0.38)],
    )
}

/// Workdays from 8:00 to 18:00, with a dip at lunch.
pub(super) fn offices() -> DailyProfile {
    DailyProfile::new(
        0.26,
        &[Hump(9.6, 1.3, 0.55), Hump(12.2, 1.5, 0.38), Hump(14.8, 1.6, 0.58)],
        &[Hump(12.0, 3.0, 0.07)],
        &[Hump(12.0, 3.0, 0.05)],
    )
}

/// Two shifts from 6:00 to 22:00, maintenance on Saturday morning.
pub(super) fn light_industry() -> DailyProfile {
    DailyProfile::new(
        0.22,
        &[Hump(8.2, 1.4, 0.55), Hump(11.3, 1.4, 0.52), Hump(14.4, 1.5, 0.52), Hump(18.2, 2.2, 0.36)],
        &[Hump(9.5, 1.8, 0.22)],
        &[],
    )
}

//! Load profile of homes: breakfast, a long evening peak around 18:30, more use at weekend middays.

use super::profile::{DailyProfile, Hump};

pub(super) fn profile() -> DailyProfile {
    DailyProfile::new(
        0.30,
        &[Hump(7.6, 1.0, 0.22), Hump(12.5, 2.2, 0.14), Hump(18.4, 1.5, 0.62), Hump(21.3, 1.4, 0.32)],
        &[Hump(9.3, 1.6, 0.22), Hump(13.0, 2.4, 0.26), Hump(18.2, 1.6, 0.54), Hump(21.5, 1.5, 0.30)],
        &[Hump(10.0, 1.7, 0.25), Hump(13.2, 2.3, 0.28), Hump(18.1, 1.6, 0.60), Hump(21.2, 1.4, 0.30)],
    )
}

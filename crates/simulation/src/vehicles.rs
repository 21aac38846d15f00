//! Charging of electric vehicles: at home in the evening and at night, at work in the morning.
//!
//! The profiles are assumptions.

use crate::customers::{Customers, DailyProfile, Hump};

/// Charging power over the day relative to its peak, averaged over many vehicles.
pub(crate) fn charging_profile(customers: Customers) -> DailyProfile {
    match customers {
        Customers::Households | Customers::Farm => DailyProfile::new(
            0.06,
            &[Hump(19.2, 1.6, 0.72), Hump(23.2, 1.8, 0.50), Hump(2.0, 2.0, 0.22)],
            &[Hump(18.0, 2.6, 0.48), Hump(23.0, 2.0, 0.36)],
            &[Hump(19.5, 2.2, 0.62), Hump(23.2, 1.9, 0.45)],
        ),
        Customers::Shops => DailyProfile::new(
            0.04,
            &[Hump(11.5, 2.0, 0.6), Hump(16.0, 2.0, 0.6)],
            &[Hump(13.5, 2.5, 0.9)],
            &[Hump(14.5, 1.8, 0.7)],
        ),
        Customers::Offices | Customers::LightIndustry => DailyProfile::new(
            0.03,
            &[Hump(9.3, 1.1, 0.95), Hump(12.5, 2.0, 0.40)],
            &[Hump(11.0, 2.0, 0.12)],
            &[],
        ),
    }
}

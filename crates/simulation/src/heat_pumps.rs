//! Heat pumps: demand grows with the cold and peaks when homes warm up in the morning.

use crate::customers::{DailyProfile, Hump};

/// Outdoor temperature above which nothing is heated, °C.
const HEATING_LIMIT_C: f32 = 15.5;
/// Outdoor temperature at which a heat pump draws its rated power, °C.
const DESIGN_C: f32 = -5.0;

/// Relative demand over the day.
pub(crate) fn heating_profile() -> DailyProfile {
    DailyProfile::daily(0.62, &[Hump(7.4, 1.4, 0.38), Hump(18.0, 3.0, 0.20)])
}

/// Electric power relative to that at −5 °C. Below 2 °C the efficiency drops, so demand rises
/// faster than linearly.
pub(crate) fn demand(temperature_c: f32) -> f32 {
    let cold = (HEATING_LIMIT_C - temperature_c).max(0.0) / (HEATING_LIMIT_C - DESIGN_C);
    let frost = (2.0 - temperature_c).max(0.0) / (2.0 - DESIGN_C);
    0.85 * cold + 0.15 * frost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demand_is_zero_when_warm_one_at_the_design_temperature_and_steeper_in_frost() {
        assert_eq!(demand(20.0), 0.0);
        assert!((demand(DESIGN_C) - 1.0).abs() < 1e-6);
        assert!(demand(0.0) - demand(1.0) > demand(8.0) - demand(9.0));
    }
}

//! Daily load profiles: a base level and Gaussian humps.

use crate::calendar::{DayType, QUARTERS_PER_DAY};

/// Relative load of each local quarter-hour on workdays, Saturdays and Sundays; the maximum is 1.
#[derive(Clone, Debug)]
pub(crate) struct DailyProfile([[f32; QUARTERS_PER_DAY]; 3]);

/// A Gaussian hump: its centre and width (standard deviation) in hours, and its height.
pub(crate) struct Hump(pub(crate) f64, pub(crate) f64, pub(crate) f64);

impl DailyProfile {
    /// Adds the humps of each day type to a base level and normalises by the maximum.
    pub(crate) fn new(floor: f64, workday: &[Hump], saturday: &[Hump], sunday: &[Hump]) -> Self {
        let shapes = [workday, saturday, sunday].map(|humps| shape(floor, humps));
        let highest = shapes.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
        Self(shapes.map(|shape| shape.map(|value| (value / highest) as f32)))
    }

    /// The same profile on every day.
    pub(crate) fn daily(floor: f64, humps: &[Hump]) -> Self {
        Self::new(floor, humps, humps, humps)
    }

    /// The quarter-hours of a day.
    pub(crate) fn of(&self, day_type: DayType) -> &[f32; QUARTERS_PER_DAY] {
        &self.0[day_type as usize]
    }

    /// The same shape, this many quarter-hours later.
    pub(crate) fn delayed(mut self, quarters: i32) -> Self {
        let shift = quarters.rem_euclid(QUARTERS_PER_DAY as i32) as usize;
        self.0.iter_mut().for_each(|day| day.rotate_right(shift));
        self
    }
}

fn shape(floor: f64, humps: &[Hump]) -> [f64; QUARTERS_PER_DAY] {
    std::array::from_fn(|quarter| {
        let hour = (quarter as f64 + 0.5) / 4.0;
        let bell = |Hump(centre, width, height): &Hump| {
            // The day is cyclic: a hump at 23:00 extends beyond midnight.
            let distance = (hour - centre + 12.0).rem_euclid(24.0) - 12.0;
            height * (-0.5 * (distance / width).powi(2)).exp()
        };
        floor + humps.iter().map(bell).sum::<f64>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_peaks_at_one_where_its_highest_hump_is() {
        let profile = DailyProfile::new(0.2, &[Hump(18.0, 1.0, 0.8)], &[Hump(12.0, 1.0, 0.4)], &[]);
        let workday = profile.of(DayType::Workday);
        assert!((workday[72] - 1.0).abs() < 1e-6);
        assert!(profile.of(DayType::Saturday)[48] < 0.7);
        assert!((profile.of(DayType::Sunday)[0] - 0.2).abs() < 0.01);
        assert_eq!(profile.clone().delayed(4).of(DayType::Workday)[76], workday[72]);
    }
}

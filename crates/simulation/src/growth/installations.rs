//! Solar power installed roof by roof: a step function that follows a growth law.

use rand::{Rng, RngExt};

use crate::customers::Customers;

/// A roof of panels, or a larger installation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Installation {
    /// When it starts to produce, in years from the end of the history.
    pub(crate) at_years: f64,
    /// Its power, kWp.
    pub(crate) kw: f64,
    /// Total installed power from then on, kWp.
    total_kw: f64,
}

/// The installations of a box over the time span.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Installations {
    /// Initial power, kWp.
    initial_kw: f64,
    /// In chronological order.
    added: Vec<Installation>,
}

impl Installations {
    /// Adds a roof whenever at least half of it is due, so that the steps stay within half a roof
    /// of the target. `times` are years from the end of the history.
    pub(crate) fn along(
        target_kw: impl Fn(f64) -> f64,
        times: impl Iterator<Item = f64>,
        mut size_kw: impl FnMut() -> f64,
    ) -> Self {
        let mut times = times.peekable();
        let initial_kw = times.peek().map_or(0.0, |first| target_kw(*first));
        let (mut total_kw, mut next_kw) = (initial_kw, size_kw());
        let mut added = Vec::new();
        for at_years in times {
            let due_kw = target_kw(at_years);
            while due_kw >= total_kw + next_kw / 2.0 {
                total_kw += next_kw;
                added.push(Installation { at_years, kw: next_kw, total_kw });
                next_kw = size_kw();
            }
        }
        Self { initial_kw, added }
    }

    /// Installed power at a time, kWp.
    pub(crate) fn kw(&self, years_from_end: f64) -> f64 {
        let done = self.added.partition_point(|step| step.at_years <= years_from_end);
        done.checked_sub(1).map_or(self.initial_kw, |last| self.added[last].total_kw)
    }

    /// The added installations in chronological order.
    pub(crate) fn added(&self) -> &[Installation] {
        &self.added
    }
}

/// Draws the size of an installation by customer type, kWp: 2 to 6 on the roof of a home; elsewhere
/// more, but at most a tenth of the transformer's rating. Larger ones are steps of their own law.
pub(crate) fn size_kw(random: &mut impl Rng, customers: Customers, capacity_kva: f64) -> f64 {
    match customers {
        Customers::Households => random.random_range(2.0..6.0),
        Customers::Shops | Customers::Offices => random.random_range(6.0..30.0_f64).min(0.1 * capacity_kva),
        Customers::Farm | Customers::LightIndustry => {
            random.random_range(10.0..60.0_f64).min(0.1 * capacity_kva)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installations_follow_the_target_within_half_a_roof() {
        let course = |years: f64| 40.0 + 10.0 * years;
        let days = || (-1000..200).map(|day| f64::from(day) / 365.25);
        let mut sizes = [4.0, 3.0, 5.0].into_iter().cycle();
        let stairs = Installations::along(course, days(), || sizes.next().unwrap());
        for day in days() {
            assert!((stairs.kw(day) - course(day)).abs() <= 2.51, "{day}: {}", stairs.kw(day));
        }
        assert!(stairs.added().len() > 5);
    }

    #[test]
    fn power_changes_by_whole_roofs_at_the_installations_alone() {
        let stairs = Installations::along(
            |years| (100.0 * (years + 1.0)).max(0.0),
            (-730..180).map(|day| f64::from(day) / 365.25),
            || 4.0,
        );
        assert_eq!(stairs.kw(-1.5), 0.0);
        for installation in stairs.added() {
            let before = stairs.kw(installation.at_years - 1e-6);
            assert!((stairs.kw(installation.at_years) - before - 4.0).abs() < 1e-9 || before == 0.0);
            assert_eq!(installation.total_kw % 4.0, 0.0);
        }
    }
}

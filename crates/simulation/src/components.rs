//! The components of a box's load and its transformer, drawn at random.
//!
//! Mixes and ranges are plausible assumptions for Dutch distribution networks, not fitted to data.

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::adoption::Adoption;
use crate::battery::Battery;
use crate::calendar::Calendar;
use crate::curtailment::Curtailment;
use crate::customers::Customers;
use crate::random::{Purpose, stream};

/// Standard deviation of solar production around that of the area's weather, as a fraction of it.
pub(crate) const SOLAR_NOISE: f64 = 0.025;

/// The peak loading a box is scaled to in the 26 weeks after the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stress {
    /// Below half of the capacity.
    Small,
    /// Half to five sixths of it.
    Comfortable,
    /// 88 to 97 %.
    Near,
    /// Over 100 %, by consumption.
    Import,
    /// Over 100 %, by feed-in.
    FeedIn,
}

/// The standard ratings of distribution transformers, kVA.
pub(crate) const RATINGS_KVA: [f64; 8] = [50.0, 100.0, 160.0, 250.0, 400.0, 630.0, 1000.0, 1600.0];

/// What is connected to a box. Powers are relative until `scale` adapts them to the transformer.
#[derive(Clone, Debug)]
pub(crate) struct Components {
    pub(crate) customers: Customers,
    pub(crate) stress: Stress,
    pub(crate) capacity_kva: f64,
    /// Peak loading to reach in the weeks ahead, as a fraction of the capacity.
    pub(crate) target: f64,
    /// Upper limit of the peak loading in the history, as a fraction of the capacity.
    pub(crate) past_limit: f64,
    /// Peak of the consumption without vehicles and heat pumps.
    pub(crate) base: Adoption,
    /// Installed solar power, kWp.
    pub(crate) solar: Adoption,
    /// Share of the panels that face south; the others face east and west.
    pub(crate) south_share: f64,
    pub(crate) vehicles: Adoption,
    /// Power at −5 °C.
    pub(crate) heat_pumps: Adoption,
    /// Shift of the daily profile, quarter-hours.
    pub(crate) delay_quarters: i32,
    /// Batteries behind the panels.
    pub(crate) battery: Option<Battery>,
    /// The limit that inverters put on feed-in.
    pub(crate) curtailment: Option<Curtailment>,
    /// Standard deviation of quarter-hours around the expected load, as a fraction of it.
    pub(crate) quarter_noise: f64,
    /// The same for whole days.
    pub(crate) day_noise: f64,
    /// Whether the register knows the rating.
    pub(crate) capacity_registered: bool,
    pub(crate) in_service: bool,
}

impl Components {
    /// Draws the components of a box, each with exponential growth.
    pub(crate) fn draw(seed: u64, number: usize, calendar: &Calendar) -> Self {
        let random = &mut stream(seed, Purpose::Components, number as u64);
        let customers = pick(random, Customers::ALL, [56.0, 11.0, 10.0, 12.0, 11.0]);
        let capacity_kva = pick(random, RATINGS_KVA, rating_mix(customers));
        let stress = stress(random, calendar);
        let target = match stress {
            Stress::Small => random.random_range(0.18..0.48),
            Stress::Comfortable => random.random_range(0.52..0.83),
            Stress::Near => random.random_range(0.88..0.97),
            Stress::Import | Stress::FeedIn => random.random_range(1.03..1.22),
        };
        let (solar, vehicles, heat_pumps) = shares(random, customers, stress);
        let growing = stress == Stress::Import;
        let mut adoption =
            |at_end_kw, slow, fast| Adoption::exponential(at_end_kw, random.random_range(slow..fast));
        let fast_solar = if stress == Stress::FeedIn { 0.45 } else { 0.32 };
        Self {
            customers,
            stress,
            capacity_kva,
            target,
            past_limit: past_limit(stress, target),
            base: adoption(1.0, -0.012, 0.018),
            solar: adoption(solar, fast_solar - 0.18, fast_solar),
            vehicles: adoption(vehicles, if growing { 0.40 } else { 0.25 }, 0.50),
            heat_pumps: adoption(heat_pumps, if growing { 0.25 } else { 0.12 }, 0.35),
            south_share: random.random_range(0.3..1.0),
            delay_quarters: random.random_range(-2..=2),
            // The fewer customers, the less their peaks average out.
            quarter_noise: 0.035 + 0.7 / (capacity_kva + 20.0).sqrt() * random.random_range(0.6..1.4),
            day_noise: random.random_range(0.02..0.05),
            capacity_registered: random.random_bool(0.98),
            in_service: random.random_bool(0.975),
            battery: None,
            curtailment: None,
        }
    }

    /// Multiplies every power by a factor.
    pub(crate) fn scale(&mut self, factor: f64) {
        for part in [&mut self.base, &mut self.solar, &mut self.vehicles, &mut self.heat_pumps] {
            part.at_end_kw *= factor;
        }
    }

    /// The factor that brings the peak ahead to the target, reduced where the history would exceed
    /// its limit. Peaks are the largest |kW| before scaling.
    pub(crate) fn fitting_scale(&self, past_peak_kw: f64, peak_ahead_kw: f64) -> f64 {
        let fitting = |loading: f64, kw: f64| loading * self.capacity_kva / kw.max(1e-9);
        fitting(self.target, peak_ahead_kw).min(fitting(self.past_limit, past_peak_kw))
    }
}

/// Draws one of several choices by weight.
fn pick<T: Copy, const N: usize>(random: &mut impl Rng, choices: [T; N], weights: [f64; N]) -> T {
    let mut rest = random.random_range(0.0..weights.iter().sum());
    for (choice, weight) in choices.iter().zip(weights) {
        if rest < weight {
            return *choice;
        }
        rest -= weight;
    }
    choices[N - 1]
}

/// Weights of the ratings: farms have small transformers, industry large ones.
const fn rating_mix(customers: Customers) -> [f64; 8] {
    match customers {
        Customers::Households => [1.0, 4.0, 8.0, 18.0, 38.0, 29.0, 2.0, 0.0],
        Customers::Shops => [0.0, 2.0, 5.0, 15.0, 35.0, 35.0, 8.0, 0.0],
        Customers::Offices => [0.0, 0.0, 3.0, 10.0, 25.0, 35.0, 20.0, 7.0],
        Customers::Farm => [10.0, 25.0, 30.0, 25.0, 8.0, 2.0, 0.0, 0.0],
        Customers::LightIndustry => [0.0, 0.0, 2.0, 8.0, 20.0, 35.0, 22.0, 13.0],
    }
}

/// The upper limit of the peak loading in the history of a box with this stress and target.
pub(crate) fn past_limit(stress: Stress, target: f64) -> f64 {
    match stress {
        Stress::Small | Stress::Comfortable => target + 0.06,
        Stress::Near => 0.99,
        Stress::Import | Stress::FeedIn => 1.1,
    }
}

fn stress(random: &mut impl Rng, calendar: &Calendar) -> Stress {
    use Stress::{Comfortable, FeedIn, Import, Near, Small};
    let drawn = pick(random, [Small, Comfortable, Near, Import, FeedIn], [12.0, 68.5, 10.0, 5.5, 4.0]);
    if drawn == Import && !winter_ahead(calendar) { FeedIn } else { drawn }
}

/// Whether the weeks ahead include January: otherwise consumption can't reach its first overload
/// there.
pub(crate) fn winter_ahead(calendar: &Calendar) -> bool {
    let ahead = &calendar.days[calendar.history_days..calendar.fitted_days()];
    ahead.iter().any(|day| (0.03..0.05).contains(&day.year_fraction))
}

/// Solar power, vehicles and heat pumps at the end of the history, relative to the base peak.
fn shares(random: &mut impl Rng, customers: Customers, stress: Stress) -> (f64, f64, f64) {
    let (solar, vehicles, heat_pumps) = match customers {
        Customers::Households => (0.3..1.5, 0.06..0.40, 0.05..0.45),
        Customers::Shops => (0.0..1.0, 0.0..0.25, 0.0..0.2),
        Customers::Offices => (0.0..1.2, 0.05..0.35, 0.0..0.3),
        Customers::Farm => (0.3..3.2, 0.0..0.10, 0.0..0.15),
        Customers::LightIndustry => (0.0..1.8, 0.0..0.20, 0.0..0.15),
    };
    let mut draw = |range: std::ops::Range<f64>| random.random_range(range);
    match stress {
        Stress::Import => (draw(0.0..0.5), draw(0.30..0.60), draw(0.25..0.60)),
        Stress::FeedIn => (draw(2.4..4.0), draw(vehicles), draw(heat_pumps)),
        _ => (draw(solar), draw(vehicles), draw(heat_pumps)),
    }
}

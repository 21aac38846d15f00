//! Draws which boxes of a mixed network grow, in which technologies and by which laws.

use rand::{Rng, RngExt};

use super::installations::size_kw;
use super::{GrowingShare, Installations, Law, Step};
use crate::adoption::Adoption;
use crate::battery::Battery;
use crate::calendar::Calendar;
use crate::components::{Components, Stress, past_limit, winter_ahead};
use crate::curtailment::Curtailment;
use crate::customers::Customers;
use crate::random::{Purpose, stream};

/// Share of the boxes with home batteries. An assumption: few homes have one yet, far more are
/// expected once net metering ends in 2027 (RVO, Netbeheer Nederland).
const WITH_BATTERIES: f64 = 0.15;
/// Share of the boxes with much solar power at which inverters curtail feed-in. An assumption, on
/// the high side so that forecasts meet enough such boxes; complaints about inverters that switch
/// off come from streets with many panels (Netbeheer Nederland).
const WITH_CURTAILMENT: f64 = 0.3;
/// Solar power that counts as much, relative to the base peak.
const MUCH_SOLAR: f64 = 1.0;
/// Of the boxes without growth that were drawn to be overloaded, the share that stays so.
const OVERLOADED_WITHOUT_GROWTH: f64 = 0.25;
/// Share of the growing boxes that growth overloads, in addition to those drawn to be overloaded.
const OVERLOADED_BY_GROWTH: f64 = 0.15;

/// Weights of a technology's growth laws: exponential, linear, logistic, stop, start, steps. The
/// weights are assumptions.
type LawMix = [f64; 6];
const SOLAR: LawMix = [15.0, 20.0, 22.0, 20.0, 13.0, 10.0];
/// Large roofs are more often added in one step.
const SOLAR_ON_LARGE_ROOFS: LawMix = [8.0, 12.0, 15.0, 15.0, 10.0, 40.0];
const VEHICLES: LawMix = [35.0, 25.0, 10.0, 7.0, 15.0, 8.0];
/// Sales have fallen since 2023 (CBS, RVO), so growth often stops or saturates.
const HEAT_PUMPS: LawMix = [20.0, 30.0, 20.0, 15.0, 15.0, 0.0];

/// Replaces the growth of a box's components by that of a mixed network; draws batteries and
/// curtailment.
pub(crate) fn draw(
    seed: u64,
    number: usize,
    share: GrowingShare,
    calendar: &Calendar,
    components: &mut Components,
) {
    let random = &mut stream(seed, Purpose::Growth, number as u64);
    let years = (-calendar.days[0].years_from_end).max(1.0);
    let grows = grows(seed, number, share);
    draw_stress(random, grows, winter_ahead(calendar), components);
    let [solar, vehicles, heat_pumps] = growing(random, components);
    let large_roofs = components.customers != Customers::Households;
    let solar_mix = if large_roofs { SOLAR_ON_LARGE_ROOFS } else { SOLAR };
    let mut law = |grows: bool, mix, part: &mut Adoption, min_kw: std::ops::Range<f64>| {
        let (law, min_kw) = (draw_law(random, mix, years), random.random_range(min_kw));
        part.law = if grows { law } else { Law::Stable };
        if grows {
            part.at_end_kw = part.at_end_kw.max(min_kw);
        }
    };
    law(grows && solar, solar_mix, &mut components.solar, 0.6..1.6);
    law(grows && vehicles, VEHICLES, &mut components.vehicles, 0.2..0.6);
    law(grows && heat_pumps, HEAT_PUMPS, &mut components.heat_pumps, 0.2..0.5);
    // A large installation must be visible in the load.
    let large = random.random_range(1.0..2.2);
    if matches!(components.solar.law, Law::Steps { .. }) {
        components.solar.at_end_kw = components.solar.at_end_kw.max(large);
    }
    let (has_batteries, battery) = (random.random_bool(WITH_BATTERIES), random.random_range(0.2..0.7));
    components.battery = has_batteries.then_some(Battery { share: battery });
    let (limits, limit) = (random.random_bool(WITH_CURTAILMENT), random.random_range(0.3..0.85));
    let limits = limits && components.solar.at_end_kw >= MUCH_SOLAR;
    components.curtailment = limits.then(|| Curtailment::new(limit * components.capacity_kva));
}

/// Replaces the smooth growth of solar power by single roofs. Requires components that are scaled
/// to their transformer, as roofs have a size in kWp.
pub(crate) fn install(seed: u64, number: usize, components: &mut Components, calendar: &Calendar) {
    let random = &mut stream(seed, Purpose::Installations, number as u64);
    let (customers, capacity) = (components.customers, components.capacity_kva);
    let solar = &mut components.solar;
    if matches!(solar.law, Law::Stable | Law::Steps { .. }) {
        return;
    }
    let times = calendar.days.iter().map(|day| day.years_from_end);
    let target_kw = |years| solar.kw(years);
    let installations = Installations::along(target_kw, times, || size_kw(random, customers, capacity));
    solar.installations = Some(installations);
}

/// Whether a box grows. Fractional parts of multiples of the golden ratio are equidistributed, so a
/// network of any size has the requested share to about one box; a box that grows under a smaller
/// share also grows under a larger one.
fn grows(seed: u64, number: usize, share: GrowingShare) -> bool {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let start: f64 = stream(seed, Purpose::GrowingShare, 0).random();
    (start + GOLDEN * number as f64).fract() < share.get()
}

/// Redraws the peak loading of a box: growth overloads some more boxes, and few boxes without
/// growth are overloaded, as they would have been all along.
fn draw_stress(random: &mut impl Rng, grows: bool, winter_ahead: bool, components: &mut Components) {
    // Every box draws all values, so that its random numbers are the same under every share.
    let kept = random.random_bool(OVERLOADED_WITHOUT_GROWTH);
    let outgrown = random.random_bool(OVERLOADED_BY_GROWTH);
    let by_feed_in = random.random_bool(0.5) || !winter_ahead;
    let (near, over) = (random.random_range(0.88..0.97), random.random_range(1.03..1.22));
    let history_limit = random.random_range(0.92..1.1);
    let (little, much) = (random.random_range(0.0..0.5), random.random_range(2.4..4.0));
    let (vehicles, heat_pumps) = (random.random_range(0.3..0.6), random.random_range(0.25..0.6));
    let overloaded = matches!(components.stress, Stress::Import | Stress::FeedIn);
    if grows && !overloaded && outgrown {
        components.target = over;
        if by_feed_in {
            components.stress = Stress::FeedIn;
            components.solar.at_end_kw = much;
        } else {
            components.stress = Stress::Import;
            components.solar.at_end_kw = little;
            (components.vehicles.at_end_kw, components.heat_pumps.at_end_kw) = (vehicles, heat_pumps);
        }
    }
    if grows && (overloaded || outgrown) {
        components.past_limit = history_limit;
    } else if overloaded && !grows && !kept {
        (components.stress, components.target) = (Stress::Near, near);
        components.past_limit = past_limit(Stress::Near, near);
    }
}

/// Which of solar power, vehicles and heat pumps grow at a growing box: at least one, including the
/// one that overloads it.
fn growing(random: &mut impl Rng, components: &Components) -> [bool; 3] {
    let mut growing = [0.75, 0.6, 0.4].map(|probability| random.random_bool(probability));
    if components.stress == Stress::FeedIn || growing == [false; 3] {
        growing[0] = true;
    }
    if components.stress == Stress::Import {
        growing[1] = true;
    }
    growing
}

/// Draws a law whose growth falls within or close to a history of `years` years.
fn draw_law(random: &mut impl Rng, mix: LawMix, years: f64) -> Law {
    let mut rest = random.random_range(0.0..mix.iter().sum());
    let chosen = mix.iter().position(|weight| {
        rest -= weight;
        rest < 0.0
    });
    match chosen {
        Some(0) => exponential(random),
        Some(1) => linear(random),
        Some(2) => Law::Logistic {
            steepness_per_year: random.random_range(0.8..2.2),
            midpoint_years: random.random_range(-0.8..0.25) * years,
        },
        Some(3) => {
            let before = if random.random_bool(0.5) { linear(random) } else { exponential(random) };
            // At least half of all stops lie within the last year.
            let earliest = if random.random_bool(0.5) { 1.0 } else { years };
            Law::Stop { before: Box::new(before), stops_at_years: weeks_ago(random, 0.04, 0.95 * earliest) }
        }
        Some(4) => {
            let starts_at_years = weeks_ago(random, 0.2 * years, 0.8 * years);
            let after = if random.random_bool(0.6) {
                Law::Linear { slope_per_year: -1.0 / starts_at_years }
            } else {
                let steepness_per_year = random.random_range(1.0..2.5);
                Law::Logistic { steepness_per_year, midpoint_years: 0.6 * starts_at_years }
            };
            Law::Start { after: Box::new(after), starts_at_years }
        }
        _ => steps(random, years),
    }
}

fn exponential(random: &mut impl Rng) -> Law {
    Law::Exponential { rate_per_year: random.random_range(0.12..0.40) }
}

fn linear(random: &mut impl Rng) -> Law {
    Law::Linear { slope_per_year: random.random_range(0.08..0.19) }
}

/// One or two large installations within the history; at one box in ten another soon after it.
fn steps(random: &mut impl Rng, years: f64) -> Law {
    let initial = if random.random_bool(0.4) { 0.0 } else { random.random_range(0.1..0.6) };
    let count = if random.random_bool(0.7) { 1 } else { 2 };
    let times: Vec<f64> = (0..count).map(|_| weeks_ago(random, 0.04, 0.9 * years)).collect();
    let (later, when_later) = (random.random_bool(0.1), weeks_ago(random, 0.04, 0.45));
    let mut step = |at_years: f64| Step { at_years, size: random.random_range(0.5..1.0) };
    let mut steps: Vec<Step> = times.iter().map(|at_years| step(*at_years)).collect();
    if later {
        steps.push(step(-when_later));
    }
    steps.sort_by(|one, other| one.at_years.total_cmp(&other.at_years));
    Law::Steps { initial, steps }
}

/// Draws a time of whole weeks before the end of the history, in years from it; the bounds are
/// years before the end.
fn weeks_ago(random: &mut impl Rng, latest: f64, earliest: f64) -> f64 {
    const WEEKS_PER_YEAR: f64 = 365.25 / 7.0;
    -(random.random_range(latest..earliest) * WEEKS_PER_YEAR).round().max(1.0) / WEEKS_PER_YEAR
}

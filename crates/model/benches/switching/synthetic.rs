//! Weekly extremes of invented boxes: season, growth, noise with an autocorrelation and heavy tails,
//! outliers, cold spells and gaps; and switchings laid over any box's weeks.

use model::{IsoWeek, WeekExtremes, switching::SwitchingKind};

use crate::random::Random;

/// Weeks of history.
pub(crate) const WEEKS: usize = 160;

/// A box and the standard deviation of the noise of its minimum and maximum, kW.
pub(crate) struct Invented {
    pub(crate) weeks: Vec<WeekExtremes>,
    pub(crate) deviation_kw: [f64; 2],
}

/// A switching as it was put in.
pub(crate) struct Planted {
    pub(crate) first: IsoWeek,
    pub(crate) last: IsoWeek,
    pub(crate) kind: SwitchingKind,
}

/// A box of about 250 kW in winter; every third one feeds in at noon in summer.
pub(crate) fn invent(seed: u64) -> Invented {
    let random = &mut Random::new(seed);
    let level = random.between(120.0, 300.0);
    let season = level * random.between(0.05, 0.35);
    let growth = level * random.between(-0.03, 0.06);
    let solar = if random.chance(0.33) { level * random.between(0.3, 1.0) } else { 0.0 };
    let deviation_kw = [level * random.between(0.02, 0.05), level * random.between(0.03, 0.07)];
    let share = random.between(0.3, 0.8);
    let autocorrelation = random.between(0.6, 0.9);
    let start = random.between(0.0, 52.0);
    // Begin, length and size of a cold spell in some winters, weeks and standard deviations.
    let cold: Vec<(f64, f64, f64)> = (0..4)
        .filter_map(|year| {
            let begin = 52.18 * f64::from(year) - start + random.between(-6.0, 6.0);
            let spell = (begin, random.between(1.0, 2.5), random.between(1.5, 3.0));
            random.chance(0.6).then_some(spell)
        })
        .collect();
    let mut slow = [random.normal(), random.normal()];
    let mut weeks = Vec::new();
    for week in 0..WEEKS {
        let at = std::f64::consts::TAU * (week as f64 + start) / 52.18;
        let years = week as f64 / 52.18;
        let common = random.normal();
        let mut noise = [0.0; 2];
        for x in 0..2 {
            let innovation = 0.5_f64.sqrt() * (common + random.normal());
            slow[x] =
                autocorrelation * slow[x] + (1.0 - autocorrelation * autocorrelation).sqrt() * innovation;
            noise[x] = share.sqrt() * slow[x] + (1.0 - share).sqrt() * random.heavy();
        }
        let spell: f64 = cold
            .iter()
            .filter(|(from, length, _)| (*from..from + length).contains(&(week as f64)))
            .map(|(_, _, size)| size)
            .sum();
        let winter = at.cos() + 0.25 * (2.0 * at + 1.0).cos();
        let mut max_kw = level + season * winter + growth * years + deviation_kw[1] * (noise[1] + spell);
        let sun = solar * (0.5 - 0.5 * at.cos());
        let mut min_kw = 0.3 * level + 0.4 * season * winter + 0.3 * growth * years - sun
            + deviation_kw[0] * (noise[0] + 0.4 * spell);
        if random.chance(0.01) {
            max_kw += level * random.between(0.5, 3.0);
        }
        if random.chance(0.003) {
            min_kw -= level * random.between(0.5, 3.0);
        }
        let week = IsoWeek::from_index(2_700 + week as i32);
        weeks.push(WeekExtremes { week, min_kw: min_kw.min(max_kw), max_kw, readings: 672 });
    }
    if random.chance(0.25) {
        let from = random.between(0.0, WEEKS as f64 - 6.0) as usize;
        let length = random.between(1.0, 7.0) as usize;
        weeks.drain(from..from + length);
    }
    Invented { weeks, deviation_kw }
}

/// Lays a switching over a box: `size` standard deviations of the maximum, `days` long, from a random day on.
/// A relief takes a share of all load away, at most all of it.
pub(crate) fn plant(
    weeks: &mut [WeekExtremes],
    deviation_kw: [f64; 2],
    size: f64,
    days: f64,
    seed: u64,
) -> Option<Planted> {
    let random = &mut Random::new(seed);
    let (begin, end) = (weeks.first()?.week.index(), weeks.last()?.week.index());
    let latest = f64::from(7 * (end - begin)) - days - 42.0;
    let from_day = random.between(56.0, latest.max(57.0)).floor();
    let kind = if random.chance(0.5) { SwitchingKind::ExtraLoad } else { SwitchingKind::Relief };
    let sunny = random.chance(0.25);
    let share_min = random.between(0.3, 1.0);
    let step_max = size * deviation_kw[1];
    let step_min = size * deviation_kw[0] * if sunny { -share_min } else { share_min };
    let level = weeks.iter().map(|row| row.max_kw.max(-row.min_kw)).sum::<f64>() / weeks.len() as f64;
    let left = (1.0 - step_max / level).max(0.0);
    let mut touched: Vec<IsoWeek> = Vec::new();
    for row in weeks.iter_mut() {
        let monday = f64::from(7 * (row.week.index() - begin));
        let share = ((monday + 7.0).min(from_day + days) - monday.max(from_day)) / 7.0;
        if share <= 0.0 {
            continue;
        }
        touched.push(row.week);
        // The neighbour's load varies, too.
        let wobble = 1.0 + 0.1 * random.normal();
        let (low, high) = match kind {
            SwitchingKind::ExtraLoad => (row.min_kw + step_min * wobble, row.max_kw + step_max * wobble),
            SwitchingKind::Relief => (row.min_kw * left, row.max_kw * left),
        };
        if share > 0.999 {
            (row.min_kw, row.max_kw) = (low.min(high), high.max(low));
        } else {
            (row.min_kw, row.max_kw) = (row.min_kw.min(low), row.max_kw.max(high));
        }
    }
    Some(Planted { first: *touched.first()?, last: *touched.last()?, kind })
}

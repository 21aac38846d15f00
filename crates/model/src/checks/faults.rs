//! Weekly extremes that no transformer can have had: error codes, wrong units, frozen meters.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::WeekExtremes;
use crate::{Capacity, Extreme, IsoWeek};

/// Why an extreme is set aside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// It lies beyond [`BEYOND_CAPACITY`] times the capacity.
    BeyondCapacity,
    /// It recurs exactly, far outside everything else that the box measured.
    ErrorCode,
    /// Both extremes of the week are a thousand times what the box measures otherwise.
    WrongUnit,
    /// The same two extremes, to the last digit, for weeks.
    FrozenMeter,
}

/// An extreme that is not to be believed.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetAside {
    /// Its week.
    pub week: IsoWeek,
    /// Which of its extremes.
    pub extreme: Extreme,
    /// The reported value, kW.
    pub kw: f64,
    /// Why it is not believed.
    pub kind: FaultKind,
}

/// A transformer can't carry more than this many times its capacity for a quarter of an hour.
pub const BEYOND_CAPACITY: f64 = 5.0;

/// An error code recurs in so many weeks at least.
const MIN_RECURRENCES: usize = 3;
/// So many other values must be there to say what a box measures.
const MIN_OTHERS: usize = 8;
/// So many times the spread of the others, from their 5 % to their 95 % quantile, lies between these and an error code.
const FAR_SPREADS: f64 = 1.0;
/// Meters have few codes: so many values that recur far outside are a load in coarse steps.
const MAX_CODES: usize = 2;
/// Beyond so many times the capacity no load stays, week after week.
const CAPACITY_TIMES: f64 = 1.5;
/// The same without a capacity: times the largest of the others.
const OTHERS_TIMES: f64 = 3.0;
/// Exactly the same extremes in so many weeks in a row are a frozen meter.
const MIN_FROZEN_WEEKS: usize = 3;
/// A meter has coarse steps where runs of equal weeks come back more than so many times on average.
const COARSE_TIMES: usize = 2;
/// Between kilo and the unit itself.
const KILO: f64 = 1_000.0;

/// The extremes that are not to be believed, by week, the minimum before the maximum.
///
/// `weeks` ascend, each once. Without a capacity the criterion of size is left out. A box that tells the same
/// two values all the time has nothing that could be set aside.
pub(super) fn find_faults(weeks: &[WeekExtremes], capacity: Option<Capacity>) -> Vec<SetAside> {
    let mut found: HashMap<(IsoWeek, Extreme), FaultKind> = HashMap::new();
    let beyond_kw = capacity.map_or(f64::INFINITY, |capacity| BEYOND_CAPACITY * capacity.kva());
    for week in weeks {
        for extreme in Extreme::ALL {
            if week.get(extreme).abs() > beyond_kw {
                found.insert((week.week, extreme), FaultKind::BeyondCapacity);
            }
        }
    }
    mark_wrong_units(weeks, beyond_kw, &mut found);
    for extreme in Extreme::ALL {
        mark_error_codes(weeks, extreme, capacity, &mut found);
    }
    mark_frozen(weeks, &mut found);
    let listed = weeks.iter().flat_map(|week| {
        Extreme::ALL.map(|extreme| {
            let kind = *found.get(&(week.week, extreme))?;
            Some(SetAside { week: week.week, extreme, kw: week.get(extreme), kind })
        })
    });
    listed.flatten().collect()
}

/// Why values of one extreme are not to be believed, in their order: as for a box, but for a frozen meter, which one
/// extreme alone can't tell.
#[must_use]
pub fn faults_of_values(values: &[(IsoWeek, f64)], capacity: Option<Capacity>) -> Vec<Option<FaultKind>> {
    let alone =
        |&(week, kw): &(IsoWeek, f64)| WeekExtremes { week, min_kw: kw, max_kw: kw, readings: u16::MAX };
    let weeks: Vec<WeekExtremes> = values.iter().map(alone).collect();
    let beyond_kw = capacity.map_or(f64::INFINITY, |capacity| BEYOND_CAPACITY * capacity.kva());
    let mut found = Found::new();
    for week in weeks.iter().filter(|week| week.magnitude_kw() > beyond_kw) {
        found.insert((week.week, Extreme::Max), FaultKind::BeyondCapacity);
    }
    mark_wrong_units(&weeks, beyond_kw, &mut found);
    mark_error_codes(&weeks, Extreme::Max, capacity, &mut found);
    values.iter().map(|&(week, _)| found.get(&(week, Extreme::Max)).copied()).collect()
}

/// Whether a value that is not among the weeks is a thousand times what they show: of the box itself, or where there is
/// little of it, of its capacity.
#[must_use]
pub fn is_wrong_unit(kw: f64, weeks: &[WeekExtremes], capacity: Option<Capacity>) -> bool {
    let mut sizes_kw: Vec<f64> = weeks.iter().map(WeekExtremes::magnitude_kw).collect();
    sizes_kw.sort_by(f64::total_cmp);
    let beyond_kw = capacity.map_or(f64::INFINITY, |capacity| BEYOND_CAPACITY * capacity.kva());
    kw.abs() > beyond_kw && usual_kw(&sizes_kw, beyond_kw).contains(&(kw.abs() / KILO))
}

/// What a week may come to: of the box itself by what it shows otherwise, ascending, or where all of it is wrong, of its
/// capacity.
fn usual_kw(others_kw: &[f64], beyond_kw: f64) -> std::ops::RangeInclusive<f64> {
    match others_kw.get(others_kw.len() / 2) {
        Some(&median) if others_kw.len() >= MIN_OTHERS => 0.2 * median..=2.0 * others_kw[others_kw.len() - 1],
        _ => 0.01 * beyond_kw / BEYOND_CAPACITY..=1.5 * beyond_kw / BEYOND_CAPACITY,
    }
}

type Found = HashMap<(IsoWeek, Extreme), FaultKind>;

/// Weeks beyond the capacity whose both extremes would be like the others of the box at a thousandth.
fn mark_wrong_units(weeks: &[WeekExtremes], beyond_kw: f64, found: &mut Found) {
    // One value for both extremes that recurs is a code, whatever a thousandth of it would be.
    let is_code = |of: &WeekExtremes| {
        let same = |week: &&WeekExtremes| week.min_kw == of.min_kw && week.max_kw == of.max_kw;
        of.min_kw == of.max_kw && weeks.iter().filter(same).count() >= MIN_RECURRENCES
    };
    let is_beyond = |week: &&WeekExtremes| week.magnitude_kw() > beyond_kw;
    let mut others_kw: Vec<f64> =
        weeks.iter().filter(|week| !is_beyond(week)).map(WeekExtremes::magnitude_kw).collect();
    others_kw.sort_by(f64::total_cmp);
    let usual_kw = usual_kw(&others_kw, beyond_kw);
    // The median size of each extreme; none where all of the box is wrong.
    let medians = Extreme::ALL.map(|extreme| {
        let mut sizes_kw: Vec<f64> =
            weeks.iter().filter(|week| !is_beyond(week)).map(|week| week.get(extreme).abs()).collect();
        sizes_kw.sort_by(f64::total_cmp);
        sizes_kw.get(sizes_kw.len() / 2).copied().filter(|_| sizes_kw.len() >= MIN_OTHERS)
    });
    let usual_of = |extreme: Extreme| match extreme {
        Extreme::Min => medians[0],
        Extreme::Max => medians[1],
    };
    for week in weeks.iter().filter(is_beyond) {
        // Both extremes: an error code in one quarter of an hour spares the other.
        let is_both = Extreme::ALL.into_iter().all(|extreme| {
            let least_kw =
                usual_of(extreme).map_or(beyond_kw / BEYOND_CAPACITY, |usual_kw| usual_kw * KILO.sqrt());
            week.get(extreme).abs() >= least_kw
        });
        if is_both && !is_code(week) && usual_kw.contains(&(week.magnitude_kw() / KILO)) {
            for extreme in Extreme::ALL {
                found.insert((week.week, extreme), FaultKind::WrongUnit);
            }
        }
    }
}

/// Values that recur exactly, far outside the others of both extremes, and alone there: beyond what the transformer may
/// carry, or of the forms that meters have for errors. A load in whole tens of kilowatts recurs too, but on many values.
fn mark_error_codes(weeks: &[WeekExtremes], extreme: Extreme, capacity: Option<Capacity>, found: &mut Found) {
    let mut recurrences: HashMap<u64, usize> = HashMap::new();
    for week in weeks {
        for of in Extreme::ALL {
            *recurrences.entry(key(of, week.get(of))).or_default() += 1;
        }
    }
    let recurs =
        |of: Extreme, kw: f64| recurrences.get(&key(of, kw)).is_some_and(|&count| count >= MIN_RECURRENCES);
    // A load in coarse steps recurs too: where the capacity tells that a value may be a load, it is one of the others.
    let may_be_load = |kw: f64| {
        !is_code_form(kw) && capacity.is_some_and(|capacity| kw.abs() <= CAPACITY_TIMES * capacity.kva())
    };
    let ascending_kw = |is_other: &dyn Fn(Extreme, f64) -> bool| {
        let values = weeks.iter().flat_map(|week| Extreme::ALL.map(|of| (of, week.week, week.get(of))));
        let others = values.filter(|(of, at, kw)| is_other(*of, *kw) && !found.contains_key(&(*at, *of)));
        let mut kw: Vec<f64> = others.map(|(.., kw)| kw).collect();
        kw.sort_by(f64::total_cmp);
        kw
    };
    let mut others_kw = ascending_kw(&|of, kw| !recurs(of, kw) || may_be_load(kw));
    if others_kw.len() < MIN_OTHERS {
        others_kw = ascending_kw(&|_, kw| !is_code_form(kw));
    }
    if others_kw.len() < MIN_OTHERS {
        return;
    }
    let quantile = |level: f64| others_kw[(level * (others_kw.len() - 1) as f64) as usize];
    let (low_kw, high_kw) = (quantile(0.05), quantile(0.95));
    let (spread_kw, large_kw) = (high_kw - low_kw, low_kw.abs().max(high_kw.abs()));
    // Nearer to zero than the others is a transformer without load, not an error.
    let is_far = |kw: f64| {
        let is_outside = kw > high_kw + FAR_SPREADS * spread_kw || kw < low_kw - FAR_SPREADS * spread_kw;
        kw.abs() > large_kw && is_outside
    };
    let mut far: Vec<u64> = weeks
        .iter()
        .filter(|week| !found.contains_key(&(week.week, extreme)))
        .map(|week| week.get(extreme))
        .filter(|&kw| is_far(kw) && recurs(extreme, kw))
        .map(|kw| key(extreme, kw))
        .collect();
    far.sort_unstable();
    far.dedup();
    if far.len() > MAX_CODES {
        return;
    }
    let most_kw = capacity.map_or(OTHERS_TIMES * large_kw, |capacity| CAPACITY_TIMES * capacity.kva());
    for week in weeks {
        let kw = week.get(extreme);
        if recurs(extreme, kw) && is_far(kw) && (kw.abs() > most_kw || is_code_form(kw)) {
            found.entry((week.week, extreme)).or_insert(FaultKind::ErrorCode);
        }
    }
}

/// Whether meters write errors so: nothing but nines, or the last number of a binary word, with decimals or without.
fn is_code_form(kw: f64) -> bool {
    let digits: String = kw.abs().to_string().chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let is_nines = digits.len() >= 3 && digits.bytes().all(|digit| digit == b'9');
    let is_word = |bits: u32| {
        let last = 2_u64.pow(bits);
        [last - 1, last]
            .iter()
            .any(|word| digits.trim_end_matches('0') == word.to_string().trim_end_matches('0'))
    };
    is_nines || [15, 16, 31, 32].into_iter().any(is_word)
}

/// One value of one extreme.
fn key(extreme: Extreme, kw: f64) -> u64 {
    // The lowest bit of a measured value tells nothing.
    (kw.to_bits() & !1) | u64::from(extreme == Extreme::Max)
}

/// Weeks in a row with exactly the same two extremes. The first of them may still be measured, unless it is as
/// flat as the others; a transformer without load is none.
fn mark_frozen(weeks: &[WeekExtremes], found: &mut Found) {
    let is_same = |a: &WeekExtremes, b: &WeekExtremes| a.min_kw == b.min_kw && a.max_kw == b.max_kw;
    let runs = weeks.chunk_by(is_same);
    // Where the same two values come back in weeks apart, again and again, the meter has coarse steps.
    let pairs: HashSet<(u64, u64)> =
        runs.clone().map(|run| (run[0].min_kw.to_bits(), run[0].max_kw.to_bits())).collect();
    if COARSE_TIMES * pairs.len() < runs.clone().count() {
        return;
    }
    for run in runs.filter(|run| run.len() >= MIN_FROZEN_WEEKS && run.len() < weeks.len()) {
        if run[0].magnitude_kw() == 0.0 {
            continue;
        }
        let is_flat = run[0].min_kw == run[0].max_kw;
        for week in &run[usize::from(!is_flat)..] {
            for extreme in Extreme::ALL {
                found.entry((week.week, extreme)).or_insert(FaultKind::FrozenMeter);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_in_coarse_steps_is_no_error_code() {
        let wobble = |week: i32| f64::from(week * 7_919 % 101) / 101.0 - 0.5;
        // A new meter in whole tens of kilowatts beside a new load; a pump that takes exactly 75 kW in summer; chargers.
        let stepped = |week: i32| {
            if week < 60 { 60.0 + 9.0 * wobble(week) } else { 10.0 * (64.0 + 4.0 * wobble(week)).round() }
        };
        let pump = |week: i32| if week % 52 < 9 { 75.0 } else { 30.0 + 9.0 * wobble(week) };
        let chargers = |week: i32| {
            if week % 5 == 0 { 50.0 * f64::from(2 + week % 2) } else { 20.0 + 9.0 * wobble(week) }
        };
        for (name, load) in
            [("stepped", &stepped as &dyn Fn(i32) -> f64), ("pump", &pump), ("chargers", &chargers)]
        {
            for sign in [1.0, -1.0] {
                for capacity in
                    [Capacity::new(630.0).ok(), Capacity::new(160.0).ok().filter(|_| name != "stepped")]
                {
                    let values: Vec<(IsoWeek, f64)> =
                        (0..156).map(|week| (IsoWeek::from_index(2_700 + week), sign * load(week))).collect();
                    let faults = faults_of_values(&values, capacity);
                    assert!(faults.iter().all(Option::is_none), "{name} {sign} {capacity:?}");
                }
            }
        }
        for code in [-999.0, 999.9, 9.99, 3_276.7, 32_768.0, 4_294_967.295, 65_535.0, 65.535] {
            assert!(is_code_form(code), "{code}");
        }
        for load in [75.0, 99.0, 640.0, 100.0, 0.0, 12.5] {
            assert!(!is_code_form(load), "{load}");
        }
    }

    #[test]
    fn codes_are_found_among_coarse_steps_and_these_are_no_frozen_meter() {
        let tens = |week: i32| 10.0 * (20.0 + 12.0 * (f64::from(week * 7_919 % 101) / 101.0 - 0.5)).round();
        for code in [-9_999.0, 32_767.0, 999_999.0] {
            let value = |week: i32| {
                (IsoWeek::from_index(2_700 + week), if week % 5 == 2 { code } else { tens(week) })
            };
            let values: Vec<(IsoWeek, f64)> = (0..156).map(value).collect();
            let faults = faults_of_values(&values, None);
            assert!(
                values.iter().zip(faults).all(|((_, kw), fault)| fault.is_some() == (*kw == code)),
                "{code}"
            );
        }
        let coarse: Vec<WeekExtremes> = (0..156)
            .map(|week| WeekExtremes {
                week: IsoWeek::from_index(2_700 + week),
                min_kw: 0.0,
                max_kw: if week > 142 { 20.0 } else { 5.0 * f64::from(week / 2 % 3) },
                readings: 672,
            })
            .collect();
        assert_eq!(find_faults(&coarse, Capacity::new(15.0).ok()), []);
        let flat: Vec<WeekExtremes> = calm(160)
            .into_iter()
            .map(|week| WeekExtremes { min_kw: 65_535.0, max_kw: 65_535.0, ..week })
            .collect();
        assert_eq!(
            all_of(&find_faults(&flat, Capacity::new(400.0).ok()), FaultKind::BeyondCapacity, Extreme::Max),
            160
        );
    }

    #[test]
    fn values_of_one_extreme_have_the_same_faults() {
        let mut weeks = calm(160);
        weeks[10].max_kw = 9_999.0;
        weeks.iter_mut().skip(20).step_by(10).for_each(|week| week.max_kw = -1_234.5);
        weeks[51..60].iter_mut().for_each(|week| week.max_kw *= 1_000.0);
        let values: Vec<(IsoWeek, f64)> = weeks.iter().map(|week| (week.week, week.max_kw)).collect();
        let faults = faults_of_values(&values, Capacity::new(400.0).ok());
        let count = |kind| faults.iter().filter(|fault| **fault == Some(kind)).count();
        assert_eq!(faults[10], Some(FaultKind::BeyondCapacity));
        assert_eq!((count(FaultKind::ErrorCode), count(FaultKind::WrongUnit)), (14, 9));
        let same: Vec<(IsoWeek, f64)> = values.iter().map(|&(week, _)| (week, 5.0)).collect();
        assert!(faults_of_values(&same, None).iter().all(Option::is_none));
    }

    /// A load of 150 to 250 kW with a minimum of 40 to 60 kW.
    fn calm(count: i32) -> Vec<WeekExtremes> {
        let wobble = |week: i32, step: i32| f64::from((week * step) % 101) / 101.0 - 0.5;
        (0..count)
            .map(|week| WeekExtremes {
                week: IsoWeek::from_index(2_700 + week),
                min_kw: 50.0 + 20.0 * wobble(week, 7_919),
                max_kw: 200.0 + 100.0 * wobble(week, 104_729),
                readings: 672,
            })
            .collect()
    }

    fn found(weeks: &[WeekExtremes]) -> Vec<SetAside> {
        find_faults(weeks, Capacity::new(400.0).ok())
    }

    fn all_of(found: &[SetAside], kind: FaultKind, extreme: Extreme) -> usize {
        assert!(found.iter().all(|fault| fault.kind == kind), "{found:?}");
        found.iter().filter(|fault| fault.extreme == extreme).count()
    }

    #[test]
    fn a_calm_box_has_no_faults() {
        assert_eq!(found(&calm(160)), []);
        let mut once = calm(160);
        once[80].max_kw = 1_900.0;
        assert_eq!(found(&once), [], "one high week below the criterion is an outlier");
    }

    #[test]
    fn values_beyond_five_times_the_capacity_are_set_aside_and_the_other_extreme_stays() {
        let mut weeks = calm(160);
        weeks[10].min_kw = -9_999.0;
        weeks[20].max_kw = 2_000.0;
        weeks[30].max_kw = 2_000.1;
        let found = found(&weeks);
        let listed: Vec<_> = found.iter().map(|fault| (fault.week.index() - 2_700, fault.extreme)).collect();
        assert_eq!(listed, [(10, Extreme::Min), (30, Extreme::Max)]);
    }

    #[test]
    fn codes_within_the_criterion_are_known_by_recurring_far_outside() {
        for code in [-999.0, -998.0, -1_234.5] {
            let mut weeks = calm(160);
            weeks.iter_mut().step_by(3).for_each(|week| week.min_kw = code);
            assert_eq!(all_of(&found(&weeks), FaultKind::ErrorCode, Extreme::Min), 54, "{code}");
            weeks.iter_mut().for_each(|week| week.min_kw = code);
            assert_eq!(all_of(&found(&weeks), FaultKind::ErrorCode, Extreme::Min), 160, "{code} each week");
        }
        let mut outages = calm(160);
        outages.iter_mut().step_by(40).for_each(|week| week.min_kw = 0.0);
        assert_eq!(found(&outages), [], "no load is no error");
        let mut twice = calm(160);
        twice.iter_mut().take(2).for_each(|week| week.min_kw = -999.0);
        assert_eq!(found(&twice), [], "twice may be chance");
    }

    #[test]
    fn weeks_in_watts_are_a_wrong_unit_in_some_weeks_and_in_all() {
        let mut weeks = calm(160);
        for week in &mut weeks[60..70] {
            (week.min_kw, week.max_kw) = (1_000.0 * week.min_kw, 1_000.0 * week.max_kw);
        }
        assert_eq!(all_of(&found(&weeks), FaultKind::WrongUnit, Extreme::Min), 10);
        let (before, rest) = weeks.split_at_mut(60);
        for week in before.iter_mut().chain(&mut rest[10..]) {
            (week.min_kw, week.max_kw) = (1_000.0 * week.min_kw, 1_000.0 * week.max_kw);
        }
        assert_eq!(all_of(&found(&weeks), FaultKind::WrongUnit, Extreme::Max), 160);
    }

    #[test]
    fn a_frozen_meter_is_one_that_repeats_itself_and_no_load_is_none() {
        let mut weeks = calm(160);
        for week in 91..95 {
            (weeks[week].min_kw, weeks[week].max_kw) = (weeks[90].min_kw, weeks[90].max_kw);
        }
        assert_eq!(all_of(&found(&weeks), FaultKind::FrozenMeter, Extreme::Max), 4);
        for week in &mut weeks[90..95] {
            week.min_kw = week.max_kw;
        }
        assert_eq!(
            all_of(&found(&weeks), FaultKind::FrozenMeter, Extreme::Min),
            5,
            "flat from the first week"
        );
        for week in &mut weeks[90..95] {
            (week.min_kw, week.max_kw) = (0.0, 0.0);
        }
        assert_eq!(found(&weeks), []);
    }

    #[test]
    fn without_a_capacity_codes_and_frozen_weeks_are_found_all_the_same() {
        let mut weeks = calm(160);
        weeks.iter_mut().step_by(5).for_each(|week| week.max_kw = 999_999.0);
        assert_eq!(all_of(&find_faults(&weeks, None), FaultKind::ErrorCode, Extreme::Max), 32);
    }
}

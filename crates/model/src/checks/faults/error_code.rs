//! Values by which meters say that they have none.

use std::collections::HashMap;

use super::{FaultKind, Found, MIN_OTHERS, MIN_RECURRENCES};
use crate::checks::WeekExtremes;
use crate::{Capacity, Extreme};

/// So many times the spread of the others, from their 5 % to their 95 % quantile, lies between these and an error code.
const FAR_SPREADS: f64 = 1.0;
/// Meters have few codes: so many values that recur far outside are a load in coarse steps.
const MAX_CODES: usize = 2;
/// Beyond so many times the capacity no load stays, week after week.
const CAPACITY_TIMES: f64 = 1.5;
/// The same without a capacity: times the largest of the others.
const OTHERS_TIMES: f64 = 3.0;

/// Values that recur exactly, far outside the others of both extremes, and alone there: beyond what the transformer may
/// carry, or of the forms that meters have for errors. A load in whole tens of kilowatts recurs too, but on many values.
pub(super) fn mark_error_codes(
    weeks: &[WeekExtremes],
    extreme: Extreme,
    capacity: Option<Capacity>,
    found: &mut Found,
) {
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
pub(super) fn is_code_form(kw: f64) -> bool {
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

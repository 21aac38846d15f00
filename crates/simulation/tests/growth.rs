//! A mixed network has the requested share of growing boxes, and technologies follow their laws.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use chrono::NaiveDate;
use simulation::{
    Customers, GrowingShare, Growth, GrowthTruth, Law, Network, Settings, TechnologyTruth, Truth,
};

const YEARS: f64 = 4.0;

fn until() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 11, 24).unwrap()
}

fn network(share: f64, years: f64) -> Network {
    let growth = Growth::Mixed(GrowingShare::new(share).unwrap());
    Network::new(&Settings { growth, ..Settings::new(1, years, 1, until(), "unused") }).unwrap()
}

fn truths(network: &Network, boxes: usize) -> Vec<Truth> {
    (0..boxes).map(|number| network.truth(number).unwrap()).collect()
}

fn growth(truth: &Truth) -> &GrowthTruth {
    truth.growth.as_ref().unwrap()
}

fn technologies(growth: &GrowthTruth) -> [&TechnologyTruth; 3] {
    [&growth.solar, &growth.vehicles, &growth.heat_pumps]
}

/// The technologies with a kind of law in a network where every box grows, with the capacities of
/// the boxes.
fn following(is: impl Fn(&Law) -> bool) -> Vec<(TechnologyTruth, f64)> {
    let mut found = Vec::new();
    for truth in truths(&network(1.0, YEARS), 160) {
        let parts = technologies(growth(&truth)).map(|part| (part.clone(), truth.capacity_kva));
        found.extend(parts.into_iter().filter(|(part, _)| is(&part.law)));
    }
    found
}

/// Years of a date from the end of the history.
fn years_from_end(date: NaiveDate) -> f64 {
    date.signed_duration_since(until()).num_days() as f64 / 365.25
}

/// Installed power at the end.
fn last_kw(part: &TechnologyTruth) -> f64 {
    part.installed.last().unwrap().kw
}

#[test]
fn the_share_of_growing_boxes_is_the_requested_one_within_one_percent() {
    for share in [0.0, 0.03, 0.15, 0.5, 0.97, 1.0] {
        let truths = truths(&network(share, 0.1), 400);
        let growing = truths.iter().filter(|truth| growth(truth).grows).count() as f64 / 400.0;
        assert!((growing - share).abs() <= 0.01, "{growing} instead of {share}");
        for truth in &truths {
            let any = technologies(growth(truth)).iter().any(|part| part.law.grows());
            assert_eq!(any, growth(truth).grows);
        }
    }
}

#[test]
fn a_box_that_grows_under_a_small_share_grows_under_a_large_one_by_the_same_laws() {
    let (few, many) = (truths(&network(0.15, 0.5), 60), truths(&network(0.5, 0.5), 60));
    for (few, many) in few.iter().zip(&many).filter(|(few, _)| growth(few).grows) {
        assert_eq!(growth(few), growth(many), "box {}", few.number);
    }
}

#[test]
fn stable_technologies_keep_their_power() {
    let network = network(0.15, YEARS);
    for truth in truths(&network, 40).iter().filter(|truth| !growth(truth).grows) {
        for part in technologies(growth(truth)) {
            assert!(part.installed.iter().all(|installed| installed.kw == last_kw(part)));
            assert_eq!((part.growth_per_year, part.growth_in_last_year), (0.0, 0.0));
            assert!(part.installations.is_empty());
        }
    }
}

#[test]
fn every_law_occurs_and_many_stops_lie_in_the_last_year() {
    let found = following(|law| law.grows());
    let count = |is: &dyn Fn(&Law) -> bool| found.iter().filter(|(part, _)| is(&part.law)).count();
    assert!(count(&|law| matches!(law, Law::Linear { .. })) >= 10);
    assert!(count(&|law| matches!(law, Law::Exponential { .. })) >= 10);
    assert!(count(&|law| matches!(law, Law::Logistic { .. })) >= 10);
    assert!(count(&|law| matches!(law, Law::Start { .. })) >= 10);
    assert!(count(&|law| matches!(law, Law::Steps { .. })) >= 10);
    let stops = count(&|law| matches!(law, Law::Stop { .. }));
    let late = count(&|law| matches!(law, Law::Stop { stops_at_years, .. } if *stops_at_years > -1.0));
    assert!(stops >= 10 && late * 3 >= stops && late < stops, "{late} of {stops} in the last year");
}

#[test]
fn power_follows_its_law_exactly_or_roof_by_roof() {
    let (mut smooth, mut by_roofs) = (0, 0);
    for truth in truths(&network(1.0, YEARS), 80) {
        let growth = growth(&truth);
        for part in technologies(growth) {
            let is_solar = std::ptr::eq(part, &growth.solar);
            let roofs = is_solar && part.law.grows() && !matches!(part.law, Law::Steps { .. });
            // Steps stay within half a roof of the law, at both of the compared times.
            let largest = part.installations.iter().map(|roof| roof.kw).fold(0.0, f64::max);
            if roofs && part.installations.is_empty() {
                continue;
            }
            let margin = if roofs { largest } else { 1e-9 * last_kw(part) };
            for installed in &part.installed {
                let lawful = last_kw(part) * part.law.relative(years_from_end(installed.date));
                assert!((installed.kw - lawful).abs() <= margin, "box {}: {part:?}", truth.number);
            }
            *(if roofs { &mut by_roofs } else { &mut smooth }) += 1;
        }
    }
    assert!(smooth >= 100 && by_roofs >= 30, "{smooth} and {by_roofs}");
}

#[test]
fn saturated_growth_adds_little_in_the_last_year() {
    let early = |law: &Law| {
        matches!(law, Law::Logistic { midpoint_years, steepness_per_year }
            if steepness_per_year * (midpoint_years + 1.0) < -2.0)
    };
    let found = following(early);
    assert!(found.len() >= 3, "only {} saturate early", found.len());
    for (part, capacity) in found {
        let roof = part.installations.iter().map(|step| step.kw).fold(0.0, f64::max);
        let added = part.growth_in_last_year * capacity;
        assert!(added <= 0.12 * last_kw(&part) + roof, "{part:?}");
        assert!(part.installed[0].kw < 0.9 * last_kw(&part));
    }
}

#[test]
fn nothing_is_added_after_a_stop() {
    let mut judged = 0;
    for (part, _) in following(|law| matches!(law, Law::Stop { .. })) {
        let Law::Stop { stops_at_years, .. } = part.law else { continue };
        assert!((-0.95 * YEARS - 0.02..0.0).contains(&stops_at_years));
        let after = part.installed.iter().filter(|at| years_from_end(at.date) >= stops_at_years);
        assert!(after.clone().all(|installed| installed.kw == last_kw(&part)), "{part:?}");
        let late = part.installations.iter().filter(|step| years_from_end(step.date) > stops_at_years + 0.01);
        assert_eq!(late.count(), 0, "{part:?}");
        judged += 1;
    }
    assert!(judged >= 10);
}

#[test]
fn power_is_zero_before_a_start() {
    let mut judged = 0;
    for (part, _) in following(|law| matches!(law, Law::Start { .. })) {
        let Law::Start { starts_at_years, .. } = part.law else { continue };
        assert!((-0.8 * YEARS - 0.02..=-0.2 * YEARS + 0.02).contains(&starts_at_years));
        let before = part.installed.iter().filter(|at| years_from_end(at.date) <= starts_at_years);
        assert!(before.clone().count() >= 1 && before.clone().all(|installed| installed.kw == 0.0));
        assert!(part.installations.iter().all(|step| years_from_end(step.date) > starts_at_years));
        judged += usize::from(last_kw(&part) > 0.0);
    }
    assert!(judged >= 10);
}

#[test]
fn roofs_of_homes_have_2_to_6_kwp_and_make_up_all_that_grew() {
    let mut roofs = 0;
    for truth in truths(&network(1.0, YEARS), 80) {
        let solar = &growth(&truth).solar;
        let homes = truth.customers == Customers::Households && !matches!(solar.law, Law::Steps { .. });
        if !homes || !solar.law.grows() {
            continue;
        }
        assert!(solar.installations.iter().all(|roof| (2.0..6.0).contains(&roof.kw)));
        let within = solar.installations.iter().filter(|roof| roof.date <= until());
        let added: f64 = within.map(|roof| roof.kw).sum();
        assert!((solar.installed[0].kw + added - last_kw(solar)).abs() < 1e-6);
        roofs += solar.installations.len();
    }
    assert!(roofs > 100, "{roofs} roofs");
}

#[test]
fn a_large_installation_lowers_the_weekly_minimum_at_once() {
    let network = network(1.0, YEARS);
    let mut judged = 0;
    for truth in truths(&network, 200) {
        let solar = &growth(&truth).solar;
        let ordinary = truth.bypasses.is_empty() && truth.outliers.is_empty() && truth.idle_until.is_none();
        let dampened = growth(&truth).battery.is_some() || growth(&truth).curtailment_limit_kw.is_some();
        let [step] = solar.installations[..] else { continue };
        // Summer only, as the four weeks on each side must have sun.
        let in_summer = (4..=8).contains(&chrono::Datelike::month(&step.date));
        let large = step.kw > 0.3 * truth.capacity_kva;
        if !(ordinary && large && in_summer && !dampened && matches!(solar.law, Law::Steps { .. })) {
            continue;
        }
        let (_, weeks) = network.weekly_extremes(truth.number).unwrap();
        let mean = |from: i64, days: i64| {
            let within = weeks.iter().filter(|week| {
                let after = week.week.monday().signed_duration_since(step.date).num_days();
                (from..from + days).contains(&after)
            });
            let minima: Vec<f64> = within.map(|week| week.min_kw).collect();
            minima.iter().sum::<f64>() / minima.len().max(1) as f64
        };
        let fall = mean(-35, 28) - mean(0, 28);
        if weeks.len() > 200 {
            assert!(fall > 0.3 * step.kw, "box {}: {fall} kW by {step:?}", truth.number);
            judged += 1;
        }
    }
    assert!(judged >= 3, "only {judged} large installations in summer");
}

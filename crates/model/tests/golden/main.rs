//! The `spark` model against the golden files: exact posteriors computed by independent code.
//!
//! The contract is 1e-4 of the range of the values (1e-4 absolute for scaled quantities); the tests hold the
//! crate to [`TOLERANCE`]. The joint overload probability is held to max(1e-3, 4 standard errors of the
//! file).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and prints what it measured"
)]

mod file;

use file::{Bands, Golden, golden_files};
use model::{Limits, Part, Quantile, spark::Spark};

/// What a double-precision implementation with a good quantile method should reach.
const TOLERANCE: f64 = 1e-7;

/// Remembers the largest deviation by quantity, and prints it.
#[derive(Default)]
struct Deviations(std::collections::BTreeMap<String, (f64, String)>);

impl Deviations {
    fn note(&mut self, quantity: &str, place: &str, computed: f64, expected: f64, unit: f64) {
        let deviation = ((computed - expected) / unit).abs();
        let entry = self.0.entry(quantity.to_owned()).or_insert((-1.0, String::new()));
        if deviation.is_nan() || deviation > entry.0 {
            *entry = (deviation, place.to_owned());
        }
    }

    fn note_all(&mut self, quantity: &str, place: &str, computed: &[f64], expected: &[f64], unit: f64) {
        assert_eq!(computed.len(), expected.len(), "{quantity} {place}");
        for (&computed, &expected) in computed.iter().zip(expected) {
            self.note(quantity, place, computed, expected, unit);
        }
    }

    fn finish(self, tolerance: f64) {
        for (quantity, (deviation, place)) in &self.0 {
            println!("{quantity:<24} largest deviation {deviation:.2e} in {place}");
        }
        for (quantity, (deviation, place)) in self.0 {
            assert!(deviation <= tolerance, "{quantity} deviates by {deviation:e} in {place}");
        }
    }
}

fn each_golden(mut check: impl FnMut(&Golden, &model::spark::Posterior, f64)) {
    for golden in golden_files() {
        let spark = Spark { horizon_weeks: golden.settings.horizon_weeks };
        let posterior = spark.fit(&golden.series()).unwrap();
        check(&golden, &posterior, golden.scaling.y_max - golden.scaling.y_min);
    }
}

fn part_of(golden: &Golden, part: Part) -> &Bands {
    match part {
        Part::Drift => &golden.reference.drift,
        Part::Yearly => &golden.reference.yearly,
        Part::Total => &golden.reference.total,
    }
}

#[test]
fn bands_agree() {
    let mut deviations = Deviations::default();
    each_golden(|golden, posterior, range_kw| {
        let forecast = posterior.forecast();
        assert_eq!(forecast.history, golden.counts.rows);
        assert_eq!(forecast.future().len(), golden.counts.future);
        let weeks: Vec<String> = forecast.weeks.iter().map(|week| week.monday().to_string()).collect();
        assert_eq!(weeks, golden.timestamps);
        for part in Part::ALL {
            let expected = part_of(golden, part);
            let levels = [&expected.q05, &expected.q15, &expected.q50, &expected.q85, &expected.q95];
            for (quantile, expected) in Quantile::ALL.into_iter().zip(levels) {
                let computed = forecast.part(part).get(quantile);
                deviations.note_all(
                    &format!("{part} {quantile:?}"),
                    &golden.id,
                    computed,
                    expected,
                    range_kw,
                );
            }
        }
    });
    deviations.finish(TOLERANCE);
}

#[test]
fn means_and_standard_deviations_agree() {
    let mut deviations = Deviations::default();
    each_golden(|golden, posterior, range_kw| {
        for part in Part::ALL {
            let (computed, expected) = (posterior.moments(part), part_of(golden, part));
            deviations.note_all(
                &format!("{part} mean"),
                &golden.id,
                &computed.mean_kw,
                &expected.mean,
                range_kw,
            );
            deviations.note_all(&format!("{part} sd"), &golden.id, &computed.sd_kw, &expected.sd, range_kw);
        }
    });
    deviations.finish(TOLERANCE);
}

#[test]
fn sigma_coefficients_and_evidence_agree() {
    let mut deviations = Deviations::default();
    each_golden(|golden, posterior, _| {
        let (computed, expected) = (posterior.sigma(), &golden.reference.sigma);
        for (name, computed, expected) in [
            ("mean", computed.mean, expected.mean),
            ("sd", computed.sd, expected.sd),
            ("q05", computed.q05, expected.q05),
            ("q15", computed.q15, expected.q15),
            ("q50", computed.q50, expected.q50),
            ("q85", computed.q85, expected.q85),
            ("q95", computed.q95, expected.q95),
        ] {
            deviations.note(&format!("sigma {name}"), &golden.id, computed, expected, 1.0);
        }
        let coefficients = posterior.coefficients();
        let names: Vec<&str> = coefficients.iter().map(|coefficient| coefficient.name).collect();
        let expected = &golden.reference.beta;
        assert_eq!(names, expected.names);
        let column = |f: fn(&model::Coefficient) -> f64| coefficients.iter().map(f).collect::<Vec<f64>>();
        deviations.note_all("coefficient mean", &golden.id, &column(|c| c.mean), &expected.mean, 1.0);
        deviations.note_all("coefficient sd", &golden.id, &column(|c| c.sd), &expected.sd, 1.0);
        let evidence = posterior.log_marginal_likelihood().unwrap();
        let expected = golden.reference.log_marginal_likelihood;
        deviations.note("log marginal likelihood", &golden.id, evidence, expected, 1.0);
    });
    deviations.finish(TOLERANCE);
}

#[test]
fn overload_probabilities_agree() {
    let (mut weekly, mut joint) = (Deviations::default(), Deviations::default());
    each_golden(|golden, posterior, _| {
        for (threshold, expected) in &golden.reference.exceedance {
            let limits = Limits { import_kw: expected.threshold, feed_in_kw: expected.threshold };
            let overload = posterior.overload(&limits);
            let place = format!("{} at {threshold}", golden.id);
            weekly.note_all("weekly", &place, &overload.weekly, &expected.weekly, 1.0);
            let unit = f64::max(1e-3, 4.0 * expected.joint_se) / 1e-3;
            println!(
                "{place}: {:.6} instead of {:.6}, off by {:+.1e}, stated standard error {:.1e}",
                overload.any_week,
                expected.joint,
                overload.any_week - expected.joint,
                overload.any_week_standard_error
            );
            joint.note("any week", &place, overload.any_week, expected.joint, unit);
            joint.note(
                "sum of first weeks",
                &place,
                overload.first_week.iter().sum(),
                overload.any_week,
                1.0,
            );
            assert!(overload.any_week_standard_error < 4e-3, "{place}");
        }
    });
    weekly.finish(TOLERANCE);
    joint.finish(1e-3);
}
